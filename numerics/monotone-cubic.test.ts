import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linspace } from './grids.ts';
import { monotoneCubic, monotoneCubicAt, monotoneSlopes } from './monotone-cubic.ts';
import { holds } from './testing/property.ts';

/** A few operations on numbers of order ten in float64. */
const ROUNDING = 1e-12;

const X = Float64Array.of(0, 1, 2.5, 3, 5, 8);
const Y = Float64Array.of(0, 1, 1.2, 4, 3, 3.5);

describe('the monotone cubic', () => {
  it("agrees with SciPy's PchipInterpolator in value and slope", () => {
    // scipy 1.17.1, PchipInterpolator(X, Y) at the points, and its derivative at the nodes.
    const at = [0.3, 1.7, 2.9, 4.2, 6.5, 7.9];
    const expected = [
      0.39834016528925614, 1.0854285178273446, 3.7137548387096766, 3.352, 3.0625, 3.4516481481481485,
    ];
    const slopes = [1.3466666666666667, 0.2479338842975206, 0.3096774193548386, 0, 0, 0.5000000000000001];
    const { value, derivative } = monotoneCubic(X, Y);
    at.forEach((x, i) => {
      expect(Math.abs(value(x) - expected[i])).toBeLessThan(ROUNDING);
    });
    X.forEach((x, i) => {
      expect(Math.abs(derivative(x) - slopes[i])).toBeLessThan(ROUNDING);
    });
  });

  it('passes through the nodes, and its derivative is the slope of its value', () => {
    const { value, derivative } = monotoneCubic(X, Y);
    expect(Array.from(X, value)).toEqual(Array.from(Y));
    const h = 1e-6;
    for (const x of [0.4, 1.3, 2.7, 4.9, 7.5]) {
      // Central difference: rounding 1e-16 / h, truncation h^2.
      expect(Math.abs((value(x + h) - value(x - h)) / (2 * h) - derivative(x))).toBeLessThan(1e-8);
    }
  });

  it('stays monotone where the data are', () => {
    const steps = fc.array(
      fc.record({
        dx: fc.double({ min: 0.01, max: 5, noNaN: true }),
        dy: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 5, noNaN: true })),
      }),
      { minLength: 1, maxLength: 8 },
    );
    holds(
      fc.property(steps, (list) => {
        const x = new Float64Array(list.length + 1);
        const y = new Float64Array(list.length + 1);
        list.forEach(({ dx, dy }, i) => {
          x[i + 1] = x[i] + dx;
          y[i + 1] = y[i] + dy;
        });
        const { value, derivative } = monotoneCubic(x, y);
        let last = Number.NEGATIVE_INFINITY;
        for (const at of linspace(x[0], x[list.length], 101)) {
          expect(value(at)).toBeGreaterThanOrEqual(last - 40 * Number.EPSILON * y[list.length]);
          expect(derivative(at)).toBeGreaterThanOrEqual(-ROUNDING * 500);
          last = value(at);
        }
      }),
    );
  });

  it('is linear where the data are, and beyond the ends too when extrapolating', () => {
    const { value, derivative } = monotoneCubic(
      X,
      X.map((x) => 3 - 2 * x),
      { outside: 'extrapolate' },
    );
    for (const x of [-4, 0, 0.7, 2.6, 7, 8, 11]) {
      expect(Math.abs(value(x) - (3 - 2 * x))).toBeLessThan(10 * ROUNDING);
      expect(Math.abs(derivative(x) + 2)).toBeLessThan(10 * ROUNDING);
    }
  });

  it('holds the end values beyond the ends by default', () => {
    const { value, derivative } = monotoneCubic(X, Y);
    expect([value(-1), value(9), derivative(-1), derivative(9)]).toEqual([0, 3.5, 0, 0]);
  });

  it('is a line on two nodes, and reads a row of a larger table by its offset', () => {
    const grid = Float64Array.of(1, 3);
    const table = Float64Array.of(9, 2, 6);
    const slopes = new Float64Array(3);
    monotoneSlopes(grid, table, slopes, 1);
    expect(Array.from(slopes)).toEqual([0, 2, 2]);
    expect(monotoneCubicAt(grid, table, slopes, 1, 1.5)).toBe(3);
  });

  it('rejects what is no function, and NaN', () => {
    expect(() => monotoneCubic(X, Y.subarray(1))).toThrow(/values has 5 entries; the grid asks for 6/);
    expect(() => monotoneCubic(Float64Array.of(0, 0), Float64Array.of(0, 1))).toThrow(/stands still/);
    expect(() => monotoneCubic(Float64Array.of(0, 1), Float64Array.of(0, Number.NaN))).toThrow(
      /entry 1 of values/,
    );
    expect(() => monotoneCubic(X, Y).value(Number.NaN)).toThrow(/x is NaN/);
  });
});
