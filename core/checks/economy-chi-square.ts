/** Pearson's chi-square test of counts against probabilities. */
import { normalCdf } from '../../numerics/normal.ts';

export interface ChiSquare {
  readonly statistic: number;
  readonly degrees: number;
  /** Probability of a statistic at least as large if the probabilities are right. */
  readonly pValue: number;
}

/** Fewer expected than this in a cell, and the statistic is not chi-square (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * sum (n_i - N p_i)^2 / (N p_i) over cells i, rare ones put together, with p divided by its sum. Shapes: both [cells].
 * A count where p is zero gives infinity. Invariant: with one cell the p-value is one.
 */
export function chiSquare(counts: readonly number[], weights: readonly number[]): ChiSquare {
  const draws = counts.reduce((sum, n) => sum + n, 0);
  const mass = weights.reduce((sum, p) => sum + p, 0);
  const impossible = counts.some((n, i) => n > 0 && !(weights[i] > 0));
  if (impossible) return { statistic: Infinity, degrees: Math.max(1, counts.length - 1), pValue: 0 };
  const cells = counts
    .map((n, i) => ({ n, expected: (draws * weights[i]) / mass }))
    .sort((a, b) => a.expected - b.expected);
  let rare = { n: 0, expected: 0 };
  while (cells.length > 0 && (cells[0].expected < LEAST_EXPECTED || between(rare.expected))) {
    const [{ n, expected }] = cells.splice(0, 1);
    rare = { n: rare.n + n, expected: rare.expected + expected };
  }
  const all = rare.expected > 0 ? [rare, ...cells] : cells;
  const statistic = all.reduce((sum, { n, expected }) => sum + (n - expected) ** 2 / expected, 0);
  const degrees = all.length - 1;
  return { statistic, degrees, pValue: degrees === 0 ? 1 : chiSquareTail(statistic, degrees) };
}

function between(expected: number): boolean {
  return expected > 0 && expected < LEAST_EXPECTED;
}

/**
 * P(X > x) for a chi-square X with whole degrees of freedom: with h = x/2, the sum of e^-h h^j / Gamma(j + 1) over j = degrees/2 - 1,
 * degrees/2 - 2, ... down to 0 or 1/2, and erfc(sqrt h) for odd degrees (Abramowitz and Stegun 26.4.4-5). Decreasing in x.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const h = x / 2;
  const isOdd = degrees % 2 === 1;
  let tail = isOdd ? 2 * normalCdf(-Math.sqrt(x)) : 0;
  // Logarithm of the term at j; Gamma(3/2) = sqrt(pi) / 2.
  let j = isOdd ? 0.5 : 0;
  let term = isOdd ? Math.log(h) / 2 - h - Math.log(Math.sqrt(Math.PI) / 2) : -h;
  for (; j <= degrees / 2 - 1; j++) {
    tail += Math.exp(term);
    term += Math.log(h / (j + 1));
  }
  return Math.min(1, tail);
}
