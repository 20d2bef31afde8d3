/** One step in which shocks keep their means. */
import { createRng, type Rng } from '../../numerics/random.ts';
import type { Enumerable } from '../capabilities.ts';
import type { Blocks, EconomyState } from '../economy.ts';
import type { Economy } from '../registry.ts';
import { copyState } from '../state.ts';
import { stateGap } from './economy-state-gap.ts';

/**
 * The state after a quiet step: among enumerated successors the one nearest to where the step began, which keeps the exogenous part
 * of the state; without an enumeration, what `step` gives with a generator whose draws are all in the middle.
 */
export function quietSuccessor(options: {
  readonly economy: Economy;
  readonly enumerable: Enumerable | undefined;
  readonly state: EconomyState;
  readonly actions: Blocks<string, Float64Array>;
}): EconomyState {
  const { economy, enumerable, state, actions } = options;
  const successors = enumerable?.successors(state, actions) ?? [];
  if (successors.length > 0) {
    return successors
      .map((one) => ({ state: one.state, gap: stateGap(one.state, state).relative }))
      .reduce((a, b) => (b.gap < a.gap ? b : a)).state;
  }
  const after = copyState(state);
  const rewards = Object.fromEntries(
    Object.entries(economy.types).map(([type, { count }]) => [type, new Float64Array(count)]),
  );
  economy.definition.step({ model: economy.model, state: after, actions, rewards, rng: quietRng() });
  return after;
}

/** Normal draws are 0, uniform ones in the middle, categories the most probable, the first of several. */
export function quietRng(): Rng {
  const rng: Rng = {
    split: () => rng,
    uniform: () => 0.5,
    between: (low, high) => low + (high - low) / 2,
    integer: (n) => Math.floor(n / 2),
    normal: () => 0,
    categorical(probabilities, offset = 0, count = probabilities.length - offset) {
      let best = 0;
      for (let i = 1; i < count; i++) {
        if (probabilities[offset + i] > probabilities[offset + best]) best = i;
      }
      return best;
    },
    fillNormal: (out) => void out.fill(0),
    fillUniform: (out, low, high) => void out.fill(low + (high - low) / 2),
    shuffle: () => {},
    permutation: (n) => Uint32Array.from({ length: n }, (_, i) => i),
    save: () => createRng(0).save(),
    restore: () => {},
  };
  return rng;
}
