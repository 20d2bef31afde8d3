import { describe, expect, it } from 'vitest';
import { endogenousGrid, type SavingProblem } from './endogenous-grid.ts';

const alpha = 0.36;
const beta = 0.95;
const levels = [0.95, 1.05];
const transition = Float64Array.of(0.9, 0.1, 0.2, 0.8);

/** Cubics on nodes 0.05 apart in log capital; measured 1e-9. */
const INTERPOLATION = 1e-8;

/** A tolerance of 1e-12 in the last change, where changes shrink by at least a tenth each time. */
const CONVERGED = 1e-11;

function growth(depreciation: number, changes: Partial<SavingProblem> = {}): SavingProblem {
  return {
    discountFactor: beta,
    transition,
    resources: (k, e) => levels[e] * k ** alpha + (1 - depreciation) * k,
    grossReturn: (k, e) => alpha * levels[e] * k ** (alpha - 1) + 1 - depreciation,
    low: 1e-6,
    high: 60,
    ...changes,
  };
}

describe('endogenous grid', () => {
  it('finds the constant saving share alpha beta of full depreciation at every node and between them', () => {
    const { converged, share } = endogenousGrid(growth(1, { high: 2 }));
    expect(converged).toBe(true);
    for (const k of [1e-5, 0.1, 0.17, 0.3, 1.9]) {
      for (const e of [0, 1]) expect(Math.abs(share(k, e) - (1 - alpha * beta))).toBeLessThan(CONVERGED);
    }
  });

  it('finds the value A(z) + B log k of full depreciation, with the constants from the Bellman equation', () => {
    const { value } = endogenousGrid(growth(1, { high: 2 }));
    const b = alpha / (1 - alpha * beta);
    const flow = levels.map((z) => Math.log((1 - alpha * beta) * z) + beta * b * Math.log(alpha * beta * z));
    // (I - beta P) A = flow, by Cramer's rule.
    const [p, q] = [beta * 0.9, beta * 0.8];
    const determinant = (1 - p) * (1 - q) - beta * 0.1 * beta * 0.2;
    const constants = [
      (flow[0] * (1 - q) + beta * 0.1 * flow[1]) / determinant,
      (flow[1] * (1 - p) + beta * 0.2 * flow[0]) / determinant,
    ];
    for (const k of [1e-3, 0.1, 0.4, 1.5]) {
      for (const e of [0, 1]) {
        expect(Math.abs(value(k, e) - (constants[e] + b * Math.log(k)))).toBeLessThan(INTERPOLATION);
      }
    }
  });

  it('satisfies the Euler equation between the nodes too', () => {
    for (const depreciation of [0, 0.1, 0.8]) {
      const problem = growth(depreciation);
      const { converged, share } = endogenousGrid(problem);
      expect(converged).toBe(true);
      for (let k = 0.05; k < 8; k *= 1.013) {
        for (const e of [0, 1]) {
          const c = share(k, e) * problem.resources(k, e);
          const next = problem.resources(k, e) - c;
          let expected = 0;
          for (const to of [0, 1]) {
            expected +=
              (transition[2 * e + to] * problem.grossReturn(next, to)) /
              (share(next, to) * problem.resources(next, to));
          }
          expect(Math.abs(beta * expected * c - 1)).toBeLessThan(INTERPOLATION);
        }
      }
    }
  });

  it('gives a value that satisfies the Bellman equation without ever having iterated on it', () => {
    const problem = growth(0.1);
    const { share, value } = endogenousGrid(problem);
    for (let k = 0.05; k < 8; k *= 1.07) {
      for (const e of [0, 1]) {
        const m = problem.resources(k, e);
        const next = (1 - share(k, e)) * m;
        const right =
          Math.log(share(k, e) * m) +
          beta * (transition[2 * e] * value(next, 0) + transition[2 * e + 1] * value(next, 1));
        expect(Math.abs(right - value(k, e))).toBeLessThan(INTERPOLATION * 10);
      }
    }
  });

  it('rests at the deterministic steady state when nothing is random', () => {
    const problem = growth(0.1, { transition: Float64Array.of(1) });
    const { share } = endogenousGrid({
      ...problem,
      resources: (k) => k ** alpha + 0.9 * k,
      grossReturn: (k) => alpha * k ** (alpha - 1) + 0.9,
    });
    const rest = (alpha / (1 / beta - 1 + 0.1)) ** (1 / (1 - alpha));
    const m = rest ** alpha + 0.9 * rest;
    expect(Math.abs((1 - share(rest, 0)) * m - rest)).toBeLessThan(INTERPOLATION);
  });

  it('gains four digits in the share when nodes are ten times closer, as cubics do', () => {
    const error = (spacing: number) => {
      const coarse = endogenousGrid(growth(0.1), { spacing });
      const fine = endogenousGrid(growth(0.1), { spacing: 0.02 });
      let worst = 0;
      for (let k = 0.5; k < 8; k *= 1.03)
        worst = Math.max(worst, Math.abs(coarse.share(k, 0) - fine.share(k, 0)));
      return worst;
    };
    // Fourth order would be 10^4; half an order is left for where the nodes happen to lie.
    expect(error(0.5) / error(0.05)).toBeGreaterThan(3000);
  });

  it('does not depend on the first guess, and eats more of less patience', () => {
    const a = endogenousGrid(growth(0.1), { guess: 0.1 });
    const b = endogenousGrid(growth(0.1), { guess: 0.9 });
    const impatient = endogenousGrid(growth(0.1, { discountFactor: 0.9 }));
    expect(Math.abs(a.share(2, 0) - b.share(2, 0))).toBeLessThan(CONVERGED);
    expect(impatient.share(2, 0)).toBeGreaterThan(a.share(2, 0) + 0.01);
  });

  it('says that it has not converged when iterations run out', () => {
    const { converged, iterations, residual } = endogenousGrid(growth(0.1), { maxIterations: 5 });
    expect({ converged, iterations }).toEqual({ converged: false, iterations: 5 });
    expect(residual).toBeGreaterThan(1e-12);
  });

  it('refuses what is no saving problem, and says why', () => {
    expect(() => endogenousGrid(growth(1, { discountFactor: 1 }))).toThrow(
      /discount factor is 1; it lies strictly/,
    );
    expect(() => endogenousGrid(growth(1, { high: 1e-7 }))).toThrow(/the highest must be above the lowest/);
    expect(() => endogenousGrid(growth(1, { low: 0 }))).toThrow(/lowest asset is 0/);
    expect(() => endogenousGrid(growth(1, { transition: Float64Array.of(1, 0, 1) }))).toThrow(
      /transition has 3 entries/,
    );
    expect(() => endogenousGrid(growth(1, { resources: () => -1 }))).toThrow(/resources at asset .* are -1/);
  });
});
