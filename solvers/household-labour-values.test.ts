import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import { searchRest } from './hank.ts';
import { paperHank } from './hank-test-fixtures.ts';
import { solveWorking, type WorkingHousehold } from './household-labour.ts';
import { solveWorkingByValues, workingValuesAtRest } from './household-labour-values.ts';
import { solveByValues } from './household-values.ts';
import { incomes, smallProblem } from './test-fixtures.ts';

const chain = incomes();
const prices = { grossReturn: 1.02, wage: 0.9, transfers: Float64Array.of(0.05, 0.02, -0.03) };

function household(n: number): WorkingHousehold {
  return {
    discountFactor: 0.95,
    riskAversion: 2,
    labour: { kind: 'chosen', weight: 0.8, curvature: 2.5 },
    assets: geometricGrid({ low: 0, high: 40, n }),
    transition: chain.transition,
    efficiency: chain.levels,
  };
}

describe('households that work, by values', () => {
  const who = household(50);
  const found = solveWorkingByValues(who, prices);
  const { assets } = who;

  it('choose better than anything nearby: no other saving or hours give more', () => {
    expect(found.converged).toBe(true);
    const value = (e: number, a: number, saved: number, n: number): number => {
      const c = 1.02 * assets[a] + 0.9 * chain.levels[e] * n + prices.transfers[e] - saved;
      if (!(c > 0) || saved < 0 || saved > 40) return Number.NEGATIVE_INFINITY;
      let node = 0;
      while (node < 48 && assets[node + 1] <= saved) node++;
      const share = (saved - assets[node]) / (assets[node + 1] - assets[node]);
      let ahead = 0;
      for (let to = 0; to < 3; to++) {
        const i = to * 50 + node;
        const mixed = (1 - share) * found.values[i] + share * found.values[i + 1];
        ahead += 0.95 * chain.transition[e * 3 + to] * mixed;
      }
      return 1 - 1 / c - (0.8 * n ** 3.5) / 3.5 + ahead;
    };
    for (let e = 0; e < 3; e++) {
      for (let a = 0; a < 50; a += 7) {
        const i = e * 50 + a;
        const best = value(e, a, found.savings[i], found.labour[i]);
        // Values stop at 1e-11 of themselves, tens, at a contraction of .95.
        expect(Math.abs(best - found.values[i])).toBeLessThan(1e-8);
        for (const d of [-0.3, -0.01, 0.01, 0.3]) {
          for (const h of [-0.05, 0, 0.05]) {
            expect(value(e, a, found.savings[i] + d, found.labour[i] + h)).toBeLessThan(best);
          }
        }
      }
    }
  });

  it('tend to the policies of the Euler equation as nodes are added', () => {
    const gap = (n: number): number => {
      const one = household(n);
      const [values, euler] = [solveWorkingByValues(one, prices), solveWorking(one, prices)];
      let total = 0;
      for (let i = 0; i < n; i++) {
        if (one.assets[i] > 10) break;
        total += Math.abs(values.consumption[i] - euler.consumption[i]) / n;
      }
      return total;
    };
    expect(gap(200)).toBeLessThan(0.4 * gap(50));
  });

  it('with labour fixed are the households of the value solver', () => {
    const small = smallProblem();
    const fixed: WorkingHousehold = {
      ...small,
      labour: { kind: 'fixed' },
      efficiency: Float64Array.of(0.4, 1.2),
    };
    const theirs = solveByValues(small, { tolerance: 1e-12 });
    const ours = solveWorkingByValues(fixed, {
      grossReturn: 1.03,
      wage: 1,
      transfers: new Float64Array(2),
    });
    theirs.consumption.forEach((c, i) => {
      expect(Math.abs(ours.consumption[i] - c)).toBeLessThan(1e-8);
      expect(Math.abs(ours.values[i] - theirs.values[i])).toBeLessThan(1e-7);
    });
  });

  it.each([
    [60, 2.34914, -0.294135, 0.899327, 0.97024],
    [70, 2.35175, -0.289054, 0.899338, Number.NaN],
  ])('make the HANK of the paper rest at the rates of another program on %i nodes', (nodes, r, Pi, w, Y) => {
    const economy = paperHank({ nodes });
    const equal = new Float64Array(3).fill(1);
    const rest = searchRest<ReturnType<typeof workingValuesAtRest>>(economy, {}, (inputs, last) =>
      workingValuesAtRest(economy.household, equal, inputs, last),
    );
    expect(rest.converged).toBe(true);
    // Printed with six digits.
    expect(Math.abs(100 * (rest.R - 1) - r)).toBeLessThan(6e-6);
    expect(Math.abs(100 * rest.inflation - Pi)).toBeLessThan(6e-6);
    expect(Math.abs(rest.wage - w)).toBeLessThan(6e-7);
    if (!Number.isNaN(Y)) expect(Math.abs(rest.output - Y)).toBeLessThan(6e-7);
    expect(rest.residual).toBeLessThan(1e-7);
  });

  it('name what is wrong with them, and say when they are cut off', () => {
    expect(() => solveWorkingByValues({ ...who, discountFactor: 0 }, prices)).toThrow(/discount factor is 0/);
    expect(() => solveWorkingByValues(who, prices, { values: new Float64Array(2) })).toThrow(/has 2 entries/);
    expect(solveWorkingByValues(who, prices, { maxIterations: 2 }).converged).toBe(false);
  });
});
