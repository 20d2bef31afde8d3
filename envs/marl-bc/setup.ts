import { UsageError } from '../../core/errors.ts';
import { type KrusellSmithCalibration, krusellSmithCalibration } from '../krusell-smith/calibration.ts';
import { type KrusellSmithModel, krusellSmithModel } from '../krusell-smith/setup.ts';
import type { MarlBcCalibration } from './calibration.ts';
import { type Factors, newFactors, type SteadyState, steadyState, steadyStateWith } from './model.ts';
import type { Sight } from './observation.ts';
import { type ObservedColumn, observedColumns } from './observed.ts';
import { type Productivities, productivities } from './productivity.ts';

/** First capital over its steady state, and in units of the good where the reset is `wide`. */
export const RESET_RANGE = [0.5, 1.5] as const;
export const WIDE_CAPITAL = [10, 70] as const;
/** First log A, where it is uniform: within so many stationary standard deviations. */
export const RESET_DEVIATIONS = 5;

/** What both kinds of economy have, computed once from the calibration. */
interface CommonModel {
  readonly capitalShare: number;
  readonly depreciation: number;
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly consumptionFloor: number;
  readonly households: number;
  readonly productivities: Productivities;
  readonly timing: MarlBcCalibration['timing'];
  /** Shares, of wealth and of time, that actions reach. */
  readonly lowest: number;
  readonly highest: number;
  /** How actions run through them. */
  readonly actionScale: MarlBcCalibration['actionScale'];
  /** First capital of a household, drawn between these; for each household, one for all, or for each times one of `RESET_RANGE` for all. */
  readonly firstCapital: {
    readonly low: number;
    readonly high: number;
    readonly draw: 'each' | 'once' | 'scaled';
  };
  /** Where identical households with productivities of one rest at A = 1: what is usual. */
  readonly usual: SteadyState;
  readonly columns: readonly ObservedColumn[];
  readonly normalise: MarlBcCalibration['normalise'];
  readonly horizon: number;
  /** Memory for the prices of a period and for what is seen, rewritten in every step. */
  readonly factors: Factors;
  readonly sight: Sight;
}

/** Households choose how much they work; log A is an autoregression. */
export interface ChosenModel extends CommonModel {
  readonly kind: 'chosen';
  /** b in b log(1 - l). */
  readonly leisureWeight: number;
  /** rho and sigma of log A' = rho log A + sigma eps. */
  readonly persistence: number;
  readonly deviation: number;
  /** sigma / sqrt(1 - rho^2). */
  readonly stationaryDeviation: number;
  /** How first log A is drawn. */
  readonly resetProductivity: MarlBcCalibration['resetProductivity'];
}

/** Households work if they have a job: times and jobs are those of krusell-smith. */
export interface EmploymentModel extends CommonModel {
  readonly kind: 'employment';
  /** Times, jobs, and their draws; its budgets are not used, since they know no productivities of households. */
  readonly base: KrusellSmithModel;
}

export type MarlBcModel = ChosenModel | EmploymentModel;

/**
 * The model of a calibration. Throws a UsageError where households would rest at a share of wealth, or of time, that actions do not reach, and
 * where jobs cannot be lost and found as often as asked. Invariant: `usual` does not depend on the number of households.
 */
export function marlBcModel(calibration: MarlBcCalibration): MarlBcModel {
  return calibration.labour === 'chosen' ? chosenModel(calibration) : employmentModel(calibration);
}

function chosenModel(calibration: MarlBcCalibration): ChosenModel {
  const { productivityPersistence: persistence, productivityDeviation: deviation } = calibration;
  const usual = steadyState(calibration);
  const { actionFloor: floor } = calibration;
  for (const [what, value] of [
    ['share of wealth that is eaten', usual.share],
    ['labour', usual.labour],
  ] as const) {
    if (!(value > floor && value < 1 - floor)) {
      throw new UsageError(
        `marl-bc: the ${what} would rest at ${value.toPrecision(4)}, but actions reach ${floor} to ${1 - floor}; lower actionFloor or ` +
          `move discountFactor (${calibration.discountFactor}), capitalShare (${calibration.capitalShare}), riskAversion or leisureWeight.`,
      );
    }
  }
  return {
    ...common(calibration, usual),
    kind: 'chosen',
    leisureWeight: calibration.leisureWeight,
    persistence,
    deviation,
    stationaryDeviation: deviation / Math.sqrt(1 - persistence ** 2),
    resetProductivity: calibration.resetProductivity,
  };
}

function employmentModel(calibration: MarlBcCalibration): EmploymentModel {
  const base = krusellSmithModel(krusellSmithSettings(calibration));
  const { stationary } = base.exposure;
  const labour = base.expectedLabour.reduce((sum, one, z) => sum + stationary[z] * one, 0);
  return {
    ...common(calibration, steadyStateWith(labour, calibration)),
    kind: 'employment',
    base,
  };
}

/** The settings under which krusell-smith has these times and jobs. */
function krusellSmithSettings(calibration: MarlBcCalibration): KrusellSmithCalibration {
  const { employmentLaw, badUnemployment, goodUnemployment } = calibration;
  const { badUnemploymentDuration, goodUnemploymentDuration } = calibration;
  // To stay without a job with the new rate is to stay with that over the usual probability, 1 - 1 / duration, times the usual one.
  const redrawn = {
    stayUnemployedIntoBad: badUnemployment / (1 - 1 / badUnemploymentDuration),
    stayUnemployedIntoGood: goodUnemployment / (1 - 1 / goodUnemploymentDuration),
  };
  return {
    ...krusellSmithCalibration.parse({}),
    risk: 'employment',
    capitalShare: calibration.capitalShare,
    depreciation: calibration.depreciation,
    discountFactor: calibration.discountFactor,
    riskAversion: calibration.riskAversion,
    productivityGap: calibration.productivityGap,
    goodDuration: calibration.goodDuration,
    badDuration: calibration.badDuration,
    goodUnemployment,
    badUnemployment,
    goodUnemploymentDuration,
    badUnemploymentDuration,
    stayUnemployedIntoBad: calibration.stayUnemployedIntoBad,
    stayUnemployedIntoGood: calibration.stayUnemployedIntoGood,
    ...(employmentLaw === 'redrawn' ? redrawn : {}),
    labourEndowment: calibration.labourEndowment,
    unemploymentBenefit: 0,
    households: calibration.households,
    counts: calibration.counts,
    consumptionFloor: calibration.consumptionFloor,
    resetWealth: 'equal',
    horizon: calibration.horizon,
    periodsPerYear: 4,
  };
}

function common(calibration: MarlBcCalibration, usual: SteadyState): CommonModel {
  const own = productivities(calibration);
  return {
    capitalShare: calibration.capitalShare,
    depreciation: calibration.depreciation,
    discountFactor: calibration.discountFactor,
    riskAversion: calibration.riskAversion,
    consumptionFloor: calibration.consumptionFloor,
    households: calibration.households,
    productivities: own,
    timing: calibration.timing,
    lowest: calibration.actionFloor,
    highest: 1 - calibration.actionFloor,
    actionScale: calibration.actionScale,
    firstCapital: firstCapital(calibration, usual.capital),
    usual,
    columns: observedColumns(calibration, own.differ),
    // The code's observations are raw.
    normalise: calibration.observation === 'code' ? 'none' : calibration.normalise,
    horizon: calibration.horizon,
    factors: newFactors(),
    sight: {
      labour: new Float64Array(calibration.households),
      meanLabour: 0,
      meanCapital: 0,
      productivity: 0,
    },
  };
}

function firstCapital(
  { reset, initialCapital }: MarlBcCalibration,
  usual: number,
): CommonModel['firstCapital'] {
  const [low, high] = RESET_RANGE.map((ratio) => ratio * usual);
  switch (reset) {
    case 'apart':
      return { low, high, draw: 'each' };
    case 'together':
      return { low, high, draw: 'once' };
    case 'scaled':
      return { low, high, draw: 'scaled' };
    case 'fixed':
      return { low: initialCapital, high: initialCapital, draw: 'once' };
    case 'wide':
      return { low: WIDE_CAPITAL[0], high: WIDE_CAPITAL[1], draw: 'each' };
  }
}
