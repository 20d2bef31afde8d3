/** Trains deep deterministic policy gradient, or TD3: `npx tsx train/ddpg.ts --help`. */
import { ddpg } from '../agents/ddpg/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

await runCommand(trainCommand({ method: ddpg, environments, env: 'jesusfv', file: 'train/ddpg.ts' }));
