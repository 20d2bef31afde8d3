import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const PAPER = 'Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892, Tables 2 and 3';
const TUTORIAL = 'the StructuralRL tutorial (2026)';
const SUITE = 'this suite';

const CHAINS = ['tauchen-trimmed', 'rouwenhorst'] as const;

/** Tastes, bonds, and how their price comes about. */
const primitives = {
  discountFactor: parameter(z.number().min(0.05).max(0.9999), 0.96, {
    description: 'beta of households, and the discount of their learners',
    unit: 'per period',
    source: PAPER,
  }),
  riskAversion: parameter(z.number().min(0.1).max(10), 2, {
    description: 'sigma in u(c) = (c^(1-sigma) - 1) / (1 - sigma); 1 is log c',
    unit: 'none',
    source: PAPER,
  }),
  borrowingLimit: parameter(z.number().min(-100).max(0), -1, {
    description: 'least bonds that a household may hold',
    unit: 'units of the good',
    source: PAPER,
  }),
  bondSupply: parameter(z.number().min(0).max(100), 0, {
    description: 'B, bonds per household that there are in all; without them what some lend others borrow',
    unit: 'units of the good',
    source: PAPER,
  }),
  timing: parameter(z.enum(['price', 'rate']), 'price', {
    description:
      '"price": c + q b\' = b + z y, the price q of new bonds clears their market; "rate": c + b\' = (1 + r) b + z y, the rate r on old ones does',
    unit: 'choice',
    source: `price: ${TUTORIAL}; rate: ${PAPER}`,
  }),
  market: parameter(z.enum(['clearing', 'fixed', 'moving']), 'clearing', {
    description:
      '"clearing": the price clears the market for bonds; "fixed": it is given; "moving": it is given, a chain of three states',
    unit: 'choice',
    source: TUTORIAL,
  }),
  givenPrice: parameter(z.number().gt(-0.5).lt(2), 0.995, {
    description: 'the price (or rate) given where it is fixed; the middle state where it moves',
    unit: 'units of the good, or per period',
    source: TUTORIAL,
  }),
  priceStep: parameter(z.number().gt(0).max(0.1), 0.01, {
    description: 'distance of the states of a moving price',
    unit: 'units of the good, or per period',
    source: TUTORIAL,
  }),
};

/** What households are exposed to. */
const risk = {
  incomePersistence: parameter(z.number().min(0).max(0.99), 0.6, {
    description: 'autocorrelation of log income y',
    unit: 'per period',
    source: PAPER,
  }),
  incomeDeviation: parameter(z.number().gt(0).max(1), 0.2, {
    description: 'stationary standard deviation of log income',
    unit: 'log points',
    source: PAPER,
  }),
  incomeStates: parameter(z.int().min(2).max(15), 3, {
    description: 'states of the chain of log income',
    unit: 'states',
    source: PAPER,
  }),
  incomeChain: parameter(z.enum(CHAINS), 'tauchen-trimmed', {
    description: 'how log income is made a chain',
    unit: 'choice',
    source: TUTORIAL,
  }),
  income: parameter(z.enum(['raw', 'normalised']), 'raw', {
    description: 'mean income: what exp of the chain gives, or 1',
    unit: 'choice',
    source: PAPER,
  }),
  productivityPersistence: parameter(z.number().min(0).max(0.99), 0.9, {
    description: 'autocorrelation of log z, which scales all incomes',
    unit: 'per period',
    source: PAPER,
  }),
  productivityDeviation: parameter(z.number().min(0).max(0.3), 0.02, {
    description: 'stationary standard deviation of log z; 0: z = 1, no aggregate risk',
    unit: 'log points',
    source: PAPER,
  }),
  productivityStates: parameter(z.int().min(2).max(101), 15, {
    description: 'states of the chain of log z; 15 in the tutorial on a CPU, 30 in the paper',
    unit: 'states',
    source: TUTORIAL,
  }),
  productivityChain: parameter(z.enum(CHAINS), 'tauchen-trimmed', {
    description: 'how log z is made a chain; Rouwenhorst levels have mean 1',
    unit: 'choice',
    source: TUTORIAL,
  }),
};

/** Grids of the structural agent and of the oracle. */
const numerics = {
  highestBonds: parameter(z.number().gt(0).max(1000), 50, {
    description: 'last node of grids of bonds',
    unit: 'units of the good',
    source: PAPER,
  }),
  limitSlack: parameter(z.number().min(0).max(0.01), 0, {
    description: 'how far above the limit structural agents are stopped',
    unit: 'units of the good',
    source: `0.001: ${TUTORIAL}; 0: ${SUITE}`,
  }),
  consumptionFloor: parameter(z.number().min(1e-6).max(0.1), 1e-3, {
    description: 'structural agents eat no less, and utility of less is that of this',
    unit: 'units of the good',
    source: PAPER,
  }),
  clearing: parameter(z.enum(['exact', 'interpolated']), 'exact', {
    description:
      'price of structural agents between two nodes of its grid: where the market clears, or mixed as the supplies at the nodes say',
    unit: 'choice',
    source: `interpolated: ${PAPER}; exact: ${SUITE}`,
  }),
};

/** The sample of households, and what they see. */
const sample = {
  households: parameter(z.int().min(1).max(10_000), 50, {
    description: 'sampled households; where the price is given each is on its own',
    unit: 'households',
    source: SUITE,
  }),
  horizon: parameter(z.int().min(1).max(100_000), 200, {
    description: 'periods until an episode is truncated; the economy itself never ends',
    unit: 'periods',
    source: SUITE,
  }),
};

/** Settings of `huggett`. */
export const huggettCalibration = z.strictObject({ ...primitives, ...risk, ...numerics, ...sample });

export type HuggettCalibration = z.output<typeof huggettCalibration>;

/** The household of the tutorial's first notebooks. */
const TUTORIAL_HOUSEHOLD: Readonly<Partial<HuggettCalibration>> = {
  discountFactor: 0.98,
  borrowingLimit: 0,
  incomePersistence: 0.966,
  incomeDeviation: 0.5,
  incomeChain: 'rouwenhorst',
  income: 'normalised',
  productivityDeviation: 0,
};

/** Named calibrations of `huggett`. */
export const huggettCalibrations: Readonly<Record<string, Readonly<Partial<HuggettCalibration>>>> = {
  /** The paper's own timing. */
  rate: { timing: 'rate' },
  /** No aggregate risk, bonds of 5.6. */
  stationary: { ...TUTORIAL_HOUSEHOLD, bondSupply: 5.6, timing: 'rate' },
  /** A household on its own. */
  'fixed-price': { ...TUTORIAL_HOUSEHOLD, market: 'fixed', households: 1 },
  /** The same where its income and the price of bonds move. */
  'moving-price': {
    ...TUTORIAL_HOUSEHOLD,
    market: 'moving',
    households: 1,
    productivityDeviation: 0.06,
    productivityStates: 3,
    productivityChain: 'rouwenhorst',
  },
};
