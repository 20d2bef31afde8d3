/** Krusell-Smith in the hands of the structural agent: what is simulated and differentiated there is what was stored, and what the economy's own reports simulate. */
import { describe, expect, it } from 'vitest';
import { adjoint } from '../agents/structural/adjoint.ts';
import { simulatePath } from '../agents/structural/simulate.ts';
import { makeTape, type Tape } from '../agents/structural/tape.ts';
import type { Structural } from '../core/structural.ts';
import { krusellSmithCalibration, krusellSmithCalibrations } from '../envs/krusell-smith/calibration.ts';
import { krusellSmithModel } from '../envs/krusell-smith/setup.ts';
import {
  CAPITAL,
  RATE,
  type StructuralSetup,
  structuralCore,
  WAGE,
} from '../envs/krusell-smith/structural-core.ts';
import { microFixture } from '../envs/krusell-smith/structural-fixture.ts';
import { simulateTables } from '../envs/krusell-smith/structural-path.ts';
import { structuralSetup } from '../envs/krusell-smith/structural-sizes.ts';

const fixture = microFixture();

/** Sums of numbers of order one in float64. */
const ROUNDING = 1e-10;
/** Central differences of step 1e-6 of the stored file. */
const DIFFERENCES = 1e-7;

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** A path: an economy, its table, where it starts and what happens, one state of z more than periods. */
interface Rollout {
  readonly setup: StructuralSetup;
  readonly shares: Float64Array;
  readonly mass: Float64Array;
  readonly shocks: Int32Array;
  readonly periods: number;
}

const formOf = (setup: StructuralSetup) => structuralCore(setup) as unknown as Structural;

/** The path, or what follows from another table along a path whose periods are held. */
function run({ setup, shares, mass, shocks, periods }: Rollout, held?: Tape, structural = formOf(setup)) {
  const tape = held ?? makeTape(structural, periods, 'discounted');
  const population = mass.slice();
  simulatePath(
    {
      structural,
      tables: [shares],
      shocks,
      shocksAt: 0,
      mass: population,
      carried: structural.carried.slice(),
      ...(held === undefined ? {} : { frozen: 'frozen' as const }),
    },
    tape,
    undefined,
  );
  return { tape, population };
}

function differentiate({ setup, shares, mass, periods }: Rollout, tape: Tape, structural = formOf(setup)) {
  const empty = () => new Float64Array(shares.length);
  const gradient = empty();
  const objective = adjoint(
    {
      structural,
      limit: 'masked',
      terminal: new Float64Array(mass.length),
      weights: 'discounted',
      learning: periods,
    },
    tape,
    { gradient: [gradient], errors: [empty()], visits: [empty()], values: new Float64Array(mass.length) },
  );
  return { objective, gradient };
}

/** d objective / d share_i by central differences, prices held or not. */
function slope(rollout: Rollout, i: number, prices: 'held' | 'answering', step = 1e-6): number {
  const objective = (change: number) => {
    const shares = rollout.shares.slice();
    shares[i] += change;
    const moved = { ...rollout, shares };
    return differentiate(moved, run(moved, prices === 'held' ? run(rollout).tape : undefined).tape).objective;
  };
  return (objective(step) - objective(-step)) / (2 * step);
}

const largestEntry = (values: Float64Array) =>
  values.reduce((best, x, i) => (Math.abs(x) > Math.abs(values[best]) ? i : best), 0);

describe('a path of the structural Krusell-Smith economy', () => {
  it('has the prices, cross-section, objective and gradient of the stored rollout', () => {
    const { tape, population } = run(fixture);
    fixture.prices.forEach(([K, r, w], t) => {
      const { aggregates } = tape.period[t];
      expect(Math.abs(aggregates[CAPITAL] - K)).toBeLessThan(ROUNDING);
      expect(Math.abs(aggregates[RATE] - r)).toBeLessThan(ROUNDING);
      expect(Math.abs(aggregates[WAGE] - w)).toBeLessThan(ROUNDING);
    });
    expect(largest(population.map((m, j) => m - fixture.finalMass[j]))).toBeLessThan(ROUNDING);
    const { objective, gradient } = differentiate(fixture, tape);
    expect(Math.abs(objective - fixture.objective)).toBeLessThan(ROUNDING);
    expect(largest(gradient.map((g, i) => g - fixture.gradient[i]))).toBeLessThan(DIFFERENCES);
  });

  it('has an objective that moves by the gradient while prices are held, and otherwise once they answer', () => {
    const { gradient } = differentiate(fixture, run(fixture).tape);
    const i = largestEntry(gradient);
    expect(slope(fixture, i, 'held')).toBeCloseTo(gradient[i], 8);
    expect(Math.abs(slope(fixture, i, 'answering') - gradient[i])).toBeGreaterThan(
      1e-5 * Math.abs(gradient[i]),
    );
  });

  it('is simulated in the same way for reports as for training', () => {
    const { tape, population } = run(fixture);
    const { setup, shares, shocks, mass } = fixture;
    const path = simulateTables(setup, shares, shocks, mass);
    expect(largest(path.capital.map((K, t) => K - tape.period[t].aggregates[CAPITAL]))).toBeLessThan(1e-13);
    expect(largest(path.distribution.map((m, j) => m - population[j]))).toBeLessThan(1e-13);
  });

  it('is the same bit for bit whether incomes move by one matrix or by the same one after every pair of shocks', () => {
    const { setup, shocks } = fixture;
    const shorter = { ...fixture, periods: fixture.periods - 1 };
    const states = setup.productivity.length;
    const joint = (ownTransition: Float64Array): Structural => ({
      ...formOf(setup),
      ownTransition,
      ownPair: (at, from, to) => at[from] * states + at[to],
    });
    const walked = (structural: Structural) => {
      const { tape, population } = run({ ...shorter, shocks }, undefined, structural);
      return { population, ...differentiate(shorter, tape, structural) };
    };
    const one = walked(formOf(setup));
    expect(walked(joint(setup.ownTransitions))).toEqual(one);
    expect(walked(joint(setup.ownTransitions.slice().reverse()))).not.toEqual(one);
  });
});

describe('where jobs are lost as times turn bad', () => {
  const model = krusellSmithModel(
    krusellSmithCalibration.parse({ ...krusellSmithCalibrations.quarterly, households: 4 }),
  );
  const setup = structuralSetup(model, { size: 'quick', assetNodes: 20, priceNodes: 4 });
  const [shares] = structuralCore(setup).start('closed-form');
  const shocks = Int32Array.of(0, 0, 1, 1, 0, 1, 0, 0, 1);
  const periods = shocks.length - 1;
  const rollout = { setup, shares, mass: setup.population, shocks, periods };

  it('trains on the paths that it reports, and the unemployed become as many as the times have', () => {
    const { tape, population } = run(rollout);
    const path = simulateTables(setup, shares, shocks, setup.population);
    for (let t = 0; t < periods; t++)
      expect(Math.abs(path.capital[t] - tape.period[t].aggregates[CAPITAL])).toBeLessThan(1e-12);
    const labour = (mass: Float64Array) =>
      mass.reduce((sum, m, j) => sum + m * model.exposure.labour[Math.floor(j / setup.assets.length)], 0);
    // The start has the jobs of the long run.
    expect(Math.abs(labour(population) / model.expectedLabour[shocks[periods]] - 1)).toBeLessThan(0.01);
    expect(Math.abs(labour(setup.population) / model.expectedLabour[0] - 1)).toBeGreaterThan(0.02);
  });

  it('has an adjoint that expects by the matrix of the pair that happened: central differences, prices held', () => {
    const { gradient } = differentiate(rollout, run(rollout).tape);
    const scale = largest(gradient);
    const visited = Array.from(gradient.keys()).filter((i) => Math.abs(gradient[i]) > 1e-3 * scale);
    expect(visited.length).toBeGreaterThan(20);
    for (let k = 0; k < visited.length; k += Math.ceil(visited.length / 20))
      expect(Math.abs(slope(rollout, visited[k], 'held') - gradient[visited[k]])).toBeLessThan(1e-6 * scale);
  });
});
