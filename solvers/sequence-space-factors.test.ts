import { describe, expect, it } from 'vitest';
import { solve } from '../numerics/linear-algebra.ts';
import { createRng } from '../numerics/random.ts';
import { factorise, solveFactored } from './sequence-space-factors.ts';

describe('factors', () => {
  it('solve as elimination does, for one right side after another, leading zeros included', () => {
    const rng = createRng(5);
    for (const n of [1, 2, 7, 40]) {
      const a = Float64Array.from({ length: n * n }, () => rng.between(-1, 1));
      if (n > 1) a[0] = 0;
      const copy = a.slice();
      const factors = factorise(a, n);
      expect(a).toEqual(copy);
      for (let k = 0; k < 3; k++) {
        const b = Float64Array.from({ length: n }, () => rng.between(-1, 1));
        const x = solveFactored(factors, b);
        const y = solve(a, b);
        // Both are off by the condition number, hundreds here, times rounding.
        for (let i = 0; i < n; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(1e-10);
      }
    }
  });

  it('name the pivot of a singular matrix, and wrong lengths', () => {
    expect(() => factorise(Float64Array.of(1, 2, 2, 4), 2)).toThrow(/2 x 2 matrix is singular, pivot 1/);
    expect(() => factorise(Float64Array.of(1, 2), 2)).toThrow(/the matrix has 2 entries/);
    expect(() => factorise(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow(/entry 1 of the matrix/);
    const factors = factorise(Float64Array.of(2), 1);
    expect(() => solveFactored(factors, Float64Array.of(1, 2))).toThrow(/the right side has 2/);
  });
});
