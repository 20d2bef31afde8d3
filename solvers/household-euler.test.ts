import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import { savingsOf, solveByEuler } from './household-euler.ts';
import { solveByValues } from './household-values.ts';
import { nodeWeights, placeAmongNodes } from './node-weights.ts';
import { incomes, smallProblem } from './test-fixtures.ts';

/** The iteration stops at 1e-12, contracting by .95 to .98 a step: within fifty times that. */
const tolerance = 1e-12;
const CONVERGED = 5e-11;

/** Who has nothing at all eats 1e-10, which bends the policy next to it by that over the least consumption, .01. */
const FLOOR = 1e-8;

describe('household problem by the Euler equation', () => {
  it.each([0.5, 1, 2, 3.3])(
    'without labour income consumption is the known share of wealth at sigma %d',
    (sigma) => {
      const R = 1.02;
      const problem = smallProblem({
        riskAversion: sigma,
        income: Float64Array.of(0, 0),
        grossReturn: Float64Array.of(R),
      });
      const { consumption, converged } = solveByEuler(problem, { tolerance });
      expect(converged).toBe(true);
      const share = 1 - (0.95 * R ** (1 - sigma)) ** (1 / sigma);
      problem.assets.forEach((a, i) => {
        if (i > 0) expect(Math.abs(consumption[i] / (share * R * a) - 1)).toBeLessThan(FLOOR);
      });
    },
  );

  it('with log utility and no labour income the share is 1 - beta, whatever returns do across states and nodes', () => {
    const next = nodeWeights(8, 2, 'linear');
    for (let i = 0; i < 8; i++) placeAmongNodes(next, i, Float64Array.of(0, 1), 0.1 * i);
    const returns = [0.9, 1.1, 1.3, 1.02];
    const problem = smallProblem({
      riskAversion: 1,
      aggregateStates: 2,
      nodes: 2,
      ownStates: 1,
      transition: Float64Array.of(0.7, 0.3, 0.1, 0.9),
      income: new Float64Array(4),
      grossReturn: Float64Array.from(returns),
      assetPrice: new Float64Array(4).fill(1),
      next,
    });
    const { consumption } = solveByEuler(problem, { tolerance });
    const A = problem.assets.length;
    for (let s = 0; s < 4; s++) {
      for (let a = 1; a < A; a++) {
        const share = consumption[s * A + a] / (returns[s] * problem.assets[a]);
        expect(Math.abs(share / 0.05 - 1)).toBeLessThan(FLOOR);
      }
    }
  });

  it('a poor household with little income borrows to the limit and wants to borrow more; a free one satisfies the Euler equation', () => {
    const { levels, transition } = incomes();
    const assets = geometricGrid({ low: -1, high: 50, n: 800 });
    const [q, beta] = [0.977, 0.96];
    const problem = smallProblem({
      discountFactor: beta,
      assets,
      ownStates: 3,
      transition,
      income: levels,
      grossReturn: Float64Array.of(1),
      assetPrice: Float64Array.of(q),
    });
    const { consumption } = solveByEuler(problem);
    const savings = savingsOf(problem, consumption);
    const A = assets.length;
    const euler = (i: number) => {
      const e = Math.floor(i / A);
      let node = 0;
      while (node < A - 2 && assets[node + 1] <= savings[i]) node++;
      const weight = (savings[i] - assets[node]) / (assets[node + 1] - assets[node]);
      let expected = 0;
      for (let next = 0; next < 3; next++) {
        const j = next * A + node;
        const c = (1 - weight) * consumption[j] + weight * consumption[j + 1];
        expected += transition[e * 3 + next] * c ** -2;
      }
      return (beta * expected) / q / consumption[i] ** -2;
    };
    expect(savings[0]).toBe(-1);
    expect(euler(0)).toBeLessThan(0.9);
    let free = 0;
    for (let i = 0; i < 3 * A; i++) {
      expect(savings[i]).toBeGreaterThanOrEqual(-1);
      if (savings[i] <= -1 || assets[i % A] > 20) continue;
      // 800 nodes: policies between them are off by 1e-4 at most, where the limit begins to bind.
      expect(Math.abs(euler(i) - 1)).toBeLessThan(2e-3);
      free++;
    }
    expect(free).toBeGreaterThan(1000);
  });

  it('finds the same policy from another start, and says so when it is cut off', () => {
    const problem = smallProblem();
    const found = solveByEuler(problem, { tolerance });
    const again = solveByEuler(problem, { consumption: new Float64Array(16).fill(0.3), tolerance });
    found.consumption.forEach((c, i) => {
      expect(Math.abs(again.consumption[i] / c - 1)).toBeLessThan(CONVERGED);
    });
    expect(solveByEuler(problem, { maxIterations: 3 })).toMatchObject({ converged: false, iterations: 3 });
    expect(solveByEuler(problem, { consumption: found.consumption, tolerance }).iterations).toBeLessThan(3);
  });

  it('tends to the solution by values as nodes are added, as both tend to the truth', () => {
    const gap = (n: number) => {
      const problem = smallProblem({ assets: geometricGrid({ low: 0, high: 16, n }) });
      const euler = solveByEuler(problem).consumption;
      const values = solveByValues(problem).consumption;
      let total = 0;
      for (let a = 0; problem.assets[a] < 8; a++) total += Math.abs(euler[a] - values[a]) / n;
      return total;
    };
    expect(gap(320)).toBeLessThan(0.4 * gap(80));
  });

  it('names what is wrong with a problem', () => {
    expect(() => solveByEuler(smallProblem({ discountFactor: 1 }))).toThrow(/discount factor is 1/);
    expect(() => solveByEuler(smallProblem({ riskAversion: 0 }))).toThrow(/risk aversion is 0/);
    expect(() => solveByEuler(smallProblem({ income: Float64Array.of(0.4) }))).toThrow(
      /income has 1 entries/,
    );
    expect(() => solveByEuler(smallProblem({ grossReturn: Float64Array.of(-1) }))).toThrow(
      /grossReturn is -1/,
    );
    const debt = smallProblem({ assets: Float64Array.of(-20, 0, 5) });
    expect(() => solveByEuler(debt)).toThrow(
      /at the borrowing limit -20 a household in own state 0.*raise the limit/,
    );
    expect(() => solveByEuler(smallProblem(), { consumption: new Float64Array(3) })).toThrow(/has 3 entries/);
    expect(() => solveByEuler(smallProblem(), { tolerance: 0 })).toThrow(/tolerance is 0/);
  });
});
