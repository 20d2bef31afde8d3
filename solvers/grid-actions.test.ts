import { describe, expect, it } from 'vitest';
import { linspace } from '../numerics/grids.ts';
import { type ActionGridProblem, actionGrid } from './grid-actions.ts';

/**
 * A machine is good (1) or bad (0), and earns as much. Effort a costs a^2 and makes it good next period with chance a, whatever it is now. So the good state is
 * worth one more than the bad: a = beta / 2, and the bad state (1 - beta) V = beta^2 / 4.
 */
const machine: ActionGridProblem = {
  discountFactor: 0.8,
  axes: [{ kind: 'finite', nodes: Float64Array.of(0, 1) }],
  low: [0],
  high: [1],
  outlook: ([good], [effort]) => ({
    reward: good - effort ** 2,
    successors: [
      { probability: effort, coordinates: [1] },
      { probability: 1 - effort, coordinates: [0] },
    ],
  }),
};

/** The rule of a quadratic problem in two coordinates and two actions: x' = x - a, losses x^2 + a^2 each. P = 1 + beta P / (1 + beta P). */
const quadratic: ActionGridProblem = {
  discountFactor: 0.8,
  axes: [
    { kind: 'continuous', nodes: linspace(-2, 2, 21) },
    { kind: 'continuous', nodes: linspace(-2, 2, 21) },
  ],
  low: [-1.5, -1.5],
  high: [1.5, 1.5],
  outlook: ([x, y], [a, b]) => ({
    reward: -(x ** 2) - y ** 2 - a ** 2 - b ** 2,
    successors: [{ probability: 1, coordinates: [x - a, y - b] }],
  }),
};
const cost = (0.6 + Math.sqrt(0.36 + 3.2)) / 1.6;
const response = (0.8 * cost) / (1 + 0.8 * cost);

/** Found by golden sections; measured. */
const RULE = 1e-3;

function solved(problem: ActionGridProblem, steps: 'improvements' | 'howard') {
  const grid = actionGrid(problem);
  let change = Number.POSITIVE_INFINITY;
  let improvements = 0;
  while (change > 1e-9 && improvements < 400) {
    change = grid.improve();
    improvements++;
    if (change > 1e-9 && steps === 'howard') grid.evaluate(change);
  }
  return { grid, improvements };
}

describe('actionGrid', () => {
  it.each(['improvements', 'howard'] as const)('works as hard as is worth it (%s)', (steps) => {
    const { grid } = solved(machine, steps);
    // Half the width to which golden sections go: the objective is flat to rounding there.
    expect(Math.abs(grid.actions[0] - 0.4)).toBeLessThan(1e-6);
    expect(Math.abs(grid.actions[1] - 0.4)).toBeLessThan(1e-6);
    expect(Math.abs(grid.value[0] - 0.16)).toBeLessThan(1e-8);
    expect(Math.abs(grid.value[1] - 0.16 - 0.2)).toBeLessThan(1e-8);
  });

  it("needs fewer improvements with Howard's steps", () => {
    expect(solved(machine, 'howard').improvements).toBeLessThan(
      solved(machine, 'improvements').improvements / 4,
    );
  });

  it('finds both actions of a rule in two coordinates', () => {
    const { grid } = solved(quadratic, 'howard');
    for (const [i, j] of [
      [10, 10],
      [12, 10],
      [7, 14],
      [15, 15],
    ]) {
      const at = i + 21 * j;
      // Values are quadratic, which cubics reproduce, but for the bend at the ends of the grid and of the actions.
      expect(Math.abs(grid.actions[2 * at] - (response * (i - 10)) / 5)).toBeLessThan(RULE);
      expect(Math.abs(grid.actions[2 * at + 1] - (response * (j - 10)) / 5)).toBeLessThan(RULE);
    }
  });

  it('does not take a way out of the grid for one that costs nothing, unless there is no other', () => {
    // Stones are picked up, each is worth one; where none are left, the grid ends.
    const stones: ActionGridProblem = {
      discountFactor: 0.9,
      axes: [{ kind: 'continuous', nodes: linspace(0, 4, 9) }],
      low: [0],
      high: [2],
      outlook: ([left], [picked]) => ({
        reward: picked,
        successors: [{ probability: 1, coordinates: [left - picked] }],
      }),
    };
    const { grid } = solved(stones, 'howard');
    // Rewards today are the better ones: as much as there is, at most two.
    grid.actions.forEach((picked, i) => {
      expect(Math.abs(picked - Math.min(2, i / 2))).toBeLessThan(1e-6);
    });
    const leaking = { ...stones, low: [0.5] };
    expect(solved(leaking, 'howard').grid.actions[0]).toBeCloseTo(0.5, 6);
  });

  it('improves on a given policy, and goes on from one as if it had not stopped', () => {
    const whole = actionGrid(machine);
    whole.evaluate(whole.improve());
    const resumed = actionGrid(machine, { value: whole.value, actions: whole.actions });
    expect(resumed.improve()).toBe(whole.improve());
    expect(resumed.value).toEqual(whole.value);
    expect(resumed.actions).toEqual(whole.actions);
  });

  it('says where no action is possible, and where an outlook is not of numbers', () => {
    const never: ActionGridProblem = {
      ...machine,
      outlook: ([good], [effort]) =>
        good === 1
          ? { reward: Number.NEGATIVE_INFINITY, successors: [] }
          : machine.outlook([good], Float64Array.of(effort)),
    };
    expect(() => actionGrid(never).improve()).toThrow('no action is possible at 1');
    const odd = { ...machine, outlook: () => ({ reward: Number.NaN, successors: [] }) };
    expect(() => actionGrid(odd).improve()).toThrow('is worth NaN');
    expect(() => actionGrid({ ...machine, discountFactor: 1.2 })).toThrow('discount factor is 1.2');
  });
});
