import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const PAPER = 'Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892, Tables 6 and 7';
const TEXTBOOK = 'Auclert, Bardoczy, Rognlie and Straub (2021), Econometrica 89, appendix B';
const SUITE = 'this suite';

/** Households: tastes, and what they may owe. */
const households = {
  discountFactor: parameter(z.number().min(0.1).lt(1), 0.975, {
    description: 'beta of households, and the discount of their learners',
    unit: 'per period',
    source: PAPER,
  }),
  riskAversion: parameter(z.number().min(0.1).max(10), 1, {
    description: 'sigma in u(c) = (c^(1-sigma) - 1) / (1 - sigma); 1 is log c',
    unit: 'none',
    source: PAPER,
  }),
  labourCurvature: parameter(z.number().min(0.2).max(20), 1, {
    description: 'eta in labourWeight n^(1+eta) / (1 + eta); the Frisch elasticity is 1 / eta',
    unit: 'none',
    source: PAPER,
  }),
  labourWeight: parameter(z.number().min(0.01).max(100), 1, {
    description: 'chi in chi n^(1+eta) / (1 + eta)',
    unit: 'none',
    source: PAPER,
  }),
  borrowingLimit: parameter(z.number().min(-10).max(0), 0, {
    description: 'least bonds that a household may hold',
    unit: 'units of the good',
    source: SUITE,
  }),
  transfers: parameter(z.enum(['equal', 'skill']), 'equal', {
    description: 'who gets dividends and pays taxes: all the same, or in proportion to efficiency y',
    unit: 'choice',
    source: `equal: ${PAPER}; skill: ${TEXTBOOK}`,
  }),
};

/** Firms, the central bank and the government. */
const prices = {
  elasticity: parameter(z.number().min(1.01).max(100), 10, {
    description:
      'eps between the goods of firms; without costs of adjustment the wage is (eps - 1) / eps of z',
    unit: 'none',
    source: PAPER,
  }),
  adjustmentCost: parameter(z.number().min(0.01).max(10_000), 100, {
    description: 'theta: changing prices by Pi uses up theta / 2 Pi^2 of output',
    unit: 'none',
    source: PAPER,
  }),
  costOf: parameter(z.enum(['inflation', 'log-inflation']), 'inflation', {
    description: 'what the cost of adjustment is quadratic in: Pi, or log(1 + Pi)',
    unit: 'choice',
    source: `inflation: ${PAPER}; log-inflation: ${TEXTBOOK}`,
  }),
  target: parameter(z.number().gt(0.9).lt(1.2), 1.025, {
    description: 'Rbar, gross nominal rate of the central bank at zero inflation',
    unit: 'per period',
    source: PAPER,
  }),
  reaction: parameter(z.number().min(1.001).max(10), 1.5, {
    description: 'phi, of the nominal rate to inflation',
    unit: 'none',
    source: PAPER,
  }),
  rule: parameter(z.enum(['power', 'linear']), 'power', {
    description: 'next nominal rate: Rbar (1 + Pi)^phi exp(e), or Rbar + phi Pi + e',
    unit: 'choice',
    source: `power: ${PAPER}; linear: ${TEXTBOOK}`,
  }),
  bonds: parameter(z.number().min(0.01).max(100), 5, {
    description: 'B, government bonds per household; their interest is paid by lump-sum taxes',
    unit: 'units of the good',
    source: PAPER,
  }),
};

/** What households and the economy are exposed to. */
const risk = {
  incomePersistence: parameter(z.number().min(0).max(0.99), 0.6, {
    description: 'autocorrelation of log efficiency y',
    unit: 'per period',
    source: PAPER,
  }),
  incomeDeviation: parameter(z.number().min(0.001).max(1), 0.2, {
    description: 'stationary standard deviation of log efficiency',
    unit: 'log points',
    source: PAPER,
  }),
  incomeStates: parameter(z.int().min(2).max(15), 3, {
    description: 'states of the chain of log efficiency',
    unit: 'states',
    source: PAPER,
  }),
  incomeChain: parameter(z.enum(['tauchen-trimmed', 'rouwenhorst']), 'tauchen-trimmed', {
    description: 'how log efficiency is made a chain',
    unit: 'choice',
    source: `tauchen-trimmed: ${PAPER}; rouwenhorst: ${TEXTBOOK}`,
  }),
  income: parameter(z.enum(['raw', 'normalised']), 'normalised', {
    description: 'mean efficiency: what exp of the chain gives, or 1',
    unit: 'choice',
    source: `raw: ${PAPER}; normalised: ${SUITE}`,
  }),
  productivityPersistence: parameter(z.number().min(0).max(0.99), 0.9, {
    description: 'autocorrelation of log z',
    unit: 'per period',
    source: PAPER,
  }),
  productivityDeviation: parameter(z.number().min(0).max(0.3), 0.07, {
    description: 'stationary standard deviation of log z; 0: z = 1',
    unit: 'log points',
    source: PAPER,
  }),
  productivityStates: parameter(z.int().min(3).max(101), 31, {
    description: 'states of the chain of log z; 50 in the paper',
    unit: 'states',
    source: SUITE,
  }),
  monetaryPersistence: parameter(z.number().min(0).max(0.99), 0.9, {
    description: 'autocorrelation of the monetary shock e',
    unit: 'per period',
    source: PAPER,
  }),
  monetaryDeviation: parameter(z.number().min(0).max(0.05), 0.002, {
    description: 'stationary standard deviation of e; 0: e = 0',
    unit: 'per period',
    source: PAPER,
  }),
  monetaryStates: parameter(z.int().min(3).max(101), 31, {
    description: 'states of the chain of e; 50 in the paper',
    unit: 'states',
    source: SUITE,
  }),
};

/** Grids of the oracle and of structural agents, the sample, and what is seen. */
const numerics = {
  highestBonds: parameter(z.number().min(0.1).max(1000), 100, {
    description: 'last node of grids of bonds',
    unit: 'units of the good',
    source: PAPER,
  }),
  bondNodes: parameter(z.int().min(20).max(1000), 200, {
    description: 'nodes of the oracle, geometric from the limit on',
    unit: 'nodes',
    source: PAPER,
  }),
  consumptionFloor: parameter(z.number().min(1e-6).max(0.1), 1e-3, {
    description: 'nobody eats less',
    unit: 'units of the good',
    source: PAPER,
  }),
  information: parameter(z.enum(['recommended', 'published']), 'recommended', {
    description:
      'what tables of structural agents depend on: recommended: z and e, with the wage sought by a secant; published: r and w, inflation on w and z, with the wage between nodes',
    unit: 'choice',
    source: `published: ${PAPER}; recommended: ${SUITE}`,
  }),
  trace: parameter(z.number().min(0).max(1), 0.7, {
    description:
      'structural agents: how much firms learn from what they see of the periods after the next, rather than from their own prices in the next; 1 is the gradient of their profits',
    unit: 'share',
    source: SUITE,
  }),
  households: parameter(z.int().min(2).max(10_000), 50, {
    description: 'sampled households',
    unit: 'households',
    source: SUITE,
  }),
  firms: parameter(z.int().min(1).max(1000), 1, {
    description:
      'firms that set prices; one sets all of them, many compete and take inflation as given the more, the more they are',
    unit: 'firms',
    source: SUITE,
  }),
  largestInflation: parameter(z.number().min(1e-4).max(0.1), 0.05, {
    description: 'firms change their prices by at most this, up or down',
    unit: 'per period',
    source: SUITE,
  }),
  horizon: parameter(z.int().min(1).max(100_000), 200, {
    description: 'periods until an episode is truncated; the economy itself never ends',
    unit: 'periods',
    source: SUITE,
  }),
};

/** Settings of `hank`. */
export const hankCalibration = z.strictObject({ ...households, ...prices, ...risk, ...numerics });

export type HankCalibration = z.output<typeof hankCalibration>;

/** Named calibrations of `hank`. */
export const hankCalibrations: Readonly<Record<string, Readonly<Partial<HankCalibration>>>> = {
  /** The paper's own incomes, of mean 1.027. */
  raw: { income: 'raw' },
  /** What structural agents of the paper know. */
  published: { information: 'published' },
  /** No aggregate risk. */
  'without-risk': { productivityDeviation: 0, monetaryDeviation: 0 },
  /** Quarterly: r = .5 percent and output 1 at rest; `discountFactor` and `labourWeight` are set so by the oracle with 200 nodes. */
  textbook: {
    discountFactor: 0.982233002831713,
    riskAversion: 2,
    labourCurvature: 2,
    labourWeight: 0.7864949722129666,
    transfers: 'skill',
    elasticity: 6,
    adjustmentCost: 60,
    costOf: 'log-inflation',
    target: 1.005,
    rule: 'linear',
    bonds: 5.6,
    incomePersistence: 0.966,
    incomeDeviation: 0.5,
    incomeStates: 7,
    incomeChain: 'rouwenhorst',
    productivityPersistence: 0.8,
    productivityDeviation: 0.0167,
    monetaryPersistence: 0.61,
    monetaryDeviation: 0.00315,
    highestBonds: 150,
  },
};
