/** Simulates a policy: `npx tsx train/simulate.ts --run runs/sac-jesusfv-s1`. */
import { methods } from '../agents/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, simulateCommand } from '../experiment/index.ts';

await runCommand(
  simulateCommand({ methods, environments, env: 'jesusfv/annual', file: 'train/simulate.ts' }),
);
