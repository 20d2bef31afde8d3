/**
 * The household problem by the endogenous-grid method of Carroll (2006, Economics Letters 91), with a borrowing limit that may bind:
 *
 *     q c^-sigma = beta E[ R' c'^-sigma ]  or  a' = limit,        a = (c + q a' - y) / R,
 *
 * iterated on the policy. Policies are linear between asset nodes; between nodes of the aggregate variable it is R c^-sigma that is mixed,
 * which is smooth in it.
 */
import { requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { expectation } from './expectation.ts';
import {
  checkHouseholdProblem,
  type HouseholdPolicy,
  type HouseholdProblem,
  tableSize,
} from './household.ts';
import { consumptionAt, marginalUtility } from './preferences.ts';

export interface EulerOptions {
  /** Consumption to start from, [Z, N, E, A]; default: what leaves assets as they are, or half of what there is where that is more. */
  readonly consumption?: Float64Array;
  /** Largest relative change of consumption in the last iteration; default 1e-9. */
  readonly tolerance?: number;
  /** Default 20,000. */
  readonly maxIterations?: number;
}

/**
 * The optimal policy at every node, by iteration on the Euler equation.
 *
 * Shapes: consumption [Z, N, E, A]. Says whether it converged; callers look at it. Throws what `checkHouseholdProblem` throws, and on a start
 * of another length. Invariants: deterministic; consumption is positive, and next assets are at least the limit at every node.
 */
export function solveByEuler(problem: HouseholdProblem, options: EulerOptions = {}): HouseholdPolicy {
  const { tolerance = 1e-9, maxIterations = 20_000 } = options;
  const where = 'solveByEuler';
  checkHouseholdProblem(where, problem);
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  const size = tableSize(problem);
  if (options.consumption !== undefined) {
    requireLength(where, 'the consumption to start from', options.consumption, size, 'the problem');
  }
  const consumption = options.consumption?.slice() ?? firstGuess(problem);
  const work = workspace(problem);
  let residual = Infinity;
  let iterations = 0;
  while (!(residual <= tolerance) && iterations < maxIterations) {
    residual = eulerStep(problem, consumption, work);
    iterations++;
  }
  return { converged: residual <= tolerance, iterations, residual, consumption };
}

/** Scratch of `eulerStep`, so that many steps allocate once. */
export interface EulerWork {
  readonly marginal: Float64Array;
  readonly expected: Float64Array;
  readonly row: Float64Array;
}

export function workspace(problem: HouseholdProblem): EulerWork {
  const size = tableSize(problem);
  return {
    marginal: new Float64Array(size),
    expected: new Float64Array(size),
    row: new Float64Array(problem.assets.length),
  };
}

/**
 * One step back in time: replaces next period's consumption by this period's, and returns the largest relative change. Hot.
 * Shapes: consumption [Z, N, E, A]. Invariant: an optimal policy changes by rounding only.
 */
export function eulerStep(problem: HouseholdProblem, consumption: Float64Array, work: EulerWork): number {
  const { assets, grossReturn, assetPrice, income, discountFactor, riskAversion, ownStates } = problem;
  const { marginal, expected, row } = work;
  const count = assets.length;
  const situations = grossReturn.length;
  for (let s = 0; s < situations; s++) {
    const start = s * ownStates * count;
    marginalValues(consumption, marginal, start, start + ownStates * count, grossReturn[s], riskAversion);
  }
  expectation(problem, marginal, expected, row);
  let change = 0;
  for (let s = 0; s < situations; s++) {
    for (let e = 0; e < ownStates; e++) {
      const i = s * ownStates + e;
      const start = i * count;
      const price = assetPrice[s];
      const scale = discountFactor / price;
      endogenousAssets(assets, expected, start, row, scale, riskAversion, price, grossReturn[s], income[i]);
      const moved = resample(assets, row, consumption, start, grossReturn[s], price, income[i]);
      if (!(moved <= change)) change = moved;
    }
  }
  return change;
}

function marginalValues(
  consumption: Float64Array,
  marginal: Float64Array,
  from: number,
  to: number,
  grossReturn: number,
  riskAversion: number,
): void {
  for (let i = from; i < to; i++) marginal[i] = grossReturn * marginalUtility(consumption[i], riskAversion);
}

/** The assets held now by who chooses each node for the next period: row[j] = (c_j + q a_j - y) / R. */
function endogenousAssets(
  assets: Float64Array,
  expected: Float64Array,
  start: number,
  row: Float64Array,
  scale: number,
  riskAversion: number,
  price: number,
  grossReturn: number,
  income: number,
): void {
  for (let j = 0; j < row.length; j++) {
    const consumption = consumptionAt(scale * expected[start + j], riskAversion);
    row[j] = (consumption + price * assets[j] - income) / grossReturn;
  }
}

/** The policy back on the asset nodes; returns the largest relative change of consumption. */
function resample(
  assets: Float64Array,
  endogenous: Float64Array,
  consumption: Float64Array,
  start: number,
  grossReturn: number,
  price: number,
  income: number,
): number {
  const last = assets.length - 2;
  let change = 0;
  let left = 0;
  for (let a = 0; a <= last + 1; a++) {
    const x = assets[a];
    let next = assets[0];
    if (x > endogenous[0]) {
      while (left < last && endogenous[left + 1] <= x) left++;
      const weight = (x - endogenous[left]) / (endogenous[left + 1] - endogenous[left]);
      next = Math.max(assets[0], assets[left] + weight * (assets[left + 1] - assets[left]));
    }
    const cash = grossReturn * x + income;
    // Early iterations may extrapolate beyond what there is.
    const value = Math.max(cash - price * next, SMALLEST_SHARE * (cash - price * assets[0]), SMALLEST);
    const difference = Math.abs(value / consumption[start + a] - 1);
    if (!(difference <= change)) change = difference;
    consumption[start + a] = value;
  }
  return change;
}

const SMALLEST_SHARE = 1e-6;

/** Who has no income at the limit eats this; marginal utility stays finite, and nobody goes there. */
const SMALLEST = 1e-10;

/** Next assets (z, n, e, a) of a consumption table, (R a + y - c) / q, never below the limit. Shapes: [Z, N, E, A]. */
export function savingsOf(problem: HouseholdProblem, consumption: Float64Array): Float64Array {
  const { assets, grossReturn, assetPrice, income, ownStates } = problem;
  requireLength('savingsOf', 'consumption', consumption, tableSize(problem), 'the problem');
  const savings = new Float64Array(consumption.length);
  for (let i = 0; i < savings.length; i++) {
    const row = Math.floor(i / assets.length);
    const s = Math.floor(row / ownStates);
    const cash = grossReturn[s] * assets[i % assets.length] + income[row];
    savings[i] = Math.max(assets[0], (cash - consumption[i]) / assetPrice[s]);
  }
  return savings;
}

function firstGuess(problem: HouseholdProblem): Float64Array {
  const { assets, grossReturn, assetPrice, income, ownStates } = problem;
  const consumption = new Float64Array(tableSize(problem));
  for (let i = 0; i < consumption.length; i++) {
    const row = Math.floor(i / assets.length);
    const s = Math.floor(row / ownStates);
    const asset = assets[i % assets.length];
    const cash = grossReturn[s] * asset + income[row];
    const stay = cash - assetPrice[s] * asset;
    consumption[i] = Math.max(stay, 0.5 * (cash - assetPrice[s] * assets[0]), SMALLEST);
  }
  return consumption;
}
