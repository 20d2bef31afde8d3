import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bilinear,
  bilinearAt,
  bracket,
  checkGrid,
  linear,
  linearAt,
  lotteries,
  lottery,
  segmentWeight,
} from './interpolation.ts';
import { holds } from './testing/property.ts';

/** Rounding of a few products of numbers up to 1e3: 1e3 * 2^-52 * 10, rounded up. */
const ROUNDING = 1e-11;

/** Grids of 2 to 12 nodes whose steps lie between 0.01 and 10. */
const grids = fc
  .tuple(
    fc.double({ min: -50, max: 50, noNaN: true }),
    fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 11 }),
  )
  .map(([first, steps]) => {
    const grid = Float64Array.of(first, ...steps);
    for (let i = 1; i < grid.length; i++) grid[i] += grid[i - 1];
    return grid;
  });
const points = fc.double({ min: -200, max: 200, noNaN: true });
const coefficients = fc.double({ min: -3, max: 3, noNaN: true });

describe('bracket', () => {
  it('finds the segment that holds x, as a search from left to right does', () => {
    holds(
      fc.property(grids, points, (grid, x) => {
        let expected = 0;
        while (expected < grid.length - 2 && grid[expected + 1] <= x) expected++;
        expect(bracket(grid, x)).toBe(expected);
      }),
    );
  });

  it('gives a node to the segment that it starts, and the last node to the last segment', () => {
    const grid = Float64Array.of(0, 1, 2, 4);
    expect([0, 1, 2, 4].map((x) => bracket(grid, x))).toEqual([0, 1, 2, 2]);
    expect([-1, 9, Number.POSITIVE_INFINITY].map((x) => bracket(grid, x))).toEqual([0, 2, 2]);
  });
});

describe('linear interpolation', () => {
  it('reproduces linear functions between the ends, and everywhere when extrapolating', () => {
    holds(
      fc.property(grids, points, coefficients, coefficients, (grid, x, a, b) => {
        const values = grid.map((g) => a + b * g);
        const clipped = Math.max(grid[0], Math.min(grid[grid.length - 1], x));
        expect(Math.abs(linear(grid, values, x) - (a + b * clipped))).toBeLessThan(ROUNDING);
        // Beyond the ends, rounding grows with the distance over the end segment's length: at most 400 / 0.01.
        const beyond = linear(grid, values, x, { outside: 'extrapolate' });
        expect(Math.abs(beyond - (a + b * x))).toBeLessThan(ROUNDING * 4e4);
      }),
    );
  });

  it('reads a row of a larger table by its offset', () => {
    const grid = Float64Array.of(0, 1, 3);
    const table = Float64Array.of(9, 9, 9, 0, 10, 20, 9);
    expect(linearAt(grid, table, 3, 2)).toBe(15);
    expect(linearAt(grid, table, 3, -2)).toBe(0);
    expect(linearAt(grid, table, 3, 5)).toBe(20);
  });
});

describe('bilinear interpolation', () => {
  it('reproduces a + b x + c y + d x y', () => {
    holds(
      fc.property(grids, grids, points, points, coefficients, coefficients, (gx, gy, x, y, b, d) => {
        const f = (u: number, v: number): number => 1 + b * u - v + d * u * v;
        const table = new Float64Array(gx.length * gy.length);
        gx.forEach((u, i) => {
          gy.forEach((v, j) => {
            table[i * gy.length + j] = f(u, v);
          });
        });
        const cx = Math.max(gx[0], Math.min(gx[gx.length - 1], x));
        const cy = Math.max(gy[0], Math.min(gy[gy.length - 1], y));
        // Values reach 3 * 160^2 = 8e4, eighty times the scale of ROUNDING.
        expect(Math.abs(bilinear(gx, gy, table, x, y) - f(cx, cy))).toBeLessThan(100 * ROUNDING);
        expect(bilinear(gx, gy, table, cx, cy, { outside: 'extrapolate' })).toBeCloseTo(f(cx, cy), 6);
      }),
    );
  });

  it('extrapolates the corner cell, and reads a table by its offset', () => {
    const grid = Float64Array.of(0, 1);
    const table = Float64Array.of(7, 0, 2, 1, 5);
    // 0 + 2 y + x + 2 x y
    expect(bilinearAt(grid, grid, table, 1, 0.5, 0.5)).toBe(2);
    expect(bilinear(grid, grid, table.subarray(1), 2, 3, { outside: 'extrapolate' })).toBe(20);
    expect(bilinear(grid, grid, table.subarray(1), 2, 3)).toBe(5);
  });
});

describe("Young's lottery", () => {
  it('keeps the mean: its two nodes average to x, clipped to the grid', () => {
    holds(
      fc.property(grids, points, (grid, x) => {
        const { lower, upperWeight } = lottery(grid, x);
        expect(upperWeight).toBeGreaterThanOrEqual(0);
        expect(upperWeight).toBeLessThanOrEqual(1);
        const mean = (1 - upperWeight) * grid[lower] + upperWeight * grid[lower + 1];
        expect(Math.abs(mean - Math.max(grid[0], Math.min(grid[grid.length - 1], x)))).toBeLessThan(ROUNDING);
      }),
    );
  });

  it('is the same for many points at once', () => {
    const grid = Float64Array.of(0, 1, 3, 7);
    const x = Float64Array.of(-1, 0, 0.25, 3, 6, 7, 8);
    const lower = new Int32Array(7);
    const weight = new Float64Array(7);
    lotteries(grid, x, lower, weight);
    expect(Array.from(x, (v) => lottery(grid, v))).toEqual(
      Array.from(x, (_, k) => ({ lower: lower[k], upperWeight: weight[k] })),
    );
    expect(Array.from(weight)).toEqual([0, 0, 0.25, 0, 0.75, 1, 1]);
  });

  it('is the segment weight, clipped', () => {
    const grid = Float64Array.of(0, 2);
    expect([-1, 0.5, 3].map((x) => segmentWeight(grid, 0, x))).toEqual([-0.5, 0.25, 1.5]);
    expect([-1, 0.5, 3].map((x) => lottery(grid, x).upperWeight)).toEqual([0, 0.25, 1]);
  });
});

describe('errors', () => {
  const grid = Float64Array.of(0, 1, 2);

  it('name the value and the remedy', () => {
    expect(() => bracket(grid, Number.NaN)).toThrow(/x is NaN/);
    expect(() => bracket(Float64Array.of(1), 1)).toThrow(/1 nodes; give at least 2/);
    expect(() => linear(new Float64Array(0), new Float64Array(0), 1)).toThrow(/0 nodes/);
    expect(() => linear(grid, Float64Array.of(1, 2), 1)).toThrow(/values has 2 entries; the grid asks for 3/);
    expect(() => bilinear(grid, grid, grid, 1, 1)).toThrow(/asks for 9/);
    expect(() => lotteries(grid, grid, new Int32Array(2), new Float64Array(3))).toThrow(/lower has 2/);
    expect(() => lotteries(grid, grid, new Int32Array(3), new Float64Array(2))).toThrow(/upperWeight has 2/);
    expect(() => checkGrid(Float64Array.of(0, 1, 1), 'assets')).toThrow(
      /assets falls or stands still from node 1/,
    );
    expect(() => checkGrid(Float64Array.of(0, Number.NaN), 'assets')).toThrow(/entry 1 of assets is NaN/);
    expect(() => checkGrid(grid, 'assets')).not.toThrow();
  });
});
