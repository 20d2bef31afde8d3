import { describe, expect, it } from 'vitest';
import type { Oracle, StatePolicy } from '../../core/capabilities.ts';
import { instantiate } from '../../core/registry.ts';
import { jesusfv } from '../jesusfv/economy.ts';
import type { GrowthState } from '../jesusfv/model.ts';
import { readTable } from '../jesusfv/reference/read.ts';
import { jesusfvExtended } from './economy.ts';

/** The reference's own interpolation error (see reference/README.md) and the last printed digit. */
const SHARE = 5e-8;
const VALUE = 2e-6;

/** The polynomial over depreciation; measured 3.5e-10 on [0.8, 1] and 3e-9 on [0.02, 1]. */
const BETWEEN_RATES = 1e-8;

const EULER = 1e-7;

type GrowthOracle = Oracle<GrowthState, 'household'>;

function oracleOf(set: Readonly<Record<string, unknown>> = {}): GrowthOracle {
  const oracle = instantiate(jesusfvExtended, { set }).oracle();
  if (oracle === undefined) throw new Error('jesusfv-extended has an oracle');
  return oracle;
}

function share(oracle: GrowthOracle, state: GrowthState): number {
  const actions = { household: new Float64Array(1) };
  oracle.act(state, actions);
  return actions.household[0];
}

const fixed = oracleOf();
const markov = oracleOf({ deltaProcess: 'markov' });

describe('jesusfv-extended: oracle', () => {
  it('agrees with the reference policies and values in every row, for both processes', () => {
    for (const [file, oracle, rows] of [
      ['static', fixed, 350],
      ['markov', markov, 210],
    ] as const) {
      const table = readTable(new URL(`reference/${file}.csv`, import.meta.url));
      expect(table.length).toBe(rows);
      for (const row of table) {
        const state = { capital: row.k, depreciation: row.delta, productivity: row.z_index };
        expect(Math.abs(share(oracle, state) - row.consumption_share)).toBeLessThan(SHARE);
        expect(Math.abs((oracle.value?.(state) ?? Number.NaN) - row.value_unscaled)).toBeLessThan(VALUE);
      }
    }
  });

  it('responds less to depreciation that may change than to depreciation that lasts', () => {
    // Consumption shares at k = 0.2, z = 1, five digits: constant for ever, and as a chain.
    const expected = { fixed: [0.63908, 0.66205, 0.68333], markov: [0.64254, 0.66201, 0.68042] };
    [0.8, 0.9, 1].forEach((depreciation, i) => {
      const state = { capital: 0.2, depreciation, productivity: 2 };
      expect(Math.abs(share(fixed, state) - expected.fixed[i])).toBeLessThan(5e-6);
      expect(Math.abs(share(markov, state) - expected.markov[i])).toBeLessThan(5e-6);
    });
  });

  it('is, at each constant rate, the policy and value of jesusfv at that rate', () => {
    for (const depreciation of [0.8, 0.8317, 0.87, 0.9641, 1]) {
      const plain = instantiate(jesusfv, { set: { depreciation } }).oracle();
      const actions = { household: new Float64Array(1) };
      for (const state of plain?.evaluationStates ?? []) {
        plain?.act(state, actions);
        const there = { ...state, depreciation };
        expect(Math.abs(share(fixed, there) - actions.household[0])).toBeLessThan(BETWEEN_RATES);
        const gap = (fixed.value?.(there) ?? Number.NaN) - (plain?.value?.(state) ?? Number.NaN);
        expect(Math.abs(gap)).toBeLessThan(10 * BETWEEN_RATES);
      }
    }
  });

  it('solves the Euler equation for both processes, published rows and a range from almost none to all', () => {
    const sets = [
      {},
      { deltaProcess: 'markov' },
      { deltaProcess: 'markov', transition: 'published' },
      { depreciationLow: 0.05 },
    ];
    for (const set of sets) {
      const oracle = oracleOf(set);
      const policy: StatePolicy<GrowthState, 'household'> = (states) => ({
        household: Float64Array.from(states, (state) => share(oracle, state)),
      });
      expect(oracle.solution.converged).toBe(true);
      const errors = oracle.eulerErrors?.(policy, oracle.evaluationStates) ?? [Number.NaN];
      expect(Math.max(...errors)).toBeLessThan(EULER);
    }
  });

  it('is evaluated at five constant rates around their own steady states, or at the three of the chain around one', () => {
    const rates = (oracle: GrowthOracle) => [...new Set(oracle.evaluationStates.map((s) => s.depreciation))];
    expect(fixed.evaluationStates.length).toBe(275);
    expect(markov.evaluationStates.length).toBe(165);
    expect(rates(fixed).map((d) => Number(d?.toFixed(12)))).toEqual([0.8, 0.85, 0.9, 0.95, 1]);
    expect(rates(markov)).toEqual([0.8, 0.9, 1]);
    const lowest = (oracle: GrowthOracle, d: number) =>
      Math.min(...oracle.evaluationStates.filter((s) => s.depreciation === d).map((s) => s.capital));
    expect(lowest(fixed, 0.8)).toBeCloseTo(0.5 * 0.2444421, 7);
    expect(lowest(fixed, 1)).toBeCloseTo(0.5 * 0.1781983, 7);
    expect(lowest(markov, 0.8)).toBeCloseTo(0.5 * 0.2069811, 7);
  });
});
