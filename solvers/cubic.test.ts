import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../numerics/testing/property.ts';
import { cumulativeIntegral, lagrange, uniformHermite, uniformLagrange } from './cubic.ts';

/** Cubics with coefficients of order one over [-1, 2]: a dozen roundings. */
const EXACT = 1e-12;

const grid = { first: -1, step: 0.25, nodes: 13 };
const coefficient = fc.double({ min: -3, max: 3, noNaN: true });
const cubic = fc.tuple(coefficient, coefficient, coefficient, coefficient);
const inside = fc.double({ min: -1, max: 2, noNaN: true });

const at = ([a, b, c, d]: readonly number[], x: number) => a + x * (b + x * (c + x * d));
const slopeAt = ([, b, c, d]: readonly number[], x: number) => b + x * (2 * c + x * 3 * d);
const integralAt = ([a, b, c, d]: readonly number[], x: number) =>
  x * (a + x * (b / 2 + x * (c / 3 + (x * d) / 4)));
const sample = (f: (x: number) => number) =>
  Float64Array.from({ length: grid.nodes }, (_, i) => f(grid.first + grid.step * i));

describe('cubic interpolation', () => {
  it('reproduces every cubic between four nodes however they are spread', () => {
    holds(
      fc.property(cubic, inside, (f, x) => {
        const nodes = Float64Array.of(-1, -0.4, 0.7, 2);
        expect(
          Math.abs(
            lagrange(
              nodes,
              nodes.map((n) => at(f, n)),
              0,
              x,
            ) - at(f, x),
          ),
        ).toBeLessThan(EXACT * 100);
      }),
    );
  });

  it('reproduces every cubic on a uniform grid, from values alone and from values and slopes', () => {
    holds(
      fc.property(cubic, inside, (f, x) => {
        const values = sample((n) => at(f, n));
        const slopes = sample((n) => slopeAt(f, n));
        expect(Math.abs(uniformLagrange(values, 0, grid, x) - at(f, x))).toBeLessThan(EXACT * 100);
        expect(Math.abs(uniformHermite(values, slopes, 0, grid, x) - at(f, x))).toBeLessThan(EXACT * 100);
      }),
    );
  });

  it('keeps a constant to the last bit, so that a closed form with a constant share is solved exactly', () => {
    const constant = new Float64Array(13).fill(0.1 + 0.2);
    expect(uniformLagrange(constant, 0, grid, 0.337)).toBe(0.1 + 0.2);
    expect(lagrange(Float64Array.of(-1, -0.4, 0.7, 2), constant, 0, 0.337)).toBe(0.1 + 0.2);
  });

  it('stays at the end value beyond the grid, or goes straight on with the end slope', () => {
    const values = sample((x) => x * x);
    const slopes = sample((x) => 2 * x);
    expect(uniformLagrange(values, 0, grid, -5)).toBe(1);
    expect(uniformLagrange(values, 0, grid, 5)).toBe(4);
    expect(uniformHermite(values, slopes, 0, grid, -2)).toBeCloseTo(1 + 2, 12);
    expect(uniformHermite(values, slopes, 0, grid, 3)).toBeCloseTo(4 + 4, 12);
  });

  it('reads the row that starts at the offset', () => {
    const two = Float64Array.from([...sample(() => 7), ...sample((x) => x)]);
    expect(uniformLagrange(two, grid.nodes, grid, 0.3)).toBeCloseTo(0.3, 12);
    expect(
      uniformHermite(
        two,
        sample(() => 0),
        0,
        grid,
        0.3,
      ),
    ).toBe(7);
  });

  it('integrates every cubic exactly over every prefix of the grid', () => {
    holds(
      fc.property(cubic, (f) => {
        const out = new Float64Array(grid.nodes);
        cumulativeIntegral(
          sample((x) => at(f, x)),
          0,
          grid,
          out,
        );
        out.forEach((value, i) => {
          const x = grid.first + grid.step * i;
          expect(Math.abs(value - (integralAt(f, x) - integralAt(f, grid.first)))).toBeLessThan(EXACT * 10);
        });
      }),
    );
  });
});
