import { describe, expect, it } from 'vitest';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import { simulateCapital } from './capital-walk.ts';
import { type LawOfMotionOptions, solveLawOfMotion } from './krusell-smith.ts';
import { readReference } from './reference/read.ts';
import { type AnnualReference, annualEconomy } from './test-fixtures.ts';

interface WithoutRisk {
  readonly b_grid: readonly number[];
  readonly distribution: readonly (readonly number[])[];
}

const economy = annualEconomy();
const reference = readReference<AnnualReference>('krusell-smith-annual');

/** The cross-section without aggregate risk, from which the reference path starts, on another grid. */
function start(assets: Float64Array): Float64Array {
  const { b_grid, distribution } = readReference<WithoutRisk>('krusell-smith-without-risk');
  const A = assets.length;
  const mass = new Float64Array(3 * A);
  b_grid.forEach((b, row) => {
    let node = 0;
    while (node < A - 2 && assets[node + 1] <= b) node++;
    const weight = (b - assets[node]) / (assets[node + 1] - assets[node]);
    for (let e = 0; e < 3; e++) {
      mass[e * A + node] += (1 - weight) * distribution[row][e];
      mass[e * A + node + 1] += weight * distribution[row][e];
    }
  });
  return mass;
}

function paths(options: LawOfMotionOptions) {
  const { converged, law, fit, policy, chains } = solveLawOfMotion(economy, options);
  const states = Int32Array.from([...reference.z_index_path, 5]);
  const path = simulateCapital(economy, policy, chains, { states, start: start(options.assets) });
  return { converged, law, fit, ...path };
}

/** Largest |log x - log y| in percent. */
function gap(x: ArrayLike<number>, y: readonly number[]): number {
  return y.reduce((largest, value, t) => Math.max(largest, 100 * Math.abs(Math.log(x[t] / value))), 0);
}

describe('annual Krusell-Smith economy at full size', () => {
  const assets = assetGrid({ low: 0, high: 100, n: 200 });

  it('has the reference law, and its path', () => {
    const found = paths({ assets, capital: logspace(2.8, 10, 10), interpolation: 'linear' });
    expect(found.converged).toBe(true);
    [0.003, 0.002, 0.002].forEach((tolerance, i) => {
      expect(Math.abs(found.law.coefficients[i] - reference.coef[i])).toBeLessThan(tolerance);
    });
    expect(found.fit.rSquared).toBeGreaterThan(0.9999);
    // Another draw of z behind the law; the reference itself is .6 percent from the refined path. Measured .28.
    expect(gap(found.capital, reference.K_path)).toBeLessThan(0.4);
  });

  it('follows the refined path with ten capital nodes where that needed sixty', () => {
    const found = paths({ assets, capital: logspace(2.8, 10, 10), form: 'quadratic' });
    // Measured .05 and .023 percent.
    expect(gap(found.capital, reference.refined.K_path)).toBeLessThan(0.1);
    expect(gap(found.consumption, reference.refined.C_path)).toBeLessThan(0.05);
  });

  it('follows the path of values linear between 80 nodes, which is another one', () => {
    const coarse = assetGrid({ low: 0, high: 100, n: 80 });
    const found = paths({
      assets: coarse,
      capital: logspace(2.8, 10, 20),
      form: 'quadratic',
      method: 'values',
    });
    expect(found.converged).toBe(true);
    // 20 capital nodes for 60: measured .20 percent; 1.2 from the refined path.
    expect(gap(found.capital, reference.refined.K_path_linear_value_80_pivot025)).toBeLessThan(0.3);
    expect(gap(found.capital, reference.refined.K_path)).toBeGreaterThan(0.8);
  });
});
