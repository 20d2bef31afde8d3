/** Which of the states that a simulation has visited an environment can be put into. */
import { type Economy, type EconomyState, UsageError } from '../../core/index.ts';
import { checkGivenState } from '../../core/simulation-checks.ts';
import { createRng } from '../../numerics/random.ts';

export interface PossibleStates {
  readonly states: readonly EconomyState[];
  /** How many were left out. */
  readonly leftOut: number;
  /** What is wrong with the first of those; empty if there is none. */
  readonly reason: string;
}

/**
 * The states that `reset({ states })` takes: of finite numbers, and seen within the bounds that the author declared. A simulation runs into
 * others where those bounds are narrower than what the economy does. Throws what the economy's `init` and `observe` throw.
 */
export function possibleStates(economy: Economy, visited: readonly EconomyState[]): PossibleStates {
  const { definition, model } = economy;
  const form = definition.init({ model, rng: createRng(0), options: {} });
  const states: EconomyState[] = [];
  let reason = '';
  visited.forEach((state, copy) => {
    try {
      checkGivenState(state, { economy, copy, form });
      states.push(state);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      reason = reason === '' ? error.message : reason;
    }
  });
  return { states, leftOut: visited.length - states.length, reason };
}
