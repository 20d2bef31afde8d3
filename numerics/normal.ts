import { requireFinite } from './checks.ts';

const SQRT_PI = Math.sqrt(Math.PI);

/** erfc(x) for x >= 0; relative error below 1e-14 up to x = 26, where it leaves the range of doubles. */
function erfcPositive(x: number): number {
  if (x < 1) {
    // erf(x) = 2/sqrt(pi) exp(-x^2) sum_k 2^k x^(2k+1) / (2k+1)!!: terms of one sign (Abramowitz-Stegun 7.1.6).
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-18; k++) {
      term *= (2 * x * x) / (2 * k + 1);
      sum += term;
    }
    return 1 - (2 / SQRT_PI) * Math.exp(-x * x) * sum;
  }
  // sqrt(pi) exp(x^2) erfc(x) = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))) (7.1.14), from the inside out.
  let tail = x;
  for (let k = Math.ceil(20 + 130 / (x * x)); k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (SQRT_PI * tail);
}

/**
 * The standard normal's distribution function, Phi(x) = erfc(-x / sqrt 2) / 2.
 *
 * Source: Abramowitz and Stegun (1964), 7.1.6 and 7.1.14. Relative error below 1e-13 in the lower tail. Throws on NaN.
 * Invariant: Phi(x) + Phi(-x) = 1.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) requireFinite('normalCdf', 'x', x);
  const half = 0.5 * erfcPositive(Math.abs(x) / Math.SQRT2);
  return x > 0 ? 1 - half : half;
}

/**
 * P(low < X <= high) for a standard normal X; infinite ends are allowed.
 *
 * Both ends in the upper tail are mirrored first, so that nothing cancels. Throws on NaN or low > high.
 * Invariant: the probabilities of adjoining intervals add up.
 */
export function normalInterval(low: number, high: number): number {
  if (!(low <= high)) throw new Error(`normalInterval: the ends are ${low} and ${high}; give low <= high.`);
  if (low > 0) return normalCdf(-low) - normalCdf(-high);
  return normalCdf(high) - normalCdf(low);
}
