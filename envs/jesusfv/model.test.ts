import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { MIDDLE_PRODUCTIVITY, NORMALISED_ROWS, PUBLISHED_ROWS } from './chain.ts';
import { jesusfv } from './economy.ts';
import {
  consumption,
  depreciationRate,
  type GrowthModel,
  grossReturn,
  nearestLevel,
  output,
  quantityOf,
  resources,
  steadyStateCapital,
} from './model.ts';

/** Identities of float64 arithmetic, a few roundings deep. */
const IDENTITY = 1e-12;

/** Numbers printed with nine or seven digits, up to half of the last. */
const NINE_DIGITS = 5e-10;
const SEVEN_DIGITS = 5e-8;

function modelOf(set: Readonly<Record<string, unknown>> = {}): GrowthModel {
  return instantiate(jesusfv, { set }).model as GrowthModel;
}

const benchmark = { capitalShare: 1 / 3, discountFactor: 0.95 };

describe('steady state', () => {
  it('is (alpha beta)^(1/(1-alpha)) at full depreciation, with the output and consumption of the benchmark', () => {
    // Printed by the benchmark programs: capital, output, consumption.
    const capital = steadyStateCapital({ ...benchmark, depreciation: 1 });
    const state = { capital, productivity: MIDDLE_PRODUCTIVITY };
    expect(Math.abs(capital - (0.95 / 3) ** 1.5)).toBeLessThan(IDENTITY);
    expect(Math.abs(capital - 0.178198287)).toBeLessThan(NINE_DIGITS);
    expect(Math.abs(output(modelOf(), state) - 0.562731434)).toBeLessThan(NINE_DIGITS);
    expect(Math.abs(output(modelOf(), state) - capital - 0.384533146)).toBeLessThan(NINE_DIGITS);
  });

  it('has these capital, consumption and consumption shares at depreciation 0.8 to 1', () => {
    // Capital, consumption and share of resources at z = 1, from k = (alpha / (1/beta - 1 + d))^(1/(1-alpha)), 7 digits.
    const table = [
      [0.8, 0.2444421, 0.4297035, 0.6374046],
      [0.85, 0.2244152, 0.4169399, 0.6500921],
      [0.9, 0.2069811, 0.4052472, 0.6619217],
      [0.95, 0.1916929, 0.3944838, 0.6729776],
      [1, 0.1781983, 0.3845331, 0.6833333],
    ];
    for (const [depreciation, capital, consumed, share] of table) {
      const model = modelOf({ depreciation });
      const k = steadyStateCapital({ ...benchmark, depreciation });
      const m = resources(model, { capital: k, productivity: MIDDLE_PRODUCTIVITY });
      expect(Math.abs(k - capital)).toBeLessThan(SEVEN_DIGITS);
      expect(Math.abs(m - k - consumed)).toBeLessThan(SEVEN_DIGITS);
      expect(Math.abs((m - k) / m - share)).toBeLessThan(SEVEN_DIGITS);
    }
  });

  it('is where the return on capital equals the discount rate', () => {
    for (const depreciation of [0, 0.1, 0.5, 1]) {
      const capital = steadyStateCapital({ ...benchmark, depreciation });
      const model = modelOf({ depreciation });
      const beta = benchmark.discountFactor;
      expect(
        Math.abs(beta * grossReturn(model, { capital, productivity: MIDDLE_PRODUCTIVITY }) - 1),
      ).toBeLessThan(IDENTITY);
    }
  });
});

describe('resources', () => {
  it('rise by the gross return for one more unit of capital', () => {
    const model = modelOf({ depreciation: 0.3 });
    const h = 1e-6;
    // Truncation h^2 and cancellation 1e-16 / h.
    const tolerance = 1e-8;
    for (const capital of [0.05, 0.2, 0.7]) {
      const at = (k: number) => resources(model, { capital: k, productivity: 3 });
      const slope = (at(capital + h) - at(capital - h)) / (2 * h);
      expect(Math.abs(slope / grossReturn(model, { capital, productivity: 3 }) - 1)).toBeLessThan(tolerance);
    }
  });

  it('keep all capital at a depreciation of exactly zero, which is a rate and not "none given"', () => {
    const model = modelOf({ depreciation: 0 });
    const state = { capital: 0.4, productivity: 1 };
    expect(depreciationRate(model, state)).toBe(0);
    expect(resources(model, state)).toBe(output(model, state) + 0.4);
    expect(depreciationRate(modelOf(), { ...state, depreciation: 0 })).toBe(0);
  });

  it('follow the depreciation of the state where it is a coordinate', () => {
    const state = { capital: 0.4, depreciation: 0.8, productivity: 1 };
    const model = modelOf();
    expect(resources(model, state) - output(model, state)).toBeCloseTo(0.08, 12);
  });
});

describe('consumption', () => {
  it('is the share asked for, cut to 1 and 99 percent of resources', () => {
    const model = modelOf();
    expect(consumption(model, 2, 0.4)).toBe(0.8);
    expect(consumption(model, 2, -3)).toBe(0.02);
    expect(consumption(model, 2, 7)).toBe(1.98);
  });

  it('is the level asked for, cut down to what is available less a ten-thousandth, and never zero', () => {
    const model = modelOf({ action: 'level' });
    expect(consumption(model, 2, 0.8)).toBe(0.8);
    expect(consumption(model, 2, 5)).toBe(2 * (1 - 1e-4));
    expect(consumption(model, 2, 0)).toBe(2e-4);
    expect(consumption(model, 2, -1)).toBe(2e-4);
  });

  it('is what the quantity that stands for a share of resources asks for, in both action modes', () => {
    for (const action of ['share', 'level']) {
      const model = modelOf({ action });
      expect(consumption(model, 1.7, quantityOf(model, 1.7, 0.6))).toBeCloseTo(0.6 * 1.7, 14);
    }
  });
});

describe('productivity chain', () => {
  it('has a published third row that sums to 1.0001, and normalised rows that all sum to one', () => {
    const sums = (rows: readonly (readonly number[])[]) => rows.map((row) => row.reduce((a, p) => a + p, 0));
    sums(PUBLISHED_ROWS).forEach((sum, z) => {
      expect(Math.abs(sum - (z === MIDDLE_PRODUCTIVITY ? 1.0001 : 1))).toBeLessThan(IDENTITY);
    });
    for (const sum of sums(NORMALISED_ROWS)) expect(Math.abs(sum - 1)).toBeLessThan(IDENTITY);
  });

  it('finds the level of a rate that went through float32', () => {
    expect(nearestLevel(Float64Array.of(0.8, 0.9, 1), Math.fround(0.9))).toBe(1);
    expect(nearestLevel(Float64Array.of(0.8, 0.9, 1), 1)).toBe(2);
  });
});
