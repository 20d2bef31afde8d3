import { describe, expect, it } from 'vitest';
import { geometricGrid, linspace, logspace } from './grids.ts';

/** Half of the eighth decimal, the last printed by the source. */
const PRINTED = 0.5000001e-8;
/** Rounding of exp and log, relative. */
const ROUNDING = 1e-13;

describe('grids', () => {
  it('spaced evenly have equal steps and exactly the given ends', () => {
    expect(Array.from(linspace(-1, 1, 5))).toEqual([-1, -0.5, 0, 0.5, 1]);
    const grid = linspace(0.1, 0.7, 7);
    expect([grid[0], grid[6]]).toEqual([0.1, 0.7]);
  });

  it('spaced evenly in logs have equal ratios and exactly the given ends', () => {
    const grid = logspace(0.01, 1000, 6);
    expect([grid[0], grid[5]]).toEqual([0.01, 1000]);
    for (let i = 1; i < 6; i++) expect(Math.abs(grid[i] / grid[i - 1] / 10 - 1)).toBeLessThan(ROUNDING);
  });

  it('for assets on [0, 50] are those of the StructuralRL tutorial, 200 nodes, pivot .25', () => {
    // geomspace(.25, 50.25, 200) - .25, second and third node.
    const grid = geometricGrid({ low: 0, high: 50, n: 200 });
    expect(grid[0]).toBe(0);
    expect(Math.abs(grid[1] - 0.00675201)).toBeLessThan(PRINTED);
    expect(Math.abs(grid[2] - 0.01368639)).toBeLessThan(PRINTED);
    expect(grid[199]).toBe(50);
  });

  it('for assets with debt, [-1, 50], are the same grid shifted', () => {
    // The tutorial's grid on [0, 51], less 1.
    const grid = geometricGrid({ low: -1, high: 50, n: 200 });
    expect(grid[0]).toBe(-1);
    expect(Math.abs(grid[1] + 0.99322256)).toBeLessThan(PRINTED);
    expect(Math.abs(grid[2] + 0.98626139)).toBeLessThan(PRINTED);
    expect(grid[199]).toBe(50);
  });

  it('for assets have steps that grow by a constant factor, and become even as the pivot grows', () => {
    const grid = geometricGrid({ low: 2, high: 9, n: 12, pivot: 0.5 });
    const factor = (grid[2] - grid[1]) / (grid[1] - grid[0]);
    for (let i = 2; i < 12; i++) {
      expect(Math.abs((grid[i] - grid[i - 1]) / (grid[i - 1] - grid[i - 2]) / factor - 1)).toBeLessThan(
        1e-12,
      );
    }
    const nearlyEven = geometricGrid({ low: 0, high: 1, n: 3, pivot: 1e8 });
    expect(nearlyEven[1]).toBeCloseTo(0.5, 7);
  });

  it('refuse ends and sizes that make no grid', () => {
    expect(() => linspace(1, 1, 3)).toThrow(/ends are 1 and 1/);
    expect(() => linspace(0, Number.NaN, 3)).toThrow(/high is NaN/);
    expect(() => linspace(0, 1, 1)).toThrow(/n is 1/);
    expect(() => logspace(0, 1, 3)).toThrow(/low is 0; give a number above 0/);
    expect(() => geometricGrid({ low: 0, high: 1, n: 3, pivot: 0 })).toThrow(/pivot is 0/);
    expect(() => geometricGrid({ low: 0, high: 1, n: 2.5 })).toThrow(/n is 2.5/);
  });
});
