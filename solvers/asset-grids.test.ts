import { describe, expect, it } from 'vitest';
import { assetGrid } from './asset-grids.ts';

describe('asset grids', () => {
  it.each(['geometric', 'double-exponential', 'power'] as const)(
    '%s starts at the limit, ends at the top, and its steps grow',
    (spacing) => {
      const grid = assetGrid({ low: -2, high: 40, n: 50, spacing });
      expect([grid.length, grid[0], grid[49]]).toEqual([50, -2, 40]);
      for (let i = 2; i < 50; i++) {
        expect(grid[i] - grid[i - 1]).toBeGreaterThan(grid[i - 1] - grid[i - 2]);
      }
    },
  );

  it('double-exponential nodes are even in the logarithm of the logarithm', () => {
    const grid = assetGrid({ low: 1, high: 9, n: 5, spacing: 'double-exponential' });
    const u = grid.map((a) => Math.log1p(Math.log1p(a - 1)));
    for (let i = 0; i < 5; i++) expect(u[i]).toBeCloseTo((u[4] * i) / 4, 13);
  });

  it('power 7 puts the middle node at a hundred and twenty-eighth of the range', () => {
    expect(assetGrid({ low: 0, high: 128, n: 3, spacing: 'power' })[1]).toBeCloseTo(1, 12);
    expect(assetGrid({ low: 0, high: 8, n: 3, spacing: 'power', power: 1 })[1]).toBe(4);
  });

  it('refuses ends that are none', () => {
    expect(() => assetGrid({ low: 1, high: 1, n: 5, spacing: 'power' })).toThrow(/high - low is 0/);
    expect(() => assetGrid({ low: 0, high: 1, n: 5, spacing: 'power', power: 0 })).toThrow(/power is 0/);
    expect(() => assetGrid({ low: 0, high: Infinity, n: 5, spacing: 'double-exponential' })).toThrow(
      /high is Infinity/,
    );
    expect(() => assetGrid({ low: 0, high: 1, n: 1 })).toThrow(/n is 1/);
  });
});
