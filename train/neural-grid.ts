/** Trains a neural grid: `npx tsx train/neural-grid.ts --help`. */
import { neuralGrid } from '../agents/neural-grid/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

await runCommand(
  trainCommand({ method: neuralGrid, environments, env: 'jesusfv', file: 'train/neural-grid.ts' }),
);
