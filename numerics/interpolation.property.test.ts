import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bilinear, bracket, checkGrid, linear, lotteries, lottery } from './interpolation.ts';
import { grids, holds, numbers, requireBetween, requireNear } from './testing/property.ts';

/** A handful of roundings. */
const ROUNDING = 8 * Number.EPSILON;

const values = fc.oneof(numbers(-1, 1), numbers(-1e9, 1e9), fc.constant(0));

/** A grid, a value at each node, and a point: between the ends, at a node or beside it, or beyond. */
const tables = grids().chain((grid) =>
  fc.record({
    grid: fc.constant(grid),
    table: fc
      .array(values, { minLength: grid.length, maxLength: grid.length })
      .map((list) => Float64Array.from(list)),
    x: fc.oneof(
      numbers(grid[0], grid[grid.length - 1]),
      fc.constantFrom(...grid),
      fc.constantFrom(...grid).map((node) => node * (1 + Number.EPSILON)),
      numbers(-1e7, 1e7),
    ),
  }),
);

const clipped = (grid: Float64Array, x: number) => Math.min(grid[grid.length - 1], Math.max(grid[0], x));

describe('linear interpolation on any grid', () => {
  it('gives the values back at the nodes, exactly', () => {
    holds(
      fc.property(tables, ({ grid, table }) => {
        checkGrid(grid, 'grid');
        for (const outside of ['clamp', 'extrapolate'] as const) {
          grid.forEach((node, i) => {
            requireNear(linear(grid, table, node, { outside }), table[i], 0, `node ${i}, ${outside}`);
          });
        }
      }),
    );
  });

  it('lies between the values of the two neighbours, and is the end’s value beyond the ends', () => {
    holds(
      fc.property(tables, ({ grid, table, x }) => {
        const i = bracket(grid, x);
        const [a, b] = [table[i], table[i + 1]];
        const slack = ROUNDING * Math.max(Math.abs(a), Math.abs(b));
        const y = linear(grid, table, x);
        requireBetween(y, { low: Math.min(a, b), high: Math.max(a, b), slack }, 'y');
        if (x <= grid[0]) requireNear(y, table[0], 0, 'below');
        if (x >= grid[grid.length - 1]) requireNear(y, table[grid.length - 1], 0, 'above');
      }),
    );
  });

  it('reproduces affine functions', () => {
    holds(
      fc.property(tables, values, values, ({ grid, x }, a, b) => {
        const at = clipped(grid, x);
        const size = Math.abs(a) + Math.abs(b) * Math.max(...grid.map(Math.abs));
        const y = linear(
          grid,
          grid.map((node) => a + b * node),
          at,
        );
        requireNear(y, a + b * at, ROUNDING * size, 'a + b x');
      }),
    );
  });

  it('rises where the table rises', () => {
    holds(
      fc.property(tables, numbers(-1e7, 1e7), ({ grid, table, x }, other) => {
        const rising = table.slice().sort();
        const [low, high] = [Math.min(x, other), Math.max(x, other)];
        const slack = ROUNDING * Math.max(...rising.map(Math.abs));
        expect(linear(grid, rising, high)).toBeGreaterThanOrEqual(linear(grid, rising, low) - slack);
      }),
    );
  });

  it('in two dimensions is exact at the nodes, between the corners elsewhere, and linear in each direction', () => {
    holds(
      fc.property(tables, tables, fc.nat(), ({ grid: gx, x, table }, { grid: gy, x: y }, at) => {
        const cells = Float64Array.from(
          { length: gx.length * gy.length },
          (_, k) => table[k % table.length] * (k % 7),
        );
        const slack = ROUNDING * Math.max(...cells.map(Math.abs));
        const k = at % cells.length;
        const [row, column] = [Math.floor(k / gy.length), k % gy.length];
        requireNear(bilinear(gx, gy, cells, gx[row], gy[column]), cells[k], 0, `cell ${k}`);
        const along = linear(gy, cells.subarray(row * gy.length, (row + 1) * gy.length), y);
        requireNear(bilinear(gx, gy, cells, gx[row], y), along, slack, `along row ${row}`);
        const corner = bracket(gx, x) * gy.length + bracket(gy, y);
        const around = [0, 1, gy.length, gy.length + 1].map((step) => cells[corner + step]);
        const z = bilinear(gx, gy, cells, x, y);
        requireBetween(z, { low: Math.min(...around), high: Math.max(...around), slack }, 'z');
      }),
    );
  });
});

describe("Young's lottery on any grid", () => {
  it('has two odds in [0, 1] of sum one, whose mean is the point, or the end beyond it', () => {
    holds(
      fc.property(tables, ({ grid, x }) => {
        const { lower, upperWeight } = lottery(grid, x);
        expect(lower).toBe(bracket(grid, x));
        expect(upperWeight).toBeGreaterThanOrEqual(0);
        expect(upperWeight).toBeLessThanOrEqual(1);
        const mean = (1 - upperWeight) * grid[lower] + upperWeight * grid[lower + 1];
        const size = Math.max(Math.abs(grid[lower]), Math.abs(grid[lower + 1]));
        expect(Math.abs(mean - clipped(grid, x))).toBeLessThanOrEqual(ROUNDING * size);
      }),
    );
  });

  it('sends the mass of a whole distribution on, and keeps its mean', () => {
    const masses = fc.array(fc.tuple(numbers(0, 1), numbers(0, 1)), { minLength: 1, maxLength: 30 });
    holds(
      fc.property(grids(), masses, (grid, list) => {
        const [low, high] = [grid[0], grid[grid.length - 1]];
        const points = Float64Array.from(list, ([place]) => clipped(grid, low * (1 - place) + high * place));
        const lower = new Int32Array(list.length);
        const upper = new Float64Array(list.length);
        lotteries(grid, points, lower, upper);
        const next = new Float64Array(grid.length);
        list.forEach(([, mass], k) => {
          next[lower[k]] += (1 - upper[k]) * mass;
          next[lower[k] + 1] += upper[k] * mass;
        });
        const total = list.reduce((sum, [, mass]) => sum + mass, 0);
        const mean = list.reduce((sum, [, mass], k) => sum + mass * points[k], 0);
        const slack = ROUNDING * list.length * total;
        expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(next.reduce((a, b) => a + b, 0) - total)).toBeLessThanOrEqual(slack);
        const found = next.reduce((sum, mass, i) => sum + mass * grid[i], 0);
        expect(Math.abs(found - mean)).toBeLessThanOrEqual(slack * Math.max(-low, high, Math.abs(low)));
      }),
    );
  });
});
