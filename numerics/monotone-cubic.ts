import { bracket, checkTable, type Outside } from './interpolation.ts';

/** An inner node's slope: the harmonic mean of its two secants, weighted by their lengths; zero where they disagree. */
function innerSlope(h0: number, h1: number, secant0: number, secant1: number): number {
  if (!(secant0 * secant1 > 0)) return 0;
  const w0 = 2 * h1 + h0;
  const w1 = h1 + 2 * h0;
  return (w0 + w1) / (w0 / secant0 + w1 / secant1);
}

/** An end's slope: the parabola through three nodes, cut back so that the end segment stays monotone. */
function endSlope(h0: number, h1: number, secant0: number, secant1: number): number {
  const slope = ((2 * h0 + h1) * secant0 - h0 * secant1) / (h0 + h1);
  if (!(slope * secant0 > 0)) return 0;
  if (secant0 * secant1 <= 0 && Math.abs(slope) > 3 * Math.abs(secant0)) return 3 * secant0;
  return slope;
}

/**
 * The slopes at the nodes that make the cubic Hermite interpolant monotone wherever the data are (PCHIP), written to
 * slopes[offset ..]. Hot: lengths and order are not checked.
 *
 * Source: Fritsch and Butland (1984), SIAM J. Sci. Stat. Comput. 5, eq. 5 (the slopes of Fritsch and Carlson 1980's
 * region); ends as in Moler (2004), Numerical Computing with MATLAB, pchipend. Shapes: grid [n], values and slopes
 * [>= offset + n]. Invariant: a node that is a local extremum has slope 0.
 */
export function monotoneSlopes(
  grid: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
  offset: number,
): void {
  const n = grid.length;
  let h0 = grid[1] - grid[0];
  let secant0 = (values[offset + 1] - values[offset]) / h0;
  slopes[offset] = secant0;
  slopes[offset + n - 1] = secant0;
  for (let i = 1; i < n - 1; i++) {
    const h1 = grid[i + 1] - grid[i];
    const secant1 = (values[offset + i + 1] - values[offset + i]) / h1;
    if (i === 1) slopes[offset] = endSlope(h0, h1, secant0, secant1);
    slopes[offset + i] = innerSlope(h0, h1, secant0, secant1);
    if (i === n - 2) slopes[offset + n - 1] = endSlope(h1, h0, secant1, secant0);
    h0 = h1;
    secant0 = secant1;
  }
}

/**
 * The cubic Hermite interpolant with given slopes, beyond the ends held at the end's value. Hot: lengths are not
 * checked. Shapes: grid [n], values and slopes [>= offset + n]. Throws on NaN.
 * Invariant: with `monotoneSlopes`, the result lies between the two neighbouring values.
 */
export function monotoneCubicAt(
  grid: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
  offset: number,
  x: number,
): number {
  const i = bracket(grid, x);
  const h = grid[i + 1] - grid[i];
  let t = (x - grid[i]) / h;
  if (t < 0) t = 0;
  else if (t > 1) t = 1;
  const at = offset + i;
  const rise = values[at + 1] - values[at];
  // Written from the lower value, so that flat data give it back exactly.
  return (
    values[at] + t * t * (3 - 2 * t) * rise + h * t * (1 - t) * ((1 - t) * slopes[at] - t * slopes[at + 1])
  );
}

/** The derivative of `monotoneCubicAt` in x; 0 beyond the ends. Hot: lengths are not checked. Throws on NaN. */
export function monotoneCubicSlopeAt(
  grid: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
  offset: number,
  x: number,
): number {
  const i = bracket(grid, x);
  const h = grid[i + 1] - grid[i];
  const t = (x - grid[i]) / h;
  if (t < 0 || t > 1) return 0;
  const at = offset + i;
  const rise = values[at + 1] - values[at];
  return (6 * t * (1 - t) * rise) / h + (1 - t) * (1 - 3 * t) * slopes[at] + t * (3 * t - 2) * slopes[at + 1];
}

/** A monotone cubic ready to be evaluated. */
export interface MonotoneCubic {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

export interface MonotoneCubicOptions {
  /** Beyond the ends: the end's value (derivative 0), or the tangent there. Default 'clamp'. */
  readonly outside?: Outside;
}

/**
 * The monotone cubic interpolant (PCHIP) of values on a grid; see `monotoneSlopes` for the source.
 *
 * Shapes: grid [n], values [n], both copied. Throws on a grid that does not increase, on values that are not finite,
 * and on unequal lengths. Invariant: monotone data give a monotone function, and linear data a linear one.
 */
export function monotoneCubic(
  grid: Float64Array,
  values: Float64Array,
  options: MonotoneCubicOptions = {},
): MonotoneCubic {
  checkTable('monotoneCubic', grid, values);
  const { outside = 'clamp' } = options;
  const x = grid.slice();
  const y = values.slice();
  const slopes = new Float64Array(x.length);
  monotoneSlopes(x, y, slopes, 0);
  const last = x.length - 1;
  const beyond = (at: number): number => (at < x[0] ? 0 : last);
  const outsideTangent = (at: number): boolean => outside === 'extrapolate' && (at < x[0] || at > x[last]);
  return {
    value: (at) => {
      if (!outsideTangent(at)) return monotoneCubicAt(x, y, slopes, 0, at);
      const end = beyond(at);
      return y[end] + slopes[end] * (at - x[end]);
    },
    derivative: (at) => (outsideTangent(at) ? slopes[beyond(at)] : monotoneCubicSlopeAt(x, y, slopes, 0, at)),
  };
}
