/** The sample of households as arrays: what they have, who eats what, who is where next. Nothing here allocates. */
import type { Rng } from '../../numerics/random.ts';
import { moveInCounts } from './exact-counts.ts';
import {
  benefitsPaid,
  benefitTax,
  meanAt,
  meanOf,
  netReturn,
  type Payments,
  production,
  utility,
  wageRate,
} from './model.ts';
import { type KrusellSmithModel, SHARE_BOUNDS } from './setup.ts';

const [LOWEST, HIGHEST] = SHARE_BOUNDS;

export type KrusellSmithState = {
  /** k_i at the start of the period, [n]. */
  capital: Float64Array;
  /** Index e_i of income or employment, [n]. */
  status: Uint8Array;
  /** The household that draws j-th, [n]: draws belong to households, not to places, so that places may be exchanged. */
  turn: Int32Array;
  /** Index of z. */
  productivity: number;
};

/**
 * Aggregates and prices of the state's period, into `out`. Labour is that of the sample, so that what firms pay is what households
 * receive; but where incomes are raw. Invariant: (r + delta) K + w L = Y.
 */
export function payments(model: KrusellSmithModel, state: KrusellSmithState, out: Payments): Payments {
  const { exposure } = model;
  const capital = meanOf(state.capital);
  const labour = meanAt(exposure.labour, state.status);
  const z = exposure.productivity[state.productivity];
  const output = production(model.capitalShare, z, capital, labour);
  const benefits = meanAt(exposure.benefits, state.status);
  const earnings = meanAt(exposure.earnings, state.status);
  out.capital = capital;
  out.labour = labour;
  out.output = output;
  out.r = netReturn(model, output, capital);
  out.w = wageRate(model, output, labour);
  out.grossReturn = 1 + out.r;
  out.netWage = (1 - benefitTax(benefits, earnings)) * out.w;
  out.benefit = benefitsPaid(benefits, earnings) * out.w;
  return out;
}

/** a_i = (1 + r) k_i + income_i. */
export function cashOnHand(
  model: KrusellSmithModel,
  state: KrusellSmithState,
  paid: Payments,
  i: number,
): number {
  const { earnings, benefits } = model.exposure;
  const e = state.status[i];
  return paid.grossReturn * state.capital[i] + paid.netWage * earnings[e] + paid.benefit * benefits[e];
}

/** c = share a, the share cut to [0.0001, 0.9999]. Invariant: 0 < c < a for a > 0, so that nobody borrows. */
export function consumption(share: number, cash: number): number {
  return (share < LOWEST ? LOWEST : share > HIGHEST ? HIGHEST : share) * cash;
}

/** Everyone eats the share chosen: fills rewards [n] and makes the rest the capital of the next period, [n]. */
export function eat(
  model: KrusellSmithModel,
  state: KrusellSmithState,
  paid: Payments,
  shares: Float64Array,
  rewards: Float64Array,
): void {
  const { riskAversion, consumptionFloor, exposure } = model;
  const { earnings, benefits } = exposure;
  const { capital, status } = state;
  const { grossReturn, netWage, benefit } = paid;
  for (let i = 0; i < capital.length; i++) {
    const e = status[i];
    const cash = grossReturn * capital[i] + netWage * earnings[e] + benefit * benefits[e];
    const eaten = consumption(shares[i], cash);
    rewards[i] = utility(riskAversion, consumptionFloor, eaten);
    capital[i] = cash - eaten;
  }
}

/** The next z, one draw for all, then the next e_i given z and z', one draw each. */
export function drawShocks(model: KrusellSmithModel, state: KrusellSmithState, rng: Rng): void {
  const states = model.exposure.productivity.length;
  const incomes = model.exposure.labour.length;
  const from = state.productivity;
  const to = lookUp(model.aggregateSums, from * states, rng.uniform());
  state.productivity = to;
  const offset = (from * states + to) * incomes * incomes;
  if (model.counts === 'exact') {
    const flows = model.flows[from * states + to];
    moveInCounts(state.status, state.turn, flows, model.memory, rng);
  } else moveApart(state.status, state.turn, model.conditionalSums, offset, incomes, rng);
}

function moveApart(
  status: Uint8Array,
  turn: Int32Array,
  sums: Float64Array,
  offset: number,
  incomes: number,
  rng: Rng,
): void {
  for (let j = 0; j < turn.length; j++) {
    const i = turn[j];
    status[i] = lookUp(sums, offset + status[i] * incomes, rng.uniform());
  }
}

/** The first state whose sum, at `offset` on, exceeds a uniform draw; sums end with 1. */
export function lookUp(sums: Float64Array, offset: number, uniform: number): number {
  let at = 0;
  while (uniform >= sums[offset + at]) at += 1;
  return at;
}

/** The state in which place i has the household of place order[i], its turn in draws included. Shapes: order [n], a permutation. */
export function exchangePlaces(state: KrusellSmithState, order: ArrayLike<number>): KrusellSmithState {
  const placeOf = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) placeOf[order[i]] = i;
  return {
    capital: state.capital.map((_, i) => state.capital[order[i]]),
    status: state.status.map((_, i) => state.status[order[i]]),
    turn: state.turn.map((household) => placeOf[household]),
    productivity: state.productivity,
  };
}
