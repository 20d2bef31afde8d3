import { describe, expect, it } from 'vitest';
import type { Structural } from '../../core/structural.ts';
import { microFixture } from '../../envs/huggett/fixture.ts';
import { structuralCore } from '../../envs/huggett/structural-core.ts';
import { addBoundsPenalty, gradientOfIncrements, toIncrements, toLevels } from './adam-step.ts';
import { type AdjointOptions, adjoint } from './adjoint.ts';
import { jsLoops } from './loops-js.ts';
import { simulatePath } from './simulate.ts';
import { makeTape, type Tape } from './tape.ts';

const fixture = microFixture();
const { setup, mass, periods, paths, shocks, increments } = fixture;
const structural = structuralCore(setup) as unknown as Structural;
const cells = mass.length;
const tied = setup.prices.length;
const levels = new Float64Array(increments.length);
toLevels(increments, levels, tied, cells);
const nothing = new Float64Array(0);

/** Sums of numbers of order one in float64. */
const ROUNDING = 1e-10;
/** Central differences of step 1e-6 of the stored file. */
const DIFFERENCES = 1e-7;

function run(options: { readonly table?: Float64Array; readonly path?: number; readonly tape?: Tape }) {
  const { table = levels, path = 1 } = options;
  const tape = options.tape ?? makeTape(structural, periods, 'discounted');
  const population = mass.slice();
  simulatePath(
    {
      structural,
      tables: [table],
      shocks,
      shocksAt: path * periods,
      mass: population,
      carried: structural.carried.slice(),
      ...(options.tape === undefined ? {} : { frozen: 'frozen' as const }),
    },
    tape,
    undefined,
  );
  return { tape, population };
}

function differentiate(tape: Tape, changes: Partial<AdjointOptions> = {}) {
  const size = tied * setup.productivity.length;
  const gradient = new Float64Array(size * cells);
  const errors = new Float64Array(size * cells);
  const visits = new Float64Array(changes.weights === 'uniform' ? size : size * cells);
  const values = new Float64Array(cells);
  const objective = adjoint(
    {
      structural,
      limit: 'masked',
      terminal: new Float64Array(cells),
      weights: 'discounted',
      learning: periods,
      ...changes,
    },
    tape,
    {
      gradient: [changes.weights === 'uniform' ? nothing : gradient],
      errors: [errors],
      visits: [visits],
      values,
    },
  );
  return { objective, gradient, errors, visits, values };
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe('a path of the structural Huggett economy', () => {
  it('has the prices, cross-sections, objective and gradient of the stored rollout', () => {
    const gradient = new Float64Array(levels.length);
    let objective = 0;
    for (let path = 0; path < paths; path++) {
      const { tape, population } = run({ path });
      for (let t = 0; t < periods; t++) {
        expect(Math.abs(tape.period[t].aggregates[0] - fixture.prices[t][path])).toBeLessThan(ROUNDING);
      }
      expect(largest(population.map((m, j) => m - fixture.finalMass[path][j]))).toBeLessThan(ROUNDING);
      const found = differentiate(tape);
      objective += found.objective / paths;
      for (let i = 0; i < gradient.length; i++) gradient[i] += found.gradient[i] / paths;
    }
    const penalty = addBoundsPenalty(levels, gradient);
    expect(penalty).toBeCloseTo(fixture.penalty, 12);
    expect(Math.abs(objective + penalty - fixture.objective)).toBeLessThan(ROUNDING);
    gradientOfIncrements(gradient, tied, cells);
    expect(largest(gradient.map((g, i) => g - fixture.gradient[i]))).toBeLessThan(DIFFERENCES);
  });

  it('keeps mass to rounding, and the mean of what is chosen', () => {
    const { tape } = run({});
    const moved = new Float64Array(cells);
    const pushed = new Float64Array(cells);
    jsLoops.push(
      mass,
      0,
      0,
      tape.lower,
      tape.upperWeight,
      setup.incomeTransition,
      0,
      setup.incomes.length,
      moved,
      pushed,
    );
    const sum = (values: Float64Array) => values.reduce((total, x) => total + x, 0);
    expect(Math.abs(sum(pushed) - sum(mass))).toBeLessThan(1e-12);
    const bonds = (values: Float64Array) =>
      values.reduce((total, m, j) => total + m * setup.assets[j % setup.assets.length], 0);
    const chosen = mass.reduce((total, m, j) => {
      const i = tape.lower[j];
      const w = tape.upperWeight[j];
      return total + m * ((1 - w) * setup.assets[i] + w * setup.assets[i + 1]);
    }, 0);
    expect(bonds(pushed)).toBeCloseTo(chosen, 12);
  });

  it('takes prices as given: the same on a tape whose prices are held, another once they answer', () => {
    const { tape } = run({});
    const { gradient } = differentiate(tape);
    const step = 1e-6;
    const objective = (i: number, change: number, held: boolean) => {
      const table = levels.slice();
      table[i] += change;
      const moved = run({ table, ...(held ? { tape } : {}) });
      return differentiate(moved.tape).objective;
    };
    const slope = (i: number, held: boolean) =>
      (objective(i, step, held) - objective(i, -step, held)) / (2 * step);
    // Entries at a share of one sit on a kink.
    const inner = Array.from(levels.keys()).filter((i) => levels[i] < 0.999);
    const gaps = (held: boolean) => largest(inner.map((i) => slope(i, held) - gradient[i]));
    expect(gaps(true)).toBeLessThan(DIFFERENCES);
    expect(gaps(false)).toBeGreaterThan(1e-3 * largest(gradient));
  });

  it('has the same objective from any number of paths where nothing is drawn', () => {
    const first = differentiate(run({ path: 0 }).tape).objective;
    const again = differentiate(run({ path: 0 }).tape).objective;
    expect(again).toBe(first);
  });
});

describe('errors of visited entries', () => {
  it('are the gradient over unit and weight: with one table and discounted weights, the same signs', () => {
    const { tape } = run({});
    const { gradient, errors } = differentiate(tape);
    for (let i = 0; i < gradient.length; i++) {
      if (Math.abs(gradient[i]) > 1e-12) expect(Math.sign(errors[i])).toBe(Math.sign(gradient[i]));
    }
  });

  it('count visits once: uniform weights sum to the periods learned from', () => {
    const { tape } = run({});
    const { visits } = differentiate(tape, { weights: 'uniform', learning: 3 });
    // Each period spreads 1 / J per cell over its nodes.
    expect(visits.reduce((sum, v) => sum + v, 0) * cells).toBeCloseTo(3, 12);
  });

  it('let those at the limit learn one way only: to eat less', () => {
    const { tape } = run({});
    const masked = differentiate(tape, { weights: 'uniform' }).errors;
    const oneSided = differentiate(tape, { weights: 'uniform', limit: 'one-sided' }).errors;
    const more = oneSided.map((e, i) => e - masked[i]);
    expect(largest(more)).toBeGreaterThan(0);
    for (const e of more) expect(e).toBeLessThanOrEqual(1e-15);
  });
});

describe('next assets among the nodes', () => {
  it('go to the nodes around them in proportions that keep the mean, and are cut at the top', () => {
    const assets = Float64Array.of(0, 1, 3);
    const inverse = Float64Array.of(1, 0.5);
    const lower = new Int32Array(4);
    const weight = new Float64Array(4);
    const place = new Uint8Array(4);
    const next = Float64Array.of(0, 0.25, 2, 5);
    jsLoops.placeNext(assets, inverse, next, Uint8Array.of(1, 0, 0, 0), 0, lower, weight, place);
    expect([...lower]).toEqual([0, 0, 1, 1]);
    expect([...weight]).toEqual([0, 0.25, 0.5, 1]);
    expect([...place]).toEqual([1, 0, 0, 2]);
  });
});

describe('increments along a price', () => {
  it('are undone by summing', () => {
    const back = new Float64Array(increments.length);
    toIncrements(levels, back, tied, cells);
    expect(largest(back.map((x, i) => x - increments[i]))).toBeLessThan(1e-14);
  });
});
