import { describe, expect, it } from 'vitest';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import { capitalProblem, chainsOf } from './capital-tables.ts';
import { type CapitalPolicy, savingsAt, simulateCapital } from './capital-walk.ts';
import { nodeWeights } from './node-weights.ts';
import { annualEconomy, quarterlyEconomy } from './test-fixtures.ts';

const economy = annualEconomy();
const chains = chainsOf(economy);
const grids = {
  assets: assetGrid({ low: 0, high: 60, n: 40 }),
  capital: logspace(2, 12, 5),
  interpolation: 'cubic',
} as const;
const law = { form: 'log-linear', coefficients: Float64Array.of(0, 1, 0) } as const;
const problem = capitalProblem(economy, chains, grids, law);
const A = grids.assets.length;

/** Everybody saves a share of assets and a constant: capital then is a known sequence. */
function savingShare(share: number, constant: number): CapitalPolicy {
  const savings = Float64Array.from(
    { length: 11 * 5 * 3 * A },
    (_, i) => share * grids.assets[i % A] + constant,
  );
  return { problem, savings, logCapital: grids.capital.map(Math.log) };
}

function start(mean: number): Float64Array {
  const mass = new Float64Array(3 * A);
  const node = grids.assets.findIndex((a) => a > mean) - 1;
  const weight = (mean - grids.assets[node]) / (grids.assets[node + 1] - grids.assets[node]);
  for (let e = 0; e < 3; e++) {
    mass[e * A + node] = (1 - weight) / 3;
    mass[e * A + node + 1] = weight / 3;
  }
  return mass;
}

const states = Int32Array.from({ length: 61 }, (_, t) => (t * t) % 11);

describe('walk of the cross-section', () => {
  it('capital is the known sequence where everybody saves a share of assets and a constant', () => {
    const { capital, outside } = simulateCapital(economy, savingShare(0.8, 1), chains, {
      states,
      start: start(3),
    });
    let K = 3;
    for (let t = 0; t <= 60; t++) {
      expect(capital[t]).toBeCloseTo(K, 10);
      K = 0.8 * K + 1;
    }
    expect(outside).toBe(0);
  });

  it('what is eaten and saved is what there is, and where all earn the mean wage output is what is eaten and invested', () => {
    const path = simulateCapital(economy, savingShare(0.8, 1), chains, { states, start: start(3) });
    for (let t = 40; t < 60; t++) {
      const { capital, output, consumption, investment, netReturn } = path;
      expect(consumption[t] + investment[t]).toBeCloseTo(output[t], 12);
      expect(netReturn[t]).toBe(economy.grossReturn(capital[t], states[t]) - 1);
      // Incomes have mean one in the long run, so that factor payments exhaust output: next capital is what is left.
      expect(capital[t + 1]).toBeCloseTo(0.92 * capital[t] + investment[t], 8);
    }
  });

  it('unemployment follows productivity in the quarterly economy', () => {
    const quarterly = quarterlyEconomy({ benefit: 0.15 });
    const both = chainsOf(quarterly);
    const table = capitalProblem(quarterly, both, grids, { ...law });
    const savings = Float64Array.from({ length: 2 * 5 * 2 * A }, (_, i) => 0.8 * grids.assets[i % A] + 1);
    const policy = { problem: table, savings, logCapital: grids.capital.map(Math.log) };
    const mass = new Float64Array(2 * A);
    mass[10] = 0.04;
    mass[A + 10] = 0.96;
    for (const last of [0, 1]) {
      const cycle = Int32Array.from({ length: 41 }, (_, t) =>
        t === 40 ? last : t === 0 ? 1 : Math.floor(t / 3) % 2,
      );
      const { distribution } = simulateCapital(quarterly, policy, both, { states: cycle, start: mass });
      const unemployed = distribution.subarray(0, A).reduce((x, y) => x + y);
      // Six digits of the published matrix.
      expect(Math.abs(unemployed - [0.1, 0.04][last])).toBeLessThan(1e-5);
    }
  });

  it('policies between nodes are mixed, at nodes are the table, and never go below the limit', () => {
    const savings = Float64Array.from({ length: 11 * 5 * 3 * A }, (_, i) => Math.floor(i / (3 * A)) % 5);
    const policy = { problem, savings, logCapital: grids.capital.map(Math.log) };
    const out = new Float64Array(3 * A);
    const at = nodeWeights(1, 5, 'cubic');
    savingsAt(policy, 4, Math.log(grids.capital[3]), at, out);
    expect(out[7]).toBeCloseTo(3, 13);
    savingsAt(policy, 4, Math.log(Math.sqrt(grids.capital[1] * grids.capital[2])), at, out);
    expect(out[7]).toBeCloseTo(1.5, 13);
    savings.fill(-1);
    savingsAt(policy, 4, 1, at, out);
    expect(out[7]).toBe(0);
  });

  it('counts the periods in which capital lies beyond the nodes, and refuses what is no state', () => {
    const { outside } = simulateCapital(economy, savingShare(0.8, 4), chains, { states, start: start(3) });
    expect(outside).toBeGreaterThan(50);
    const wrong = Int32Array.of(0, 11);
    const policy = savingShare(0.8, 1);
    expect(() => simulateCapital(economy, policy, chains, { states: wrong, start: start(3) })).toThrow(
      /a state is 11/,
    );
    expect(() => simulateCapital(economy, policy, chains, { states, start: new Float64Array(2) })).toThrow(
      /the start has 2/,
    );
  });
});
