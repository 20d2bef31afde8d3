import { describe, expect, it } from 'vitest';
import { chebyshevFit, chebyshevRoots, chebyshevSum, chebyshevValues, placeIn, spanOf } from './chebyshev.ts';

describe('Chebyshev sums', () => {
  it('give back any polynomial of lower degree in two variables', () => {
    const [n, m] = [5, 4];
    const f = (x: number, y: number) => 1 - 2 * x + x ** 4 * y ** 3 - 0.5 * x ** 2 * y;
    const [xs, ys] = [chebyshevRoots(n), chebyshevRoots(m)];
    const values = Float64Array.from({ length: n * m }, (_, i) => f(xs[Math.floor(i / m)], ys[i % m]));
    const coefficients = new Float64Array(n * m);
    chebyshevFit(values, n, m, new Float64Array(n * m), coefficients);
    const at = new Float64Array(m);
    for (const [x, y] of [
      [0.3, -0.7],
      [-1, 1],
      [0, 0],
    ]) {
      chebyshevValues(y, m, at, 0);
      const rows = Float64Array.from({ length: n }, (_, i) =>
        at.reduce((sum, value, j) => sum + value * coefficients[i * m + j], 0),
      );
      expect(chebyshevSum(rows, 0, n, x)).toBeCloseTo(f(x, y), 13);
    }
  });

  it('are cosines: T_k(cos t) = cos k t, by either recurrence', () => {
    const values = new Float64Array(9);
    chebyshevValues(Math.cos(0.7), 8, values, 1);
    for (let k = 0; k < 8; k++) {
      expect(values[k + 1]).toBeCloseTo(Math.cos(0.7 * k), 14);
      const one = new Float64Array(10);
      one[k + 2] = 1;
      expect(chebyshevSum(one, 2, 8, Math.cos(0.7))).toBeCloseTo(Math.cos(0.7 * k), 14);
    }
    expect(values[0]).toBe(0);
  });

  it('see what lies beyond a span at its end', () => {
    const span = spanOf(2, 6);
    expect([1, 2, 4, 6, 9].map((x) => placeIn(span, x))).toEqual([-1, -1, 0, 1, 1]);
  });
});
