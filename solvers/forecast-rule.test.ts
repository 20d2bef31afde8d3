import { describe, expect, it } from 'vitest';
import { tauchenTrimmed } from '../numerics/autoregression.ts';
import { geometricGrid } from '../numerics/grids.ts';
import { mapLevels, simulate, stationary } from '../numerics/markov.ts';
import { createRng } from '../numerics/random.ts';
import { fitRule } from './forecast-path.ts';
import { type PricedEconomy, policiesUnderRule, solveForecastRule } from './forecast-rule.ts';
import { solveStationary } from './stationary.ts';

const incomes = mapLevels(tauchenTrimmed({ persistence: 0.6, stationaryDeviation: 0.2, n: 3 }), Math.exp);
const assets = geometricGrid({ low: -1, high: 30, n: 30 });

function economy(deviation: number): PricedEconomy & { readonly z: Float64Array } {
  const chain = mapLevels(
    tauchenTrimmed({ persistence: 0.9, stationaryDeviation: deviation, n: 5 }),
    Math.exp,
  );
  return {
    discountFactor: 0.96,
    riskAversion: 2,
    borrowingLimit: -1,
    ownTransition: incomes.transition,
    transition: chain.transition,
    ownShares: stationary(incomes),
    grossReturn: () => 1,
    assetPrice: (q) => q,
    income: (z, e) => chain.levels[z] * incomes.levels[e],
    assetSupply: 0,
    z: chain.levels,
  };
}

function statesOf({ transition, z }: PricedEconomy & { readonly z: Float64Array }): Int32Array {
  return simulate({ levels: z, transition, n: z.length }, { steps: 999, start: 2, rng: createRng(2) });
}

const rested = solveStationary(
  {
    ...economy(0.02),
    ownStates: 3,
    transition: incomes.transition,
    income: (_price, e) => incomes.levels[e],
    assetSupply: () => 0,
  },
  { assets, lower: 0.95, upper: 1, method: 'values', tolerance: 1e-9 },
);

describe('a rule for the price', () => {
  it('is nearly the stationary price where shocks nearly vanish', () => {
    const almost = economy(1e-5);
    const found = solveForecastRule(almost, {
      assets,
      method: 'values',
      price: rested.price,
      halfWidth: 0.01,
      states: statesOf(almost),
    });
    expect(found.converged).toBe(true);
    for (const level of found.levels) expect(Math.abs(level - rested.price)).toBeLessThan(1e-4);
  });

  it('rises with income: bonds are dear when there is more to lend', () => {
    const shaken = economy(0.02);
    const found = solveForecastRule(shaken, {
      assets,
      method: 'euler',
      price: rested.price,
      halfWidth: 0.02,
      states: statesOf(shaken),
    });
    expect(found.converged).toBe(true);
    for (let z = 1; z < 5; z++) expect(found.levels[z]).toBeGreaterThan(found.levels[z - 1]);
    expect(found.rSquared).toBeGreaterThanOrEqual(found.rSquaredOfLevels);
    expect(found.rSquaredOfLevels).toBeGreaterThan(0.98);
    // Policies on the rule's own nodes are those that wider ones give at the same prices.
    const wide = policiesUnderRule(
      shaken,
      assets,
      { levels: found.levels, persistence: found.persistence, halfWidth: 0.02, nodes: 3 },
      'euler',
    );
    const cells = 3 * assets.length;
    const middle = (table: Float64Array, nodes: number) =>
      table.slice((2 * nodes + (nodes >> 1)) * cells, (2 * nodes + (nodes >> 1) + 1) * cells);
    const [a, b] = [middle(found.consumption, found.nodes), middle(wide.consumption, 3)];
    expect(Math.max(...a.map((c, j) => Math.abs(c - b[j])))).toBeLessThan(2e-3);
  }, 30_000);

  it('is fitted as what it is: levels by state and deviations that persist', () => {
    const rng = createRng(9);
    const states = Int32Array.from({ length: 5000 }, () => rng.integer(3));
    const path = new Float64Array(5000);
    let deviation = 0;
    for (let t = 0; t < 5000; t++) {
      deviation = 0.7 * deviation + 1e-3 * rng.normal();
      path[t] = 0.9 + 0.01 * states[t] + deviation;
    }
    const { levels, persistence } = fitRule(path, states, new Float64Array(3), 'both');
    expect(persistence).toBeCloseTo(0.7, 1);
    for (let z = 0; z < 3; z++) expect(levels[z]).toBeCloseTo(0.9 + 0.01 * z, 3);
    expect(fitRule(path, states, new Float64Array(3), 'next').persistence).toBe(0);
  });
});
