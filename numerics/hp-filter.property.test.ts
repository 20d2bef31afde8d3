import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hpFilter } from './hp-filter.ts';
import { holds, magnitudes, numbers } from './testing/property.ts';

const series = fc
  .tuple(magnitudes(-6, 6), fc.array(numbers(-1, 1), { minLength: 1, maxLength: 80 }))
  .map(([size, values]) => Float64Array.from(values, (value) => value * size));
/** From a trend that follows everything to one that is all but straight. */
const lambdas = magnitudes(-3, 6);
const coefficients = numbers(-100, 100);

/** The system's condition number is at most (16 + 1/lambda) lambda; relative to the largest number. */
function rounding(lambda: number, ...parts: readonly Float64Array[]): number {
  const largest = Math.max(0, ...parts.flatMap((values) => Array.from(values, Math.abs)));
  const length = Math.max(1, ...parts.map((values) => values.length));
  return 4 * Number.EPSILON * (16 * lambda + 1) * Math.sqrt(length) * largest;
}

function expectNear(found: Float64Array, expected: ArrayLike<number>, slack: number): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, t) => {
    if (!(Math.abs(value - expected[t]) <= slack))
      throw new Error(`at ${t}: ${value}, not ${expected[t]} within ${slack}`);
  });
}

const lineOf = (n: number, a: number, b: number) => Float64Array.from({ length: n }, (_, t) => a + b * t);

describe('the Hodrick-Prescott filter of any series', () => {
  it('takes it apart: trend and cycle add up to it, and the cycle sums to zero', () => {
    holds(
      fc.property(series, lambdas, (values, lambda) => {
        const { trend, cycle } = hpFilter(values, lambda);
        const sum = trend.map((value, t) => value + cycle[t]);
        values.forEach((value, t) => {
          const size = Math.abs(trend[t]) + Math.abs(cycle[t]);
          expect(Math.abs(sum[t] - value)).toBeLessThanOrEqual(2 * Number.EPSILON * size);
        });
        expect(Math.abs(cycle.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(
          rounding(1, values) * values.length,
        );
      }),
    );
  });

  it('finds no cycle in a straight line', () => {
    holds(
      fc.property(fc.integer({ min: 1, max: 80 }), coefficients, coefficients, lambdas, (n, a, b, lambda) => {
        const line = lineOf(n, a, b);
        // The line itself is rounded; the filter passes no more of that on than there is.
        expectNear(hpFilter(line, lambda).cycle, new Float64Array(n), rounding(1, line));
      }),
    );
  });

  it('finds the same cycle when a line is added', () => {
    holds(
      fc.property(series, coefficients, coefficients, lambdas, (values, a, b, lambda) => {
        const line = lineOf(values.length, a, b);
        const raised = values.map((value, t) => value + line[t]);
        const { cycle } = hpFilter(values, lambda);
        expectNear(hpFilter(raised, lambda).cycle, cycle, rounding(lambda, values) + rounding(1, line));
      }),
    );
  });

  it('is linear, and does not know the direction of time', () => {
    holds(
      fc.property(series, lambdas, numbers(-10, 10), (values, lambda, factor) => {
        const { cycle } = hpFilter(values, lambda);
        const slack = rounding(lambda, values);
        const scaled = values.map((value) => factor * value);
        expectNear(
          hpFilter(scaled, lambda).cycle,
          cycle.map((value) => factor * value),
          Math.abs(factor) * slack,
        );
        expectNear(hpFilter(values.toReversed(), lambda).cycle.toReversed(), cycle, slack);
      }),
    );
  });

  it("solves the first-order conditions of what it minimises, y = trend + lambda K'K trend", () => {
    holds(
      fc.property(series, lambdas, (values, lambda) => {
        const { trend } = hpFilter(values, lambda);
        const found = trend.slice();
        for (let t = 1; t + 1 < trend.length; t++) {
          const bend = lambda * (trend[t + 1] - 2 * trend[t] + trend[t - 1]);
          found[t - 1] += bend;
          found[t] -= 2 * bend;
          found[t + 1] += bend;
        }
        expectNear(found, values, rounding(lambda, values));
      }),
    );
  });
});
