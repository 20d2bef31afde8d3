import { describe, expect, it } from 'vitest';
import type { Oracle, StatePolicy } from '../../core/capabilities.ts';
import { instantiate } from '../../core/registry.ts';
import { jesusfv } from './economy.ts';
import type { GrowthState } from './model.ts';

/** The closed form in float64: a few roundings. */
const CLOSED_FORM = 1e-12;

/** The endogenous grid's Euler errors; measured 6e-9 at depreciation 0.1. */
const ENDOGENOUS_GRID = 1e-7;

type GrowthOracle = Oracle<GrowthState, 'household'>;

function oracleOf(set: Readonly<Record<string, unknown>> = {}): GrowthOracle {
  const oracle = instantiate(jesusfv, { set }).oracle();
  if (oracle === undefined) throw new Error('jesusfv has an oracle');
  return oracle;
}

function policyOf(oracle: GrowthOracle): StatePolicy<GrowthState, 'household'> {
  const one = { household: new Float64Array(1) };
  return (states) => ({
    household: Float64Array.from(states, (state) => {
      oracle.act(state, one);
      return one.household[0];
    }),
  });
}

const constant =
  (share: number): StatePolicy<GrowthState, 'household'> =>
  (states) => ({ household: new Float64Array(states.length).fill(share) });

describe('jesusfv: oracle', () => {
  it('eats 1 - alpha beta = 0.6833333 of resources in closed form at full depreciation', () => {
    const oracle = oracleOf();
    expect(oracle.method).toBe('closed form');
    for (const share of policyOf(oracle)(oracle.evaluationStates).household) {
      expect(Math.abs(share - (1 - 0.95 / 3))).toBeLessThan(CLOSED_FORM);
    }
  });

  it('solves the Euler equation, in closed form and on the grid, with published rows, levels and other parameters', () => {
    const cases = [
      [{}, CLOSED_FORM],
      [{ transition: 'published' }, CLOSED_FORM],
      [{ action: 'level', capitalShare: 0.5, discountFactor: 0.8 }, CLOSED_FORM],
      [{ depreciation: 0.1 }, ENDOGENOUS_GRID],
      [{ depreciation: 0, transition: 'published' }, ENDOGENOUS_GRID],
      [{ depreciation: 0.025, discountFactor: 0.99, action: 'level' }, ENDOGENOUS_GRID],
      [{ depreciation: 0.1, capitalShare: 0.05 }, ENDOGENOUS_GRID],
    ] as const;
    for (const [set, tolerance] of cases) {
      const oracle = oracleOf(set);
      expect(oracle.solution.converged).toBe(true);
      const errors = oracle.eulerErrors?.(policyOf(oracle), oracle.evaluationStates) ?? [Number.NaN];
      expect(Math.max(...errors)).toBeLessThan(tolerance);
    }
  });

  it('measures the Euler error of a constant share by hand: |1 - (1 - x)/(alpha beta)|-like at full depreciation', () => {
    // With c = x y and k' = (1 - x) y: 1 / c_implied = beta sum P alpha y' / (k' x y') = alpha beta / (x (1 - x) y).
    const oracle = oracleOf();
    const x = 0.5;
    const errors = oracle.eulerErrors?.(constant(x), oracle.evaluationStates) ?? [];
    expect(errors.length).toBe(55);
    for (const error of errors) {
      expect(Math.abs(error - Math.abs(1 - (1 - x) / (0.95 / 3)))).toBeLessThan(CLOSED_FORM);
    }
  });

  it('leaves a residual alpha beta / (1 - x) - 1 in marginal utilities under a constant share, negative for who saves too much', () => {
    const oracle = oracleOf();
    for (const x of [0.5, 0.9]) {
      const residuals = oracle.eulerResiduals?.(constant(x), oracle.evaluationStates) ?? [];
      const errors = oracle.eulerErrors?.(constant(x), oracle.evaluationStates) ?? [];
      expect(residuals.length).toBe(55);
      residuals.forEach((eps, i) => {
        // 2.17 at x = 0.9 has roundings of its size.
        expect(Math.abs(eps - (0.95 / 3 / (1 - x) - 1))).toBeLessThan(5 * CLOSED_FORM);
        expect(Math.abs(Math.abs(eps / (1 + eps)) - errors[i])).toBeLessThan(5 * CLOSED_FORM);
      });
    }
  });

  it('has evaluation states of eleven capitals from 0.5 to 1.5 steady states at five productivities', () => {
    const { evaluationStates, steadyState } = oracleOf({ depreciation: 0.1 });
    const ratios = evaluationStates.map((s) => s.capital / steadyState.capital);
    expect(evaluationStates.length).toBe(55);
    expect(Math.min(...ratios)).toBeCloseTo(0.5, 12);
    expect(Math.max(...ratios)).toBeCloseTo(1.5, 12);
    expect(new Set(evaluationStates.map((s) => s.productivity))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(steadyState.productivity).toBe(2);
  });

  it('is the limit of the grid as depreciation goes to one', () => {
    const near = oracleOf({ depreciation: 1 - 1e-9 });
    const exact = oracleOf();
    expect(near.method).toMatch(/endogenous grid/);
    for (const state of exact.evaluationStates) {
      // The policy moves with depreciation by its own derivative, of order one tenth.
      expect(Math.abs(policyOf(near)([state]).household[0] - (1 - 0.95 / 3))).toBeLessThan(1e-9);
      expect(Math.abs((near.value?.(state) ?? 0) - (exact.value?.(state) ?? 1))).toBeLessThan(1e-7);
    }
  });

  it('gives levels that stand for the same consumption as its shares', () => {
    const shares = oracleOf({ depreciation: 0.1 });
    const levels = oracleOf({ depreciation: 0.1, action: 'level' });
    for (const state of shares.evaluationStates) {
      const z = [0.9792, 0.9896, 1, 1.0106, 1.0212][state.productivity];
      const available = z * state.capital ** (1 / 3) + 0.9 * state.capital;
      const share = policyOf(shares)([state]).household[0];
      expect(Math.abs(policyOf(levels)([state]).household[0] - share * available)).toBeLessThan(1e-7);
    }
  });

  it('stays within what the household can choose where the optimum would eat more than 99 percent', () => {
    const impatient = { depreciation: 0, discountFactor: 0.055, capitalShare: 0.18 };
    const poor = { capital: 1e-9, productivity: 2 };
    expect(policyOf(oracleOf(impatient))([poor]).household[0]).toBe(0.99);
    // As capital goes to zero the policy rises to that of full depreciation, 1 - alpha beta; levels may go that far.
    const levels = oracleOf({ ...impatient, action: 'level' });
    const share = policyOf(levels)([poor]).household[0] / (1e-9 ** 0.18 + 1e-9);
    expect(share).toBeGreaterThan(0.99);
    expect(share).toBeLessThan(1 - 0.18 * 0.055);
  });

  it('counts a loss of one percent of consumption for ever as one percent, whatever the scale of rewards', () => {
    for (const [reward, scale] of [
      ['log', 20],
      ['scaled', 1],
    ] as const) {
      const loss = oracleOf({ reward }).welfareLossPercent({
        policy: { household: scale * Math.log(0.99) - 3 },
        optimum: { household: -3 },
      });
      expect(loss).toBeCloseTo(1, 10);
    }
  });
});
