import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { type PlannerProblem, planner } from './planner.ts';
import { problemOf } from './planner-fixtures.ts';
import { fadingImpulse, nextCapitalOf, plannerPath, restingCapital } from './planner-path.ts';

/** Euler errors over half to one and a half steady states and five points of log productivity: the largest. */
function largestEulerError(problem: PlannerProblem): number {
  const solved = planner(problem);
  expect(solved.converged).toBe(true);
  let worst = 0;
  for (let i = 0; i <= 10; i++) {
    for (const x of [-0.05, -0.025, 0, 0.025, 0.05]) {
      const error = solved.eulerError((0.5 + i / 10) * problem.steadyState.capital, x);
      worst = Math.max(worst, error);
    }
  }
  return worst;
}

describe('the planner who chooses saving and labour', () => {
  it('eats 1 - alpha beta and works (1 - alpha) / (b (1 - alpha beta) + 1 - alpha) when nothing of capital is left', () => {
    const problem = problemOf({ depreciation: 1 });
    const solved = planner(problem);
    const share = 1 - 0.36 * 0.95;
    for (const [k, x] of [
      [0.01, -0.1],
      [0.03, 0],
      [0.2, 0.12],
    ]) {
      expect(Math.abs(solved.share(k, x) - share)).toBeLessThan(1e-12);
      expect(Math.abs(solved.labour(k, x) - 0.64 / (5 * share + 0.64))).toBeLessThan(1e-12);
    }
    expect(restingCapital(problem, solved)).toBeCloseTo(problem.steadyState.capital, 12);
  });

  it('leaves Euler errors below 1e-7 where capital lasts, and below 1e-5 with near-permanent shocks or other tastes', () => {
    expect(largestEulerError(problemOf())).toBeLessThan(1e-7);
    expect(largestEulerError(problemOf({ discountFactor: 0.99 }))).toBeLessThan(1e-6);
    expect(largestEulerError(problemOf({ persistence: 0.98, deviation: 0.02 }))).toBeLessThan(1e-5);
  });

  it('rests where the economy without risk rests, if there is none', () => {
    const problem = problemOf({ deviation: 0 });
    const solved = planner(problem);
    const { capital, labour } = problem.steadyState;
    // Errors of the polynomial, some 1e-8, weigh fourteen times in the resting point.
    expect(Math.abs(restingCapital(problem, solved) / capital - 1)).toBeLessThan(1e-6);
    expect(Math.abs(solved.labour(capital, 0) - labour)).toBeLessThan(1e-7);
  });

  it('saves against risk: the more of it, the more capital it rests at', () => {
    const rests = [0, 0.01, 0.03].map((deviation) => {
      const problem = problemOf({ deviation });
      return restingCapital(problem, planner(problem));
    });
    expect(rests[1]).toBeGreaterThan(rests[0]);
    expect(rests[2]).toBeGreaterThan(rests[1]);
    expect(rests[2] / rests[0]).toBeLessThan(1.01);
  });

  it('satisfies the condition of labour in every state, b / (1 - l) = (1 - alpha) y / (l c)', () => {
    for (const riskAversion of [1, 2]) {
      const problem = problemOf({ riskAversion });
      const solved = planner({ ...problem, steadyState: problem.steadyState });
      for (const [k, x] of [
        [0.8, -0.04],
        [1.4, 0.03],
        [2, 0],
      ]) {
        const path = plannerPath(problem, solved, { capital: k, logProductivity: [x] });
        const [l, y, c] = [path.labour[0], path.output[0], path.consumption[0]];
        expect(5 / (1 - l)).toBeCloseTo((0.64 * y * c ** -riskAversion) / l, 9);
      }
    }
  });

  it('answers to a jump of productivity by work and saving at once, and by consumption later', () => {
    const problem = problemOf();
    const solved = planner(problem);
    const capital = restingCapital(problem, solved);
    const path = plannerPath(problem, solved, { capital, logProductivity: fadingImpulse(0.01, 0.9, 60) });
    expect(path.labour[0]).toBeGreaterThan(solved.labour(capital, 0));
    const peak = (values: Float64Array) => values.indexOf(Math.max(...values));
    expect([peak(path.output), peak(path.consumption), peak(path.capital)]).toEqual([0, 6, 9]);
    path.output.forEach((y, t) => {
      expect(path.consumption[t] + path.investment[t]).toBeCloseTo(y, 14);
    });
  });

  it('beats small changes of either choice: welfare along one path of shocks falls', () => {
    const problem = problemOf();
    const solved = planner(problem);
    const welfare = (eat: number, work: number) => {
      const rng = createRng(1);
      let value = 0;
      for (let path = 0; path < 20; path++) {
        let [k, x, weight] = [problem.steadyState.capital, 0, 1];
        for (let t = 0; t < 300; t++) {
          const policy = {
            share: () => solved.share(k, x) + eat,
            labour: () => solved.labour(k, x) + work,
          };
          const l = policy.labour();
          const y = Math.exp(x) * k ** 0.36 * l ** 0.64;
          value += weight * (Math.log(policy.share() * (y + 0.975 * k)) + 5 * Math.log(1 - l));
          weight *= 0.95;
          k = nextCapitalOf(problem, policy, k, x);
          x = 0.9 * x + 0.01 * rng.normal();
        }
      }
      return value;
    };
    const best = welfare(0, 0);
    for (const [eat, work] of [
      [0.003, 0],
      [-0.003, 0],
      [0, 0.003],
      [0, -0.003],
    ]) {
      expect(welfare(eat, work)).toBeLessThan(best);
    }
  });

  it('stays within what there is beyond the nodes, and refuses what is no problem', () => {
    const solved = planner(problemOf());
    for (const k of [1e-9, 1e6]) {
      expect(solved.share(k, 3)).toBeGreaterThan(0);
      expect(solved.share(k, -3)).toBeLessThan(1);
    }
    expect(() => planner(problemOf({ discountFactor: 1 }))).toThrow(/discount factor is 1/);
    expect(() => planner(problemOf({ persistence: 1 }))).toThrow(/persistence is 1/);
    expect(() => planner({ ...problemOf(), deviation: Number.NaN })).toThrow(/deviation is NaN/);
    expect(planner(problemOf(), { maxIterations: 3 }).converged).toBe(false);
  });
});
