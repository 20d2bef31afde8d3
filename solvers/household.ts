/**
 * What the solvers of heterogeneous-agent economies ask of an economy, and the tables that they make of it.
 *
 * A household holds assets a >= limit, is in one of E own states e (income, employment), and lives in one of Z aggregate
 * states z (productivity) at a level X of an endogenous aggregate (capital, a price), known at N nodes n:
 *
 *     max E sum_t beta^t c_t^(1 - sigma) / (1 - sigma),     c + q(z, X) a' = R(z, X) a + y(z, X, e),     a' >= limit.
 *
 * Tables are row-major with the asset index fastest: policies are [Z, N, E, A], distributions [E, A], and the joint chain is
 * P[(z, e), (z', e')] with (z, e) -> z E + e. Without aggregate risk Z = N = 1.
 */

import type { Preferences } from '../core/classical.ts';
import {
  requireFiniteArray,
  requireIncreasing,
  requireLength,
  requirePositive,
  requireWhole,
} from '../numerics/checks.ts';
import type { NodeWeights } from './node-weights.ts';

export type { CapitalEconomy, Preferences, StationaryEconomy } from '../core/classical.ts';

/** The tables of one household's problem. Treat as read only. */
export interface HouseholdProblem extends Preferences {
  /** Asset grid [A]; the first node is the borrowing limit. */
  readonly assets: Float64Array;
  readonly aggregateStates: number;
  readonly nodes: number;
  readonly ownStates: number;
  /** P[(z, e), (z', e')], [(Z E)^2], rows summing to one. */
  readonly transition: Float64Array;
  /** Where z and e move independently, P[z, z'] and P[e, e'], whose product `transition` is: expectations then take one sum after the other. */
  readonly factors?: { readonly aggregate: Float64Array; readonly own: Float64Array };
  /** R, [Z * N]. */
  readonly grossReturn: Float64Array;
  /** q, [Z * N]. */
  readonly assetPrice: Float64Array;
  /** y, [Z * N * E]. */
  readonly income: Float64Array;
  /** Where X' is expected to lie among the nodes, by (z, n, z'): Z * N * Z entries. */
  readonly next: NodeWeights;
}

/** How an iteration ended. */
export interface Convergence {
  readonly converged: boolean;
  readonly iterations: number;
  /** What was compared with the tolerance in the last iteration. */
  readonly residual: number;
}

/**
 * A policy of a household problem. Shapes: [Z, N, E, A], asset fastest.
 */
export interface HouseholdPolicy extends Convergence {
  /** c(z, n, e, a) > 0. */
  readonly consumption: Float64Array;
}

/** Number of entries of a table over (z, n, e, a). */
export function tableSize({ aggregateStates, nodes, ownStates, assets }: HouseholdProblem): number {
  return aggregateStates * nodes * ownStates * assets.length;
}

/**
 * Checks the sizes and signs of a problem's tables; the solvers call it first.
 *
 * Throws on a discount factor outside (0, 1), a risk aversion that is not positive, a grid that does not increase, tables of another
 * length or not finite, returns or asset prices that are not positive, and where a household at the limit with the least income cannot
 * eat: less than nothing, or, where `least` is 'positive', nothing. Invariant: what passes can be afforded at every node by going to the limit.
 */
export function checkHouseholdProblem(
  where: string,
  problem: HouseholdProblem,
  { least = 'nothing' }: { readonly least?: 'nothing' | 'positive' } = {},
): void {
  const { discountFactor, riskAversion, assets, aggregateStates: Z, nodes: N, ownStates: E } = problem;
  checkPreferences(where, { discountFactor, riskAversion });
  requireIncreasing(where, 'the asset grid', assets);
  for (const [what, count] of Object.entries({ aggregateStates: Z, nodes: N, ownStates: E })) {
    requireWhole(where, what, count, 1, 1e6);
  }
  const { transition, grossReturn, assetPrice, income, next } = problem;
  requireFiniteArray(where, 'the transition', transition);
  requireLength(where, 'the transition', transition, (Z * E) ** 2, 'the number of states squared');
  requireFiniteArray(where, 'income', income);
  requireLength(where, 'income', income, Z * N * E, 'every aggregate state, node and own state');
  for (const [what, values] of Object.entries({ grossReturn, assetPrice })) {
    requireLength(where, what, values, Z * N, 'every aggregate state and node');
    for (let i = 0; i < values.length; i++) requirePositive(where, `entry ${i} of ${what}`, values[i]);
  }
  requireLength(where, 'the next nodes', next.lower, Z * N * Z, 'every aggregate state, node and next state');
  for (let i = 0; i < Z * N; i++) {
    for (let e = 0; e < E; e++) {
      const left = grossReturn[i] * assets[0] + income[i * E + e] - assetPrice[i] * assets[0];
      if (!(left > 0 || (left === 0 && least === 'nothing'))) {
        throw new Error(
          `${where}: at the borrowing limit ${assets[0]} a household in own state ${e} (situation ${i}) has ${left} to eat; ` +
            'raise the limit or the lowest income.',
        );
      }
    }
  }
}

/** Throws unless 0 < discountFactor < 1 and riskAversion > 0. */
export function checkPreferences(where: string, { discountFactor, riskAversion }: Preferences): void {
  if (!(discountFactor > 0 && discountFactor < 1)) {
    throw new Error(`${where}: the discount factor is ${discountFactor}; it lies strictly between 0 and 1.`);
  }
  requirePositive(where, 'the risk aversion', riskAversion);
}

/** How far a row of a published table may be from one; more is an error, not a lost digit. */
const ROW_TOLERANCE = 1e-4;

/**
 * The chain with rows divided by their sums, a copy. Shapes: [n * n].
 * Throws on another length, negative entries, and rows further than 1e-4 from one. Invariant: rows sum to one within rounding.
 */
export function stochasticRows(where: string, transition: Float64Array, n: number): Float64Array {
  requireFiniteArray(where, 'the transition', transition);
  requireLength(where, 'the transition', transition, n * n, `a chain of ${n} states`);
  const rows = transition.slice();
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      if (rows[i * n + j] < 0)
        throw new Error(`${where}: P[${i}, ${j}] is ${rows[i * n + j]}; give at least 0.`);
      sum += rows[i * n + j];
    }
    if (!(Math.abs(sum - 1) <= ROW_TOLERANCE)) {
      throw new Error(`${where}: row ${i} of the transition sums to ${sum}; correct it.`);
    }
    for (let j = 0; j < n; j++) rows[i * n + j] /= sum;
  }
  return rows;
}
