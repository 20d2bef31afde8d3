import { describe, expect, it } from 'vitest';
import { linspace } from '../numerics/grids.ts';
import { howardGrid } from './grid-howard.ts';
import type { SavingGridProblem } from './grid-problem.ts';
import { gridSweep } from './grid-sweep.ts';

const [alpha, beta] = [0.36, 0.95];

/** Brock and Mirman (1972): full depreciation and log utility; k' = alpha beta k^alpha. */
const brockMirman: SavingGridProblem = {
  discountFactor: beta,
  nodes: linspace(0.08, 0.35, 4001),
  transition: Float64Array.of(1),
  available: (k) => k ** alpha,
  reward: (m, next) => (m > next ? Math.log(m - next) : Number.NEGATIVE_INFINITY),
};

/** Of (1 - beta) V = a + b log k. */
const slope = ((1 - beta) * alpha) / (1 - alpha * beta);
const constant = Math.log(1 - alpha * beta) + ((alpha * beta) / (1 - alpha * beta)) * Math.log(alpha * beta);

/** Income and savings that may fall to zero: V is not smooth where the limit begins to bind. */
const limited: SavingGridProblem = {
  discountFactor: 0.9,
  nodes: linspace(0, 8, 3001),
  transition: Float64Array.of(0.9, 0.1, 0.1, 0.9),
  available: (a, e) => 1.03 * a + [0.6, 1.4][e],
  reward: (m, next) => (m > next ? 1 - 1 / (m - next) : Number.NEGATIVE_INFINITY),
};

function solved(problem: SavingGridProblem, options: { readonly spacing?: number } = {}) {
  const grid = howardGrid(problem, options);
  const changes: number[] = [];
  while ((changes.at(-1) ?? 1) > 1e-10 && changes.length < 60) changes.push(grid.improve());
  return { grid, changes };
}

describe('howardGrid', () => {
  it('finds the closed form of Brock and Mirman on a few dozen nodes, in a few improvements', () => {
    const { grid, changes } = solved(brockMirman);
    expect(changes.length).toBeLessThan(10);
    expect(grid.nodes.length).toBeLessThan(100);
    grid.nodes.forEach((k, i) => {
      // Cubics and parabolas on nodes 3 % apart; measured 1e-9 and 1.01e-5.
      expect(Math.abs(grid.value[i] - (constant + slope * Math.log(k)))).toBeLessThan(1e-8);
      expect(Math.abs(grid.choice[i] - alpha * beta * k ** alpha)).toBeLessThan(2e-5);
    });
  });

  it('is exact enough between its nodes for one sweep of the fine grid to change next to nothing', () => {
    const { grid } = solved(brockMirman);
    const value = grid.valueAt(brockMirman.nodes);
    const fine = gridSweep(brockMirman, { value });
    // Choices on nodes 7e-5 apart lose (1 - beta) (7e-5 / 2)^2 / (2 c^2), some 1e-10.
    expect(fine.sweep().change).toBeLessThan(2e-9);
    for (let i = 0; i < value.length; i += 100) {
      const k = brockMirman.nodes[i];
      expect(Math.abs(brockMirman.nodes[fine.choice[i]] - alpha * beta * k ** alpha)).toBeLessThan(7e-5);
    }
  });

  it('is more exact on more nodes', () => {
    const gap = (spacing: number) => {
      const { grid } = solved(brockMirman, { spacing });
      return Math.max(
        ...grid.nodes.map((k, i) => Math.abs(grid.value[i] - (constant + slope * Math.log(k)))),
      );
    };
    expect(gap(0.005)).toBeLessThan(gap(0.03) / 10);
  });

  it('comes close to the sweep where saving is limited at zero', () => {
    const { grid } = solved(limited);
    const sweeps = gridSweep(limited);
    while (sweeps.sweep().change > 1e-9);
    const found = grid.valueAt(limited.nodes);
    // Rewards are of order one; a kink within a coarse cell costs a few digits.
    found.forEach((v, i) => {
      expect(Math.abs(v - sweeps.value[i])).toBeLessThan(1e-4);
    });
  });

  it('goes on from a saved value as if it had not stopped', () => {
    const whole = howardGrid(brockMirman);
    whole.improve();
    whole.improve();
    const resumed = howardGrid(brockMirman, { value: whole.value, choice: whole.choice });
    expect(resumed.choice).toEqual(whole.choice);
    expect(resumed.improve()).toBe(whole.improve());
    expect(resumed.value).toEqual(whole.value);
  });
});
