/** Agents that do not learn: the yardsticks that a learner is shown beside. */
import type { Rng, RngState } from '../numerics/random.ts';
import type { Agent } from './agent.ts';
import type { Oracle } from './capabilities.ts';
import { RestoreError, UsageError } from './errors.ts';
import { fromQuantities } from './quantities.ts';
import type { Economy } from './registry.ts';
import type { Box } from './spaces.ts';

/** Uniform on the action space; deterministic, its middle. */
export function randomAgent(options: { readonly actionSpace: Box; readonly rng: Rng }): Agent {
  const { actionSpace, rng } = options;
  const { low, high, size } = actionSpace;
  return {
    name: 'random',
    act({ rows }, actions, { deterministic }) {
      for (let i = 0; i < rows * size; i++) {
        const j = i % size;
        actions[i] = deterministic ? (low[j] + high[j]) / 2 : rng.between(low[j], high[j]);
      }
    },
    save: () => ({ rng: rng.save() }),
    load: (saved) => rng.restore(saved.rng as RngState),
  };
}

/** The same economic quantities in every state, e.g. a constant consumption share. */
export function constantAgent(options: {
  readonly actionSpace: Box;
  readonly quantities: readonly number[];
}): Agent {
  const { actionSpace, quantities } = options;
  if (quantities.length !== actionSpace.size) {
    throw new UsageError(
      `constant agent: ${quantities.length} quantities for ${actionSpace.names.join(', ')}.`,
    );
  }
  const action = new Float64Array(actionSpace.size);
  fromQuantities(Float64Array.from(quantities), action, actionSpace);
  return {
    name: 'constant',
    act({ rows }, actions) {
      for (let row = 0; row < rows; row++) actions.set(action, row * action.length);
    },
    save: () => ({ action }),
    load(saved) {
      if (!(saved.action instanceof Float64Array) || saved.action.length !== action.length) {
        throw new RestoreError('constant agent: the saved action does not fit.');
      }
      action.set(saved.action);
    },
  };
}

/** The optimal policy of an economy as an agent of one type; it sees the state, not the observation. */
export function oracleAgent(options: {
  readonly economy: Economy;
  readonly oracle: Oracle;
  readonly type: string;
}): Agent {
  const { economy, oracle, type } = options;
  const { count, actionSpace } = economy.types[type];
  const quantities = Object.fromEntries(
    Object.entries(economy.types).map(([name, t]) => [name, new Float64Array(t.count * t.actionSpace.size)]),
  );
  const width = count * actionSpace.size;
  return {
    name: 'oracle',
    act({ states }, actions) {
      states.forEach((state, b) => {
        oracle.act(state, quantities);
        fromQuantities(quantities[type], actions.subarray(b * width, (b + 1) * width), actionSpace);
      });
    },
    save: () => ({}),
    load: () => {},
  };
}
