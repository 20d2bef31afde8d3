/**
 * Households that choose how much to work, by the endogenous-grid method of Carroll (2006, Economics Letters 91) with the condition within the period
 * put in:
 *
 *     max E sum_t beta^t [ c^(1 - sigma) / (1 - sigma) - chi n^(1 + eta) / (1 + eta) ],
 *     c + a' = R a + w y_e n + tau_e,     a' >= limit,
 *     c^-sigma = beta E[ R' c'^-sigma ]  or  a' = limit,          chi n^eta = w y_e c^-sigma.
 *
 * Prices may change from period to period, so a step back takes those of its own period and, of the next, the marginal value of assets R' c'^-sigma.
 * Consumption is linear between asset nodes; labour follows from it, so that both conditions hold at every node. Tables are [E, A], asset fastest.
 */
import { requireIncreasing, requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { type Convergence, checkPreferences, type Preferences, stochasticRows } from './household.ts';
import { consumptionAt, marginalUtility } from './preferences.ts';

/** chosen: chi n^(1 + eta) / (1 + eta), the Frisch elasticity being 1 / eta. fixed: n = 1. */
export type LabourSupply =
  | { readonly kind: 'chosen'; readonly weight: number; readonly curvature: number }
  | { readonly kind: 'fixed' };

/** Who the households are. Treat as read only. */
export interface WorkingHousehold extends Preferences {
  readonly labour: LabourSupply;
  /** Asset grid [A]; the first node is the borrowing limit. */
  readonly assets: Float64Array;
  /** P[e, e'], [E * E], rows summing to one. */
  readonly transition: Float64Array;
  /** y_e > 0: efficiency units in an hour, [E]. */
  readonly efficiency: Float64Array;
}

/** What a household takes as given in one period. */
export interface WorkingPrices {
  /** R, what a unit of assets held is worth. */
  readonly grossReturn: number;
  /** w, of an efficiency unit. */
  readonly wage: number;
  /** tau_e: dividends less taxes, [E]. */
  readonly transfers: Float64Array;
}

/** One period's tables, [E, A] each. */
export interface WorkingPeriod {
  /** R c^-sigma: what a unit of assets held at the start of the period is worth in utility. */
  readonly marginalValue: Float64Array;
  readonly consumption: Float64Array;
  /** n, hours. */
  readonly labour: Float64Array;
  /** a'. */
  readonly savings: Float64Array;
}

/** Room for a period of `cells` = E * A. */
export function workingPeriod(cells: number): WorkingPeriod {
  return {
    marginalValue: new Float64Array(cells),
    consumption: new Float64Array(cells),
    labour: new Float64Array(cells),
    savings: new Float64Array(cells),
  };
}

/** Scratch of `workingStep`. */
export interface WorkingScratch {
  readonly expected: Float64Array;
  readonly chosen: Float64Array;
  readonly endogenous: Float64Array;
}

export function workingScratch({ assets }: WorkingHousehold): WorkingScratch {
  const [expected, chosen, endogenous] = [0, 1, 2].map(() => new Float64Array(assets.length));
  return { expected, chosen, endogenous };
}

/**
 * Checks a household; `solveWorking` calls it first.
 * Throws on preferences, a weight or curvature of labour that are not positive, a grid that does not increase, and tables of other lengths.
 */
export function checkWorking(where: string, household: WorkingHousehold): void {
  checkPreferences(where, household);
  const { labour, assets, transition, efficiency } = household;
  requireIncreasing(where, 'the asset grid', assets);
  stochasticRows(where, transition, efficiency.length);
  for (let e = 0; e < efficiency.length; e++) {
    requirePositive(where, `efficiency ${e}`, efficiency[e]);
  }
  if (labour.kind === 'fixed') return;
  requirePositive(where, 'the weight of labour', labour.weight);
  requirePositive(where, 'the curvature of labour', labour.curvature);
}

/**
 * One step back in time: this period's tables from next period's marginal values, `next` [E, A]. Hot: allocates nothing.
 * Invariants: c + a' = R a + w y n + tau and a' >= limit within rounding, and chi n^eta = w y c^-sigma, at every node.
 */
export function workingStep(
  household: WorkingHousehold,
  prices: WorkingPrices,
  next: Float64Array,
  to: WorkingPeriod,
  scratch: WorkingScratch,
): void {
  const { labour, assets, transition, efficiency, discountFactor, riskAversion } = household;
  const { expected, chosen, endogenous } = scratch;
  const states = efficiency.length;
  // Fixed labour is the limit of an infinite curvature, with the weight out of it.
  const weight = labour.kind === 'chosen' ? labour.weight : 1;
  const curvature = labour.kind === 'chosen' ? labour.curvature : Infinity;
  const R = prices.grossReturn;
  for (let e = 0; e < states; e++) {
    expectedMarginal(next, transition, e, states, discountFactor, expected);
    const pay = prices.wage * efficiency[e];
    for (let j = 0; j < assets.length; j++) {
      const c = consumptionAt(expected[j], riskAversion);
      chosen[j] = c;
      endogenous[j] =
        (c + assets[j] - pay * hours(c, pay, riskAversion, weight, curvature) - prices.transfers[e]) / R;
    }
    resample(assets, chosen, endogenous, e, R, pay, prices.transfers[e], riskAversion, weight, curvature, to);
  }
}

/** out_a = beta sum_e' P[e, e'] v[e', a]. */
function expectedMarginal(
  next: Float64Array,
  transition: Float64Array,
  e: number,
  states: number,
  discountFactor: number,
  out: Float64Array,
): void {
  const count = out.length;
  out.fill(0);
  for (let to = 0; to < states; to++) {
    const p = discountFactor * transition[e * states + to];
    if (p === 0) continue;
    const start = to * count;
    for (let a = 0; a < count; a++) out[a] += p * next[start + a];
  }
}

/** n from chi n^eta = pay c^-sigma; 1 where eta is infinite. Hot. */
export function hours(c: number, pay: number, sigma: number, weight: number, curvature: number): number {
  if (curvature === Infinity) return 1;
  const x = (pay * marginalUtility(c, sigma)) / weight;
  if (curvature === 1) return x;
  if (curvature === 2) return Math.sqrt(x);
  return x ** (1 / curvature);
}

/** Consumption back on the asset nodes, and what follows from it. */
function resample(
  assets: Float64Array,
  chosen: Float64Array,
  endogenous: Float64Array,
  e: number,
  R: number,
  pay: number,
  transfer: number,
  sigma: number,
  weight: number,
  curvature: number,
  to: WorkingPeriod,
): void {
  const { marginalValue, consumption, labour, savings } = to;
  const limit = assets[0];
  const last = assets.length - 2;
  const start = e * assets.length;
  let left = 0;
  let guess = chosen[0];
  for (let a = 0; a <= last + 1; a++) {
    const x = assets[a];
    const other = R * x + transfer;
    let c = 0;
    let n = 0;
    let saved = limit;
    if (x > endogenous[0]) {
      while (left < last && endogenous[left + 1] <= x) left++;
      const share = (x - endogenous[left]) / (endogenous[left + 1] - endogenous[left]);
      c = chosen[left] + share * (chosen[left + 1] - chosen[left]);
      n = hours(c, pay, sigma, weight, curvature);
      saved = other + pay * n - c;
    }
    // Between nodes labour is less than linear, so savings may fall below the limit next to it.
    if (x <= endogenous[0] || saved < limit) {
      c = withoutSaving(other - limit, pay, sigma, weight, curvature, guess);
      n = hours(c, pay, sigma, weight, curvature);
      saved = limit;
      guess = c;
    }
    consumption[start + a] = c;
    labour[start + a] = n;
    savings[start + a] = saved;
    marginalValue[start + a] = R * marginalUtility(c, sigma);
  }
}

/** Newton's steps in log c, at most this long. */
const LONGEST_STEP = 2;
const MOST_STEPS = 100;

/** c of c = other + pay n(c): of who is held at a node. `guess` starts the search. Least where there is nothing at all. Hot. */
export function withoutSaving(
  other: number,
  pay: number,
  sigma: number,
  weight: number,
  curvature: number,
  guess: number,
): number {
  if (curvature === Infinity) return Math.max(other + pay, SMALLEST);
  if (curvature === 1 && sigma === 1) {
    const root = Math.sqrt(other * other + (4 * pay * pay) / weight);
    // The sum of what has one sign only.
    return other > 0 ? 0.5 * (other + root) : (2 * pay * pay) / weight / (root - other);
  }
  let c = guess;
  for (let i = 0; i < MOST_STEPS; i++) {
    const earned = pay * hours(c, pay, sigma, weight, curvature);
    const step = (c - earned - other) / (c + (sigma / curvature) * earned);
    c *= Math.exp(-Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step)));
    if (Math.abs(step) < 1e-15) break;
  }
  return c;
}

/** Who has nothing eats this; marginal utility stays finite. */
const SMALLEST = 1e-10;

export interface SolveWorkingOptions {
  /** Marginal values to start from, [E, A]; default: of who eats what leaves assets as they are, at full work, or half of all there is. */
  readonly marginalValue?: Float64Array;
  /** Largest relative change of consumption in the last step; default 1e-11. */
  readonly tolerance?: number;
  /** Default 20,000. */
  readonly maxIterations?: number;
}

/** A policy under prices that last, and how the iteration ended. */
export interface WorkingPolicy extends Convergence, WorkingPeriod {}

/**
 * The optimal policy under prices that last for ever, by steps back in time until they change nothing.
 *
 * Shapes: tables [E, A], new. Says whether it converged; callers look at it. Throws what `checkWorking` throws, on prices that are not
 * positive, and on transfers or a start of another length. Invariant: deterministic, and one more step changes consumption by the residual at most.
 */
export function solveWorking(
  household: WorkingHousehold,
  prices: WorkingPrices,
  options: SolveWorkingOptions = {},
): WorkingPolicy {
  const { tolerance = 1e-11, maxIterations = 20_000 } = options;
  const where = 'solveWorking';
  checkWorking(where, household);
  requirePositive(where, 'the gross return', prices.grossReturn);
  requirePositive(where, 'the wage', prices.wage);
  requireLength(where, 'the transfers', prices.transfers, household.efficiency.length, 'the own states');
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  const cells = household.efficiency.length * household.assets.length;
  const start = options.marginalValue ?? firstGuess(household, prices);
  requireLength(where, 'the start', start, cells, 'the grid and the own states');
  const period = workingPeriod(cells);
  const scratch = workingScratch(household);
  const before = new Float64Array(cells);
  const next = start.slice();
  let residual = Infinity;
  let iterations = 0;
  while (!(residual <= tolerance) && iterations < maxIterations) {
    before.set(period.consumption);
    workingStep(household, prices, next, period, scratch);
    next.set(period.marginalValue);
    residual = largestChange(before, period.consumption);
    iterations++;
  }
  return { converged: residual <= tolerance, iterations, residual, ...period };
}

function largestChange(before: Float64Array, now: Float64Array): number {
  let change = 0;
  for (let i = 0; i < now.length; i++) {
    const moved = Math.abs(before[i] / now[i] - 1);
    if (!(moved <= change)) change = moved;
  }
  return change;
}

function firstGuess(household: WorkingHousehold, prices: WorkingPrices): Float64Array {
  const { assets, efficiency, riskAversion } = household;
  const { grossReturn, wage, transfers } = prices;
  return Float64Array.from({ length: efficiency.length * assets.length }, (_, i) => {
    const e = Math.floor(i / assets.length);
    const asset = assets[i % assets.length];
    const cash = grossReturn * asset + wage * efficiency[e] + transfers[e];
    const eaten = Math.max(cash - asset, 0.5 * (cash - assets[0]), 0.1 * wage * efficiency[e]);
    return grossReturn * marginalUtility(eaten, riskAversion);
  });
}
