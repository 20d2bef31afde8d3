/** A sample of households followed along one path: who has what, when, and how capital moves. */
import { act } from '../../core/evaluate.ts';
import { type BatchedEnv, type Economy, UsageError } from '../../core/index.ts';
import { gini, mean } from '../../numerics/statistics.ts';
import {
  type CapitalPath,
  dynamicForecastError,
  type ForecastError,
  fitLaw,
  type LawOfMotion,
} from '../../solvers/law-of-motion.ts';
import { type Actors, batchFactory } from './actors.ts';

export interface SamplePathOptions {
  /** One with a cross-section. */
  readonly economy: Economy;
  readonly actors: Actors;
  readonly seed: number;
  readonly periods: number;
  /** Periods before those, without a reset. */
  readonly burnIn: number;
  /** Periods between two looks at the cross-section. */
  readonly every: number;
}

/** A cross-section, and the periods since the reset at which it was looked at. */
export interface Snapshot {
  readonly period: number;
  readonly gini: number;
  /** k_i, [n]. */
  readonly capital: Float64Array;
}

export interface SamplePath {
  /** Mean k, [T + 1]. */
  readonly capital: Float64Array;
  /** Index of times, [T + 1]; empty where times have no index. */
  readonly states: Int32Array;
  readonly snapshots: readonly Snapshot[];
  /** Share of actions within a thousandth of an end of their range. */
  readonly saturatedShare: number;
}

/** Of a range's length. */
const AT_BOUND = 1e-3;

/**
 * Follows an economy for burn-in and periods without a reset, under deterministic actions. Snapshots are taken in the burn-in too, so that what is
 * transition can be told from what stays. Throws a UsageError for an economy without a cross-section, and what the economy throws. Invariant: equal
 * options give equal paths.
 */
export function samplePath(options: SamplePathOptions): SamplePath {
  const { economy, actors, seed, periods, burnIn, every } = options;
  const section = economy.crossSection();
  if (section === undefined) throw new UsageError(`${economy.id}: it has no cross-section of households.`);
  const { times } = section;
  const env = batchFactory(economy, actors)({ copies: 1, horizon: burnIn + periods + 1 });
  env.reset({ seed });
  const capital = new Float64Array(periods + 1);
  const states: number[] = [];
  const snapshots: Snapshot[] = [];
  let [saturated, looked] = [0, 0];
  for (let t = 0; t <= burnIn + periods; t++) {
    const [state] = env.states;
    const own = section.capital(state);
    if (t % every === 0) snapshots.push({ period: t, gini: gini(own), capital: own.slice() });
    if (t >= burnIn) {
      capital[t - burnIn] = mean(own);
      if (times !== undefined) states.push(times.index(state));
    }
    if (t === burnIn + periods) break;
    act(actors.agents, env);
    if (t >= burnIn) {
      const found = atBounds(economy, env);
      saturated += found.saturated;
      looked += found.looked;
    }
    env.step();
  }
  env.close();
  return { capital, states: Int32Array.from(states), snapshots, saturatedShare: saturated / looked };
}

/** Actions near an end of their range, and how many there are. */
function atBounds(economy: Economy, { actions }: BatchedEnv): { saturated: number; looked: number } {
  let [saturated, looked] = [0, 0];
  for (const [type, { actionSpace }] of Object.entries(economy.types)) {
    const { low, high, size } = actionSpace;
    const own = actions[type];
    for (let i = 0; i < own.length; i++) {
      const room = AT_BOUND * (high[i % size] - low[i % size]);
      if (own[i] < low[i % size] + room || own[i] > high[i % size] - room) saturated += 1;
    }
    looked += own.length;
  }
  return { saturated, looked };
}

/** The law of motion that a path follows, and how well it forecasts. */
export interface PathLaw {
  /** log K' in log K, by times. */
  readonly law: LawOfMotion;
  readonly rSquared: number;
  readonly denHaan: ForecastError;
}

/** Fits log K' = a_z + b_z log K, by times, to a path. Throws what `fitLaw` throws. */
export function lawOfPath(path: Pick<SamplePath, 'capital' | 'states'>, productivity: Float64Array): PathLaw {
  const walked: CapitalPath = {
    logCapital: path.capital.map(Math.log),
    states: path.states,
    logProductivity: productivity.map(Math.log),
  };
  const { law, rSquared } = fitLaw('by-state', walked, 0);
  return { law, rSquared, denHaan: dynamicForecastError(law, walked, 0) };
}

/** Points of the Lorenz curve of a cross-section, from (0, 0) to (1, 1), [n + 1] each. */
export function lorenz(values: Float64Array): {
  readonly people: Float64Array;
  readonly share: Float64Array;
} {
  const n = values.length;
  const sorted = values.slice().sort();
  const share = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) share[i + 1] = share[i] + sorted[i];
  return {
    people: Float64Array.from({ length: n + 1 }, (_, i) => i / n),
    share: share.map((sum) => sum / share[n]),
  };
}
