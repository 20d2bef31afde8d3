import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { krusellSmith } from './economy.ts';
import { householdProblem } from './household.ts';
import { reference } from './reference/read.ts';
import { type KrusellSmithModel, krusellSmithModel } from './setup.ts';

/** Printed with ten digits or more. */
const TEN_DIGITS = 1e-9;
/** Sums of a few probabilities. */
const ROUNDING = 1e-14;

type Settings = Readonly<Record<string, unknown>>;

function modelOf(calibration: string, set: Settings = {}): KrusellSmithModel {
  return instantiate(krusellSmith, { calibration, set }).model as KrusellSmithModel;
}

function near(found: ArrayLike<number>, expected: readonly number[], slack: number): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((one, i) => {
    expect(Math.abs(found[i] - one)).toBeLessThanOrEqual(slack);
  });
}

describe('what households are exposed to', () => {
  it('in the annual economy are the published three incomes, cut at the tails, with mean one', () => {
    const { labour, conditional, shares } = modelOf('annual').exposure;
    near(labour, reference.income.levels, TEN_DIGITS);
    near(conditional.subarray(0, 9), reference.income.transition.flat(), TEN_DIGITS);
    // Printed to seven digits.
    near(shares.subarray(0, 3), reference.income.stationary, 1e-7);
  });

  it('raw incomes have the mean 1.027, and production the same labour', () => {
    const { earnings, labour, shares } = modelOf('annual', { income: 'raw' }).exposure;
    const mean = earnings.reduce((sum, y, e) => sum + shares[e] * y, 0);
    expect(mean).toBeCloseTo(reference.income.rawMean, 9);
    near(labour, reference.income.levels, TEN_DIGITS);
  });

  it('productivity is the chain of the reference path when 0.03 is the deviation of innovations', () => {
    const { productivity, aggregate } = modelOf('annual').exposure;
    near(productivity, reference.productivity.levels, TEN_DIGITS);
    near(aggregate, reference.productivity.transition.flat(), TEN_DIGITS);
  });

  it('an innovation deviation of 0.03 and a stationary one of 0.03 / sqrt(1 - 0.9^2) are one chain', () => {
    const other = modelOf('annual', {
      productivityDeviation: 0.03 / Math.sqrt(1 - 0.81),
      productivityDeviationOf: 'stationary',
    });
    near(other.exposure.productivity, Array.from(modelOf('annual').exposure.productivity), ROUNDING);
    const narrow = modelOf('annual', { productivityDeviationOf: 'stationary' }).exposure.productivity;
    expect(Math.log(narrow[10])).toBeCloseTo(3 * 0.03, 12);
  });

  it('in the quarterly economy are the printed four pairs of times and employment', () => {
    const { transition } = householdProblem(modelOf('quarterly'));
    // Printed to six digits.
    near(transition, reference.employment.transition.flat(), 0.51e-6);
  });

  it('good and bad times last eight quarters, and jobs are lost and found as in MARL-BC when times change', () => {
    const { aggregate, conditional } = modelOf('quarterly').exposure;
    near(aggregate, [0.875, 0.125, 0.125, 0.875], ROUNDING);
    // P(lose a job | z, z') for (bad, bad), (bad, good), (good, bad), (good, good).
    const lost = [0, 1, 2, 3].map((pair) => conditional[pair * 4 + 2]);
    near(lost, [0.044444, 0.016667, 0.072917, 0.027778], 0.51e-6);
  });

  it('keep the shares of employed and incomes for every pair of aggregate states', () => {
    for (const [calibration, set] of [
      ['annual', {}],
      ['quarterly', { goodDuration: 3, goodUnemployment: 0.08, badUnemploymentDuration: 4 }],
      ['aiyagari', { incomePersistence: 0.9 }],
    ] as const) {
      const { shares, conditional, productivity, labour } = modelOf(calibration, set).exposure;
      const [Z, E] = [productivity.length, labour.length];
      for (let pair = 0; pair < Z * Z; pair++) {
        for (let to = 0; to < E; to++) {
          let next = 0;
          for (let e = 0; e < E; e++)
            next += shares[Math.floor(pair / Z) * E + e] * conditional[(pair * E + e) * E + to];
          expect(Math.abs(next - shares[(pair % Z) * E + to])).toBeLessThan(ROUNDING);
        }
      }
    }
  });

  it('have rows that sum to one', () => {
    for (const calibration of ['annual', 'quarterly', 'quarterly-insured', 'aiyagari']) {
      const { transition, aggregateStates, idiosyncraticStates } = householdProblem(modelOf(calibration));
      const width = aggregateStates * idiosyncraticStates;
      for (let row = 0; row < width; row++) {
        const sum = transition.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(ROUNDING);
      }
    }
  });

  it("in Aiyagari's economy are seven incomes and one aggregate state", () => {
    const { productivity, labour } = modelOf('aiyagari').exposure;
    expect([productivity.length, productivity[0], labour.length]).toEqual([1, 1, 7]);
  });

  it('are one state where deviations are zero', () => {
    const { labour, productivity } = modelOf('annual', {
      incomeDeviation: 0,
      productivityDeviation: 0,
    }).exposure;
    expect([...labour, ...productivity]).toEqual([1, 1]);
  });

  it('are refused where a job would have to be lost with negative probability, and the settings are named', () => {
    expect(() => modelOf('quarterly', { badUnemployment: 0.3, badUnemploymentDuration: 10 })).toThrow(
      /to lose a job from bad to good times would be -.*badUnemployment/,
    );
    expect(() => modelOf('quarterly', { stayUnemployedIntoBad: 1.7 })).toThrow(/stayUnemployedIntoBad/);
  });

  it('exact counts are whole, add up to the households, and are the expected ones where those are whole', () => {
    const { exactCounts } = modelOf('quarterly');
    expect(Array.from(exactCounts)).toEqual([10, 90, 4, 96]);
    for (const households of [1, 2, 7, 33]) {
      const counts = modelOf('annual', { households }).exactCounts;
      for (let z = 0; z < 11; z++) {
        const row = counts.subarray(3 * z, 3 * z + 3);
        expect(row[0] + row[1] + row[2]).toBe(households);
        expect(Math.abs(row[1] - households * 0.853418)).toBeLessThan(1);
      }
    }
  });

  it('is computed from any valid calibration alike', () => {
    expect(krusellSmithModel(krusellSmith.calibration.parse({})).exposure).toEqual(
      modelOf('annual').exposure,
    );
  });
});
