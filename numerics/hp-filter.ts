import { requireFiniteArray } from './checks.ts';

/** A series taken apart: values = trend + cycle, each [n]. */
export interface TrendAndCycle {
  readonly trend: Float64Array;
  readonly cycle: Float64Array;
}

/**
 * The filter of Hodrick and Prescott: the trend of values y [n] minimises
 *
 *     sum_t (y_t - trend_t)^2 + lambda sum_t (trend_{t+1} - 2 trend_t + trend_{t-1})^2,   (I + lambda K'K) trend = y,
 *
 * K [n - 2, n] taking second differences. Solved in O(n) for the cycle, which is the same by the matrix inversion lemma,
 *
 *     cycle = K' w,     (K K' + I / lambda) w = K y,
 *
 * a pentadiagonal system with the rows 1, -4, 6 + 1/lambda, -4, 1, by its LDL' factors: what has no second differences leaves no cycle,
 * not even one of rounding.
 *
 * Source: Hodrick and Prescott (1997), J. Money, Credit and Banking 29, equation 2. lambda is 1600 for quarters there, 6.25 for years
 * (Ravn and Uhlig 2002, Review of Economics and Statistics 84). In the units of the values.
 * Throws on values that are not finite and on a lambda that is not a finite number of at least 0. Invariants: a straight line is its own
 * trend, the cycle sums to zero, and lambda 0 leaves all in the trend; so do fewer than three values.
 */
export function hpFilter(values: ArrayLike<number>, lambda: number): TrendAndCycle {
  requireFiniteArray('hpFilter', 'values', values);
  if (!(lambda >= 0 && lambda < Infinity)) {
    throw new Error(
      `hpFilter: lambda is ${lambda}; give a number of at least 0: 1600 for quarters, 6.25 for years.`,
    );
  }
  const trend = Float64Array.from(values);
  const cycle = new Float64Array(values.length);
  if (values.length < 3 || lambda === 0) return { trend, cycle };
  const w = secondDifferences(trend);
  solvePentadiagonal(6 + 1 / lambda, w);
  spread(w, cycle);
  for (let t = 0; t < trend.length; t++) trend[t] -= cycle[t];
  return { trend, cycle };
}

/** K y, [n - 2]. */
function secondDifferences(y: Float64Array): Float64Array {
  const differences = new Float64Array(y.length - 2);
  for (let i = 0; i < differences.length; i++) differences[i] = y[i] - 2 * y[i + 1] + y[i + 2];
  return differences;
}

/** cycle = K' w. */
function spread(w: Float64Array, cycle: Float64Array): void {
  for (let i = 0; i < w.length; i++) {
    cycle[i] += w[i];
    cycle[i + 1] -= 2 * w[i];
    cycle[i + 2] += w[i];
  }
}

/** Solves the system with rows 1, -4, diagonal, -4, 1 in place: M = L D L', L with two diagonals `first` and `second` below its ones. */
function solvePentadiagonal(diagonal: number, b: Float64Array): void {
  const n = b.length;
  const pivots = new Float64Array(n);
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let pivot = diagonal;
    if (i > 1) {
      second[i] = 1 / pivots[i - 2];
      pivot -= second[i];
      b[i] -= second[i] * b[i - 2];
    }
    if (i > 0) {
      first[i] = (-4 - (i > 1 ? first[i - 1] : 0)) / pivots[i - 1];
      pivot -= first[i] * first[i] * pivots[i - 1];
      b[i] -= first[i] * b[i - 1];
    }
    pivots[i] = pivot;
  }
  for (let i = 0; i < n; i++) b[i] /= pivots[i];
  for (let i = n - 1; i >= 0; i--) {
    if (i + 1 < n) b[i] -= first[i + 1] * b[i + 1];
    if (i + 2 < n) b[i] -= second[i + 2] * b[i + 2];
  }
}
