import type { Enumerable } from '../../core/capabilities.ts';
import { copyState } from '../../core/state.ts';
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { krusellSmithSuccessors } from '../krusell-smith/successors.ts';
import type { ChosenState } from './part.ts';
import { earnAndEat, produceAndEat } from './period.ts';
import type { ChosenModel, EmploymentModel } from './setup.ts';

/**
 * The one successor where log A is not drawn, under either timing. Undefined where it is: a normal draw has a continuum of them.
 * Invariant: probability one.
 */
export function certainSuccessor(model: ChosenModel): Enumerable<ChosenState, 'household'> | undefined {
  if (model.deviation > 0) return undefined;
  const move = (before: ChosenState, actions: Float64Array) => {
    const state = copyState(before);
    const rewards = new Float64Array(model.households);
    const next = model.persistence * state.logProductivity;
    if (model.timing === 'act-first') state.logProductivity = next;
    produceAndEat(model, state, actions, rewards);
    state.logProductivity = next;
    return { state, rewards };
  };
  return {
    rewards: (state, { household }) => ({ household: move(state, household).rewards }),
    successors: (state, { household }) => [{ probability: 1, state: move(state, household).state }],
  };
}

/**
 * Every pair of times and list of jobs, as krusell-smith enumerates them, with the capital that these budgets leave. Undefined where those are
 * (too many households, exact counts), and under `act-first`, where rewards depend on the draw. Invariant: probabilities sum to one.
 */
export function employmentSuccessors(
  model: EmploymentModel,
): Enumerable<KrusellSmithState, 'household'> | undefined {
  const exogenous = krusellSmithSuccessors(model.base);
  if (exogenous === undefined || model.timing === 'act-first') return undefined;
  const move = (before: KrusellSmithState, actions: Float64Array) => {
    const state = { ...before, capital: before.capital.slice() };
    const rewards = new Float64Array(model.households);
    earnAndEat(model, state, actions, new Float64Array(model.households), rewards);
    return { capital: state.capital, rewards };
  };
  return {
    rewards: (state, { household }) => ({ household: move(state, household).rewards }),
    successors(state, actions) {
      const { capital } = move(state, actions.household);
      return exogenous.successors(state, actions).map(({ probability, state: next }) => ({
        probability,
        state: { ...next, capital: capital.slice() },
      }));
    },
  };
}
