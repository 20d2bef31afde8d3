import { describe, expect, it } from 'vitest';
import { rouwenhorst, tauchen } from '../numerics/autoregression.ts';
import { geometricGrid } from '../numerics/grids.ts';
import { exponentiateToMeanOne } from '../numerics/markov.ts';
import type { StationaryEconomy } from './household.ts';
import { readReference } from './reference/read.ts';
import { solveStationary } from './stationary.ts';
import { incomes, savingEconomy } from './test-fixtures.ts';
import { wealthMeasures } from './wealth.ts';

/** Reference policies were stopped at 1e-11, their prices found to about 1e-10. */
const SAME_METHOD = 1e-7;

interface WithoutRisk {
  readonly K: number;
  readonly r: number;
  readonly consumption: readonly (readonly number[])[];
  readonly distribution: readonly (readonly number[])[];
  readonly moments: Readonly<Record<'sd' | 'gini' | 'share_at_bound' | 'p50' | 'p90', number>>;
}

interface Huggett {
  readonly price_form: { readonly q: number; readonly consumption: readonly (readonly number[])[] };
  readonly rate_form: { readonly r: number; readonly consumption: readonly (readonly number[])[] };
}

describe('Krusell and Smith without aggregate risk', () => {
  const reference = readReference<WithoutRisk>('krusell-smith-without-risk');
  const economy = savingEconomy(incomes(), { discountFactor: 0.95, riskAversion: 3 });
  const assets = geometricGrid({ low: 0, high: 100, n: 200 });
  const found = solveStationary(economy, { assets, lower: 0.02, upper: 0.05 });

  it('has K = 5.0845 at r = 4.7147 percent', () => {
    expect(found.converged).toBe(true);
    expect(Math.abs(found.meanAssets / 5.0845 - 1)).toBeLessThan(0.001);
    expect(Math.abs(found.meanAssets - reference.K)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(found.price - reference.r)).toBeLessThan(SAME_METHOD);
    expect(found.residual).toBeLessThan(SAME_METHOD);
  });

  it('has the policy, the cross-section and the inequality that another program found', () => {
    for (let a = 0; a < 200; a++) {
      for (let e = 0; e < 3; e++) {
        const i = e * 200 + a;
        expect(Math.abs(found.consumption[i] - reference.consumption[a][e])).toBeLessThan(SAME_METHOD);
        expect(Math.abs(found.distribution[i] - reference.distribution[a][e])).toBeLessThan(SAME_METHOD);
      }
    }
    const { standardDeviation, gini, shareAtLimit, quantiles } = wealthMeasures(found);
    expect(standardDeviation).toBeCloseTo(reference.moments.sd, 5);
    expect(gini).toBeCloseTo(reference.moments.gini, 6);
    expect(shareAtLimit).toBeCloseTo(reference.moments.share_at_bound, 7);
    // The reference names the node at which the share is passed; ours lies in the segment that ends there.
    for (const [share, node] of [
      [0.5, reference.moments.p50],
      [0.9, reference.moments.p90],
    ]) {
      const at = quantiles.find((quantile) => quantile.share === share)?.assets ?? Number.NaN;
      const end = assets.findIndex((x) => Math.abs(x - node) < 1e-6);
      expect(at).toBeGreaterThan(assets[end - 1]);
      expect(at).toBeLessThanOrEqual(node);
    }
  });

  it('has K = 5.098 where values instead of policies are linear between the nodes, and 5.151 on 80 of them', () => {
    const values = solveStationary(economy, { assets, lower: 0.02, upper: 0.05, method: 'values' });
    // Four digits of another program, whose tolerance is not known: a twentieth of a percent.
    expect(Math.abs(values.meanAssets / 5.098 - 1)).toBeLessThan(5e-4);
    const coarse = geometricGrid({ low: 0, high: 100, n: 80 });
    const few = solveStationary(economy, { assets: coarse, lower: 0.02, upper: 0.05, method: 'values' });
    expect(Math.abs(few.meanAssets / 5.151 - 1)).toBeLessThan(5e-4);
  });

  it('refuses interest rates that do not bracket, and a grid that starts elsewhere', () => {
    expect(() => solveStationary(economy, { assets, lower: 0.01, upper: 0.02 })).toThrow(/no change of sign/);
    const shifted = geometricGrid({ low: 1, high: 100, n: 50 });
    expect(() => solveStationary(economy, { assets: shifted, lower: 0.02, upper: 0.05 })).toThrow(
      /starts at 1; the borrowing limit is 0/,
    );
  });
});

describe('Huggett', () => {
  const chain = exponentiateToMeanOne(incomes());
  // The paper's income is raw: mean 1.0272.
  const levels = [Math.exp(-0.6), 1, Math.exp(0.6)];
  const reference = readReference<Huggett>('huggett-without-risk');
  const assets = geometricGrid({ low: -1, high: 50, n: 200 });
  const rows = [...Array.from({ length: 10 }, (_, i) => 20 * i), 199];
  const common = {
    discountFactor: 0.96,
    riskAversion: 2,
    borrowingLimit: -1,
    ownStates: 3,
    transition: chain.transition,
    income: (_: number, e: number) => levels[e],
    assetSupply: () => 0,
  };

  it('clears the bond market at q = .976577 where bonds are bought at a discount', () => {
    const economy: StationaryEconomy = { ...common, grossReturn: () => 1, assetPrice: (q) => q };
    const found = solveStationary(economy, { assets, lower: 0.965, upper: 0.99 });
    expect(found.converged).toBe(true);
    expect(Math.abs(found.price - reference.price_form.q)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(found.meanAssets)).toBeLessThan(SAME_METHOD);
    rows.forEach((a, k) => {
      for (let e = 0; e < 3; e++) {
        const gap = found.consumption[e * 200 + a] - reference.price_form.consumption[k][e];
        expect(Math.abs(gap)).toBeLessThan(SAME_METHOD);
      }
    });
    // Nobody lends to nobody: what is eaten is what is earned.
    expect(found.meanConsumption).toBeCloseTo(found.meanIncome, 6);
  });

  it('clears it at r = 2.4382 percent where interest is paid on bonds held', () => {
    const economy: StationaryEconomy = { ...common, grossReturn: (r) => 1 + r };
    const found = solveStationary(economy, { assets, lower: 0.005, upper: 0.035 });
    expect(Math.abs(found.price - reference.rate_form.r)).toBeLessThan(SAME_METHOD);
    rows.forEach((a, k) => {
      for (let e = 0; e < 3; e++) {
        const gap = found.consumption[e * 200 + a] - reference.rate_form.consumption[k][e];
        expect(Math.abs(gap)).toBeLessThan(SAME_METHOD);
      }
    });
  });

  it('pays .56214 percent on 5.6 bonds per head, as the authors of the tutorial found with another toolbox', () => {
    const stored = readReference<{ r: number; bond_supply: number; savings: readonly (readonly number[])[] }>(
      'huggett-stationary',
    );
    const income = exponentiateToMeanOne(rouwenhorst({ persistence: 0.966, stationaryDeviation: 0.5, n: 3 }));
    const grid = geometricGrid({ low: 0, high: 50, n: 200 });
    const found = solveStationary(
      {
        discountFactor: 0.98,
        riskAversion: 2,
        borrowingLimit: 0,
        ownStates: 3,
        transition: income.transition,
        grossReturn: (r) => 1 + r,
        income: (_, e) => income.levels[e],
        assetSupply: () => stored.bond_supply,
      },
      { assets: grid, lower: 0, upper: 0.012 },
    );
    // Their chain is stored with six digits.
    expect(Math.abs(found.price - stored.r)).toBeLessThan(1e-7);
    rows.forEach((a, k) => {
      for (let e = 0; e < 3; e++) expect(found.savings[e * 200 + a]).toBeCloseTo(stored.savings[e][k], 4);
    });
  });
});

describe('Aiyagari', () => {
  const alpha = 0.36;
  const depreciation = 0.08;
  const assets = geometricGrid({ low: 0, high: 200, n: 150 });
  const solve = (persistence: number, stationaryDeviation: number, riskAversion: number) => {
    const chain = exponentiateToMeanOne(tauchen({ persistence, stationaryDeviation, n: 7 }));
    const economy = savingEconomy(chain, { discountFactor: 0.96, riskAversion });
    return solveStationary(economy, { assets, lower: -0.03, upper: 1 / 0.96 - 1 - 2e-4 });
  };
  const cells = [
    [0.6, 0.2, 1],
    [0.6, 0.2, 3],
    [0.6, 0.4, 3],
    [0.6, 0.4, 5],
    [0.9, 0.4, 5],
  ] as const;
  const found = cells.map((cell) => ({ cell, ...solve(cell[0], cell[1], cell[2]) }));

  it.each(found)(
    'households save alpha delta / (r + delta) of output at $cell',
    ({ price, meanConsumption, converged }) => {
      expect(converged).toBe(true);
      const output = (alpha / (price + depreciation)) ** (alpha / (1 - alpha));
      const saved = 1 - meanConsumption / output;
      // What the market leaves over, 1e-7, and the histogram, over output.
      expect(Math.abs(saved - (alpha * depreciation) / (price + depreciation))).toBeLessThan(1e-6);
    },
  );

  it('interest falls as households fear risk more, and as risk grows and lasts, from below 1 / beta - 1', () => {
    const rates = found.map(({ price }) => price);
    expect(rates[0]).toBeLessThan(1 / 0.96 - 1);
    for (let i = 1; i < rates.length; i++) expect(rates[i]).toBeLessThan(rates[i - 1]);
  });
});
