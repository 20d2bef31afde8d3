import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { geometricGrid } from '../../numerics/grids.ts';
import { gini } from '../../numerics/statistics.ts';
import { solveStationary } from '../../solvers/stationary.ts';
import { krusellSmith } from './economy.ts';
import { householdProblem } from './household.ts';
import { reference } from './reference/read.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy, stationaryEconomy } from './solver-inputs.ts';

const IDENTITY = 1e-14;

function modelOf(calibration: string, set: Readonly<Record<string, unknown>> = {}): KrusellSmithModel {
  return instantiate(krusellSmith, { calibration, set }).model as KrusellSmithModel;
}

describe("the household's problem", () => {
  it('pays households what firms pay for labour: mean income is w L in every aggregate state', () => {
    for (const calibration of ['annual', 'quarterly', 'quarterly-insured', 'aiyagari']) {
      const problem = householdProblem(modelOf(calibration));
      for (let z = 0; z < problem.aggregateStates; z++) {
        const { w } = problem.prices(7, z);
        let income = 0;
        for (let e = 0; e < problem.idiosyncraticStates; e++)
          income += problem.shares[z * problem.idiosyncraticStates + e] * problem.income(e, z, w);
        expect(Math.abs(income - w * problem.labour[z])).toBeLessThan(IDENTITY * income * 10);
      }
    }
  });

  it('raw incomes pay 2.7 percent more than the wage bill', () => {
    const problem = householdProblem(modelOf('annual', { income: 'raw' }));
    let income = 0;
    for (let e = 0; e < 3; e++) income += problem.shares[e] * problem.income(e, 0, 1);
    expect(income / problem.labour[0]).toBeCloseTo(reference.income.rawMean, 9);
  });

  it('has labour 1 in annual economies and l (1 - u) in quarterly ones', () => {
    for (const labour of householdProblem(modelOf('annual')).labour) expect(labour).toBeCloseTo(1, 14);
    const quarterly = householdProblem(modelOf('quarterly')).labour;
    expect(quarterly[0]).toBeCloseTo(1, 14);
    expect(quarterly[1]).toBeCloseTo(0.96 / 0.9, 14);
  });

  it('insured against job loss: the unemployed have 0.15 w, and workers pay for it', () => {
    const problem = householdProblem(modelOf('quarterly-insured'));
    expect(problem.income(0, 0, 2)).toBeCloseTo(0.3, 14);
    expect(problem.income(1, 0, 2)).toBeCloseTo((2 / 0.9) * (1 - 0.015), 14);
    expect(householdProblem(modelOf('quarterly')).income(0, 0, 2)).toBe(0);
  });

  it('is the same as solvers see it', () => {
    for (const calibration of ['annual', 'quarterly-insured']) {
      const model = modelOf(calibration);
      const [problem, economy] = [householdProblem(model), capitalEconomy(model)];
      const { r, w } = problem.prices(6, 1);
      expect(economy.grossReturn(6, 1)).toBe(1 + r);
      expect(economy.income(6, 1, 1)).toBe(problem.income(1, 1, w));
      expect(economy.output(6, 1)).toBeCloseTo((r + model.depreciation) * 6 + w * problem.labour[1], 12);
    }
  });

  it('without aggregate risk clears at the stored K, r, w and Gini index, found apart', () => {
    const model = modelOf('annual', { productivityDeviation: 0 });
    const assets = geometricGrid({ low: 0, high: 100, n: 200, pivot: 0.25 });
    const { converged, price, meanAssets, meanConsumption, distribution } = solveStationary(
      stationaryEconomy(model),
      { assets, lower: 0.046, upper: 0.048 },
    );
    const { K, r, w, C, gini: inequality } = reference.withoutAggregateRisk;
    expect(converged).toBe(true);
    // Brent's tolerance on r is 1e-10, and dK/dr is near 100.
    expect(price).toBeCloseTo(r, 9);
    expect(meanAssets).toBeCloseTo(K, 7);
    expect(meanConsumption).toBeCloseTo(C, 5);
    expect(householdProblem(model).prices(meanAssets, 0).w).toBeCloseTo(w, 8);
    const sample = draw(distribution, assets, 3);
    expect(gini(sample)).toBeCloseTo(inequality, 2);
  });

  it('with aggregate risk has no stationary equilibrium, and says so', () => {
    expect(() => stationaryEconomy(modelOf('annual'))).toThrow(/productivityDeviation/);
  });
});

/** Assets of 4,000 households, evenly through the cross-section [E, A]. */
function draw(distribution: Float64Array, assets: Float64Array, incomes: number): Float64Array {
  const masses = assets.map((_, a) => {
    let sum = 0;
    for (let e = 0; e < incomes; e++) sum += distribution[e * assets.length + a];
    return sum;
  });
  let [a, sum] = [0, masses[0]];
  return Float64Array.from({ length: 4000 }, (_, i) => {
    while (sum < (i + 0.5) / 4000 && a + 1 < assets.length) {
      a += 1;
      sum += masses[a];
    }
    return assets[a];
  });
}
