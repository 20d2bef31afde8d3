import { describe, expect, it } from 'vitest';
import type { ClassicalStationary } from '../core/classical.ts';
import { environments } from '../envs/index.ts';
import { solveClassicalStationary } from './classical.ts';
import { solveStationary } from './stationary.ts';

function problem(set: Readonly<Record<string, unknown>>): ClassicalStationary {
  const classical = environments.economy('krusell-smith/aiyagari', { households: 1, ...set }).classical();
  if (classical?.kind !== 'stationary') throw new Error('the economy is stationary');
  return classical;
}

describe('the price that clears a market', () => {
  it('is found between the ends that the economy gives, wherever it lies', () => {
    const classical = problem({ incomePersistence: 0.9, incomeDeviation: 0.4 });
    const found = solveClassicalStationary(classical, { assetNodes: 40 });
    expect(found).toMatchObject({ isBracketed: true, converged: true });
    const { lower, upper } = { lower: 0.02, upper: 0.04 };
    const direct = solveStationary(classical.economy, { assets: found.assets, lower, upper });
    // The price is known to 1e-10, where holdings per unit of price are about a thousand.
    expect(Math.abs(found.price - direct.price)).toBeLessThan(1e-8);
    expect(found.residual).toBeLessThan(1e-5);
  });

  it('lies a few hundred-thousandths below impatience where risks are small', () => {
    const { price, isBracketed } = solveClassicalStationary(problem({ incomePersistence: 0 }), {
      assetNodes: 60,
    });
    expect(isBracketed).toBe(true);
    const below = 1 / 0.96 - 1 - price;
    expect(below).toBeGreaterThan(1e-5);
    expect(below).toBeLessThan(5e-4);
  });

  it('may not exist: what comes closest is given, and said not to have converged', () => {
    const classical = problem({ incomeDeviation: 0 });
    const found = solveClassicalStationary(classical, { assetNodes: 20 });
    expect(found).toMatchObject({ isBracketed: false, converged: false });
    expect(found.price).toBeLessThan(classical.price.upper);
    expect(found.price).toBeGreaterThan(0.04);
    expect(found.residual).toBeGreaterThan(1);
    // Savers at less than their impatience run down to the limit; then income is all that is eaten.
    expect(found.meanAssets).toBeLessThan(1e-9);
    expect(found.meanConsumption).toBeCloseTo(found.meanIncome, 9);
  });
});
