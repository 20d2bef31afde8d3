/** Evaluates a checkpoint: `npx tsx train/eval.ts --run runs/sac-jesusfv-s1`. */
import { methods } from '../agents/index.ts';
import { environments } from '../envs/index.ts';
import { evalCommand, runCommand } from '../experiment/index.ts';

await runCommand(evalCommand({ methods, environments, file: 'train/eval.ts' }));
