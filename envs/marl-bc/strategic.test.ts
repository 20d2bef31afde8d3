import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import type { MarlBcCalibration } from './calibration.ts';
import { closedForm, hire, newFactors, wealth, weightedMean } from './model.ts';
import { productivities } from './productivity.ts';
import { ownReturns, strategicRest } from './strategic.ts';
import { economyOf } from './test-fixtures.ts';

const technology = { capitalShare: 0.36, depreciation: 0.025 };

/** a_i of the first household. */
function ownWealth(kappa: Float64Array, lambda: Float64Array, capital: Float64Array, labour: Float64Array) {
  const factors = hire(
    technology,
    1.02,
    weightedMean(kappa, capital, 0, 1),
    weightedMean(lambda, labour, 0, 1),
    newFactors(),
  );
  return { factors, wealth: wealth(factors, 0.025, kappa[0], capital[0], lambda[0] * labour[0]) };
}

function bumped(values: Float64Array, by: number): Float64Array {
  const copy = values.slice();
  copy[0] += by;
  return copy;
}

describe('a household of a finite economy', () => {
  it('gains from its own capital and labour what its formula says, its effect on prices included', () => {
    const rng = createRng(2);
    for (const n of [1, 2, 5, 30]) {
      const list = (low: number, high: number) =>
        Float64Array.from({ length: n }, () => rng.between(low, high));
      const [kappa, lambda, capital, labour] = [list(0.5, 1.5), list(0.5, 1.5), list(0.5, 3), list(0.1, 0.9)];
      const { factors } = ownWealth(kappa, lambda, capital, labour);
      const found = ownReturns(technology, factors, {
        households: n,
        kappa: kappa[0],
        lambda: lambda[0],
        capital: capital[0],
        labour: labour[0],
      });
      const h = 1e-5;
      const slope = (at: (by: number) => number) => (at(h) - at(-h)) / (2 * h);
      const byCapital = slope((by) => ownWealth(kappa, lambda, bumped(capital, by), labour).wealth);
      const byLabour = slope((by) => ownWealth(kappa, lambda, capital, bumped(labour, by)).wealth);
      // Central differences leave h^2, 1e-10, of the third derivatives.
      expect(Math.abs(found.capital - byCapital)).toBeLessThan(1e-8);
      expect(Math.abs(found.labour - byLabour)).toBeLessThan(1e-8);
    }
  });

  it('takes prices as given if all are alike, whatever their number; the owner of capital gains less, by .32 at n = 2 and .006 at 100', () => {
    const own = { kappa: 1, lambda: 1, capital: 1.5, labour: 0.2 };
    const alike = hire(technology, 1, 1.5, 0.2, newFactors());
    for (const households of [1, 2, 100]) {
      const found = ownReturns(technology, alike, { ...own, households });
      expect(found.capital).toBeCloseTo(0.975 + alike.rent, 14);
      expect(found.labour).toBeCloseTo(alike.wage, 14);
    }
    // Capital twice the mean, labour the mean: s_k - s_l = 1.
    const owner = hire(technology, 1, 0.75, 0.2, newFactors());
    for (const [households, factor] of [
      [2, 0.68],
      [5, 0.872],
      [10, 0.936],
      [20, 0.968],
      [100, 0.9936],
    ]) {
      const found = ownReturns(technology, owner, { ...own, households });
      expect((found.capital - 0.975) / owner.rent).toBeCloseTo(factor, 12);
    }
  });

  it('answers the closed form of others with the closed form, for n = 2, 3 and 10', () => {
    const { share, labour } = closedForm({
      ...technology,
      depreciation: 1,
      discountFactor: 0.95,
      riskAversion: 1,
      leisureWeight: 5,
    });
    for (const n of [2, 3, 10]) {
      const value = (own: readonly [number, number]) => {
        let [k, other] = [0.0305, 0.0305];
        let [sum, weight] = [0, 1];
        for (let t = 0; t < 400; t++) {
          const K = (k + (n - 1) * other) / n;
          const L = (own[1] + (n - 1) * labour) / n;
          const factors = hire({ capitalShare: 0.36, depreciation: 1 }, 1, K, L, newFactors());
          const a = wealth(factors, 1, 1, k, own[1]);
          sum += weight * (Math.log(own[0] * a) + 5 * Math.log(1 - own[1]));
          weight *= 0.95;
          other = (1 - share) * wealth(factors, 1, 1, other, labour);
          k = (1 - own[0]) * a;
        }
        return sum;
      };
      const best = value([share, labour]);
      for (const [eat, work] of [
        [0.002, 0],
        [-0.002, 0],
        [0, 0.002],
        [0, -0.002],
        [0.002, 0.002],
        [-0.002, 0.002],
      ]) {
        expect(value([share + eat, labour + work])).toBeLessThan(best);
      }
      // First-order conditions, by central differences: the slopes vanish where the curvature is of order 100.
      const h = 1e-4;
      expect(Math.abs((value([share + h, labour]) - value([share - h, labour])) / (2 * h))).toBeLessThan(
        1e-4,
      );
      expect(Math.abs((value([share, labour + h]) - value([share, labour - h])) / (2 * h))).toBeLessThan(
        1e-4,
      );
    }
  });
});

describe('households of different productivity at rest', () => {
  it('hold capital as unequally as the open-loop prediction says, the more so the more they are', () => {
    const rows = [
      [9, 0.98, 1.02, 0.12],
      [9, 0.8, 1.2, 0.6],
      [9, 0, 2, 0.67],
      [100, 0.98, 1.02, 0.64],
      [100, 0.8, 1.2, 0.86],
      [100, 0, 2, 0.9],
      [529, 0.98, 1.02, 0.84],
      [529, 0.8, 1.2, 0.94],
      [529, 0, 2, 0.96],
    ];
    for (const [households, low, high, gini] of rows) {
      const { calibration } = economyOf('rbc-het', {
        households,
        capitalProductivityLow: low,
        capitalProductivityHigh: high,
      });
      const { capital, labour } = productivities(calibration as unknown as MarlBcCalibration);
      const found = strategicRest(0.36, capital, labour);
      // Two digits are given.
      expect(Math.abs(found.gini - gini)).toBeLessThan(0.005);
      expect(found.shares.reduce((sum, one) => sum + one, 0) / households).toBeCloseTo(1, 10);
    }
  });

  it('rest where those who save gain as much as they discount', () => {
    const { calibration } = economyOf('rbc-het');
    const { capital: kappa, labour: lambda } = productivities(calibration as unknown as MarlBcCalibration);
    const { shares, margin } = strategicRest(0.36, kappa, lambda);
    const n = kappa.length;
    for (let i = 0; i < n; i++) {
      const own = kappa[i] * (1 - (0.64 / n) * (shares[i] - lambda[i]));
      if (shares[i] > 0) expect(own).toBeCloseTo(margin, 12);
      else expect(own).toBeLessThanOrEqual(margin);
    }
  });

  it('are as many on a grid as there are pairs, each once, and three classes are 15, 70 and 15 percent', () => {
    const grid = productivities(economyOf('rbc-het').calibration as unknown as MarlBcCalibration);
    const pairs = new Set(Array.from(grid.capital, (kappa, i) => `${kappa} ${grid.labour[i]}`));
    expect(pairs.size).toBe(9);
    expect([Math.min(...grid.capital), Math.max(...grid.labour)]).toEqual([0.98, 1.02]);
    for (const [households, low, high] of [
      [3, 1, 1],
      [10, 2, 2],
      [100, 15, 15],
    ]) {
      const { capital } = productivities(
        economyOf('ks-het', { households }).calibration as unknown as MarlBcCalibration,
      );
      expect(capital.filter((kappa) => kappa === 0.25)).toHaveLength(low);
      expect(capital.filter((kappa) => kappa === 1.5)).toHaveLength(high);
    }
    expect(() => economyOf('rbc-het', { households: 10 })).toThrow(/households=9/);
    expect(() => economyOf('ks-het', { households: 2 })).toThrow(/at least 3/);
  });
});
