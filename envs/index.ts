import { createRegistry, type Registry } from '../core/registry.ts';
import { hank } from './hank/economy.ts';
import { huggett } from './huggett/economy.ts';
import { jesusfv } from './jesusfv/economy.ts';
import { jesusfvExtended } from './jesusfv-extended/economy.ts';
import { krusellSmith } from './krusell-smith/economy.ts';
import { marlBc } from './marl-bc/economy.ts';
import { pendulum } from './pendulum/economy.ts';

/** Every economy of the suite by id. A registry never changes: `environments.with(mine)` makes a larger one. */
export const environments: Registry = createRegistry([
  jesusfv,
  jesusfvExtended,
  pendulum,
  krusellSmith,
  marlBc,
  huggett,
  hank,
]);
