import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { type PlannerProblem, planner } from './planner.ts';
import { plannerAhead } from './planner-ahead.ts';
import { problemOf } from './planner-fixtures.ts';
import { restingCapital } from './planner-path.ts';

/** From half to one and a half steady states, at five points of log productivity. */
function places({ steadyState: { capital } }: PlannerProblem): readonly (readonly [number, number])[] {
  return [-0.05, -0.025, 0, 0.025, 0.05].flatMap((x) =>
    Array.from({ length: 11 }, (_, i): readonly [number, number] => [(0.5 + i / 10) * capital, x]),
  );
}

describe('the planner who chooses before the shock', () => {
  it('eats 1 - alpha beta and works as in the closed form when nothing of capital is left, since the optimum asks for no shock', () => {
    const problem = problemOf({ depreciation: 1 });
    const solved = plannerAhead(problem);
    const share = 1 - 0.36 * 0.95;
    for (const [k, x] of places(problem)) {
      expect(solved.share(k, x)).toBeCloseTo(share, 12);
      expect(solved.labour(k, x)).toBeCloseTo(0.64 / (5 * share + 0.64), 12);
    }
  });

  it('chooses as one who sees it where there is none: x becomes rho x for certain', () => {
    for (const riskAversion of [1, 2]) {
      const problem = problemOf({ deviation: 0, riskAversion });
      const [ahead, seeing] = [plannerAhead(problem), planner(problem)];
      for (const [k, x] of places(problem)) {
        // Both are polynomials of the same degrees, of different functions.
        expect(Math.abs(ahead.share(k, x) - seeing.share(k, 0.9 * x))).toBeLessThan(1e-8);
        expect(Math.abs(ahead.labour(k, x) - seeing.labour(k, 0.9 * x))).toBeLessThan(1e-8);
      }
    }
  });

  it('leaves Euler errors below 1e-7 where capital lasts, and below 1e-5 with near-permanent shocks', () => {
    for (const [changes, most] of [
      [{}, 1e-7],
      [{ riskAversion: 2 }, 1e-7],
      [{ persistence: 0.98, deviation: 0.02 }, 1e-5],
    ] as const) {
      const problem = problemOf(changes);
      const solved = plannerAhead(problem);
      expect(solved.converged).toBe(true);
      for (const [k, x] of places(problem)) expect(solved.eulerError(k, x)).toBeLessThan(most);
    }
  });

  it('saves against risk: the more of it, the more capital it rests at', () => {
    const [none, some, much] = [0, 0.01, 0.03].map((deviation) => {
      const problem = problemOf({ deviation });
      return restingCapital(problem, plannerAhead(problem));
    });
    expect(none / problemOf().steadyState.capital).toBeCloseTo(1, 6);
    expect(some).toBeGreaterThan(none);
    expect(much).toBeGreaterThan(some);
    expect(much / none).toBeLessThan(1.01);
  });

  it('beats small changes of either choice: welfare along the same shocks falls', () => {
    const problem = problemOf();
    const solved = plannerAhead(problem);
    const welfare = (eat: number, work: number) => {
      const rng = createRng(1);
      let value = 0;
      for (let path = 0; path < 20; path++) {
        let [k, x, weight] = [problem.steadyState.capital, 0, 1];
        for (let t = 0; t < 300; t++) {
          const [share, l] = [solved.share(k, x) + eat, solved.labour(k, x) + work];
          x = 0.9 * x + 0.01 * rng.normal();
          const all = Math.exp(x) * k ** 0.36 * l ** 0.64 + 0.975 * k;
          value += weight * (Math.log(share * all) + 5 * Math.log(1 - l));
          weight *= 0.95;
          k = (1 - share) * all;
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

  it('refuses what is no problem, and says when it has not converged', () => {
    expect(() => plannerAhead(problemOf({ discountFactor: 1 }))).toThrow(/discount factor is 1/);
    const short = plannerAhead(problemOf(), { maxIterations: 3 });
    expect([short.converged, short.iterations]).toEqual([false, 3]);
  });
});
