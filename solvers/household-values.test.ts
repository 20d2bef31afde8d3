import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import { linear } from '../numerics/interpolation.ts';
import { solveByValues } from './household-values.ts';
import { nodeWeights } from './node-weights.ts';
import { utility } from './preferences.ts';
import { readReference } from './reference/read.ts';
import { smallProblem } from './test-fixtures.ts';

interface FixedPrice {
  readonly b_grid: readonly number[];
  readonly y_grid: readonly number[];
  readonly y_trans: readonly (readonly number[])[];
  readonly consumption: readonly (readonly number[])[];
  readonly value: readonly (readonly number[])[];
}

describe('household problem by values linear between nodes', () => {
  it('no choice on a fine list does better than the policy, and the values are their own maximum', () => {
    const problem = smallProblem();
    const { values, savings, consumption, converged } = solveByValues(problem);
    expect(converged).toBe(true);
    const { assets, transition, income } = problem;
    const A = assets.length;
    for (let i = 0; i < 2 * A; i++) {
      const e = Math.floor(i / A);
      const cash = 1.03 * assets[i % A] + income[e];
      const expected = assets.map(
        (_, j) => 0.95 * (transition[e * 2] * values[j] + transition[e * 2 + 1] * values[A + j]),
      );
      const worth = (next: number) => utility(cash - next, 2) + linear(assets, expected, next);
      expect(consumption[i] + savings[i]).toBeCloseTo(cash, 12);
      // The values are within 1e-10 (1 + |V|) of their maximum.
      expect(Math.abs(worth(savings[i]) - values[i])).toBeLessThan(1e-8);
      for (let next = 0; next < Math.min(cash, 16); next += 0.003) {
        expect(worth(next)).toBeLessThan(worth(savings[i]) + 1e-9);
      }
    }
  });

  it('values increase and are concave in assets', () => {
    const assets = geometricGrid({ low: 0, high: 30, n: 120 });
    const { values } = solveByValues(smallProblem({ assets }));
    for (let e = 0; e < 2; e++) {
      let last = Infinity;
      for (let a = 0; a < 119; a++) {
        const slope = (values[e * 120 + a + 1] - values[e * 120 + a]) / (assets[a + 1] - assets[a]);
        expect(slope).toBeGreaterThan(0);
        expect(slope).toBeLessThan(last * (1 + 1e-9));
        last = slope;
      }
    }
  });

  it('agrees with the published value iteration at a fixed bond price, whose shares are 1/2000 apart', () => {
    const reference = readReference<FixedPrice>('household-fixed-price');
    const A = reference.b_grid.length;
    const problem = smallProblem({
      discountFactor: 0.98,
      assets: Float64Array.from(reference.b_grid),
      ownStates: 3,
      transition: Float64Array.from(reference.y_trans.flat()),
      income: Float64Array.from(reference.y_grid),
      grossReturn: Float64Array.of(1),
      assetPrice: Float64Array.of(0.995),
    });
    const { values, consumption, converged } = solveByValues(problem);
    expect(converged).toBe(true);
    // Theirs is c^(1 - sigma) / (1 - sigma), one less than this u every period.
    const theirs = (v: number) => v - 1 / (1 - 0.98);
    // The tutorial quotes -60.860.
    expect(theirs(values[A + 10])).toBeCloseTo(-60.86, 3);
    for (let e = 0; e < 3; e++) {
      for (let b = 0; b < A && reference.b_grid[b] <= 20; b++) {
        const wealth = reference.b_grid[b] + reference.y_grid[e];
        // Consumption lies on a list of 2,000 shares of wealth; values, where choices matter to second order, are much closer.
        expect(Math.abs(consumption[e * A + b] - reference.consumption[b][e])).toBeLessThan(0.0006 * wealth);
        expect(Math.abs(theirs(values[e * A + b]) - reference.value[b][e])).toBeLessThan(2e-3);
      }
    }
  });

  it('holding the policy for a while changes the work, not the answer', () => {
    const many = solveByValues(smallProblem());
    const none = solveByValues(smallProblem(), { sweeps: 0 });
    expect(none.iterations).toBeGreaterThan(3 * many.iterations);
    many.values.forEach((v, i) => {
      // 1e-10 (1 + |V|) over 1 - beta.
      expect(Math.abs(none.values[i] - v)).toBeLessThan(1e-7);
    });
  });

  it('refuses cubic weights, and a household that cannot eat', () => {
    const next = nodeWeights(5, 5, 'cubic');
    const fives = (x: number) => new Float64Array(5).fill(x);
    const problem = smallProblem({
      nodes: 5,
      next,
      grossReturn: fives(1),
      assetPrice: fives(1),
      income: new Float64Array(10).fill(1),
    });
    expect(() => solveByValues(problem)).toThrow(/cubics.*linear/);
    expect(() => solveByValues(smallProblem({ income: Float64Array.of(0, 1) }))).toThrow(/has 0 to eat/);
    expect(() => solveByValues(smallProblem(), { values: new Float64Array(2) })).toThrow(
      /values has 2 entries/,
    );
  });
});
