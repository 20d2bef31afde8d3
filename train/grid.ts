/** Value iteration on a grid: `npx tsx train/grid.ts --help`. */
import { grid } from '../agents/grid/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

await runCommand(
  trainCommand({
    method: grid,
    environments,
    env: 'jesusfv',
    file: 'train/grid.ts',
    settingOptions: ['method'],
  }),
);
