/**
 * Stationary equilibrium without aggregate risk: the price at which what households hold in the long run is what there is to hold
 * (Huggett 1993, J. Economic Dynamics and Control 17; Aiyagari 1994, Quarterly J. Economics 109),
 *
 *     sum_(e, a) m_x(e, a) a - S(x) = 0,      m_x the cross-section that the optimal policy at price x leaves as it is.
 */
import { brent } from '../numerics/roots.ts';
import { meanOver, stationaryDistribution } from './histogram.ts';
import {
  type Convergence,
  checkPreferences,
  type HouseholdPolicy,
  type HouseholdProblem,
  type StationaryEconomy,
  stochasticRows,
} from './household.ts';
import { savingsOf, solveByEuler } from './household-euler.ts';
import { solveByValues } from './household-values.ts';
import { nodeWeights } from './node-weights.ts';

/** How households solve their problem: the Euler equation with policies linear between nodes, or values linear between nodes. */
export type HouseholdMethod = 'euler' | 'values';

export interface StationaryOptions {
  /** Asset grid [A] from the borrowing limit on. */
  readonly assets: Float64Array;
  /** Prices between which excess holdings change sign. */
  readonly lower: number;
  readonly upper: number;
  /** Default 'euler'. */
  readonly method?: HouseholdMethod;
  /** Of the price; default 1e-10. */
  readonly tolerance?: number;
  /** Evaluations of the market at most; default 100. */
  readonly maxIterations?: number;
  /** Of the household problem; default 1e-10. */
  readonly householdTolerance?: number;
  /** Of the cross-section; default 1e-13. */
  readonly distributionTolerance?: number;
}

/** An equilibrium as plain data. Tables are [E, A], asset fastest. */
export interface StationaryEquilibrium extends Convergence {
  /** The clearing price x. `residual` is excess holdings there, in units of assets. */
  readonly price: number;
  readonly assets: Float64Array;
  readonly consumption: Float64Array;
  readonly savings: Float64Array;
  /** Sums to one. */
  readonly distribution: Float64Array;
  /** Per head. */
  readonly meanAssets: number;
  readonly meanConsumption: number;
  readonly meanIncome: number;
}

/** What households hold in the long run at one price. */
export interface LongRun {
  readonly consumption: Float64Array;
  readonly savings: Float64Array;
  readonly distribution: Float64Array;
  readonly meanAssets: number;
  readonly converged: boolean;
  /** Values, where the method is 'values': to go on from. */
  readonly values?: Float64Array;
}

/**
 * The equilibrium, by Brent's method on the price; each price starts from the policy and cross-section of the one before.
 *
 * Shapes: tables [E, A]. `converged` says that the price, the policy and the cross-section all did; callers look at it.
 * Throws on an infeasible problem, and, naming both values, where the market does not change sides between `lower` and `upper`.
 * Invariants: deterministic; mean consumption is mean income from assets and otherwise, less what replaces the assets.
 */
export function solveStationary(
  economy: StationaryEconomy,
  options: StationaryOptions,
): StationaryEquilibrium {
  const { assets, lower, upper, tolerance = 1e-10, maxIterations = 100 } = options;
  checkPreferences('solveStationary', economy);
  let last: LongRun | undefined;
  const excess = (price: number): number => {
    last = longRun(economy, price, options, last);
    return last.meanAssets - economy.assetSupply(price);
  };
  const { root, converged, iterations } = brent(excess, { lower, upper, tolerance, maxIterations });
  const residual = Math.abs(excess(root));
  const found = longRun(economy, root, options, last);
  const { consumption, savings, distribution } = found;
  const problem = stationaryProblem(economy, root, assets);
  let meanConsumption = 0;
  let meanIncome = 0;
  for (let i = 0; i < distribution.length; i++) {
    meanConsumption += distribution[i] * consumption[i];
    meanIncome += distribution[i] * problem.income[Math.floor(i / assets.length)];
  }
  return {
    converged: converged && found.converged,
    iterations,
    residual,
    price: root,
    assets: assets.slice(),
    consumption,
    savings,
    distribution,
    meanAssets: found.meanAssets,
    meanConsumption,
    meanIncome,
  };
}

/**
 * The policy at a given price and the cross-section that it leads to. `from` speeds it up and is not changed.
 * Shapes and errors as `solveStationary`. Invariant: independent of `from` within the tolerances.
 */
export function longRun(
  economy: StationaryEconomy,
  price: number,
  options: StationaryOptions,
  from?: LongRun,
): LongRun {
  const { assets, method = 'euler', householdTolerance: tolerance = 1e-10 } = options;
  const problem = stationaryProblem(economy, price, assets);
  const solved: HouseholdPolicy & { readonly values?: Float64Array } =
    method === 'euler'
      ? solveByEuler(problem, { tolerance, ...(from && { consumption: from.consumption }) })
      : solveByValues(problem, { tolerance, ...(from?.values && { values: from.values }) });
  const savings = savingsOf(problem, solved.consumption);
  const settled = stationaryDistribution(assets, savings, problem.transition, {
    tolerance: options.distributionTolerance ?? 1e-13,
    ...(from && { start: from.distribution }),
  });
  return {
    consumption: solved.consumption,
    savings,
    distribution: settled.distribution,
    meanAssets: meanOver(settled.distribution, assets),
    converged: solved.converged && settled.converged,
    ...(solved.values && { values: solved.values }),
  };
}

/**
 * The tables of a household that takes one price as given for ever, Z = N = 1.
 * Throws where the grid does not start at the borrowing limit. Shapes: assets [A].
 */
export function stationaryProblem(
  economy: StationaryEconomy,
  price: number,
  assets: Float64Array,
): HouseholdProblem {
  const { discountFactor, riskAversion, ownStates, borrowingLimit } = economy;
  requireLimit('stationaryProblem', assets, borrowingLimit);
  return {
    discountFactor,
    riskAversion,
    assets,
    aggregateStates: 1,
    nodes: 1,
    ownStates,
    transition: stochasticRows('stationaryProblem', economy.transition, ownStates),
    grossReturn: Float64Array.of(economy.grossReturn(price)),
    assetPrice: Float64Array.of(economy.assetPrice?.(price) ?? 1),
    income: Float64Array.from({ length: ownStates }, (_, e) => economy.income(price, e)),
    next: nodeWeights(1, 1, 'linear'),
  };
}

/** Throws unless the grid starts at the limit. */
export function requireLimit(where: string, assets: Float64Array, limit: number): void {
  if (assets[0] !== limit) {
    throw new Error(
      `${where}: the asset grid starts at ${assets[0]}; the borrowing limit is ${limit}: start there.`,
    );
  }
}
