/**
 * The household problem by value iteration, with values linear between the asset nodes:
 *
 *     V(z, n, e, a) = max_{a'} u(R a + y - q a') + beta E V(z', X', e', a').
 *
 * A concave piecewise linear right-hand side is maximised exactly: on a segment with slope s the best consumption is the one with q u'(c) = s,
 * and richer households choose later segments, so that one march along the nodes does them all. This solves the very problem that a histogram
 * on the same nodes poses (a lottery is a linear interpolation), which iteration on the Euler equation does not.
 */
import { requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { expectation } from './expectation.ts';
import { type Movement, movement, placeSavings } from './histogram.ts';
import {
  checkHouseholdProblem,
  type HouseholdPolicy,
  type HouseholdProblem,
  tableSize,
} from './household.ts';
import { consumptionAt, utility } from './preferences.ts';

export interface ValueOptions {
  /** Values to start from, [Z, N, E, A], concave in a; default: of eating what leaves assets as they are. */
  readonly values?: Float64Array;
  /** Largest |TV - V| / (1 + |V|) of the last maximisation; default 1e-10. */
  readonly tolerance?: number;
  /** Maximisations; default 5,000. */
  readonly maxIterations?: number;
  /** Sweeps with the policy held after each maximisation (modified policy iteration, Puterman and Shin 1978, Management Science 24); default 30. */
  readonly sweeps?: number;
}

export interface HouseholdValues extends HouseholdPolicy {
  /** V, [Z, N, E, A]. */
  readonly values: Float64Array;
  /** a'(z, n, e, a), [Z, N, E, A], never above the last node. */
  readonly savings: Float64Array;
}

/**
 * The optimal policy and its value at every node.
 *
 * Nodes of the aggregate variable must be mixed linearly: weights of a cubic may be negative, and would break concavity.
 * Shapes: values, consumption, savings [Z, N, E, A]. Throws what `checkHouseholdProblem` throws, on cubic weights, and on a start of
 * another length. Invariants: deterministic; values increase and are concave in assets; budgets hold at every node.
 */
export function solveByValues(problem: HouseholdProblem, options: ValueOptions = {}): HouseholdValues {
  const { tolerance = 1e-10, maxIterations = 5_000, sweeps = 30 } = options;
  const where = 'solveByValues';
  checkHouseholdProblem(where, problem, { least: 'positive' });
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  requireWhole(where, 'sweeps', sweeps, 0, 1e6);
  if (problem.next.width === 4) {
    throw new Error(`${where}: nodes are mixed by cubics; make the problem with linear interpolation.`);
  }
  const size = tableSize(problem);
  if (options.values !== undefined) requireLength(where, 'values', options.values, size, 'the problem');
  const values = options.values?.slice() ?? firstGuess(problem);
  const expected = new Float64Array(size);
  const consumption = new Float64Array(size);
  const savings = new Float64Array(size);
  const best = new Float64Array(size);
  const row = new Float64Array(problem.assets.length);
  const place = movement(size);
  let residual = Infinity;
  let iterations = 0;
  while (iterations < maxIterations) {
    expectation(problem, values, expected, row);
    for (let i = 0; i < expected.length; i++) expected[i] *= problem.discountFactor;
    maximise(problem, expected, row, consumption, savings, best);
    residual = relativeDistance(values, best);
    values.set(best);
    iterations++;
    if (residual <= tolerance) break;
    placeSavings(problem.assets, savings, place);
    flowUtility(consumption, problem.riskAversion, best);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      expectation(problem, values, expected, row);
      continuePolicy(expected, best, place, problem.discountFactor, row.length, values);
    }
  }
  return { converged: residual <= tolerance, iterations, residual, values, consumption, savings };
}

/** Fills consumption, savings and the maximised right-hand side; `expected` is beta E V. */
function maximise(
  problem: HouseholdProblem,
  expected: Float64Array,
  row: Float64Array,
  consumption: Float64Array,
  savings: Float64Array,
  best: Float64Array,
): void {
  const { assets, grossReturn, assetPrice, income, riskAversion, ownStates } = problem;
  const count = assets.length;
  for (let i = 0; i < income.length; i++) {
    const s = Math.floor(i / ownStates);
    const price = assetPrice[s];
    consumptionOfSegments(assets, expected, i * count, price, riskAversion, row);
    march(assets, row, i * count, grossReturn[s], price, income[i], consumption, savings);
    for (let a = 0; a < count; a++) best[i * count + a] = utility(consumption[i * count + a], riskAversion);
    addContinuation(assets, expected, i * count, savings, best);
  }
}

/** row[j]: consumption that is best within segment j, q u'(c) = slope; no slope, no reason to save. */
function consumptionOfSegments(
  assets: Float64Array,
  expected: Float64Array,
  start: number,
  price: number,
  riskAversion: number,
  row: Float64Array,
): void {
  for (let j = 0; j < assets.length - 1; j++) {
    const slope = (expected[start + j + 1] - expected[start + j]) / (assets[j + 1] - assets[j]);
    row[j] = slope > 0 ? consumptionAt(slope / price, riskAversion) : Infinity;
  }
}

function march(
  assets: Float64Array,
  segment: Float64Array,
  start: number,
  grossReturn: number,
  price: number,
  income: number,
  consumption: Float64Array,
  savings: Float64Array,
): void {
  const top = assets.length - 1;
  let j = 0;
  for (let a = 0; a <= top; a++) {
    const cash = grossReturn * assets[a] + income;
    while (j < top && cash - price * assets[j + 1] >= segment[j]) j++;
    const atNode = cash - price * assets[j];
    const isInside = j < top && atNode > segment[j];
    consumption[start + a] = isInside ? segment[j] : atNode;
    savings[start + a] = isInside ? (cash - segment[j]) / price : assets[j];
  }
}

function addContinuation(
  assets: Float64Array,
  expected: Float64Array,
  start: number,
  savings: Float64Array,
  best: Float64Array,
): void {
  const last = assets.length - 2;
  let j = 0;
  for (let a = 0; a <= last + 1; a++) {
    const x = savings[start + a];
    while (j < last && assets[j + 1] <= x) j++;
    const weight = (x - assets[j]) / (assets[j + 1] - assets[j]);
    best[start + a] += (1 - weight) * expected[start + j] + weight * expected[start + j + 1];
  }
}

function flowUtility(consumption: Float64Array, riskAversion: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = utility(consumption[i], riskAversion);
}

/** V = u(c) + beta E V at the chosen assets. */
function continuePolicy(
  expected: Float64Array,
  flow: Float64Array,
  place: Movement,
  discountFactor: number,
  count: number,
  values: Float64Array,
): void {
  const { lower, upperWeight } = place;
  for (let i = 0, start = 0; i < values.length; i++) {
    if (i === start + count) start += count;
    const node = start + lower[i];
    values[i] =
      flow[i] +
      discountFactor * ((1 - upperWeight[i]) * expected[node] + upperWeight[i] * expected[node + 1]);
  }
}

function relativeDistance(values: Float64Array, best: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const gap = Math.abs(best[i] - values[i]) / (1 + Math.abs(best[i]));
    if (!(gap <= largest)) largest = gap;
  }
  return largest;
}

/** A concave start: the value of half of what there is beyond the limit, for ever. */
function firstGuess(problem: HouseholdProblem): Float64Array {
  const { assets, grossReturn, assetPrice, income, ownStates, riskAversion, discountFactor } = problem;
  const values = new Float64Array(tableSize(problem));
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / assets.length);
    const s = Math.floor(row / ownStates);
    const cash = grossReturn[s] * assets[i % assets.length] + income[row] - assetPrice[s] * assets[0];
    values[i] = utility(0.5 * cash, riskAversion) / (1 - discountFactor);
  }
  return values;
}
