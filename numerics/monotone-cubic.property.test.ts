import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracket } from './interpolation.ts';
import { monotoneCubic } from './monotone-cubic.ts';
import { grids, holds, magnitudes, numbers, requireBetween, requireNear } from './testing/property.ts';

/** A few operations on the largest of the values. */
const ROUNDING = 16 * Number.EPSILON;

const tables = grids().chain((grid) =>
  fc.record({
    grid: fc.constant(grid),
    values: fc
      .array(fc.oneof(numbers(-1, 1), numbers(-1e6, 1e6), fc.constantFrom(0, 1)), {
        minLength: grid.length,
        maxLength: grid.length,
      })
      .map((list) => Float64Array.from(list)),
    points: fc
      .array(numbers(0, 1), { minLength: 2, maxLength: 20 })
      .map((places) =>
        places.map((place) => grid[0] * (1 - place) + grid[grid.length - 1] * place).sort((a, b) => a - b),
      ),
  }),
);
const largest = (values: Float64Array) => Math.max(...values.map(Math.abs));

describe('the monotone cubic on any table', () => {
  it('gives the values back at the nodes', () => {
    holds(
      fc.property(tables, ({ grid, values }) => {
        const { value } = monotoneCubic(grid, values);
        for (let i = 0; i < grid.length; i++) {
          requireNear(value(grid[i]), values[i], ROUNDING * largest(values), `node ${i}`);
        }
      }),
    );
  });

  it('lies between the values of the two neighbours, so that it makes no new extremum', () => {
    holds(
      fc.property(tables, ({ grid, values, points }) => {
        const { value } = monotoneCubic(grid, values);
        for (const x of points) {
          const i = bracket(grid, x);
          const [a, b] = [values[i], values[i + 1]];
          const slack = ROUNDING * largest(values);
          requireBetween(value(x), { low: Math.min(a, b), high: Math.max(a, b), slack }, x);
        }
      }),
    );
  });

  it('rises where the table rises, and so does its mirror image fall', () => {
    holds(
      fc.property(tables, ({ grid, values, points }) => {
        const rising = values.slice().sort();
        const up = monotoneCubic(grid, rising);
        const down = monotoneCubic(
          grid,
          rising.map((y) => -y),
        );
        let last = Number.NEGATIVE_INFINITY;
        for (const x of points) {
          const y = up.value(x);
          expect(y).toBeGreaterThanOrEqual(last - ROUNDING * largest(rising));
          expect(up.derivative(x)).toBeGreaterThanOrEqual(-slopeSlack(grid, rising));
          requireNear(down.value(x), -y, 0, `mirror image at ${x}`);
          last = y;
        }
      }),
    );
  });

  it('is a line where the table is one', () => {
    const lines = fc.tuple(numbers(-10, 10), fc.array(magnitudes(-2, 1), { minLength: 1, maxLength: 10 }));
    holds(
      fc.property(
        lines,
        numbers(-1e3, 1e3),
        numbers(-1e3, 1e3),
        numbers(0, 1),
        ([first, steps], a, b, place) => {
          const grid = Float64Array.of(first, ...steps);
          for (let i = 1; i < grid.length; i++) grid[i] += grid[i - 1];
          const { value } = monotoneCubic(
            grid,
            grid.map((x) => a + b * x),
          );
          const x = grid[0] * (1 - place) + grid[grid.length - 1] * place;
          // The table is rounded; over the shortest step, .01, that makes slopes differ, which a segment of 10 takes up.
          const size = Math.abs(a) + Math.abs(b) * largest(grid);
          requireNear(value(x), a + b * x, 1e3 * ROUNDING * size, x);
        },
      ),
    );
  });
});

/** Rounding of a difference of values over the shortest step. */
function slopeSlack(grid: Float64Array, values: Float64Array): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < grid.length; i++) shortest = Math.min(shortest, grid[i] - grid[i - 1]);
  return (ROUNDING * largest(values)) / shortest;
}
