import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawNext,
  exponentiateToMeanOne,
  mapLevels,
  markovChain,
  normaliseRows,
  simulate,
  stationary,
  stationaryMean,
} from './markov.ts';
import { createRng } from './random.ts';
import { holds } from './testing/property.ts';

/** Rounding of sums over at most eight states. */
const ROUNDING = 1e-14;
const PUBLISHED = [
  [0.9727, 0.0273, 0, 0, 0],
  [0.0041, 0.9806, 0.0153, 0, 0],
  [0, 0.0082, 0.9837, 0.0082, 0],
  [0, 0, 0.0153, 0.9806, 0.0041],
  [0, 0, 0, 0.0273, 0.9727],
];
/** The productivity levels of the same table (Aruoba and Fernandez-Villaverde 2015). */
const PRODUCTIVITY = [0.9792, 0.9896, 1, 1.0106, 1.0212];

const chains = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc
    .array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: n, maxLength: n }), {
      minLength: n,
      maxLength: n,
    })
    .map((rows) =>
      normaliseRows(
        markovChain(
          rows.map((_, i) => i),
          rows,
          { rows: 'as-given' },
        ),
      ),
    ),
);

describe('the stationary distribution', () => {
  it('is a distribution that one step leaves where it is', () => {
    holds(
      fc.property(chains, (chain) => {
        const { n, transition } = chain;
        const pi = stationary(chain);
        expect(Math.abs(pi.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(ROUNDING);
        for (let j = 0; j < n; j++) {
          let next = 0;
          for (let i = 0; i < n; i++) next += pi[i] * transition[i * n + j];
          expect(pi[j]).toBeGreaterThan(0);
          expect(Math.abs(next - pi[j])).toBeLessThan(ROUNDING);
        }
      }),
    );
  });

  it('of a two-state chain is in proportion to the odds of arriving, to full relative accuracy', () => {
    // pi_0 / pi_1 = P_10 / P_01; a linear solve would lose the digits of 1e-18 in 1 - 1e-18.
    const chain = markovChain(
      [0, 1],
      [
        [0.5, 0.5],
        [1e-18, 1 - 1e-18],
      ],
    );
    expect(stationary(chain)[0] / 2e-18).toBeCloseTo(1, 13);
  });

  it('gives nothing to transient states, wherever they stand', () => {
    const chain = markovChain(
      [0, 1, 2],
      [
        [0.5, 0.25, 0.25],
        [0, 0.9, 0.1],
        [0, 0.3, 0.7],
      ],
    );
    const pi = stationary(chain);
    expect(pi[0]).toBe(0);
    expect(Math.abs(pi[1] - 0.75)).toBeLessThan(ROUNDING);
  });

  it('of a periodic chain exists all the same', () => {
    const cycle = markovChain([0, 1, 2], [0, 1, 0, 0, 0, 1, 1, 0, 0]);
    expect(Array.from(stationary(cycle))).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('is refused where the long run depends on the start', () => {
    const split = markovChain([0, 1, 2], [1, 0, 0, 0.5, 0, 0.5, 0, 0, 1]);
    expect(() => stationary(split)).toThrow(/states 0 and 2 belong to different recurrent classes/);
  });

  it('of a published matrix whose row sums to 1.0001 is that of the matrix with the row divided by its sum', () => {
    const chain = markovChain(PRODUCTIVITY, PUBLISHED, { rows: 'as-given' });
    expect(chain.transition[2 * 5 + 1]).toBe(0.0082);
    const pi = stationary(chain);
    expect(Array.from(pi)).toEqual(Array.from(stationary(normaliseRows(chain))));
    // Detailed balance between the middle and its neighbour, of the divided row.
    expect(Math.abs((pi[1] * 0.0153) / (pi[2] * 0.0082) - 1 / 1.0001)).toBeLessThan(ROUNDING * 10);
  });
});

describe('levels', () => {
  it('exponentiated to mean one have stationary mean one, in the proportions of exp', () => {
    holds(
      fc.property(chains, (chain) => {
        const income = exponentiateToMeanOne(chain);
        expect(Math.abs(stationaryMean(income) - 1)).toBeLessThan(ROUNDING);
        const last = chain.n - 1;
        expect(Math.abs(Math.log(income.levels[last] / income.levels[0]) - last)).toBeLessThan(ROUNDING * 10);
      }),
    );
  });

  it('that a map sends out of the finite numbers are refused', () => {
    expect(() => mapLevels(markovChain([0, 1], [1, 0, 0, 1]), Math.log)).toThrow(
      /entry 0 of levels is -Infinity/,
    );
  });
});

describe('simulation', () => {
  const chain = markovChain(PRODUCTIVITY, PUBLISHED, { rows: 'as-given' });

  it('visits states as often as the stationary distribution says', () => {
    const steps = 400_000;
    const path = simulate(chain, { steps, start: 'stationary', rng: createRng('path') });
    const pi = stationary(chain);
    const share = path.filter((s) => s === 2).length / path.length;
    // The slowest mode decays at about 0.01 a step, so there are about steps / 200 independent visits: four errors.
    expect(Math.abs(share - pi[2])).toBeLessThan(4 * Math.sqrt((pi[2] * (1 - pi[2]) * 200) / steps));
  });

  it('moves as often as the rows say, and never where they say never', () => {
    const path = simulate(chain, { steps: 200_000, start: 0, rng: createRng('moves') });
    const counts = new Float64Array(25);
    const visits = new Float64Array(5);
    for (let t = 1; t < path.length; t++) {
      counts[path[t - 1] * 5 + path[t]]++;
      visits[path[t - 1]]++;
    }
    const divided = normaliseRows(chain).transition;
    for (let k = 0; k < 25; k++) {
      const p = divided[k];
      const error = Math.sqrt((p * (1 - p)) / visits[Math.floor(k / 5)]);
      // Four standard errors for thirteen frequencies; none at all where p is 0.
      expect(Math.abs(counts[k] / visits[Math.floor(k / 5)] - p)).toBeLessThanOrEqual(4 * error);
    }
  });

  it('starts where it is told, makes the steps it is told, and equals drawing one by one', () => {
    const path = simulate(chain, { steps: 50, start: 3, rng: createRng(5) });
    const rng = createRng(5);
    let state = 3;
    const expected = [3];
    for (let t = 0; t < 50; t++) {
      state = drawNext(chain, state, rng);
      expected.push(state);
    }
    expect(Array.from(path)).toEqual(expected);
  });
});

describe('errors', () => {
  it('say which row, entry or length is wrong', () => {
    expect(() => markovChain([], [])).toThrow(/levels has 0 entries/);
    expect(() => markovChain([1, Number.NaN], [1, 0, 0, 1])).toThrow(/entry 1 of levels is NaN/);
    expect(() => markovChain([0, 1], [[1, 0], [1]])).toThrow(/row 1 has 1 entries/);
    expect(() => markovChain([0, 1], [1, 0, 1])).toThrow(
      /matrix has 3 entries; a chain of 2 levels asks for 4/,
    );
    expect(() => markovChain([0, 1], [1.1, -0.1, 0, 1])).toThrow(/P\[0, 1\] is -0.1/);
    expect(() => markovChain([0, 1], [1, 0, Number.NaN, 1])).toThrow(/P\[1, 0\] is NaN/);
    expect(() => markovChain([0, 1], [1, 0, 0, 0], { rows: 'as-given' })).toThrow(/row 1 sums to 0/);
    expect(() => markovChain(PRODUCTIVITY, PUBLISHED)).toThrow(/row 2 sums to 1.0001/);
    expect(() => markovChain(PRODUCTIVITY, PUBLISHED, { rowSumTolerance: 2e-4 })).not.toThrow();
    const chain = markovChain([0, 1], [1, 0, 0, 1]);
    expect(() => simulate(chain, { steps: 1, start: 2, rng: createRng(1) })).toThrow(/start is 2/);
    expect(() => simulate(chain, { steps: -1, start: 0, rng: createRng(1) })).toThrow(/steps is -1/);
  });
});
