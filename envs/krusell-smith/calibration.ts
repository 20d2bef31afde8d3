import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const STRUCTURAL = 'Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892, Tables 4 and 5';
const BENCHMARK = 'Krusell and Smith (1998), J. Political Economy 106';
const COMPARISON = 'Den Haan, Judd and Juillard (2010), J. Econ. Dynamics and Control 34';
const SUITE = 'this suite';

const CHAINS = ['tauchen-trimmed', 'tauchen', 'rouwenhorst'] as const;

/** Technology, tastes, and what households are exposed to. */
const primitives = {
  capitalShare: parameter(z.number().min(0.05).max(0.8), 0.36, {
    description: 'alpha in Y = z K^alpha L^(1-alpha)',
    unit: 'share of output',
    source: STRUCTURAL,
  }),
  depreciation: parameter(z.number().min(0.001).max(1), 0.08, {
    description: 'delta, share of capital lost in a period',
    unit: 'per period',
    source: STRUCTURAL,
  }),
  discountFactor: parameter(z.number().min(0.05).max(0.9999), 0.95, {
    description: 'beta of households, and the discount of their learners',
    unit: 'per period',
    source: STRUCTURAL,
  }),
  riskAversion: parameter(z.number().min(0.1).max(10), 3, {
    description: 'sigma in u(c) = (c^(1-sigma) - 1) / (1 - sigma); 1 is log c',
    unit: 'none',
    source: STRUCTURAL,
  }),
  risk: parameter(z.enum(['income', 'employment']), 'income', {
    description:
      '"income": log productivity and, apart from it, log income are autoregressions on chains; "employment": good and bad times, ' +
      'and jobs that are lost and found according to them',
    unit: 'choice',
    source: `income: ${STRUCTURAL}; employment: ${BENCHMARK}`,
  }),
};

/** `risk: 'income'`. */
const incomeRisk = {
  incomePersistence: parameter(z.number().min(0).max(0.98), 0.6, {
    description: 'autocorrelation of log income',
    unit: 'per period',
    source: STRUCTURAL,
  }),
  incomeDeviation: parameter(z.number().min(0).max(0.6), 0.2, {
    description: 'standard deviation of log income; 0: all households earn the same',
    unit: 'log points',
    source: STRUCTURAL,
  }),
  incomeDeviationOf: parameter(z.enum(['stationary', 'innovation']), 'stationary', {
    description: 'which standard deviation of log income is meant',
    unit: 'choice',
    source: "stationary: the StructuralRL tutorial, and the levels in the paper's figures",
  }),
  incomeStates: parameter(z.int().min(2).max(21), 3, {
    description: 'states of the chain of log income',
    unit: 'states',
    source: STRUCTURAL,
  }),
  incomeChain: parameter(z.enum(CHAINS), 'tauchen-trimmed', {
    description: 'how log income is made a chain; "tauchen-trimmed" cuts the tails off the end states',
    unit: 'choice',
    source: 'tauchen-trimmed: the StructuralRL tutorial',
  }),
  income: parameter(z.enum(['normalised', 'raw']), 'normalised', {
    description:
      'mean income: 1, or ("raw") what exp of the chain gives, with the same labour in production: more is paid than is produced then',
    unit: 'choice',
    source: `raw: ${STRUCTURAL}; normalised: ${SUITE}`,
  }),
  productivityPersistence: parameter(z.number().min(0).max(0.98), 0.9, {
    description: 'autocorrelation of log z',
    unit: 'per period',
    source: STRUCTURAL,
  }),
  productivityDeviation: parameter(z.number().min(0).max(0.2), 0.03, {
    description: 'standard deviation of log z; 0: z = 1, no aggregate risk',
    unit: 'log points',
    source: STRUCTURAL,
  }),
  productivityDeviationOf: parameter(z.enum(['innovation', 'stationary']), 'innovation', {
    description: 'which standard deviation of log z is meant',
    unit: 'choice',
    source: `innovation: inferred from Figure 7 of ${STRUCTURAL}`,
  }),
  productivityStates: parameter(z.int().min(2).max(51), 11, {
    description: 'states of the chain of log z',
    unit: 'states',
    source: SUITE,
  }),
  productivityChain: parameter(z.enum(CHAINS), 'tauchen-trimmed', {
    description: 'how log z is made a chain',
    unit: 'choice',
    source: SUITE,
  }),
};

/** `risk: 'employment'`. Time is in periods of the calibration: quarters. */
const employmentRisk = {
  productivityGap: parameter(z.number().min(0).max(0.2), 0.01, {
    description: 'z is 1 + this in good times and 1 - this in bad ones',
    unit: 'level',
    source: BENCHMARK,
  }),
  goodDuration: parameter(z.number().min(1.05).max(100), 8, {
    description: 'expected length of good times',
    unit: 'periods',
    source: BENCHMARK,
  }),
  badDuration: parameter(z.number().min(1.05).max(100), 8, {
    description: 'expected length of bad times',
    unit: 'periods',
    source: BENCHMARK,
  }),
  goodUnemployment: parameter(z.number().min(0.01).max(0.3), 0.04, {
    description: 'share of households without a job in good times',
    unit: 'share of households',
    source: BENCHMARK,
  }),
  badUnemployment: parameter(z.number().min(0.01).max(0.3), 0.1, {
    description: 'share of households without a job in bad times',
    unit: 'share of households',
    source: BENCHMARK,
  }),
  goodUnemploymentDuration: parameter(z.number().min(1).max(10), 1.5, {
    description: 'expected length of unemployment while times are good',
    unit: 'periods',
    source: BENCHMARK,
  }),
  badUnemploymentDuration: parameter(z.number().min(1).max(10), 2.5, {
    description: 'expected length of unemployment while times are bad',
    unit: 'periods',
    source: BENCHMARK,
  }),
  stayUnemployedIntoBad: parameter(z.number().min(0).max(1.5), 1.25, {
    description: 'probability to stay unemployed as good times turn bad, over that in bad times that last',
    unit: 'ratio',
    source: BENCHMARK,
  }),
  stayUnemployedIntoGood: parameter(z.number().min(0).max(1.5), 0.75, {
    description: 'probability to stay unemployed as bad times turn good, over that in good times that last',
    unit: 'ratio',
    source: BENCHMARK,
  }),
  labourEndowment: parameter(z.number().min(0.05).max(10), 1 / 0.9, {
    description: 'labour of an employed household; it sets the scale of everything but rates',
    unit: 'units of labour',
    source: COMPARISON,
  }),
  unemploymentBenefit: parameter(z.number().min(0).max(0.5), 0, {
    description:
      'what the unemployed receive, paid by a tax on wages that balances the budget in every period',
    unit: 'share of the wage of a unit of labour',
    source: `0: ${BENCHMARK}; 0.15: ${COMPARISON}`,
  }),
};

/** The sample of households, and what they see. */
const sample = {
  households: parameter(z.int().min(1).max(2_000), 100, {
    description: 'sampled households; aggregates are their means',
    unit: 'households',
    source: SUITE,
  }),
  counts: parameter(z.enum(['independent', 'exact']), 'independent', {
    description:
      'households of each income, or employed: drawn one by one, or ("exact") as many as expected in every period, up to rounding',
    unit: 'choice',
    source: `exact: ${BENCHMARK}; independent: ${SUITE}`,
  }),
  observation: parameter(z.enum(['scaled', 'raw']), 'scaled', {
    description:
      'what a household sees: logs of cash on hand and mean capital relative to usual ones, places in the chains; or capital, ' +
      'own labour, mean capital and productivity themselves',
    unit: 'choice',
    source: SUITE,
  }),
  resetWealth: parameter(z.enum(['exponential', 'equal']), 'exponential', {
    description: 'first capital of households around its mean: unequal (Gini index 1/2), or the same for all',
    unit: 'choice',
    source: SUITE,
  }),
  consumptionFloor: parameter(z.number().min(1e-6).max(0.1), 0.1, {
    description:
      'utility of eating less than this is that of eating this, so that learners meet no cliffs; structural tables, which try nothing at random, go down to 0.001',
    unit: 'units of the good',
    source: `${SUITE}: a sixth of the lowest usual earnings; 0.001: ${STRUCTURAL}`,
  }),
  horizon: parameter(z.int().min(1).max(100_000), 200, {
    description: 'periods until an episode is truncated; the economy itself never ends',
    unit: 'periods',
    source: SUITE,
  }),
  periodsPerYear: parameter(z.int().min(1).max(12), 1, {
    description: 'how many periods make a year, for tables of business cycles',
    unit: 'periods',
    source: STRUCTURAL,
  }),
};

/** Settings of `krusell-smith`; the defaults are `annual`. */
export const krusellSmithCalibration = z.strictObject({
  ...primitives,
  ...incomeRisk,
  ...employmentRisk,
  ...sample,
});

export type KrusellSmithCalibration = z.output<typeof krusellSmithCalibration>;

const QUARTERLY: Readonly<Partial<KrusellSmithCalibration>> = {
  risk: 'employment',
  discountFactor: 0.99,
  riskAversion: 1,
  depreciation: 0.025,
  counts: 'exact',
  consumptionFloor: 1e-3,
  periodsPerYear: 4,
};

/** Named calibrations of `krusell-smith`. */
export const krusellSmithCalibrations: Readonly<Record<string, Readonly<Partial<KrusellSmithCalibration>>>> =
  {
    /** The structural-RL paper's. */
    annual: {},
    /** Krusell and Smith (1998): no benefits. Labour is measured as in 2010. */
    quarterly: QUARTERLY,
    /** The comparison of solution methods of 2010: benefits of 0.15. */
    'quarterly-insured': { ...QUARTERLY, unemploymentBenefit: 0.15 },
    /** Aiyagari (1994): no aggregate risk; income persistence 0, 0.3, 0.6, 0.9, deviation 0.2, 0.4 and risk aversion 1, 3, 5 make his table. */
    aiyagari: {
      discountFactor: 0.96,
      riskAversion: 1,
      incomeStates: 7,
      incomeChain: 'tauchen',
      productivityDeviation: 0,
    },
  };
