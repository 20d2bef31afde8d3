import { requireFiniteArray, requireLength, requireWhole } from './checks.ts';
import type { Rng } from './random.ts';

export type { RunningMomentsState, StandardiseOptions } from './running-moments.ts';
export { RunningMoments } from './running-moments.ts';

/** The sum, with Neumaier's compensation: long series of like numbers lose no digits. */
function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}

function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** The mean of values [n]. Throws when empty or not finite. Invariant: between the smallest and the largest. */
export function mean(values: ArrayLike<number>): number {
  requireFiniteArray('mean', 'values', values);
  return sum(values) / values.length;
}

export interface DeviationOptions {
  /** Divide the squares by n - 1 ('sample', the default) or by n ('population'). */
  readonly denominator?: 'sample' | 'population';
}

/**
 * The variance of values [n], sum (x - mean)^2 / (n - 1), or / n.
 * Throws when empty, not finite, or one value with 'sample'. Invariant: unchanged by adding a constant.
 */
export function variance(values: ArrayLike<number>, options: DeviationOptions = {}): number {
  const isSample = options.denominator !== 'population';
  requireFiniteArray(
    'variance',
    "values (with denominator 'sample', one is too few)",
    values,
    isSample ? 2 : 1,
  );
  const center = sum(values) / values.length;
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i] - center) ** 2;
  return sum(squares) / (values.length - (isSample ? 1 : 0));
}

/** The square root of `variance`, in the units of the values; the same options and errors. */
export function standardDeviation(values: ArrayLike<number>, options: DeviationOptions = {}): number {
  return Math.sqrt(variance(values, options));
}

function quantileOfSorted(ordered: Float64Array, p: number): number {
  const h = (ordered.length - 1) * p;
  const i = Math.floor(h);
  if (i + 1 >= ordered.length) return ordered[ordered.length - 1];
  return ordered[i] + (h - i) * (ordered[i + 1] - ordered[i]);
}

/**
 * The p-quantile of values [n], linear between order statistics: type 7 of Hyndman and Fan (1996), the default of R
 * and NumPy, x_(i) + (h - i)(x_(i+1) - x_(i)) with h = (n - 1) p counted from 0.
 * Throws when empty, not finite, or p outside [0, 1]. Invariant: non-decreasing in p.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  requireFiniteArray('quantile', 'values', values);
  if (!(p >= 0 && p <= 1)) throw new Error(`quantile: p is ${p}; give a share in [0, 1].`);
  return quantileOfSorted(sorted(values), p);
}

/** The 0.5-quantile of values [n]. Throws when empty or not finite. Invariant: half lie on either side. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * The mean of the middle half of values [n]: each order statistic counts by the share of its 1/n of probability that
 * lies in [1/4, 3/4]. With five seeds the weights are 0, .75, 1, .75, 0 over 2.5.
 *
 * Source: Agarwal et al. (2021), "Deep RL at the Edge of the Statistical Precipice", section 4.3. Their library takes
 * scipy's trim_mean(x, .25), which drops whole values, floor(n/4) at each end: the same where n is a multiple of 4,
 * otherwise this one moves less as n grows. Throws when empty or not finite.
 * Invariant: values beyond the quartiles may go to infinity without moving it.
 */
export function interquartileMean(values: ArrayLike<number>): number {
  requireFiniteArray('interquartileMean', 'values', values);
  const ordered = sorted(values);
  const n = ordered.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = Math.min(i + 1, 0.75 * n) - Math.max(i, 0.25 * n);
    if (weight > 0) total += weight * ordered[i];
  }
  return total / (0.5 * n);
}

export interface BootstrapOptions {
  /** Probability that the interval is to cover. Default 0.95. */
  readonly level?: number;
  /** Samples drawn. Default 10 000. */
  readonly resamples?: number;
  readonly rng: Rng;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile bootstrap interval of a statistic: its (1 -+ level)/2 quantiles over samples of n drawn from values [n]
 * with replacement.
 *
 * Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3. The sample handed to
 * `statistic` is one buffer, refilled each time. Throws when empty, not finite, for a level outside (0, 1), and where
 * the statistic is NaN. Invariant: the interval lies within the range of the statistic over samples.
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): Interval {
  const { level = 0.95, resamples = 10_000, rng } = options;
  requireFiniteArray('bootstrapInterval', 'values', values);
  requireWhole('bootstrapInterval', 'resamples', resamples, 1, 1e9);
  if (!(level > 0 && level < 1))
    throw new Error(`bootstrapInterval: level is ${level}; give a share in (0, 1).`);
  const n = values.length;
  const sample = new Float64Array(n);
  const results = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) sample[i] = values[rng.integer(n)];
    results[r] = statistic(sample);
  }
  requireFiniteArray('bootstrapInterval', 'the statistic over samples', results);
  results.sort();
  return {
    low: quantileOfSorted(results, 0.5 * (1 - level)),
    high: quantileOfSorted(results, 0.5 * (1 + level)),
  };
}

/**
 * Pearson's correlation of x [n] and y [n]. Throws on fewer than two pairs, unequal lengths, entries not finite, and a
 * series that does not vary. Invariant: in [-1, 1], and unchanged by x -> a + b x with b > 0.
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requireLength('correlation', 'y', y, x.length, 'x');
  requireFiniteArray('correlation', 'x', x, 2);
  requireFiniteArray('correlation', 'y', y, 2);
  const xMean = sum(x) / x.length;
  const yMean = sum(y) / y.length;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i] - xMean;
    const dy = y[i] - yMean;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (!(xx > 0 && yy > 0)) {
    throw new Error(`correlation: ${xx > 0 ? 'y' : 'x'} does not vary; a constant correlates with nothing.`);
  }
  return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
}

/**
 * The autocorrelation at a lag, sum_{t>lag} (x_t - m)(x_{t-lag} - m) / sum_t (x_t - m)^2, m the mean of all values [n].
 * Source: Box and Jenkins (1976), section 2.1.5. Throws unless 0 <= lag < n, and on a series that does not vary.
 * Invariant: 1 at lag 0, and in [-1, 1].
 */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  requireFiniteArray('autocorrelation', 'values', values, 2);
  requireWhole('autocorrelation', 'lag', lag, 0, values.length - 1);
  const center = sum(values) / values.length;
  let all = 0;
  let shifted = 0;
  for (let t = 0; t < values.length; t++) {
    all += (values[t] - center) ** 2;
    if (t >= lag) shifted += (values[t] - center) * (values[t - lag] - center);
  }
  if (!(all > 0))
    throw new Error('autocorrelation: the values do not vary; a constant correlates with nothing.');
  return shifted / all;
}

/**
 * The Gini coefficient of values [n], with population weights [n] (default: equal): twice the area between the Lorenz
 * curve, straight between its points, and the diagonal. G = sum_ij w_i w_j |x_i - x_j| / (2 mean), sum w = 1.
 *
 * Throws on unequal lengths, entries not finite, negative weights, weights that sum to 0, and a mean that is not
 * positive. Invariant: in [0, 1) for values >= 0 (single negative values are let through), and free of units.
 */
export function gini(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  requireFiniteArray('gini', 'values', values);
  const n = values.length;
  const mass = weights ?? new Float64Array(n).fill(1);
  requireLength('gini', 'weights', mass, n, 'values');
  requireFiniteArray('gini', 'weights', mass);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  let people = 0;
  let owned = 0;
  let area = 0;
  for (const i of order) {
    if (mass[i] < 0) throw new Error(`gini: weight ${i} is ${mass[i]}; weights are >= 0.`);
    people += mass[i];
    area += mass[i] * (2 * owned + mass[i] * values[i]);
    owned += mass[i] * values[i];
  }
  if (!(people > 0)) throw new Error(`gini: the weights sum to ${people}; at least one is positive.`);
  if (!(owned > 0))
    throw new Error(`gini: the mean is ${owned / people}; the Gini asks for a positive mean.`);
  const index = 1 - area / (people * owned);
  // What adding up rounds is no inequality.
  return Math.abs(index) < n * Number.EPSILON ? 0 : index;
}

/** What `summary` tells of a sample, in its units but for the count. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Of the sample, n - 1; 0 for a single value. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly max: number;
  readonly interquartileMean: number;
}

/** The usual figures of values [n]. Throws when empty or not finite. Invariant: min <= quartiles in order <= max. */
export function summary(values: ArrayLike<number>): Summary {
  requireFiniteArray('summary', 'values', values);
  const ordered = sorted(values);
  return {
    count: ordered.length,
    mean: mean(ordered),
    standardDeviation: ordered.length > 1 ? standardDeviation(ordered) : 0,
    min: ordered[0],
    lowerQuartile: quantileOfSorted(ordered, 0.25),
    median: quantileOfSorted(ordered, 0.5),
    upperQuartile: quantileOfSorted(ordered, 0.75),
    max: ordered[ordered.length - 1],
    interquartileMean: interquartileMean(ordered),
  };
}
