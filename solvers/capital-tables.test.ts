import { describe, expect, it } from 'vitest';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import { capitalProblem, chainsOf } from './capital-tables.ts';
import { annualEconomy, quarterlyEconomy } from './test-fixtures.ts';

const grids = {
  assets: assetGrid({ low: 0, high: 200, n: 20 }),
  capital: logspace(30, 50, 5),
  interpolation: 'cubic',
} as const;

describe('tables of an economy with capital', () => {
  const economy = quarterlyEconomy({ benefit: 0.15 });

  it('the aggregate chain switches once in eight quarters, and unemployment is 10 and 4 percent in every pair of states', () => {
    const { aggregate, own } = chainsOf(economy);
    // The published matrix has six digits.
    [0.875, 0.125, 0.125, 0.875].forEach((p, i) => {
      expect(Math.abs(aggregate[i] - p)).toBeLessThan(1e-6);
    });
    const unemployed = [0.1, 0.04];
    for (const [pair, [z, to]] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ].entries()) {
      const after = unemployed[z] * own[pair * 4] + (1 - unemployed[z]) * own[pair * 4 + 2];
      expect(Math.abs(after - unemployed[to])).toBeLessThan(1e-5);
    }
  });

  it('independent chains come apart into the ones that they were made of', () => {
    const annual = annualEconomy();
    const { joint, aggregate, own } = chainsOf(annual);
    const [Z, E] = [11, 3];
    for (let z = 0; z < Z; z++) {
      for (let to = 0; to < Z; to++) {
        for (let i = 0; i < E * E; i++) {
          const [e, next] = [Math.floor(i / E), i % E];
          const both = aggregate[z * Z + to] * own[(z * Z + to) * E * E + i];
          expect(joint[(z * E + e) * Z * E + to * E + next]).toBeCloseTo(both, 14);
        }
      }
    }
  });

  it('knows incomes that move on their own, and jobs that do not', () => {
    const law = { form: 'log-linear', coefficients: Float64Array.of(0, 1, 0) } as const;
    const annual = annualEconomy();
    const { factors } = capitalProblem(annual, chainsOf(annual), grids, law);
    expect(factors?.own.reduce((sum, p) => sum + p, 0)).toBeCloseTo(3, 12);
    expect(factors?.aggregate).toHaveLength(121);
    expect(capitalProblem(economy, chainsOf(economy), grids, law)).not.toHaveProperty('factors');
  });

  it('expects the capital of the law, at the weights that read it off the nodes, and the end node beyond', () => {
    const law = { form: 'by-state', coefficients: Float64Array.of(0.5, 0.85, 2, 0.9) } as const;
    const problem = capitalProblem(economy, chainsOf(economy), grids, law);
    const { lower, weight, width } = problem.next;
    for (let n = 0; n < 5; n++) {
      let k = 0;
      for (let j = 0; j < width; j++)
        k += weight[n * 2 * width + j] * Math.log(grids.capital[lower[n * 2] + j]);
      const wanted = Math.min(Math.max(0.5 + 0.85 * Math.log(grids.capital[n]), Math.log(30)), Math.log(50));
      expect(k).toBeCloseTo(wanted, 12);
      const high = (5 + n) * 2;
      let far = 0;
      for (let j = 0; j < width; j++) far += weight[high * width + j] * grids.capital[lower[high] + j];
      expect(far).toBeCloseTo(50, 10);
    }
    expect(problem.grossReturn[7]).toBe(economy.grossReturn(grids.capital[2], 1));
    expect(problem.income[7 * 2 + 1]).toBe(economy.income(grids.capital[2], 1, 1));
  });

  it('refuses an aggregate state that households choose, rows that are none, and grids that do not fit', () => {
    const chain = economy.transition.slice();
    chain[0] += 0.1;
    chain[2] -= 0.03125;
    chain[3] -= 0.06875;
    expect(() => chainsOf({ ...economy, transition: chain })).toThrow(
      /chance of aggregate state 0 after 0 ranges/,
    );
    chain[0] = 2;
    expect(() => chainsOf({ ...economy, transition: chain })).toThrow(/row 0 of the transition sums to/);
    chain[0] = -1;
    expect(() => chainsOf({ ...economy, transition: chain })).toThrow(/P\[0, 0\] is -1/);
    const law = { form: 'log-linear', coefficients: Float64Array.of(0, 1, 0) } as const;
    const chains = chainsOf(economy);
    const assets = assetGrid({ low: 1, high: 5, n: 5 });
    expect(() => capitalProblem(economy, chains, { ...grids, assets }, law)).toThrow(
      /starts at 1; the borrowing limit is 0/,
    );
    const capital = Float64Array.of(0, 1, 2, 3);
    expect(() => capitalProblem(economy, chains, { ...grids, capital }, law)).toThrow(/positive nodes/);
  });
});
