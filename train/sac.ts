/** Trains soft actor-critic: `npx tsx train/sac.ts --help`. */
import { sac } from '../agents/sac/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

await runCommand(trainCommand({ method: sac, environments, env: 'jesusfv', file: 'train/sac.ts' }));
