import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const BENCHMARK = 'Aruoba and Fernández-Villaverde (2015), J. Econ. Dynamics and Control 58';
const REVENGE = 'public project Bellmans Revenge';
const SUITE = 'this suite';

/** The parameters that the whole family shares; `jesusfv` and `jesusfv-extended` each add their depreciation. */
export const growthParameters = {
  capitalShare: parameter(z.number().min(0.05).max(0.8), 1 / 3, {
    description: 'alpha in output = z k^alpha',
    unit: 'share of output',
    source: BENCHMARK,
  }),
  discountFactor: parameter(z.number().min(0.05).max(0.9999), 0.95, {
    description: 'beta of the household, and the discount of its learners',
    unit: 'per period',
    source: BENCHMARK,
  }),
  transition: parameter(z.enum(['normalised', 'published']), 'normalised', {
    description:
      'rows of the productivity chain: "published" keeps the printed third row, which sums to 1.0001 (sampling divides by it; ' +
      'successors and the oracle use it as printed); "normalised" has 0.00815 for its two 0.0082',
    unit: 'choice',
    source: `published: ${BENCHMARK}; normalised: ${REVENGE}`,
  }),
  action: parameter(z.enum(['share', 'level']), 'share', {
    description: 'what the household chooses: a share of available resources, or a level of consumption',
    unit: 'choice',
    source: `level: ${REVENGE}; share: ${SUITE}`,
  }),
  reset: parameter(z.enum(['default', 'wide']), 'default', {
    description:
      'first capital: uniform on 0.5 to 1.5 times its steady state, or ("wide") uniform on (0, 1] in units of the good',
    unit: 'choice',
    source: `wide: ${REVENGE}; default: ${SUITE}`,
  }),
  resetProductivity: parameter(z.enum(['stationary', 'uniform']), 'uniform', {
    description:
      'first productivity: uniform on its five states, which shows learners the rare ones as often, or from the ' +
      'stationary distribution of its chain',
    unit: 'choice',
    source: `uniform: ${REVENGE}; stationary: ${SUITE}`,
  }),
  observation: parameter(z.enum(['steady-state', 'upstream', 'raw']), 'steady-state', {
    description:
      'what agents see: deviations of order one; (k - 0.5, [d - 0.9,] z/4 - 0.5) as upstream; or capital, [depreciation] and ' +
      'the productivity index themselves',
    unit: 'choice',
    source: `upstream: ${REVENGE}; steady-state: ${SUITE}`,
  }),
  reward: parameter(z.enum(['log', 'scaled']), 'log', {
    description: 'log c, or (1 - beta) log c as in the benchmark programs',
    unit: 'choice',
    source: `scaled: ${BENCHMARK}; log: ${REVENGE}`,
  }),
  horizon: parameter(z.int().min(1).max(100_000), 50, {
    description: 'periods until an episode is truncated; the economy itself never ends',
    unit: 'periods',
    source: SUITE,
  }),
};

/** Settings of `jesusfv`: the family's and a constant rate of depreciation. */
export const jesusfvCalibration = z.strictObject({
  ...growthParameters,
  depreciation: parameter(z.number().min(0).max(1), 1, {
    description: 'share of capital lost in a period; exactly 0 means that none is lost',
    unit: 'per period',
    source: BENCHMARK,
  }),
});

export type JesusfvCalibration = z.output<typeof jesusfvCalibration>;
export type GrowthCalibration = Omit<JesusfvCalibration, 'depreciation'>;

/** Named calibrations of `jesusfv`. */
export const jesusfvCalibrations: Readonly<Record<string, Readonly<Partial<JesusfvCalibration>>>> = {
  /** Depreciation of a tenth: capital outlives the period, and the closed form is gone. */
  annual: { depreciation: 0.1 },
};
