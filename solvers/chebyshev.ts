/** Functions of two variables as sums of products of Chebyshev polynomials over a rectangle. */

/** [low, high] as the middle and half the length. */
export interface Span {
  readonly middle: number;
  readonly half: number;
}

/** Throws nothing. Invariant: `placeIn` of the ends is -1 and 1. */
export function spanOf(low: number, high: number): Span {
  return { middle: (low + high) / 2, half: (high - low) / 2 };
}

/** Where x lies in a span: -1 and 1 at its ends, and there for what lies beyond. Hot. */
export function placeIn(span: Span, x: number): number {
  const place = (x - span.middle) / span.half;
  return place < -1 ? -1 : place > 1 ? 1 : place;
}

/** The n roots of T_n, at which functions are interpolated, from 1 down to -1, [n]. */
export function chebyshevRoots(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (i + 0.5)) / n));
}

/** T_0(x), ..., T_(n-1)(x) into `out`, from `at` on: T_(k+1) = 2 x T_k - T_(k-1). Hot. */
export function chebyshevValues(x: number, n: number, out: Float64Array, at: number): void {
  let previous = 1;
  let current = x;
  for (let k = 0; k < n; k++) {
    out[at + k] = previous;
    const next = 2 * x * current - previous;
    previous = current;
    current = next;
  }
}

/** sum_k c_k T_k(x) for the n coefficients from `at` on, by Clenshaw's recurrence. Hot. */
export function chebyshevSum(coefficients: Float64Array, at: number, n: number, x: number): number {
  let b1 = 0;
  let b2 = 0;
  for (let k = n - 1; k > 0; k--) {
    const b0 = coefficients[at + k] + 2 * x * b1 - b2;
    b2 = b1;
    b1 = b0;
  }
  return coefficients[at] + x * b1 - b2;
}

/**
 * Coefficients [n * m] of the polynomial through values [n * m] at the roots, both row-major: the discrete cosine transform
 * c_k = (2 - [k = 0]) / n sum_i f_i T_k(x_i) along either axis. Invariant: exact for polynomials of degrees below n and m.
 */
export function chebyshevFit(
  values: Float64Array,
  n: number,
  m: number,
  scratch: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[i * m + j] * Math.cos((Math.PI * k * (i + 0.5)) / n);
      scratch[k * m + j] = ((k === 0 ? 1 : 2) / n) * sum;
    }
  }
  for (let k = 0; k < n; k++) {
    for (let l = 0; l < m; l++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += scratch[k * m + j] * Math.cos((Math.PI * l * (j + 0.5)) / m);
      out[k * m + l] = ((l === 0 ? 1 : 2) / m) * sum;
    }
  }
}
