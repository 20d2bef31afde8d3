import { describe, expect, it } from 'vitest';
import type { Sample, StationaryEconomy } from '../core/classical.ts';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import { capitalProblem, chainsOf } from './capital-tables.ts';
import type { CapitalPolicy } from './capital-walk.ts';
import { savingsOf, solveByEuler } from './household-euler.ts';
import { capitalSamplePolicy, stationarySamplePolicy } from './sample-policy.ts';
import { annualEconomy } from './test-fixtures.ts';

const economy = annualEconomy();
const assets = assetGrid({ low: 0, high: 100, n: 30 });
const capital = logspace(2.8, 10, 5);
const Z = economy.productivity.length;
const E = economy.ownStates;
const A = assets.length;

/** The policy of households who expect 0.5 + 0.9 times capital, roughly; no equilibrium is needed here. */
const problem = capitalProblem(
  economy,
  chainsOf(economy),
  { assets, capital, interpolation: 'cubic' },
  { form: 'log-linear', coefficients: Float64Array.of(0.107, 0.935, 0.208) },
);
const savings = savingsOf(problem, solveByEuler(problem, { tolerance: 1e-6 }).consumption);
const policy: CapitalPolicy = { problem, savings, logCapital: capital.map(Math.log) };
const plan = capitalSamplePolicy(economy, policy);

const sample = (own: readonly number[], states: readonly number[], mean: number, aggregate = 4): Sample => ({
  assets: Float64Array.from(own),
  ownStates: states,
  capital: mean,
  aggregate,
});

const table = (z: number, n: number, e: number, a: number) =>
  savings[((z * capital.length + n) * E + e) * A + a];

describe('households of a sample, at mean capital on a node,', () => {
  it('save what the table says where their assets are on nodes, and have what the continuum has', () => {
    for (const z of [0, Z - 1]) {
      for (const n of [0, 2, 4]) {
        const nodes = [0, 7, A - 1];
        const at = plan(
          sample(
            nodes.map((a) => assets[a]),
            [2, 0, 1],
            capital[n],
            z,
          ),
        );
        nodes.forEach((a, i) => {
          const e = [2, 0, 1][i];
          expect(Math.abs(at.savings[i] - table(z, n, e, a))).toBeLessThan(1e-12 * 100);
          const cash = economy.grossReturn(capital[n], z) * assets[a] + economy.income(capital[n], z, e);
          expect(Math.abs(at.cash[i] - cash)).toBeLessThan(1e-12 * 100);
        });
      }
    }
  });

  it('save half of what two neighbours do half way between them, and on the line beyond the last node', () => {
    const [low, high] = [assets[10], assets[11]];
    const top = assets[A - 1];
    const step = top - assets[A - 2];
    const at = plan(sample([(low + high) / 2, top + step], [1, 1], capital[2]));
    expect(at.savings[0]).toBeCloseTo((table(4, 2, 1, 10) + table(4, 2, 1, 11)) / 2, 10);
    expect(at.savings[1]).toBeCloseTo(2 * table(4, 2, 1, A - 1) - table(4, 2, 1, A - 2), 9);
  });
});

describe('mean capital that the policy was not solved for', () => {
  it('is taken at the nearest node, cash too, so that the share saved is one of the solution', () => {
    const [below, least] = [0.01, capital[0]].map((K) => {
      const { savings: saved, cash } = plan(sample([1, 60], [0, 2], K));
      return [...saved, ...cash];
    });
    expect(below).toEqual(least);
    const [above, most] = [500, capital[4]].map((K) => {
      const { savings: saved, cash } = plan(sample([500, 500], [0, 2], K));
      return [...saved, ...cash];
    });
    above.forEach((x, i) => {
      // The end node is the exponential of a logarithm.
      expect(Math.abs(x / most[i] - 1)).toBeLessThan(1e-12);
    });
    for (const i of [0, 1]) {
      expect(above[i]).toBeGreaterThan(0);
      expect(above[i]).toBeLessThan(above[2 + i]);
    }
  });

  it('is any at all: none', () => {
    const { savings: saved, cash } = plan(sample([0, 0], [0, 2], 0));
    for (const i of [0, 1]) {
      expect(cash[i]).toBeGreaterThan(0);
      expect(saved[i]).toBeGreaterThanOrEqual(0);
      expect(saved[i]).toBeLessThanOrEqual(cash[i]);
    }
  });
});

describe('a plan', () => {
  it('is one for the sample at hand, also when samples of other sizes came between', () => {
    const two = sample([1, 2], [0, 1], 5);
    const first = [...plan(two).savings];
    expect(plan(sample([3], [2], 6)).savings).toHaveLength(1);
    expect([...plan(two).savings]).toEqual(first);
  });

  it('never promises more than cash buys, nor less than the limit', () => {
    const market: StationaryEconomy = {
      discountFactor: 0.96,
      riskAversion: 2,
      borrowingLimit: -1,
      ownStates: 1,
      transition: Float64Array.of(1),
      grossReturn: () => 1,
      assetPrice: (q) => q,
      income: () => 1,
      assetSupply: () => 0,
    };
    const bonds = Float64Array.of(-1, 0, 4);
    const held = (saved: readonly number[]) =>
      stationarySamplePolicy(market, { price: 0.5, assets: bonds, savings: Float64Array.from(saved) });
    // At a price of 1/2 cash of 5 buys ten bonds.
    expect(held([-1, 0, 9])(sample([4], [0], 0, 0)).savings[0]).toBe(9);
    expect(held([-1, 0, 11])(sample([4], [0], 0, 0)).savings[0]).toBe(10);
    expect(held([-1, 1, 3])(sample([-1.5], [0], 0, 0)).savings[0]).toBe(-1);
  });
});
