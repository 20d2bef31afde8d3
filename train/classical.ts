/** The classical solution of an economy of many households: `npx tsx train/classical.ts --env krusell-smith/quarterly`. */
import { classical } from '../agents/classical/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

await runCommand(
  trainCommand({
    method: classical,
    environments,
    env: 'krusell-smith',
    file: 'train/classical.ts',
    settingOptions: ['method', 'law'],
  }),
);
