import { describe, expect, it } from 'vitest';
import { checkEconomy } from '../../core/check-economy.ts';
import { checkEnv } from '../../core/check-env.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { hankCalibration, hankCalibrations } from './calibration.ts';
import { hank } from './economy.ts';
import { clearPeriod, type PeriodWork, periodWork, profitOf } from './market.ts';
import { hankSetup } from './setup.ts';
import { type HankState, usualWage } from './state.ts';
import { hankSteadyState } from './steady-state.ts';

type Settings = Readonly<Record<string, unknown>>;
type Hank = Economy<HankState, 'household' | 'firm'>;

function economyOf(calibration: string | undefined, set: Settings = {}): Hank {
  return instantiate(hank, calibration === undefined ? { set } : { calibration, set });
}

function setupOf(calibration: 'without-risk' | undefined, set: Settings) {
  const changes = calibration === undefined ? {} : hankCalibrations[calibration];
  return hankSetup(hankCalibration.parse({ ...changes, ...set }));
}

/** What the checks take: its own types forgotten. */
const plain = (economy: Hank) => economy as unknown as Economy;

/** A market search stops at 1e-11 of B: what prices of sums in another order differ by. */
const CLEARED = 1e-9;

function household(index: number, choices: Float64Array, share: number, worth: number): void {
  choices[2 * index] = share;
  choices[2 * index + 1] = worth;
}

/** A state of two households, without shocks, and one period of it. */
function small(set: Settings = {}, changes: Partial<HankState> = {}) {
  const model = setupOf('without-risk', { households: 2, ...set });
  const state: HankState = {
    bonds: Float64Array.of(0, 10),
    status: Uint8Array.of(0, 2),
    turn: Int32Array.of(0, 1),
    relativePrices: new Float64Array(model.firms).fill(1),
    nominalRate: 1.025,
    productivity: 0,
    monetary: 0,
    wage: usualWage(model, 0),
    ...changes,
  };
  const clear = (choices: readonly number[], prices: readonly number[]): PeriodWork => {
    const work = periodWork(model);
    clearPeriod(model, state, Float64Array.from(choices), Float64Array.from(prices), work);
    return work;
  };
  return { model, state, clear };
}

describe('the HANK environment', () => {
  it.each([
    [undefined, { households: 6 }],
    [undefined, { households: 5, firms: 4 }],
    ['textbook', { households: 6 }],
    ['without-risk', { households: 4, borrowingLimit: -0.5 }],
  ] as const)('keeps the contract and its laws: %s %o', async (calibration, set) => {
    const economy = plain(economyOf(calibration, { ...set, horizon: 12 }));
    expect(checkEnv(economy).failures).toEqual([]);
    const report = await checkEconomy(economy, { tensors: 'skip', steps: 30, seeds: [1] });
    expect(report.failures).toEqual([]);
    for (const law of ['E1', 'E3', 'E5', 'E6', 'E11']) {
      const rows = report.checks.filter(({ name }) => name.startsWith(`${law} `));
      expect(rows.some(({ passed }) => passed > 0)).toBe(true);
    }
  });

  it('treats households alike: the same happens to them, whatever their places', () => {
    const { model, state, clear } = small({ households: 2 });
    const work = clear([0.3, 1, 0.1, 0.8], [0.01]);
    const turned: HankState = {
      ...state,
      bonds: Float64Array.from(state.bonds).reverse(),
      status: Uint8Array.from(state.status).reverse(),
    };
    const other = periodWork(model);
    clearPeriod(model, turned, Float64Array.of(0.1, 0.8, 0.3, 1), Float64Array.of(0.01), other);
    expect(Math.abs(other.wage - work.wage)).toBeLessThan(CLEARED);
    expect(Math.abs(other.consumption[0] - work.consumption[1])).toBeLessThan(CLEARED);
    expect(Math.abs(other.hours[1] - work.hours[0])).toBeLessThan(CLEARED);
  });

  it('rests where the solver does: a large sample of its households, its policies and its inflation clear at its wage', () => {
    const set = { households: 4000, productivityDeviation: 0, monetaryDeviation: 0 };
    const model = setupOf(undefined, set);
    const rest = hankSteadyState(model);
    const A = rest.assets.length;
    // Every 1/4000 of the cross-section sends one household: hardly any luck is left.
    let [cell, sum] = [0, rest.distribution[0]];
    const cells = Int32Array.from({ length: 4000 }, (_, i) => {
      while (sum < (i + 0.5) / 4000) sum += rest.distribution[++cell];
      return cell;
    });
    const bonds = Float64Array.from(cells, (at) => rest.assets[at % A]);
    const mean = bonds.reduce((total, b) => total + b, 0) / 4000;
    const state: HankState = {
      bonds: bonds.map((b) => (b * 5) / mean),
      status: Uint8Array.from(cells, (at) => Math.floor(at / A)),
      turn: Int32Array.from({ length: 4000 }, (_, i) => i),
      relativePrices: Float64Array.of(1),
      nominalRate: rest.R * (1 + rest.inflation),
      productivity: 0,
      monetary: 0,
      wage: 0.8,
    };
    const choices = new Float64Array(8000);
    cells.forEach((at, i) => {
      const c = rest.consumptionTable[at];
      const y = model.incomes.levels[state.status[i]];
      const earned = rest.wage * y * rest.labourTable[at];
      const base = 1.025 * rest.assets[at % A] + earned + rest.dividend - 0.025 * 5;
      household(i, choices, c / base, 1 / c);
    });
    const work = periodWork(model);
    clearPeriod(model, state, choices, Float64Array.of(rest.inflation), work);
    expect(work.atBound).toBe(0);
    expect(Math.abs(work.realReturn - rest.R)).toBeLessThan(1e-12);
    // One in 4,000 at the ends of rows of the cross-section, in wealth of up to 30.
    expect(Math.abs(work.wage / rest.wage - 1)).toBeLessThan(2e-3);
    expect(Math.abs(work.output / rest.output - 1)).toBeLessThan(2e-3);
    expect(Math.abs(work.meanConsumption / rest.consumption - 1)).toBeLessThan(2e-3);
  });
});

describe('one period of the HANK environment', () => {
  it('bonds and goods clear at the same wage (Walras)', () => {
    const { clear } = small();
    for (const [choices, prices] of [
      [[0.3, 1, 0.1, 0.8], [0]],
      [[0.9, 2, 0.05, 0.3], [0.03]],
      [[0.2, 1.5, 0.15, 1], [-0.04]],
    ] as const) {
      const work = clear(choices, prices);
      expect(work.atBound).toBe(0);
      expect(Math.abs(work.meanSavings - 5)).toBeLessThan(1e-10);
      const goods = work.output * (1 - work.cost) - work.meanConsumption;
      expect(Math.abs(goods)).toBeLessThan(1e-10);
      expect(work.cost).toBeCloseTo(50 * prices[0] ** 2, 12);
    }
  });

  it('where everyone would eat all, the wage stands at the end of its range, and it is said so', () => {
    const work = small().clear([0.9999, 0.1, 0.9999, 0.1], [0]);
    expect(work.atBound).toBe(1);
    expect(work.wage).toBeCloseTo(4, 12);
    const least = small().clear([1e-4, 5, 1e-4, 5], [0]);
    expect(least.atBound).toBe(1);
    expect(least.wage).toBeCloseTo(0.3, 12);
  });

  it('finds the same wage from wherever it starts', () => {
    const choices = [0.3, 1, 0.1, 0.8];
    const { wage } = small().clear(choices, [0.01]);
    for (const from of [0.3, 0.6, 2, 4]) {
      expect(Math.abs(small({}, { wage: from }).clear(choices, [0.01]).wage - wage)).toBeLessThan(CLEARED);
    }
  });

  it('who could not pay taxes works until they are paid, and eats', () => {
    const { clear } = small({}, { nominalRate: 1.15 });
    // At 15 percent taxes are .75; what the least efficient would choose to work does not pay them.
    const work = clear([0.5, 0.5, 0.2, 1], [0]);
    expect(work.atBound).toBe(0);
    // Twice the floor, dividends of what it works included.
    expect(Math.abs(work.consumption[0] - 0.002)).toBeLessThan(1e-12);
    expect(work.savings[0]).toBe(0);
    expect(work.hours[0]).toBeGreaterThan(2 * 0.5 * 0.534 * work.wage);
    expect(Math.abs(work.output - work.labour)).toBeLessThan(1e-14);
  });

  it('a surprise in prices moves savings between households, not what they would eat', () => {
    const { clear } = small();
    const [calm, surprised] = [clear([0.25, 1, 0.1, 0.8], [0]), clear([0.25, 1, 0.1, 0.8], [0.001])];
    // Bonds of 10 lose 1 percent of interest against taxes on 5; at the same wage consumption is the same but for the cost of changing prices.
    expect(Math.abs(surprised.consumption[1] / calm.consumption[1] - 1)).toBeLessThan(2e-4);
    expect(surprised.savings[1] - calm.savings[1]).toBeLessThan(-0.004);
  });

  it('relative prices keep to their index, dispersion wastes labour, and profits make up dividends', () => {
    const { model, state, clear } = small({ firms: 3 });
    const work = clear([0.3, 1, 0.1, 0.8], [0.04, -0.02, 0]);
    const index = work.prices.reduce((sum, p) => sum + p ** -9, 0) / 3;
    expect(index).toBeCloseTo(1, 12);
    expect(work.dispersion).toBeGreaterThan(1.001);
    expect(work.output * work.dispersion).toBeCloseTo(work.labour, 12);
    const profits = [0, 1, 2].map((j) => profitOf(model, state, work, j));
    expect(profits.reduce((sum, x) => sum + x, 0) / 3).toBeCloseTo(work.dividend, 12);
    // Alone, a firm is the index.
    const alone = small().clear([0.3, 1, 0.1, 0.8], [0.04]);
    expect(alone.inflation).toBeCloseTo(0.04, 15);
    expect(alone.dispersion).toBe(1);
  });

  it('the central bank answers inflation and its own shock one period later', () => {
    const economy = economyOf(undefined, { households: 3 });
    const { model, definition } = economy;
    const rng = createRng(1);
    const state = definition.init({ model, rng, options: { monetary: 30 } });
    const actions = { household: new Float64Array(6).fill(0.5), firm: Float64Array.of(0.02) };
    const rewards = { household: new Float64Array(3), firm: new Float64Array(1) };
    expect(state.nominalRate).toBe(1.025);
    definition.step({ model, state, actions, rewards, rng });
    expect(state.nominalRate).toBeCloseTo(1.025 * 1.02 ** 1.5 * Math.exp(0.006), 12);
    expect(() => definition.init({ model, rng, options: { monetary: 31 } })).toThrow(/states 0 to 30/);
  });
});
