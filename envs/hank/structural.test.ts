import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { newPeriod, STRUCTURAL_SIZES } from '../../core/structural.ts';
import { meanOver } from '../../solvers/histogram.ts';
import { hankCalibration } from './calibration.ts';
import { hank } from './economy.ts';
import { costShare, costSlope } from './model.ts';
import { hankSetup } from './setup.ts';
import { hankStructural, structuralFrom } from './structural.ts';
import { recommendedCore } from './structural-core.ts';
import { addFirmErrors, addFirmGradient } from './structural-firm.ts';
import { cellsAt } from './structural-households.ts';
import { followTables, startPoint } from './structural-path.ts';
import { AGGREGATES, INFLATION, OUTPUT, PRODUCTIVITY, RATE, WAGE, WIDTH } from './structural-places.ts';
import { publishedCore } from './structural-published.ts';
import { structuralSetup } from './structural-sizes.ts';
import { startConsumption } from './structural-start.ts';

/** A market search stops at 1e-11 of B. */
const CLEARED = 1e-10;
/** Of the start, 1e-9 of households would save beyond the last node. */
const GOODS = 2e-9;
const ROUNDING = 1e-12;

function small(settings: Readonly<Record<string, unknown>> = {}) {
  const model = hankSetup(hankCalibration.parse(settings));
  const setup = structuralSetup(model, { size: 'quick', assetNodes: 30 });
  return { model, setup };
}

describe('the structural HANK', () => {
  it('bonds and goods clear in every period (Walras), and budgets hold in every cell', () => {
    const { setup } = small();
    const core = recommendedCore(setup);
    const tables = core.start('closed-form');
    tables[2].forEach((_, k) => {
      tables[2][k] = 0.004 * Math.sin(k);
    });
    const logZ = Float64Array.from({ length: 40 }, (_, t) => 0.15 * Math.sin(t));
    const e = logZ.map((x) => 0.02 * x);
    const path = followTables(core, tables, { logZ, e }, startPoint(core));
    expect(path.missed).toBe(0);
    for (let t = 0; t < 40; t++) {
      expect(Math.abs(path.residual[t])).toBeLessThan(CLEARED);
      const used = path.consumption[t] + costShare(setup, path.inflation[t]) * path.output[t];
      expect(Math.abs(path.output[t] - used)).toBeLessThan(GOODS);
      expect(path.output[t]).toBeCloseTo(path.productivity[t] * path.labour[t], 12);
    }
    const cells = cellsAt(setup, core, tables, { logZ: 0.1, e: 0, point: path.end });
    expect(cells.consumption.every((c) => c > 0)).toBe(true);
    expect(cells.savings.every((b) => b >= 0)).toBe(true);
    const spent = cells.mass.reduce((sum, m, j) => sum + m * (cells.consumption[j] + cells.savings[j]), 0);
    expect(spent).toBeGreaterThan(5);
  });

  it('starts from households that hold B and eat what they make', () => {
    const { setup } = small();
    expect(Math.abs(meanOver(setup.population, setup.assets) - 5)).toBeLessThan(1e-9);
    expect(setup.population.reduce((sum, m) => sum + m, 0)).toBeCloseTo(1, 12);
    const { consumption, output } = startConsumption(setup);
    const eaten = setup.population.reduce((sum, m, j) => sum + m * consumption[j], 0);
    expect(Math.abs(eaten - output)).toBeLessThan(1e-9);
  });

  it('works the hours of the condition within the period where worth is marginal utility', () => {
    const { setup } = small();
    const core = recommendedCore(setup);
    const tables = core.start('closed-form');
    const first = cellsAt(setup, core, tables, { logZ: 0, e: 0, point: startPoint(core) });
    const cells = first.mass.length;
    // One more round: consumption at the first round's worth, and worth from that.
    for (let round = 0; round < 200; round++) {
      const now = cellsAt(setup, core, tables, { logZ: 0, e: 0, point: startPoint(core) });
      tables[1].forEach((_, i) => {
        tables[1][i] = Math.sqrt(tables[1][i] / now.consumption[i % cells]);
      });
    }
    const now = cellsAt(setup, core, tables, { logZ: 0, e: 0, point: startPoint(core) });
    for (const gap of now.labourGap) expect(Math.abs(gap)).toBeLessThan(1e-9);
  });

  it('a firm has nothing to gain on a path on which the Phillips curve holds, and gains by raising prices where wages are higher', () => {
    const { setup } = small();
    const T = 80;
    const path = restingPath(T, 0.9 + 10 * 0.004 * 1.004 * (1 - 1 / 1.03), 0.004, 0.03);
    expect(Math.abs(costSlope(setup, 0.004) - 0.004 * 1.004)).toBeLessThan(ROUNDING);
    for (const trace of [1, 0.8, 0]) {
      const [errors, visits] = [new Float64Array(1), new Float64Array(1)];
      addFirmErrors({ ...setup, trace }, path, errors, visits);
      expect(visits[0]).toBe(50);
      expect(Math.abs(errors[0])).toBeLessThan(ROUNDING);
      addFirmErrors({ ...setup, trace }, restingPath(T, 0.95, 0.004, 0.03), errors, visits);
      expect(errors[0]).toBeGreaterThan(0.1);
    }
    const gradient = new Float64Array(1);
    addFirmGradient(setup, path, gradient);
    expect(Math.abs(gradient[0])).toBeLessThan(1e-10);
  });

  it('errors of inflation in full are the gradient in current values', () => {
    const { setup } = small();
    // The period learned from is one: the gradient over its own curvature.
    const path = restingPath(2, 0.93, 0.01, 0.02);
    const [errors, visits, gradient] = [0, 1, 2].map(() => new Float64Array(1));
    addFirmErrors({ ...setup, trace: 1 }, path, errors, visits);
    addFirmGradient(setup, path, gradient);
    expect(errors[0]).toBeCloseTo((gradient[0] * 1.01) / setup.adjustmentCost, 12);
  });

  it('acts in the environment by its tables, and another thread simulates the same', () => {
    const economy = instantiate(hank, { set: { households: 5 } });
    const model = hankSetup(hankCalibration.parse({ households: 5 }));
    const structural = hankStructural(model, { size: 'quick' });
    const tables = structural.start('closed-form');
    tables[2].fill(0.003);
    const state = economy.definition.init({
      model: economy.model,
      rng: { uniform: () => 0.4, categorical: () => 1 } as never,
      options: {},
    });
    const actions = { household: new Float64Array(10), firm: new Float64Array(1) };
    structural.act({ tables, population: structural.population }, state, actions);
    expect(actions.firm[0]).toBeCloseTo(0.003, 15);
    expect(actions.household.every((x) => x > 0 && x < 5)).toBe(true);
    const other = structuralFrom(structural.source.argument as never);
    const [a, b] = [structural, other].map((one) => {
      const period = newPeriod(one as never);
      const carried = one.carried.slice();
      one.settle(one.population.slice(), Int32Array.of(20, 3), 0, tables, carried, period);
      return [...period.aggregates, ...carried];
    });
    expect(a).toEqual(b);
  });

  it.each(STRUCTURAL_SIZES)('has every size: %s', (size) => {
    const { model } = small();
    const { assets, logProductivity } = structuralSetup(model, { size });
    expect(assets.length).toBe({ quick: 60, notebook: 100, paper: 200 }[size]);
    expect(logProductivity.length).toBeGreaterThanOrEqual(31);
  });
});

describe('the published information', () => {
  it('says where no wage between its nodes clears, and what is left of the market where one does', () => {
    const { setup } = small({ information: 'published' });
    const core = publishedCore(setup);
    const zero = new Float64Array(10);
    const start = followTables(core, core.start('closed-form'), { logZ: zero, e: zero }, startPoint(core));
    expect(start.missed).toBeLessThan(10);
    // The paper's own start makes too much: nobody would hold so few bonds at any wage.
    const crude = followTables(core, core.start('constant'), { logZ: zero, e: zero }, startPoint(core));
    expect(crude.missed).toBe(10);
  });
});

/** Everything constant: wage, inflation, real rate; output 1, one node. */
function restingPath(periods: number, wage: number, inflation: number, rate: number) {
  const G = AGGREGATES.length;
  const aggregates = new Float64Array(periods * G);
  for (let t = 0; t < periods; t++) {
    aggregates[t * G + PRODUCTIVITY] = 1;
    aggregates[t * G + OUTPUT] = 1;
    aggregates[t * G + WAGE] = wage;
    aggregates[t * G + INFLATION] = inflation;
    aggregates[t * G + RATE] = rate;
  }
  const nodes = new Int32Array(periods * 3 * WIDTH);
  const weights = new Float64Array(periods * 3 * WIDTH);
  for (let t = 0; t < periods; t++) weights[(3 * t + 2) * WIDTH] = 1;
  return { periods, nodes, weights, aggregates };
}
