import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import {
  STRUCTURAL_SIZES,
  STRUCTURAL_STARTS,
  type Structural,
  type StructuralStart,
} from '../../core/structural.ts';

const PAPER = 'Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892';
const TUTORIAL = 'the StructuralRL tutorial (2026)';
const SUITE = 'trials on the economies of this suite';
const ECONOMY = "the economy's own";

/** A number that is the economy's own for the size, unless given. */
function own(type: z.ZodType<number>, description: string, unit: string) {
  return parameter(type.nullable(), null, {
    description: `${description}; null: ${ECONOMY}`,
    unit,
    source: ECONOMY,
  });
}

/** How fine. */
const sizes = {
  size: parameter(z.enum(STRUCTURAL_SIZES), 'quick', {
    description: 'numerical size, in the numbers of each economy; --preset sets it',
    unit: 'choice',
    source: `notebook: ${TUTORIAL}; paper: ${PAPER}`,
  }),
  assetNodes: own(z.int().min(4).max(5000), 'nodes of the asset grid', 'nodes'),
  priceNodes: own(z.int().min(1).max(500), 'nodes of the grid of each price', 'nodes'),
  shockNodes: own(z.int().min(1).max(500), 'states of the chain of each aggregate shock', 'states'),
  priceLow: own(z.number(), 'first node of the price that clears the market', 'price'),
  priceHigh: own(z.number(), 'last node of that price', 'price'),
  priceGrid: parameter(z.enum(['widening', 'fixed']), 'widening', {
    description: 'what becomes of a price grid between whose ends the market does not clear',
    unit: 'choice',
    source: `fixed: ${PAPER}; widening: ${SUITE}`,
  }),
  lags: parameter(z.int().min(0).max(1), 0, {
    description: 'lagged prices that policies depend on',
    unit: 'periods',
    source: `${PAPER}, Figure 5`,
  }),
};

/** What is simulated. */
const simulation = {
  paths: own(z.int().min(1).max(100_000), 'simulated paths of an epoch', 'paths'),
  horizon: own(z.int().min(4).max(5000), 'periods of a path', 'periods'),
  terminalValue: parameter(z.enum(['carried', 'zero']).nullable(), null, {
    description:
      'value at the end of a path: the mean value of the epoch before, or zero; null: carried with the scaled step, zero with Adam',
    unit: 'choice',
    source: `zero: ${PAPER}; carried: ${SUITE}`,
  }),
  warmup: parameter(z.int().min(0), 0, {
    description: 'epochs, the first ones, that all begin with the same kind of cross-section',
    unit: 'epochs',
    source: `50: ${PAPER}; 0: ${TUTORIAL}`,
  }),
  population: parameter(z.enum(['economy', 'uniform', 'ramp']), 'economy', {
    description:
      'cross-section to begin with: one that the economy suggests, the same mass everywhere, or in each epoch of the warm-up a line between random ends',
    unit: 'choice',
    source: `ramp: ${TUTORIAL}; uniform: ${PAPER}; economy: ${SUITE}`,
  }),
  firstShock: parameter(z.enum(['uniform', 'stationary', 'carried']).nullable(), null, {
    description:
      'where shocks of a path start: every state alike, as often as in the long run, or where the path ended in the epoch before; null: what suits the economy: carried ' +
      'where own risk moves with them, whose cross-section then belongs to them, uniform for most others',
    unit: 'choice',
    source: `uniform: ${TUTORIAL}; carried: ${SUITE}`,
  }),
  draws: parameter(z.enum(['independent', 'antithetic']).nullable(), null, {
    description:
      'paths of an epoch, or ("antithetic") groups of them with every combination of signs of the shocks, for symmetric chains; null: what suits the economy, independent for most',
    unit: 'choice',
    source: SUITE,
  }),
};

/** How tables are changed. */
const learning = {
  step: parameter(z.enum(['scaled', 'adam']), 'scaled', {
    description:
      '"scaled": every entry by its mean Euler error where it was visited; "adam": the gradient of the objective, by Adam',
    unit: 'choice',
    source: `adam: ${PAPER} and ${TUTORIAL}; scaled: ${SUITE}`,
  }),
  start: parameter(z.enum(STRUCTURAL_STARTS).nullable(), null, {
    description:
      'first tables: right if prices stayed as they are, kept inside the bounds ("closed-form") or cut at them ("clipped"), or the same number everywhere; null: clipped where Adam learns increments, whose penalty moves what starts at a bound, closed-form otherwise',
    unit: 'choice',
    source: `clipped: ${TUTORIAL}; constant: ${PAPER}; closed-form: ${SUITE}`,
  }),
  learningRate: own(z.number().gt(0).max(10), 'rate of the step at the start', 'per epoch'),
  decay: own(z.number().gt(0).max(1), 'share of the rate that is left at the last epoch', 'share'),
  aggregateLearningRate: own(
    z.number().gt(0).max(1),
    'rate of tables of the aggregate alone: of Adam, or with the scaled step the share of an error that is made up for',
    'per epoch',
  ),
  limit: parameter(z.enum(['one-sided', 'masked']).nullable(), null, {
    description:
      'who is held at the borrowing limit: learns to leave it where that is better, or learns nothing; null: one-sided with the scaled step, masked with Adam',
    unit: 'choice',
    source: `masked: ${TUTORIAL}; one-sided: ${SUITE}`,
  }),
  ownShare: parameter(z.number().min(0).max(1), 0.1, {
    description:
      "scaled step: weight of a price node's own errors; the rest is shared by all nodes of the price",
    unit: 'share',
    source: SUITE,
  }),
  projection: parameter(z.enum(['rising', 'none']), 'rising', {
    description:
      'scaled step: consumption is kept from falling in assets where the economy says so, or nothing is done',
    unit: 'choice',
    source: SUITE,
  }),
  parameters: parameter(z.enum(['levels', 'increments']).nullable(), null, {
    description:
      "Adam: what it learns, entries, or the first of a price's nodes and the steps between them; null: increments where nodes are tied",
    unit: 'choice',
    source: TUTORIAL,
  }),
  penalty: parameter(z.enum(['bounds', 'rising', 'none']).nullable(), null, {
    description:
      'Adam: added to the objective where shares leave [0, 1], or where consumption falls in assets; null: bounds with increments, none otherwise',
    unit: 'choice',
    source: TUTORIAL,
  }),
  clipNorm: parameter(z.number().gt(0), 10, {
    description: 'Adam: largest norm of the whole gradient',
    unit: 'norm',
    source: PAPER,
  }),
};

/** When it is done, and on what. */
const ending = {
  epochsPerStep: own(z.int().min(1).max(1000), 'epochs in a training step, 1 for most', 'epochs'),
  convergence: parameter(z.enum(['euler', 'quantile', 'largest']), 'quantile', {
    description:
      'what must fall to the tolerance: the mean relative Euler error where states are visited, the 0.999 quantile of the changes of an epoch, or the largest',
    unit: 'choice',
    source: `quantile: ${TUTORIAL}; largest: ${PAPER}; euler: ${SUITE}`,
  }),
  tolerance: own(z.number().gt(0), 'of that', 'of the entries, or relative'),
  threads: parameter(z.int().min(1).max(256).nullable(), null, {
    description:
      'threads that simulate; results do not depend on it; null: as many as there are processors, 8 at most',
    unit: 'threads',
    source: SUITE,
  }),
};

/** Settings of the structural agent. */
export const structuralSettings = z.strictObject({ ...sizes, ...simulation, ...learning, ...ending });

export type StructuralSettings = z.output<typeof structuralSettings>;

/** Settings with every null resolved. */
export interface Plan {
  readonly step: 'scaled' | 'adam';
  readonly paths: number;
  readonly horizon: number;
  readonly terminalValue: 'carried' | 'zero';
  readonly start: StructuralStart;
  readonly limit: 'one-sided' | 'masked';
  /** Of cells in the sums: the objective's with Adam, the same for all with the scaled step. */
  readonly weights: 'uniform' | 'discounted';
  /** Periods that are learned from. */
  readonly learning: number;
  readonly learningRate: number;
  readonly decay: number;
  readonly aggregateLearningRate: number;
  readonly draws: 'independent' | 'antithetic';
  readonly firstShock: 'uniform' | 'stationary' | 'carried';
  readonly parameters: 'levels' | 'increments';
  readonly penalty: 'bounds' | 'rising' | 'none';
  readonly tolerance: number;
  readonly epochsPerStep: number;
}

/** Periods before the end that are not learned from, with a terminal value. */
const LAST_PERIODS = 20;

/** What the economy suggests goes under `name` or, for one of the two steps alone, under `adam.name` and `scaled.name`. */
export function planOf(
  settings: StructuralSettings,
  structural: Pick<Structural, 'suggested' | 'tables' | 'ownPair'>,
): Plan {
  const { step } = settings;
  const { suggested } = structural;
  const { tied } = structural.tables[0];
  const number = (name: keyof StructuralSettings & string, otherwise: number): number => {
    const given = settings[name];
    if (typeof given === 'number') return given;
    const own = suggested[`${step}.${name}`] ?? suggested[name];
    return typeof own === 'number' ? own : otherwise;
  };
  const choice = <T extends string>(name: string, kinds: readonly T[]): T | undefined => {
    const own = suggested[`${step}.${name}`] ?? suggested[name];
    return kinds.find((kind) => kind === own);
  };
  const isScaled = step === 'scaled';
  const terminalValue = settings.terminalValue ?? (isScaled ? 'carried' : 'zero');
  const horizon = number('horizon', 90);
  const parameters: Plan['parameters'] =
    settings.parameters ??
    choice('parameters', ['levels', 'increments']) ??
    (tied > 1 && !isScaled ? 'increments' : 'levels');
  const kept = terminalValue === 'carried' ? horizon - Math.min(LAST_PERIODS, horizon >> 1) : horizon >> 1;
  return {
    step,
    paths: number('paths', 16),
    horizon,
    terminalValue,
    start: settings.start ?? (parameters === 'increments' ? 'clipped' : 'closed-form'),
    limit: settings.limit ?? choice('limit', ['one-sided', 'masked']) ?? (isScaled ? 'one-sided' : 'masked'),
    weights: isScaled ? 'uniform' : 'discounted',
    learning: isScaled ? kept : horizon,
    learningRate: number('learningRate', isScaled ? 0.1 : 1e-3),
    decay: number('decay', 0.1),
    aggregateLearningRate: number('aggregateLearningRate', 5e-4),
    draws: settings.draws ?? choice('draws', ['independent', 'antithetic']) ?? 'independent',
    firstShock:
      settings.firstShock ??
      choice('firstShock', ['uniform', 'stationary', 'carried']) ??
      (structural.ownPair === undefined ? 'uniform' : 'carried'),
    parameters,
    penalty:
      settings.penalty ??
      choice('penalty', ['bounds', 'rising', 'none']) ??
      (parameters === 'increments' ? 'bounds' : 'none'),
    epochsPerStep: number('epochsPerStep', 1),
    tolerance: number('tolerance', settings.convergence === 'euler' ? 1e-3 : 1e-4),
  };
}
