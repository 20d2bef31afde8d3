import type { Enumerable, Successor } from '../../core/capabilities.ts';
import { eat, type KrusellSmithState, payments } from './dynamics.ts';
import { newPayments } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/** Most successors of a state that are worth enumerating: 11 levels of productivity and 3 incomes of 4 households are 891. */
export const MOST_SUCCESSORS = 1024;

/** Z E^n, the successors of a state of n households. */
export function successorCount({ exposure, households }: KrusellSmithModel): number {
  return exposure.productivity.length * exposure.labour.length ** households;
}

/**
 * Every pair of z' and list of e' with its probability P[z, z'] prod_i P[e_i, e_i' | z, z']. Undefined where they are more than
 * `MOST_SUCCESSORS`, or where counts are exact, so that households' draws are not independent. Invariant: probabilities sum to one.
 */
export function krusellSmithSuccessors(
  model: KrusellSmithModel,
): Enumerable<KrusellSmithState, 'household'> | undefined {
  if (model.counts === 'exact' || successorCount(model) > MOST_SUCCESSORS) return undefined;
  const settle = (state: KrusellSmithState, shares: Float64Array) => {
    const after = { ...state, capital: state.capital.slice() };
    const rewards = new Float64Array(model.households);
    eat(model, after, payments(model, state, newPayments()), shares, rewards);
    return { capital: after.capital, rewards };
  };
  return {
    rewards: (state, { household }) => ({ household: settle(state, household).rewards }),
    successors(state, { household }) {
      const { capital } = settle(state, household);
      return nextExposures(model, state).map(({ probability, status, productivity }) => ({
        probability,
        state: { capital: capital.slice(), status, turn: state.turn.slice(), productivity },
      }));
    },
  };
}

interface NextExposure extends Omit<Successor<KrusellSmithState>, 'state'> {
  readonly status: Uint8Array;
  readonly productivity: number;
}

/** Those of positive probability. */
function nextExposures(model: KrusellSmithModel, state: KrusellSmithState): readonly NextExposure[] {
  const { aggregate, conditional, productivity: levels, labour } = model.exposure;
  const [states, incomes] = [levels.length, labour.length];
  return Array.from(levels).flatMap((_, productivity) => {
    const pair = state.productivity * states + productivity;
    let found: readonly NextExposure[] = [
      { probability: aggregate[pair], status: state.status.slice(), productivity },
    ];
    for (let i = 0; i < model.households; i++) {
      found = found.flatMap((one) =>
        Array.from({ length: incomes }, (_, e) => {
          const status = one.status.slice();
          status[i] = e;
          const row = (pair * incomes + state.status[i]) * incomes;
          return { ...one, status, probability: one.probability * conditional[row + e] };
        }).filter(({ probability }) => probability > 0),
      );
    }
    return found;
  });
}
