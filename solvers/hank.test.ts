import { describe, expect, it } from 'vitest';
import { hankAtRest, hankModel, type StickyPrices } from './hank.ts';
import { paperHank, textbookHank } from './hank-test-fixtures.ts';
import { readReference } from './reference/read.ts';
import { linearise, type Paths, respond } from './sequence-space.ts';
import { perfectForesight } from './sequence-space-path.ts';

interface AtRest {
  readonly r: number;
  readonly w: number;
  readonly Pi: number;
  readonly Y: number;
  readonly C: number;
  readonly d: number;
  readonly T: number;
  readonly rows: readonly number[];
  readonly consumption: readonly (readonly number[])[];
  readonly labour: readonly (readonly number[])[];
  readonly distribution: readonly (readonly number[])[];
}

interface Linear {
  readonly z_shock: Readonly<Record<'Y' | 'C' | 'Pi' | 'r' | 'w', readonly number[]>>;
}

/** The reference solves the same discretised problem, its prices to about 1e-10 and its tables printed with ten digits. */
const SAME_METHOD = 1e-8;
/** Printed with eight digits, of responses of order one; differences of steps. */
const EIGHT_DIGITS = 2e-8;

const T = 300;
const economy = paperHank();
const rest = hankAtRest(economy);
const linear = linearise(hankModel(economy, rest), rest.block, rest.households, { horizon: T });

/** Paths of z and e from unit shocks that die out by a tenth a period. */
function shocks(z: number, e: number): Float64Array {
  return Float64Array.from({ length: 2 * T }, (_, k) => (k < T ? z : e) * 0.9 ** (k % T));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function gap(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return largest(Array.from(y, (value, t) => x[t] - value));
}

describe('the HANK of the paper at rest', () => {
  const reference = readReference<AtRest>('hank-without-risk');

  it('pays 2.35905 percent at a wage of .89937, prices falling by .275 percent', () => {
    expect(rest.converged).toBe(true);
    expect(Math.abs(rest.R - 1 - reference.r)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.wage - reference.w)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.inflation - reference.Pi)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.output - reference.Y)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.consumption - reference.C)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.dividend - reference.d)).toBeLessThan(SAME_METHOD);
    expect(Math.abs(rest.transfer - reference.T)).toBeLessThan(SAME_METHOD);
  });

  it('has the policies and the cross-section that another program found', () => {
    const consumption = rest.households.outputs.subarray(600, 1200);
    const effective = rest.households.outputs.subarray(1200);
    reference.rows.forEach((a, k) => {
      for (let e = 0; e < 3; e++) {
        const i = e * 200 + a;
        const hours = effective[i] / economy.household.efficiency[e];
        expect(Math.abs(consumption[i] - reference.consumption[k][e])).toBeLessThan(SAME_METHOD);
        expect(Math.abs(hours - reference.labour[k][e])).toBeLessThan(SAME_METHOD);
        expect(Math.abs(rest.households.distribution[i] - reference.distribution[k][e])).toBeLessThan(
          SAME_METHOD,
        );
      }
    });
  });

  it('uses all goods where bonds are held (Walras)', () => {
    const used = rest.consumption + 0.5 * 100 * rest.inflation ** 2 * rest.output;
    // By the budget the residual is r times that of bonds.
    expect(Math.abs(rest.output - used)).toBeLessThan(0.1 * rest.residual + 1e-10);
    expect(rest.residual).toBeLessThan(1e-7);
  });

  it('refuses rates that do not bracket, and firms that are none', () => {
    expect(() => hankAtRest(economy, { lower: 0.005, upper: 0.01 })).toThrow(/no change of sign/);
    expect(() => hankAtRest({ ...economy, elasticity: 1 })).toThrow(/the elasticity less one is 0/);
    expect(() => hankAtRest({ ...economy, reaction: 0.9 })).toThrow(/the reaction less one is/);
    expect(() => hankAtRest({ ...economy, bonds: -1 })).toThrow(/bonds are -1/);
  });
});

describe('linear responses of the HANK of the paper', () => {
  const reference = readReference<Linear>('hank-linear').z_shock;
  const productivity = respond(linear, shocks(1, 0));
  const monetary = respond(linear, shocks(0, 1));

  it.each(['Y', 'C', 'Pi', 'r', 'w'] as const)('to productivity are those of another program: %s', (name) => {
    expect(gap(productivity[name], reference[name])).toBeLessThan(EIGHT_DIGITS);
  });

  it('a higher nominal rate lowers output, consumption, the wage and prices at once, and raises the real rate', () => {
    for (const name of ['Y', 'C', 'w', 'Pi']) expect(monetary[name][0]).toBeLessThan(-0.5);
    expect(monetary.r[1]).toBeGreaterThan(0);
    // Simulated with both shocks, inflation moves by -1.49 and consumption by -1.12 with e; a response is a regression within a tenth.
    expect(Math.abs(monetary.Pi[0] / -1.49 - 1)).toBeLessThan(0.1);
    expect(Math.abs(monetary.C[0] / -1.12 - 1)).toBeLessThan(0.1);
    expect(Math.abs(monetary.Y[0] / -0.72 - 1)).toBeLessThan(0.1);
  });

  it.each([
    ['productivity', productivity],
    ['the rule', monetary],
  ] as const)('goods and bonds clear together after a shock to %s', (_, paths) => {
    expect(largest(paths.goods)).toBeLessThan(1e-8);
    expect(largest(paths.assets)).toBeLessThan(1e-8);
  });

  it('do not depend on the horizon: the equilibrium is determined', () => {
    const short = linearise(hankModel(economy, rest), rest.block, rest.households, { horizon: 200 });
    const z = Float64Array.from({ length: 400 }, (_, k) => (k < 200 ? 0.9 ** k : 0));
    const paths = respond(short, z);
    for (const name of ['Y', 'Pi', 'w']) {
      expect(gap(productivity[name], paths[name].subarray(0, 60))).toBeLessThan(1e-7);
    }
  });

  it('a rule that answers to inflation less than one for one leaves it undetermined: the last period decides', () => {
    // The level is moved so that rest is the same.
    const passive = { ...economy, reaction: 0.5, target: 1.025 * (1 + rest.inflation) };
    const moves = (prices: StickyPrices): number => {
      const [shorter, longer] = [100, 101].map((horizon) => {
        const z = Float64Array.from({ length: 2 * horizon }, (_, k) => (k < horizon ? 0.9 ** k : 0));
        const model = hankModel(prices, rest);
        return respond(linearise(model, rest.block, rest.households, { horizon }), z);
      });
      return gap(shorter.Pi.subarray(0, 20), longer.Pi.subarray(0, 20));
    };
    const active = moves(economy);
    expect(active).toBeLessThan(1e-5);
    expect(moves(passive)).toBeGreaterThan(20 * active + 1e-4);
  });
});

describe('perfect foresight in the HANK of the paper', () => {
  const responses: readonly (readonly [string, Float64Array, number])[] = [
    ['productivity', shocks(1, 0), 0.02],
    ['the rule', shocks(0, 1), 0.001],
  ];

  it.each(responses)(
    'is linear to first order after a shock to %s: a tenth of it, a hundredth of the gap',
    (_, unit, size) => {
      const first = respond(linear, unit);
      const gaps = (h: number): Paths => {
        const { converged, paths, residual } = perfectForesight(
          linear,
          unit.map((x) => h * x),
          { tolerance: 1e-12 },
        );
        expect(converged).toBe(true);
        expect(residual).toBeLessThan(1e-12);
        expect(largest(paths.goods)).toBeLessThan(1e-8);
        return Object.fromEntries(
          ['Y', 'Pi', 'w', 'r'].map((name) => [name, paths[name].map((x, t) => x - h * first[name][t])]),
        );
      };
      const [large, small] = [gaps(size), gaps(size / 10)];
      for (const name of ['Y', 'Pi', 'w', 'r']) {
        // Prices that are costly to change bend the responses: by a tenth for shocks of half a standard deviation.
        expect(largest(large[name])).toBeLessThan(0.2 * size * largest(first[name]));
        const ratio = largest(small[name]) / largest(large[name]);
        expect(ratio).toBeGreaterThan(0.005);
        expect(ratio).toBeLessThan(0.02);
      }
    },
  );

  it('says when it was cut off', () => {
    const cut = perfectForesight(linear, shocks(0.05, 0), { maxIterations: 1 });
    expect(cut).toMatchObject({ converged: false, iterations: 1 });
    expect(cut.residual).toBeGreaterThan(1e-9);
  });
});

describe('a textbook HANK with transfers in proportion to skill', () => {
  // Calibrated to r = .5 percent and Y = 1 with 200 nodes; the authors print .982 and .786.
  const textbook = textbookHank({ discountFactor: 0.982233002831713, weight: 0.7864949722129666 });
  const still = hankAtRest(textbook, { lower: 0.003, upper: 0.008 });
  const horizon = 200;
  const economyLinear = linearise(hankModel(textbook, still), still.block, still.households, { horizon });
  const path = (z: number, e: number, persistence: number): Float64Array =>
    Float64Array.from(
      { length: 2 * horizon },
      (_, k) => (k < horizon ? z : e) * persistence ** (k % horizon),
    );

  it('rests at r = .5 percent and output one at the published discount factor and weight of labour', () => {
    expect(still.converged).toBe(true);
    expect(Math.abs(textbook.household.discountFactor - 0.982)).toBeLessThan(5e-4);
    const { labour } = textbook.household;
    expect(labour.kind === 'chosen' && Math.abs(labour.weight - 0.786) < 6e-4).toBe(true);
    expect(Math.abs(still.R - 1.005)).toBeLessThan(1e-9);
    expect(Math.abs(still.output - 1)).toBeLessThan(1e-8);
    expect(Math.abs(still.inflation)).toBeLessThan(1e-9);
    expect(still.wage).toBeCloseTo(1 / 1.2, 9);
  });

  it('a cut of the rate by a quarter point raises output by .19 percent, more than it would rise for one household', () => {
    const cut = respond(economyLinear, path(0, -0.0025, 0.61));
    expect(largest(cut.goods)).toBeLessThan(1e-8);
    // Regression of this solver, unchanged between 200 and 300 periods.
    expect(cut.Y[0]).toBeCloseTo(0.00191003, 7);
    expect(cut.C[0]).toBeCloseTo(cut.Y[0], 7);
    // One household's Euler equation, sigma 2, along the same real rates.
    const alone = -cut.r.slice(1).reduce((sum, r) => sum + r, 0) / 2 / still.R;
    expect(cut.Y[0]).toBeGreaterThan(alone);
    expect(cut.Pi[0]).toBeGreaterThan(0);
    expect(cut.w[0] / cut.Y[0]).toBeGreaterThan(2);
  });

  it('agrees with perfect foresight to second order', () => {
    const unit = path(0, 1, 0.61);
    const first = respond(economyLinear, unit);
    const gaps = [0.0025, 0.00025].map((h) => {
      const { converged, paths } = perfectForesight(
        economyLinear,
        unit.map((x) => h * x),
        { tolerance: 1e-12 },
      );
      expect(converged).toBe(true);
      return largest(paths.Y.map((x, t) => x - h * first.Y[t]));
    });
    expect(gaps[1] / gaps[0]).toBeGreaterThan(0.005);
    expect(gaps[1] / gaps[0]).toBeLessThan(0.02);
  });
});
