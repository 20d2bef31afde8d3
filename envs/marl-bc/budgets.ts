/** Who earns, works, eats and keeps what: the arrays of a period. Hot, and nothing here allocates. */
import { utility } from '../krusell-smith/model.ts';
import type { Factors } from './model.ts';

/** A quantity within what actions reach. */
export function within(low: number, high: number, quantity: number): number {
  return quantity < low ? low : quantity > high ? high : quantity;
}

/** Tastes and limits, in one record. */
export interface Rules {
  readonly depreciation: number;
  readonly riskAversion: number;
  readonly consumptionFloor: number;
  readonly lowest: number;
  readonly highest: number;
}

/** mean_i lambda_i l_i and l_i into `labour`, [n], for actions (share, labour), [n, 2]. */
export function work(
  lambda: Float64Array,
  actions: Float64Array,
  low: number,
  high: number,
  labour: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < lambda.length; i++) {
    const l = within(low, high, actions[2 * i + 1]);
    labour[i] = l;
    sum += lambda[i] * l;
  }
  return sum / lambda.length;
}

/**
 * Everybody eats the share chosen, of actions `stride` apart: fills rewards [n], b log(1 - l) included where b is positive, and makes the rest
 * the capital of the next period, [n]. Invariant: mean c + mean k' = Y + (1 - delta) mean k.
 */
export function settle(
  capital: Float64Array,
  labour: Float64Array,
  actions: Float64Array,
  stride: number,
  kappa: Float64Array,
  lambda: Float64Array,
  factors: Factors,
  rules: Rules,
  leisureWeight: number,
  rewards: Float64Array,
): void {
  const rent = factors.rent;
  const wage = factors.wage;
  const kept = 1 - rules.depreciation;
  const low = rules.lowest;
  const high = rules.highest;
  const floor = rules.consumptionFloor;
  // log c + b log(1 - l) = log(c (1 - l)^b): one logarithm, where b is a whole number.
  const power = rules.riskAversion === 1 && Number.isInteger(leisureWeight) ? leisureWeight : 0;
  if (rules.riskAversion === 1) {
    for (let i = 0; i < capital.length; i++) {
      const available = (rent * kappa[i] + kept) * capital[i] + wage * lambda[i] * labour[i];
      const share = within(low, high, actions[i * stride]);
      const eaten = share * available;
      const leisure = 1 - labour[i];
      capital[i] = (1 - share) * available;
      // Written so that what is not a number stays that: it must stop the run.
      let worth = eaten < floor ? floor : eaten;
      for (let b = 0; b < power; b++) worth *= leisure;
      rewards[i] = Math.log(worth);
    }
  } else {
    for (let i = 0; i < capital.length; i++) {
      const available = (rent * kappa[i] + kept) * capital[i] + wage * lambda[i] * labour[i];
      const share = within(low, high, actions[i * stride]);
      capital[i] = (1 - share) * available;
      rewards[i] = utility(rules.riskAversion, floor, share * available);
    }
  }
  if (leisureWeight > power) {
    for (let i = 0; i < capital.length; i++) rewards[i] += leisureWeight * Math.log(1 - labour[i]);
  }
}
