import { describe, expect, it } from 'vitest';
import { geometricGrid, linspace } from '../numerics/grids.ts';
import type { WorkingHousehold } from './household-labour.ts';
import { readReference } from './reference/read.ts';
import { linearise, type Paths, respond } from './sequence-space.ts';
import { blockAtRest } from './sequence-space-block.ts';
import { type CapitalFirms, capitalAtRest, capitalModel, firmsAt } from './sequence-space-capital.ts';
import { perfectForesight } from './sequence-space-path.ts';
import { workingBlock } from './sequence-space-working.ts';
import { incomes } from './test-fixtures.ts';

const alpha = 0.36;

function productivity(T: number, size: number, persistence: number): Float64Array {
  return Float64Array.from({ length: T }, (_, t) => size * persistence ** t);
}

function largest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function largestGap(x: Float64Array, y: Float64Array): number {
  return largest(x.map((value, t) => value - y[t]));
}

describe('one household with log utility and full depreciation (Brock and Mirman 1972)', () => {
  const beta = 0.95;
  const T = 80;
  const firms: CapitalFirms = { capitalShare: alpha, depreciation: 1, labour: 1 };
  const { capital, wage } = firmsAt(firms, 1 / beta);
  // The policy at rest is to stay, linear in assets, so nodes are exact; K is one of them, and the limit is far.
  const assets = linspace(-4 * capital, 6 * capital, 41);
  const at = 16;
  assets[at] = capital;
  const household: WorkingHousehold = {
    discountFactor: beta,
    riskAversion: 1,
    labour: { kind: 'fixed' },
    assets,
    transition: Float64Array.of(1),
    efficiency: Float64Array.of(1),
  };
  const block = workingBlock(household, { outputs: ['assets', 'consumption'] });
  const carried = assets.map((a) => 1 / beta / (wage + (1 / beta - 1) * a));
  const start = new Float64Array(41);
  start[at] = 1;
  const inputs = Float64Array.of(1 / beta, wage, 0);
  const rest = blockAtRest(block, inputs, { carried, converged: true }, { start });
  const economy = linearise(capitalModel(firms, capital), block, rest, { horizon: T });

  it('saves alpha beta of output: log K follows alpha log K + log z to first order', () => {
    const z = productivity(T, 1, 0.8);
    const { K } = respond(economy, z);
    let k = 0;
    for (let t = 0; t < T / 2; t++) {
      k = alpha * k + z[t];
      // Differences of steps of 1e-5, through a chain of 80 periods.
      expect(Math.abs(K[t] / capital - k)).toBeLessThan(1e-6);
    }
  });

  it('and exactly, K = alpha beta z K^alpha, when productivity falls by a tenth', () => {
    const z = productivity(T, -0.1, 0.8);
    const { converged, paths } = perfectForesight(economy, z, { tolerance: 1e-12 });
    expect(converged).toBe(true);
    let K = capital;
    for (let t = 0; t < T / 2; t++) {
      K = alpha * beta * (1 + z[t]) * K ** alpha;
      // A chord of c between nodes is exact, as c is linear; the limit is not out of sight altogether.
      expect(Math.abs((capital + paths.K[t]) / K - 1)).toBeLessThan(1e-8);
    }
  });

  it('is refused where names repeat, and where there is no rest', () => {
    const model = capitalModel(firms, capital);
    expect(() => linearise({ ...model, reports: ['Y', 'K', 'goods'] }, block, rest, { horizon: 5 })).toThrow(
      /two variables are called "K"/,
    );
    const moved = capitalModel(firms, 1.1 * capital);
    expect(() => linearise(moved, block, rest, { horizon: 5 })).toThrow(
      /input 0 of households is .* at rest/,
    );
    const unclear = { ...model, residuals: (_: unknown, out: Float64Array) => out.fill(0.1) };
    expect(() => linearise(unclear, block, rest, { horizon: 5 })).toThrow(/residual 0 is 0.1 at rest/);
    expect(() => respond(economy, new Float64Array(3))).toThrow(/the shocks has 3 entries/);
  });
});

describe('Krusell and Smith in sequence space', () => {
  const chain = incomes();
  const household: WorkingHousehold = {
    discountFactor: 0.95,
    riskAversion: 3,
    labour: { kind: 'fixed' },
    assets: geometricGrid({ low: 0, high: 100, n: 200 }),
    transition: chain.transition,
    efficiency: chain.levels,
  };
  const firms: CapitalFirms = { capitalShare: alpha, depreciation: 0.08, labour: 1 };
  const rest = capitalAtRest(household, firms, { lower: 0.02, upper: 0.05 });
  const T = 200;
  const economy = linearise(capitalModel(firms, rest.capital), rest.block, rest.households, { horizon: T });
  const z = productivity(T, 1, 0.9);
  const response = respond(economy, z);

  it('rests where the stationary solver does', () => {
    const reference = readReference<{ K: number; r: number }>('krusell-smith-without-risk');
    expect(rest.converged).toBe(true);
    // Prices of the reference are good to about 1e-10, its capital to 1e-8.
    expect(Math.abs(rest.R - 1 - reference.r)).toBeLessThan(1e-8);
    expect(Math.abs(rest.capital - reference.K)).toBeLessThan(1e-7);
  });

  it('capital rises for a while after productivity, then falls, and goods are all used', () => {
    const peak = response.K.indexOf(Math.max(...response.K));
    expect(peak).toBeGreaterThan(3);
    expect(peak).toBeLessThan(20);
    expect(response.K[0]).toBeGreaterThan(0);
    expect(response.Y[0]).toBeCloseTo(rest.capital ** alpha, 6);
    expect(response.r[40]).toBeLessThan(0);
    // Of responses of order ten; rest itself is good to 1e-8.
    expect(largest(response.goods)).toBeLessThan(1e-6);
  });

  it('responds in proportion, and shocks add up', () => {
    const mixed = respond(
      economy,
      z.map((x, t) => -3 * x + (t === 7 ? 1 : 0)),
    );
    const pulse = respond(
      economy,
      Float64Array.from({ length: T }, (_, t) => (t === 7 ? 1 : 0)),
    );
    const sum = response.K.map((x, t) => -3 * x + pulse.K[t]);
    expect(largestGap(mixed.K, sum)).toBeLessThan(1e-9);
  });

  it('agrees with perfect foresight to second order: a tenth of the shock, a hundredth of the gap', () => {
    const gap = (size: number): number => {
      const { converged, paths } = perfectForesight(
        economy,
        z.map((x) => size * x),
        { tolerance: 1e-11 },
      );
      expect(converged).toBe(true);
      return largestGap(
        paths.K,
        response.K.map((x) => size * x),
      );
    };
    const [large, small] = [gap(0.02), gap(0.002)];
    expect(large).toBeLessThan(0.05 * 0.02 * largest(response.K));
    expect(small / large).toBeGreaterThan(0.005);
    expect(small / large).toBeLessThan(0.02);
  });

  it('with hardly any risk is the growth model: consumption obeys one Euler equation', () => {
    // Three incomes a hundredth apart, and more patience than rest leaves to risk: nobody is near the limit.
    const still: WorkingHousehold = {
      ...household,
      transition: Float64Array.of(1),
      efficiency: Float64Array.of(1),
      assets: geometricGrid({ low: 0, high: 100, n: 400 }),
    };
    const { capital, wage } = firmsAt(firms, 1 / 0.95);
    const assets = still.assets.map((a) => a);
    const at = assets.findIndex((a) => a > capital);
    assets[at] = capital;
    const one = { ...still, assets };
    const block = workingBlock(one, { outputs: ['assets', 'consumption'] });
    const carried = assets.map((a) => (wage + (1 / 0.95 - 1) * a) ** -3 / 0.95);
    const start = new Float64Array(400);
    start[at] = 1;
    const inputs = Float64Array.of(1 / 0.95, wage, 0);
    const alone = blockAtRest(block, inputs, { carried, converged: true }, { start });
    const growth: Paths = respond(linearise(capitalModel(firms, capital), block, alone, { horizon: T }), z);
    const C = alone.aggregates[1];
    for (let t = 0; t < T / 2; t++) {
      const grows = (growth.consumption[t + 1] - growth.consumption[t]) / C;
      expect(Math.abs(grows - (0.95 * growth.r[t + 1]) / 3)).toBeLessThan(1e-5);
    }
  });

  it('refuses households that choose their labour', () => {
    const working: WorkingHousehold = { ...household, labour: { kind: 'chosen', weight: 1, curvature: 1 } };
    expect(() => capitalAtRest(working, firms, { lower: 0.02, upper: 0.05 })).toThrow(/labour is chosen/);
  });
});
