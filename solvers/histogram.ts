/**
 * The cross-section of households as a histogram over (e, a), moved without drawing anybody: Young (2010, J. Economic Dynamics and Control 34).
 * Who chooses a' between two nodes goes to both, in proportions that keep the mean.
 */
import { requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import type { Convergence } from './household.ts';

/** One period's movement of a cross-section of E * A cells. */
export interface Movement {
  /** The lower node of each cell's next assets, [E * A]. */
  readonly lower: Int32Array;
  /** The share that goes to the node above it, [E * A], in [0, 1]. */
  readonly upperWeight: Float64Array;
}

/** Room for one movement. */
export function movement(cells: number): Movement {
  return { lower: new Int32Array(cells), upperWeight: new Float64Array(cells) };
}

/**
 * Places next assets on the grid: the same numbers as `lotteries`, in one march, since neighbours choose neighbouring nodes. Hot.
 *
 * Shapes: assets [A], savings [E * A]. Invariant: (1 - w) a_lower + w a_(lower + 1) is the saving, clipped to the grid.
 */
export function placeSavings(assets: Float64Array, savings: Float64Array, to: Movement): void {
  const { lower, upperWeight } = to;
  const last = assets.length - 2;
  let i = 0;
  for (let cell = 0; cell < savings.length; cell++) {
    const x = savings[cell];
    while (i < last && assets[i + 1] <= x) i++;
    while (i > 0 && assets[i] > x) i--;
    const weight = (x - assets[i]) / (assets[i + 1] - assets[i]);
    lower[cell] = i;
    upperWeight[cell] = weight < 0 ? 0 : weight > 1 ? 1 : weight;
  }
}

/**
 * The next cross-section: out[e', a'] = sum_e Q[e, e'] sum_a m[e, a] (share of (e, a) that goes to a'). Hot.
 *
 * Shapes: mass and out [E, A], not the same; mix Q [E * E] from `offset` on, rows summing to one; moved [A] is scratch.
 * Invariants: mass is kept within rounding and stays non-negative, and so is the mean of assets where nobody leaves the grid.
 */
export function pushDistribution(
  mass: Float64Array,
  by: Movement,
  mix: Float64Array,
  offset: number,
  moved: Float64Array,
  out: Float64Array,
): void {
  const { lower, upperWeight } = by;
  const count = moved.length;
  const states = mass.length / count;
  out.fill(0);
  for (let e = 0; e < states; e++) {
    moved.fill(0);
    for (let a = 0; a < count; a++) {
      const m = mass[e * count + a];
      if (m === 0) continue;
      const up = m * upperWeight[e * count + a];
      const node = lower[e * count + a];
      moved[node] += m - up;
      moved[node + 1] += up;
    }
    for (let next = 0; next < states; next++) {
      const p = mix[offset + e * states + next];
      if (p === 0) continue;
      for (let a = 0; a < count; a++) out[next * count + a] += p * moved[a];
    }
  }
}

/** sum_(e, a) m f_a: the mean of f [A] over a cross-section [E, A]. Hot. */
export function meanOver(mass: Float64Array, values: Float64Array): number {
  let total = 0;
  for (let cell = 0, a = 0; cell < mass.length; cell++) {
    total += mass[cell] * values[a];
    a = a + 1 === values.length ? 0 : a + 1;
  }
  return total;
}

export interface StationaryDistributionOptions {
  /** Cross-section to start from, [E, A]; default: everybody at the lowest asset, own states equally likely. */
  readonly start?: Float64Array;
  /** Largest sum of absolute changes in the last period; default 1e-13. */
  readonly tolerance?: number;
  /** Default 100,000. */
  readonly maxIterations?: number;
}

export interface StationaryDistribution extends Convergence {
  /** [E, A], summing to one. */
  readonly distribution: Float64Array;
}

/**
 * The cross-section that a policy leaves as it is, by moving one until it stands still, with leaps along the slowest direction.
 *
 * Shapes: assets [A], savings [E, A], transition [E * E] with rows summing to one. Throws on other lengths.
 * Invariant: non-negative, sums to one, and one more period changes it by no more than the residual.
 */
export function stationaryDistribution(
  assets: Float64Array,
  savings: Float64Array,
  transition: Float64Array,
  options: StationaryDistributionOptions = {},
): StationaryDistribution {
  const { tolerance = 1e-13, maxIterations = 100_000, start } = options;
  const where = 'stationaryDistribution';
  const count = assets.length;
  const states = Math.round(Math.sqrt(transition.length));
  requireLength(where, 'savings', savings, states * count, 'the grid and the chain');
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  if (start !== undefined) requireLength(where, 'the start', start, savings.length, 'the grid and the chain');
  const by = movement(savings.length);
  placeSavings(assets, savings, by);
  const moved = new Float64Array(count);
  let mass = start?.slice() ?? allAtTheLimit(states, count);
  let next = new Float64Array(mass.length);
  const before = new Float64Array(mass.length);
  let residual = Infinity;
  let iterations = 0;
  while (!(residual <= tolerance) && iterations < maxIterations) {
    pushDistribution(mass, by, transition, 0, moved, next);
    normalise(next);
    residual = distance(mass, next);
    iterations++;
    if (iterations % LEAP_EVERY === 0 && residual > tolerance) leap(mass, next, before);
    else if (iterations % LEAP_EVERY === LEAP_EVERY - 1) difference(mass, next, before);
    [mass, next] = [next, mass];
  }
  return { converged: residual <= tolerance, iterations, residual, distribution: mass };
}

/** Periods between leaps, in which the faster parts of a change die out. */
const LEAP_EVERY = 40;

/**
 * Aitken's extrapolation: what is left of a change d that shrinks by g a period is d g / (1 - g). Wealth settles slowly in one direction, so this
 * leaps most of the way. `before` is the change of the period before; `next` is moved.
 */
function leap(mass: Float64Array, next: Float64Array, before: Float64Array): void {
  let product = 0;
  let square = 0;
  for (let i = 0; i < next.length; i++) {
    product += before[i] * (next[i] - mass[i]);
    square += before[i] * before[i];
  }
  const g = product / square;
  if (!(g > 0 && g < 1)) return;
  for (let i = 0; i < next.length; i++) {
    next[i] = Math.max(0, next[i] + (next[i] - mass[i]) * (g / (1 - g)));
  }
  normalise(next);
}

function difference(mass: Float64Array, next: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = next[i] - mass[i];
}

/** Divides by the sum: long products of rows of rounded probabilities drift. */
export function normalise(mass: Float64Array): void {
  let total = 0;
  for (let i = 0; i < mass.length; i++) total += mass[i];
  for (let i = 0; i < mass.length; i++) mass[i] /= total;
}

function distance(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.abs(x[i] - y[i]);
  return total;
}

function allAtTheLimit(states: number, count: number): Float64Array<ArrayBuffer> {
  const mass = new Float64Array(states * count);
  for (let e = 0; e < states; e++) mass[e * count] = 1 / states;
  return mass;
}
