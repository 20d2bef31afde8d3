import { describe, expect, it } from 'vitest';
import { leastSquares, matrixVector, solve } from './linear-algebra.ts';
import { createRng } from './random.ts';

/** Backward-stable elimination: residuals of n eps |A| |x| with n = 200 and |x| of order ten. */
const RESIDUAL = 1e-10;
const ROUNDING = 1e-12;

function normals(name: string, n: number): Float64Array {
  const out = new Float64Array(n);
  createRng(name).fillNormal(out);
  return out;
}

describe('solve', () => {
  it('finds x with A x = b for matrices of every size up to a few hundred', () => {
    for (const n of [1, 2, 3, 10, 200]) {
      const a = normals('matrix', n * n);
      const b = normals('right side', n);
      const x = solve(a, b);
      matrixVector(a, x).forEach((y, i) => {
        expect(Math.abs(y - b[i])).toBeLessThan(RESIDUAL);
      });
    }
  });

  it('exchanges rows where a diagonal entry is zero, and takes several right sides', () => {
    const a = Float64Array.of(0, 2, 1, 0);
    expect(Array.from(solve(a, Float64Array.of(4, 6, 7, 8)))).toEqual([7, 8, 2, 3]);
    expect(Array.from(a)).toEqual([0, 2, 1, 0]);
  });

  it('pivots: a tiny diagonal entry costs no accuracy', () => {
    const x = solve(Float64Array.of(1e-20, 1, 1, 1), Float64Array.of(1, 2));
    expect(Array.from(x)).toEqual([1, 1]);
  });

  it('takes no bad scale of a row or a column for dependence', () => {
    expect(Array.from(solve(Float64Array.of(1, 0, 0, 1e-30), Float64Array.of(1, 1e-30)))).toEqual([1, 1]);
    const x = solve(Float64Array.of(1, 1e-30, 1, 2e-30), Float64Array.of(2, 3));
    expect(x[0]).toBeCloseTo(1, 12);
    expect(x[1] * 1e-30).toBeCloseTo(1, 12);
  });

  it('refuses singular matrices, exactly or to rounding', () => {
    expect(() => solve(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 1))).toThrow(
      /2 x 2 matrix is singular/,
    );
    expect(() => solve(Float64Array.of(0.1, 0.3, 0.7 * 0.1, 0.7 * 0.3), Float64Array.of(1, 1))).toThrow(
      /singular/,
    );
    expect(() => solve(Float64Array.of(0), Float64Array.of(1))).toThrow(/singular/);
  });

  it('refuses wrong lengths, emptiness and NaN', () => {
    expect(() => solve(new Float64Array(0), new Float64Array(0))).toThrow(/0 entries/);
    expect(() => solve(new Float64Array(6), new Float64Array(2))).toThrow(/6 entries; give n \* n/);
    expect(() => solve(Float64Array.of(1, 0, 0, 1), Float64Array.of(1))).toThrow(/right side has 1/);
    expect(() => solve(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(
      /entry 0 of the matrix is NaN/,
    );
    expect(() => solve(Float64Array.of(1), Float64Array.of(Number.NaN))).toThrow(/right side is NaN/);
    expect(() => matrixVector(new Float64Array(3), new Float64Array(2))).toThrow(/matrix has 3/);
    expect(() => matrixVector(new Float64Array(0), new Float64Array(0))).toThrow(/empty/);
  });
});

describe('leastSquares', () => {
  const m = 60;
  const k = 4;
  const x = normals('regressors', m * k);
  const y = normals('outcome', m);

  it('leaves residuals orthogonal to every regressor', () => {
    const { residuals } = leastSquares(x, y);
    for (let j = 0; j < k; j++) {
      let dot = 0;
      for (let i = 0; i < m; i++) dot += residuals[i] * x[i * k + j];
      expect(Math.abs(dot)).toBeLessThan(ROUNDING);
    }
  });

  it('gives the coefficients that the normal equations give', () => {
    const gram = new Float64Array(k * k);
    const moments = new Float64Array(k);
    for (let i = 0; i < m; i++) {
      for (let a = 0; a < k; a++) {
        moments[a] += x[i * k + a] * y[i];
        for (let b = 0; b < k; b++) gram[a * k + b] += x[i * k + a] * x[i * k + b];
      }
    }
    const expected = solve(gram, moments);
    leastSquares(x, y).coefficients.forEach((c, j) => {
      expect(Math.abs(c - expected[j])).toBeLessThan(ROUNDING);
    });
  });

  it('fits a line through three points as by hand, R^2 included', () => {
    // (0,1), (1,3), (2,4): slope 3/2, intercept 7/6, SSR 1/6, SST 14/3.
    const { coefficients, rSquared } = leastSquares(
      Float64Array.of(1, 0, 1, 1, 1, 2),
      Float64Array.of(1, 3, 4),
    );
    expect(Math.abs(coefficients[0] - 7 / 6)).toBeLessThan(ROUNDING);
    expect(Math.abs(coefficients[1] - 3 / 2)).toBeLessThan(ROUNDING);
    expect(Math.abs(rSquared - (1 - 1 / 28))).toBeLessThan(ROUNDING);
  });

  it('of a constant outcome has R^2 one where the fit reproduces it and zero where not', () => {
    const constant = Float64Array.of(3, 3, 3);
    expect(leastSquares(Float64Array.of(1, 1, 1), constant).rSquared).toBe(1);
    expect(leastSquares(Float64Array.of(1, 2, 3), constant).rSquared).toBe(0);
  });

  it('keeps digits that the normal equations lose: nearly collinear regressors', () => {
    const near = 1e-8;
    const design = Float64Array.of(1, 1, 1, 1 + near, 1, 1 - near, 1, 1);
    const outcome = Float64Array.of(3, 3 + 2 * near, 3 - 2 * near, 3);
    const { coefficients } = leastSquares(design, outcome);
    // Condition number 1e8 times 1e-16.
    expect(Math.abs(coefficients[1] - 2)).toBeLessThan(1e-6);
  });

  it('fits regressors that are zero but for the first row, where a reflection of the wrong sign cancels', () => {
    expect(leastSquares(Float64Array.of(1, 0), Float64Array.of(2, 3)).coefficients[0]).toBe(2);
    expect(leastSquares(Float64Array.of(-1, 1e-10), Float64Array.of(2, 0)).coefficients[0]).toBeCloseTo(
      -2,
      12,
    );
  });

  it('refuses dependent columns, too few rows, wrong lengths and NaN', () => {
    expect(() => leastSquares(Float64Array.of(1, 2, 2, 4, 3, 6), Float64Array.of(1, 2, 3))).toThrow(
      /column 1 of x depends/,
    );
    expect(() => leastSquares(Float64Array.of(0, 0), Float64Array.of(1, 2))).toThrow(/column 0/);
    expect(() => leastSquares(Float64Array.of(1, 2), Float64Array.of(1))).toThrow(/1 rows for 2/);
    expect(() => leastSquares(Float64Array.of(1, 2, 3), Float64Array.of(1, 2))).toThrow(/3 entries and y 2/);
    expect(() => leastSquares(new Float64Array(0), new Float64Array(0))).toThrow(/0 entries/);
    expect(() => leastSquares(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2))).toThrow(
      /entry 1 of x is NaN/,
    );
  });
});
