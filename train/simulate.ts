/** Simulates a policy: `npx tsx train/simulate.ts --run runs/sac-jesusfv-s1`. */
import { sac } from '../agents/sac/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, simulateCommand } from '../experiment/index.ts';

await runCommand(
  simulateCommand({ methods: { sac }, environments, env: 'jesusfv/annual', file: 'train/simulate.ts' }),
);
