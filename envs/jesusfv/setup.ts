import { UsageError } from '../../core/errors.ts';
import { markovChain, stationary } from '../../numerics/markov.ts';
import type { GrowthCalibration } from './calibration.ts';
import { MIDDLE_PRODUCTIVITY, NORMALISED_ROWS, PRODUCTIVITY, PUBLISHED_ROWS } from './chain.ts';
import {
  type Coordinate,
  type Depreciation,
  type GrowthModel,
  resources,
  steadyStateCapital,
} from './model.ts';

/** Shares of resources between which consumption lies, by what the action is. */
const SHARE_BOUNDS = { share: [0.01, 0.99], level: [1e-4, 1 - 1e-4] } as const;

/** Capital of a default reset over its steady state. */
export const RESET_RANGE = [0.5, 1.5] as const;

/** Capital of a wide reset, at most. */
export const WIDE_CAPITAL = 1;

/** Room for rounding in the bound of capital. */
const SLACK = 1 + 1e-9;

/**
 * The model of a calibration and a process of depreciation. Throws a UsageError where the steady state eats a share of resources
 * that the household's actions cannot reach. Invariant: capital never leaves the range of its coordinate.
 */
export function growthModel(calibration: GrowthCalibration, depreciation: Depreciation): GrowthModel {
  const { capitalShare, discountFactor } = calibration;
  const published = calibration.transition === 'published';
  const rows = published ? PUBLISHED_ROWS : NORMALISED_ROWS;
  const [lowestShare, highestShare] = SHARE_BOUNDS[calibration.action];
  const model: GrowthModel = {
    capitalShare,
    discountFactor,
    rewardScale: calibration.reward === 'scaled' ? 1 - discountFactor : 1,
    horizon: calibration.horizon,
    action: calibration.action,
    lowestShare,
    highestShare,
    reset: calibration.reset,
    productivity: Float64Array.from(PRODUCTIVITY),
    transition: Float64Array.from(rows.flat()),
    transitionRows: published ? 'as-given' : 'stochastic',
    firstProductivity: firstProductivity(rows, calibration.resetProductivity),
    depreciation,
    coordinates: [],
  };
  checkSteadyState(model);
  return { ...model, coordinates: coordinates(model, calibration.observation) };
}

/** Sampling divides a row by its sum, and so does `stationary`. */
function firstProductivity(
  rows: readonly (readonly number[])[],
  reset: GrowthCalibration['resetProductivity'],
): Float64Array {
  if (reset === 'uniform') return new Float64Array(PRODUCTIVITY.length).fill(1 / PRODUCTIVITY.length);
  return stationary(markovChain(PRODUCTIVITY, rows, { rows: 'as-given' }));
}

function checkSteadyState(model: GrowthModel): void {
  for (const depreciation of new Set([model.depreciation.low, model.depreciation.high])) {
    const capital = steadyStateCapital({ ...model, depreciation });
    const available = resources(model, { capital, depreciation, productivity: MIDDLE_PRODUCTIVITY });
    const share = (available - capital) / available;
    if (!(share > model.lowestShare && share < model.highestShare)) {
      throw new UsageError(
        `growth model: the steady state at depreciation ${depreciation} eats the share ${share.toPrecision(4)} of ` +
          `resources, but actions reach ${model.lowestShare} to ${model.highestShare} only; move capitalShare ` +
          `(${model.capitalShare}) or discountFactor (${model.discountFactor}) away from the ends of their ranges.`,
      );
    }
  }
}

/**
 * The largest reachable capital: what the largest saving share can sustain at the best productivity and the lowest
 * depreciation, k = (1 - s) (z k^alpha + (1 - d) k), or the largest first capital.
 */
function capitalBound(model: GrowthModel): number {
  const { capitalShare: alpha, depreciation } = model;
  const saved = 1 - model.lowestShare;
  const z = Math.max(...model.productivity);
  const sustainable = ((saved * z) / (1 - saved * (1 - depreciation.low))) ** (1 / (1 - alpha));
  return Math.max(sustainable, largestFirstCapital(model)) * SLACK;
}

/** The largest capital that `reset` draws. */
export function largestFirstCapital(model: GrowthModel): number {
  if (model.reset === 'wide') return WIDE_CAPITAL;
  const { kind, low, mean } = model.depreciation;
  return RESET_RANGE[1] * steadyStateCapital({ ...model, depreciation: kind === 'markov' ? mean : low });
}

function coordinates(
  model: GrowthModel,
  observation: GrowthCalibration['observation'],
): readonly Coordinate[] {
  const { low, high, mean, kind } = model.depreciation;
  const last = model.productivity.length - 1;
  const normal = steadyStateCapital({ ...model, depreciation: mean });
  const view = {
    'steady-state': {
      capital: [normal, normal],
      depreciation: [mean, (high - low) / 2],
      productivity: [last / 2, last / 2],
    },
    upstream: { capital: [0.5, 1], depreciation: [0.9, 1], productivity: [last / 2, last] },
    raw: { capital: [0, 1], depreciation: [0, 1], productivity: [0, 1] },
  }[observation];
  const ranges = {
    capital: [0, capitalBound(model)],
    depreciation: [low, high],
    productivity: [0, last],
  };
  const names =
    kind === 'fixed'
      ? (['capital', 'productivity'] as const)
      : (['capital', 'depreciation', 'productivity'] as const);
  return names.map((name) => ({
    name,
    low: ranges[name][0],
    high: ranges[name][1],
    centre: view[name][0],
    scale: view[name][1],
  }));
}
