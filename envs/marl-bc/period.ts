/** A period of either kind of economy, all but its draws. */
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { settle, work } from './budgets.ts';
import { type Factors, hire, weightedMean } from './model.ts';
import type { ChosenState } from './part.ts';
import type { ChosenModel, EmploymentModel } from './setup.ts';

/** All of a period but its draw, at the log A of the state. Fills rewards [n]. Hot. */
export function produceAndEat(
  model: ChosenModel,
  state: ChosenState,
  actions: Float64Array,
  rewards: Float64Array,
): void {
  const own = model.productivities;
  const capital = weightedMean(own.capital, state.capital, 0, 1);
  const labour = work(own.labour, actions, model.lowest, model.highest, state.lastLabour);
  const factors = hire(model, Math.exp(state.logProductivity), capital, labour, model.factors);
  settle(
    state.capital,
    state.lastLabour,
    actions,
    2,
    own.capital,
    own.labour,
    factors,
    model,
    model.leisureWeight,
    rewards,
  );
}

/** l_i of every household, its endowment or nothing, into `out`, [n]. Hot. */
export function suppliedLabour(
  { base }: EmploymentModel,
  status: Uint8Array,
  out: Float64Array,
): Float64Array {
  const table = base.exposure.labour;
  for (let i = 0; i < status.length; i++) out[i] = table[status[i]];
  return out;
}

/** K, L, Y and prices of a state, into `out`. */
export function employmentFactors(
  model: EmploymentModel,
  state: KrusellSmithState,
  labour: Float64Array,
  out: Factors,
): Factors {
  const { productivities, base } = model;
  const capital = weightedMean(productivities.capital, state.capital, 0, 1);
  const effective = weightedMean(productivities.labour, labour, 0, 1);
  return hire(model, base.exposure.productivity[state.productivity], capital, effective, out);
}

/** All of a period but its draws. Fills rewards [n]; `labour` [n] is memory. Hot. */
export function earnAndEat(
  model: EmploymentModel,
  state: KrusellSmithState,
  actions: Float64Array,
  labour: Float64Array,
  rewards: Float64Array,
): void {
  const own = model.productivities;
  const factors = employmentFactors(model, state, suppliedLabour(model, state.status, labour), model.factors);
  settle(state.capital, labour, actions, 1, own.capital, own.labour, factors, model, 0, rewards);
}
