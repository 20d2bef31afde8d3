import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import { krusellSmithCalibration } from '../krusell-smith/calibration.ts';

const PAPER = 'Gabriele, Glielmo and Taboga (2026), arXiv 2510.12272';
const CODE = "the authors' public code (icogab/MARL-BC)";
const JAX = 'the public JAX re-implementation (danmonuni/jax-marl-bc)';
const SUITE = 'this suite';

/** Settings that both economies have with the same meaning are declared once. */
const shared = krusellSmithCalibration.shape;

const primitives = {
  labour: parameter(z.enum(['chosen', 'employment']), 'chosen', {
    description:
      '"chosen": households choose their labour, log productivity is an autoregression; "employment": jobs are lost and found in good and ' +
      'bad times, as in krusell-smith',
    unit: 'choice',
    source: CODE,
  }),
  households: parameter(z.int().min(1).max(2_000), 1, {
    description: 'households; aggregates are their means',
    unit: 'households',
    source: CODE,
  }),
  capitalShare: parameter(z.number().min(0.05).max(0.8), 0.36, {
    description: 'alpha in Y = A K^alpha L^(1-alpha)',
    unit: 'share of output',
    source: CODE,
  }),
  depreciation: parameter(z.number().min(0.001).max(1), 0.025, {
    description: 'delta, share of capital lost in a period',
    unit: 'per period',
    source: CODE,
  }),
  discountFactor: parameter(z.number().min(0.5).max(0.999), 0.95, {
    description: 'beta of households, and the discount of their learners',
    unit: 'per period',
    source: CODE,
  }),
  riskAversion: parameter(z.number().min(0.5).max(5), 1, {
    description: 'sigma in u(c) = (c^(1-sigma) - 1) / (1 - sigma); 1 is log c',
    unit: 'none',
    source: JAX,
  }),
  timing: parameter(z.enum(['observe-first', 'act-first']), 'observe-first', {
    description:
      "whether households see the period's shocks before they choose, or choose from the last period's: then the shocks are drawn, then it is " +
      'produced',
    unit: 'choice',
    source: `act-first: ${CODE}; observe-first: ${JAX}`,
  }),
};

/** `labour: 'chosen'`. */
const chosenLabour = {
  leisureWeight: parameter(z.number().min(0.5).max(12), 5, {
    description: 'b in the utility of leisure, b log(1 - l)',
    unit: 'utility',
    source: CODE,
  }),
  productivityPersistence: parameter(z.number().min(0).max(0.98), 0.9, {
    description: "rho in log A' = rho log A + sigma eps",
    unit: 'per period',
    source: CODE,
  }),
  productivityDeviation: parameter(z.number().min(0).max(0.05), 0.01, {
    description: 'sigma, of the innovations of log A; 0: A moves after impulses only',
    unit: 'log points',
    source: CODE,
  }),
  resetProductivity: parameter(z.enum(['stationary', 'uniform']), 'stationary', {
    description:
      'first log A: from its stationary law, or uniform within five of its standard deviations, so that what follows a large shock is learned too',
    unit: 'choice',
    source: `${SUITE}; the code starts at A = 1`,
  }),
};

/** `labour: 'employment'`; the rest of the chain is krusell-smith's. */
const employment = {
  productivityGap: parameter(z.number().min(0).max(0.2), 0.02, {
    description: 'A is 1 + this in good times and 1 - this in bad ones',
    unit: 'level',
    source: `${JAX}; 0.01: ${CODE}`,
  }),
  employmentLaw: parameter(z.enum(['conditional', 'redrawn']), 'conditional', {
    description:
      'employment as times change: "conditional" on the old, as Krusell and Smith (1998); "redrawn": everybody without a job with the new rate',
    unit: 'choice',
    source: `conditional: ${CODE}; redrawn: ${JAX}`,
  }),
  goodDuration: shared.goodDuration,
  badDuration: shared.badDuration,
  goodUnemployment: shared.goodUnemployment,
  badUnemployment: shared.badUnemployment,
  goodUnemploymentDuration: parameter(z.number().min(1.05).max(10), 1.5, {
    description: 'expected length of unemployment while times are good',
    unit: 'periods',
    source: CODE,
  }),
  badUnemploymentDuration: parameter(z.number().min(1.05).max(10), 2.5, {
    description: 'expected length of unemployment while times are bad',
    unit: 'periods',
    source: CODE,
  }),
  stayUnemployedIntoBad: shared.stayUnemployedIntoBad,
  stayUnemployedIntoGood: shared.stayUnemployedIntoGood,
  labourEndowment: parameter(z.number().min(0.05).max(10), 1.11, {
    description: 'labour of an employed household',
    unit: 'units of labour',
    source: CODE,
  }),
  counts: parameter(z.enum(['exact', 'independent']), 'exact', {
    description:
      'employed households: as many as expected in every period, up to rounding, or drawn one by one',
    unit: 'choice',
    source: `exact: ${CODE}; independent: ${JAX}`,
  }),
};

const heterogeneity = {
  heterogeneity: parameter(z.enum(['none', 'grid', 'classes']), 'none', {
    description:
      '"grid": capital and labour productivity on g equally spaced points each, every pair once, so g x g households; "classes": capital ' +
      'productivity 0.25, 1 and 1.5 for 15, 70 and 15 percent of at least three households, shares rounded up',
    unit: 'choice',
    source: CODE,
  }),
  capitalProductivityLow: parameter(z.number().min(0).max(1), 0.98, {
    description: 'least kappa of the grid',
    unit: 'level',
    source: `${CODE}; 0.8 and 0: ${JAX}`,
  }),
  capitalProductivityHigh: parameter(z.number().min(1).max(5), 1.02, {
    description: 'largest kappa of the grid',
    unit: 'level',
    source: `${CODE}; 1.2 and 2: ${JAX}`,
  }),
  labourProductivityLow: parameter(z.number().min(0.1).max(1), 0.98, {
    description: 'least lambda of the grid',
    unit: 'level',
    source: CODE,
  }),
  labourProductivityHigh: parameter(z.number().min(1).max(5), 1.02, {
    description: 'largest lambda of the grid',
    unit: 'level',
    source: CODE,
  }),
};

const environment = {
  actionScale: parameter(z.enum(['linear', 'log']), 'linear', {
    description:
      'how actions run through shares, of wealth or of time: in equal steps, or by equal factors; where shares are small utility is nearly linear in ' +
      'their log, and learners find its slope sooner',
    unit: 'choice',
    source: `linear: ${CODE}; log: ${SUITE}`,
  }),
  actionFloor: parameter(z.number().min(0.0001).max(0.05), 0.01, {
    description: 'actions reach from this share of wealth, or of time, to one less this',
    unit: 'share',
    source: `0.01: ${JAX}; 0.005: ${CODE}`,
  }),
  observation: parameter(z.enum(['relevant', 'full', 'paper', 'code']), 'relevant', {
    description:
      'what a household sees: "full" own and mean capital, own and mean labour, productivity, kappa, lambda; "relevant" of these what tells ' +
      'the future; "paper" capital, labour, mean capital, productivity; "code" capital alone, or with jobs what krusell-smith has, raw in either',
    unit: 'choice',
    source: `full: ${JAX}; paper: ${PAPER}; code: ${CODE}; relevant: ${SUITE}`,
  }),
  normalise: parameter(z.enum(['ratio', 'log', 'none']), 'ratio', {
    description:
      'capital as a deviation of its ratio to the steady state, or twice its log; labour as a ratio, log A over its deviation, kappa and lambda ' +
      'less 1, or for "log" their places in their ranges, from -1 to 1; "none": numbers as they are',
    unit: 'choice',
    source: `none: ${CODE}; ratio: ${JAX}; log: ${SUITE}`,
  }),
  reset: parameter(z.enum(['apart', 'together', 'scaled', 'fixed', 'wide']), 'apart', {
    description:
      'first capital: uniform on 0.5 to 1.5 times the steady state, for each household or one for all; "scaled" for each, times one draw on ' +
      '0.5 to 1.5 for all; "fixed" initialCapital for all; "wide" ' +
      'uniform on 10 to 70 for each, in units of the good',
    unit: 'choice',
    source: `fixed, wide: ${CODE}; apart, together, scaled: ${SUITE}`,
  }),
  initialCapital: parameter(z.number().min(1e-3).max(1e3), 1, {
    description: 'first capital of every household where reset is "fixed"',
    unit: 'units of the good',
    source: `1: ${CODE}; 0.1: ${JAX}`,
  }),
  consumptionFloor: parameter(z.number().min(1e-6).max(0.1), 1e-6, {
    description: 'utility of eating less than this is that of eating this, so that it stays finite',
    unit: 'units of the good',
    source: `${SUITE}; the code cuts rewards at -1e5, and counts NaN as that: here NaN stops the run`,
  }),
  horizon: parameter(z.int().min(1).max(100_000), 500, {
    description: 'periods until an episode is truncated; the economy itself never ends',
    unit: 'periods',
    source: CODE,
  }),
};

/** Settings of `marl-bc`. Which fit each other is checked here: a grid needs a square number of households, classes need three. */
export const marlBcCalibration = z
  .strictObject({ ...primitives, ...chosenLabour, ...employment, ...heterogeneity, ...environment })
  .superRefine(({ heterogeneity, households }, context) => {
    const side = Math.max(1, Math.round(Math.sqrt(households)));
    if (heterogeneity === 'grid' && side * side !== households) {
      const message =
        `a grid of productivities has every pair once, so that households must be a square number, not ${households}; take ` +
        `households=${side * side}`;
      context.addIssue({ code: 'custom', path: ['heterogeneity'], message });
    }
    if (heterogeneity === 'classes' && households < 3) {
      const message = `three classes need at least 3 households, not ${households}; take households=100`;
      context.addIssue({ code: 'custom', path: ['heterogeneity'], message });
    }
  });

export type MarlBcCalibration = z.output<typeof marlBcCalibration>;

const KS: Readonly<Partial<MarlBcCalibration>> = {
  labour: 'employment',
  households: 100,
  actionScale: 'log',
  normalise: 'log',
  reset: 'scaled',
};

/** Named calibrations of `marl-bc`. */
export const marlBcCalibrations: Readonly<Record<string, Readonly<Partial<MarlBcCalibration>>>> = {
  /** Full depreciation: constant shares are optimal, in closed form. */
  'rbc-textbook': { depreciation: 1 },
  /** Capital that lasts. */
  'rbc-typical': { actionScale: 'log', normalise: 'log', resetProductivity: 'uniform' },
  /** Households that differ in the productivity of their capital and labour, 3 x 3 unless told otherwise. */
  'rbc-het': { heterogeneity: 'grid', households: 9, actionScale: 'log', normalise: 'log', reset: 'scaled' },
  /** Krusell and Smith (1998) with this calibration's impatience and technology. */
  ks: KS,
  /** The same with three classes of capital productivity. */
  'ks-het': { ...KS, heterogeneity: 'classes' },
};
