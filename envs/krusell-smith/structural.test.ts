import { describe, expect, it } from 'vitest';
import { newPeriod, type Structural } from '../../core/structural.ts';
import { meanOver } from '../../solvers/histogram.ts';
import { krusellSmithCalibration } from './calibration.ts';
import { factorPrices } from './model.ts';
import { krusellSmithModel } from './setup.ts';
import { krusellSmithStructural, structuralFrom } from './structural.ts';
import { RATE, settleAt, structuralCore, WAGE } from './structural-core.ts';
import { microFixture } from './structural-fixture.ts';
import { readBilinearly } from './structural-kernels.ts';
import { capitalGap, carryOver, sharesAt, simulateTables } from './structural-path.ts';
import { structuralSetup } from './structural-sizes.ts';

const fixture = microFixture();
const { setup, shares, mass, shocks } = fixture;

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe('a path of the structural Krusell-Smith economy', () => {
  it('eats and saves what it has: C + K next = (1 + r) K + w L', () => {
    const path = simulateTables(setup, shares, shocks, mass);
    const labour = mass.reduce((sum, m, j) => sum + m * setup.units[Math.floor(j / setup.assets.length)], 0);
    const all = (1 + path.interestRate[0]) * path.capital[0] + path.wage[0] * labour;
    expect(path.consumption[0] + path.capital[1]).toBeCloseTo(all, 12);
  });
});

describe('prices of a period', () => {
  it("are the firm's marginal products, which exhaust output", () => {
    const period = newPeriod(structuralCore(setup));
    settleAt(setup, 4.2, 1, period);
    const [r, w] = [period.aggregates[RATE], period.aggregates[WAGE]];
    const prices = factorPrices(setup, { productivity: setup.productivity[1], capital: 4.2, labour: 1 });
    expect([r, w]).toEqual([expect.closeTo(prices.r, 14), expect.closeTo(prices.w, 14)]);
    expect((r + setup.depreciation) * 4.2 + w).toBeCloseTo(prices.output, 12);
  });

  it('are read between four nodes exactly where a table is bilinear, and at the ends beyond', () => {
    const { rates, wages } = setup;
    const period = newPeriod(structuralCore(setup));
    const table = Float64Array.from({ length: rates.length * wages.length }, (_, k) => {
      const [r, w] = [rates[Math.floor(k / wages.length)], wages[k % wages.length]];
      return 1 + 2 * r - 3 * w + 5 * r * w;
    });
    const out = new Float64Array(1);
    const read = (r: number, w: number) => {
      const beyond = readBilinearly(rates, wages, r, w, period);
      sharesAt(table, period, out);
      return { beyond, value: out[0] };
    };
    const [r, w] = [0.0431, 1.234];
    expect(read(r, w)).toEqual({ beyond: 0, value: expect.closeTo(1 + 2 * r - 3 * w + 5 * r * w, 12) });
    expect(read(rates[0] - 1, wages[0] - 1)).toEqual({ beyond: 1, value: expect.closeTo(table[0], 14) });
    expect(read(9, 9)).toEqual({ beyond: 1, value: expect.closeTo(table[table.length - 1], 14) });
  });
});

const model = krusellSmithModel(krusellSmithCalibration.parse({ households: 6 }));
const quick = structuralSetup(model, { size: 'quick' });

describe('the annual economy at quick size', () => {
  it('has the grids that were tried: 80 assets to 50, r from .005 to .095, w from .78 to 1.70', () => {
    const ends = [quick.assets, quick.rates, quick.wages].map((grid) => [
      grid.length,
      grid[0],
      grid[grid.length - 1],
    ]);
    expect(ends[0]).toEqual([80, 0, expect.closeTo(50, 9)]);
    expect(ends[1]).toEqual([12, expect.closeTo(0.005, 3), expect.closeTo(0.095, 3)]);
    expect(ends[2]).toEqual([16, expect.closeTo(0.78, 2), expect.closeTo(1.7, 2)]);
  });

  it('begins where households rest without aggregate risk, K = 5.08 (reference: 5.0845)', () => {
    expect(meanOver(quick.population, quick.assets)).toBeCloseTo(5.0845, 1);
  });

  it('starts from consumption that would grow by (beta R)^(1/sigma) if prices stayed', () => {
    const [table] = structuralCore(quick).start('closed-form');
    const [i, j] = [6, 8];
    const [r, w] = [quick.rates[i], quick.wages[j]];
    const cells = quick.population.length;
    const node = (i * quick.wages.length + j) * cells;
    const e = 1;
    const eaten = (a: number) => table[node + e * 80 + a] * ((1 + r) * quick.assets[a] + w * quick.units[e]);
    const a = 60;
    const next = (1 + r) * quick.assets[a] + w * quick.units[e] - eaten(a);
    const at = quick.assets.findIndex((b) => b > next);
    const weight = (next - quick.assets[at - 1]) / (quick.assets[at] - quick.assets[at - 1]);
    // Linear in assets, so that interpolation is exact.
    const later = (1 - weight) * eaten(at - 1) + weight * eaten(at);
    expect(later / eaten(a)).toBeCloseTo((0.95 * (1 + r)) ** (1 / 3), 10);
  });

  it('plays what the table says where households and prices are on its nodes', () => {
    const structuralForm = krusellSmithStructural(model, { size: 'quick' });
    const table = quick.population.map((_, j) => 0.1 + 0.001 * j);
    const tables = [Float64Array.from({ length: 12 * 16 * table.length }, (_, i) => table[i % table.length])];
    const state = {
      capital: Float64Array.of(0, 3, 10, 20, 40, 79).map((a) => quick.assets[a]),
      status: Uint8Array.of(0, 1, 2, 0, 1, 2),
      turn: Int32Array.of(0, 1, 2, 3, 4, 5),
      productivity: 5,
    };
    const household = new Float64Array(6);
    structuralForm.act({ tables, population: quick.population }, state, { household });
    const expected = [0, 80 + 3, 160 + 10, 20, 80 + 40, 160 + 79].map((j) => table[j]);
    expect(largest(household.map((x, i) => x - expected[i]))).toBeLessThan(1e-12);
  });

  it('mixes consumption, not shares, between the nodes of assets', () => {
    const structuralForm = krusellSmithStructural(model, { size: 'quick' });
    const table = quick.population.map((_, j) => 0.9 - 0.01 * (j % 80));
    const tables = [Float64Array.from({ length: 12 * 16 * table.length }, (_, i) => table[i % table.length])];
    const half = (quick.assets[40] + quick.assets[41]) / 2;
    const state = {
      capital: new Float64Array(6).fill(half),
      status: new Uint8Array(6).fill(1),
      turn: Int32Array.of(0, 1, 2, 3, 4, 5),
      productivity: 5,
    };
    const household = new Float64Array(6);
    structuralForm.act({ tables, population: quick.population }, state, { household });
    const { r, w } = factorPrices(model, { productivity: 1, capital: half, labour: quick.units[1] });
    const cash = (b: number) => (1 + r) * b + w * quick.units[1];
    const eaten = [40, 41].map((a) => table[80 + a] * cash(quick.assets[a]));
    expect(household[0] * cash(half)).toBeCloseTo((eaten[0] + eaten[1]) / 2, 10);
  });

  it('is the same in a thread that is sent its data', () => {
    const structuralForm = krusellSmithStructural(model, { size: 'quick' });
    const there = structuralFrom(structuredClone(structuralForm.source.argument) as typeof quick);
    const settle = (form: Structural) => {
      const period = newPeriod(form);
      form.settle(quick.population, Int32Array.of(7), 0, [], form.carried, period);
      return period;
    };
    expect(settle(there)).toEqual(settle(structuralForm as unknown as Structural));
  });

  it('widens both grids where prices leave them, and tables keep what they say', () => {
    const structuralForm = krusellSmithStructural(model, { size: 'quick' });
    const wider = structuralForm.widen?.([new Float64Array(12 * 16 * 240).fill(0.3)]);
    const [low, high] = wider?.request.priceRange ?? [0, 0];
    expect(low).toBeLessThan(quick.rates[0]);
    expect(high).toBeGreaterThan(quick.rates[11]);
    expect(largest(wider?.tables[0].map((x) => x - 0.3) ?? [1])).toBeLessThan(1e-14);
    const again = structuralSetup(model, wider?.request ?? { size: 'quick' });
    expect(again.wages[0]).toBeLessThan(quick.wages[0]);
    expect(again.wages[15]).toBeGreaterThan(quick.wages[15]);
  });

  it('lets households eat as little as in the paper, at every size, whatever the floor of the environment', () => {
    expect(model.consumptionFloor).toBe(0.1);
    for (const size of ['quick', 'notebook', 'paper'] as const)
      expect(structuralSetup(model, { size, assetNodes: 8, priceNodes: 2 }).consumptionFloor).toBe(1e-3);
    const lower = krusellSmithModel(krusellSmithCalibration.parse({ consumptionFloor: 1e-5 }));
    expect(structuralSetup(lower, { size: 'paper', assetNodes: 8, priceNodes: 2 }).consumptionFloor).toBe(
      1e-5,
    );
  });

  it('names what it cannot be asked for', () => {
    const ask = (request: object) => () => structuralSetup(model, { size: 'quick', ...request });
    expect(ask({ shockNodes: 31 })).toThrow(/productivityStates=31/);
    expect(ask({ lags: 1 })).toThrow(/lags/);
    expect(ask({ priceRange: [0.1, 0.05] })).toThrow(/priceLow below priceHigh/);
    expect(ask({ assetNodes: 2 })).toThrow(/assetNodes is 2/);
  });
});

describe('capital along two paths', () => {
  it('is compared in logarithms', () => {
    const gap = capitalGap(Float64Array.of(1.01, 2.02, 3.03), Float64Array.of(1, 2, 3));
    expect(gap.mean).toBeCloseTo(Math.log(1.01), 12);
    expect(gap.max).toBeCloseTo(Math.log(1.01), 12);
    expect(gap.bias).toBeCloseTo(Math.log(1.01), 12);
    expect(gap.correlation).toBeCloseTo(1, 12);
  });

  it('starts the same when a cross-section changes its nodes', () => {
    const from = Float64Array.of(0, 1, 2.5, 4);
    const to = Float64Array.of(0, 2, 5);
    const moved = carryOver(Float64Array.of(0.1, 0.2, 0.3, 0.4), from, to);
    expect(meanOver(moved, to)).toBeCloseTo(0.2 + 0.75 + 1.6, 12);
    expect(moved.reduce((sum, m) => sum + m, 0)).toBeCloseTo(1, 12);
  });
});
