/** Lays runs side by side: `npx tsx train/compare.ts --run runs/sac-jesusfv-s1-5 --run OTHER`. */
import { methods } from '../agents/index.ts';
import { environments } from '../envs/index.ts';
import { compareCommand, runCommand } from '../experiment/index.ts';

await runCommand(compareCommand({ methods, environments, file: 'train/compare.ts' }));
