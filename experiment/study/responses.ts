/** Impulse responses of an economy under a policy. */
import {
  copyState,
  type Economy,
  type EconomyState,
  NonFiniteError,
  type Oracle,
  UsageError,
} from '../../core/index.ts';
import { mean as meanOf } from '../../numerics/statistics.ts';
import type { Actors } from './actors.ts';
import { type Paths, simulatePaths, variableOf, visitedStates } from './paths.ts';
import { type PossibleStates, possibleStates } from './possible.ts';
import type { Impulse } from './shocks.ts';
import { isRatio, ROUNDING, type Variable } from './variables.ts';

/** Where the economy is when the shock comes. */
export type ResponseStart = 'steady' | 'ergodic';

export interface ResponseOptions {
  readonly economy: Economy;
  readonly actors: Actors;
  readonly oracle: Oracle | undefined;
  readonly impulse: Impulse;
  /** Default: the oracle's steady state, draws of the ergodic distribution without an oracle. */
  readonly from?: ResponseStart | undefined;
  readonly paths: number;
  /** Periods after that of the shock. */
  readonly horizon: number;
  /** Periods before draws of the ergodic distribution are taken. */
  readonly burnIn: number;
  readonly seed: number;
}

/** A mean over paths and its interval, each [horizon + 1]. */
export interface Band {
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface Response extends Omit<Variable, 'values'> {
  /** Mean over paths without the shock, [horizon + 1]. */
  readonly unshocked: Float64Array;
  /** Mean difference that the shock makes, in the variable's unit. */
  readonly level: Band;
  /** The same in percent of the mean without the shock; null for rewards and for variables that are not positive throughout. */
  readonly percent: Band | null;
  /** Whether the shock moves it on any path in any period. */
  readonly moves: boolean;
}

export interface Responses {
  readonly impulse: Impulse;
  readonly from: ResponseStart;
  readonly horizon: number;
  /** Those with a first state that can be. */
  readonly paths: number;
  /** Visited states that were left out, as an environment cannot be put into them, and why the first one. */
  readonly leftOut: PossibleStates['leftOut'];
  readonly reason: string;
  /** Mean size that the shock had, in its unit: less than that of the impulse where states had no room for it. */
  readonly applied: number;
  /** Paths whose first state the shock left as it was. */
  readonly unchanged: number;
  /** Paths on which the economy ended, with or without the shock. */
  readonly ended: number;
  readonly variables: readonly Response[];
}

/** Quantile of the normal distribution for an interval of 95 %. */
const NORMAL_95 = 1.959963984540054;

/**
 * Generalised impulse responses: what an unexpected change of the state at the start of period 0, before agents act, does to every
 * variable j periods later, in the mean over paths,
 *
 *     GI_x(j) = E[x_j | s_0 shocked] - E[x_j | s_0],   percent: 100 (E[x_j | shocked] / E[x_j] - 1),
 *
 * by two batches with the same states and the same draws (common random numbers), one of them shocked. Percent is of the mean without the
 * shock, for variables but rewards that are positive on all paths. The intervals are those of the mean, 95 %, by the normal approximation
 * (mean +- 1.96 standard errors; the percent's standard error is that of a ratio of means, Cochran 1977, Sampling Techniques,
 * section 6.4): how exact the simulation is, not how much paths differ. NaN with a single path. Values are those of `simulatePaths`.
 *
 * Source: Koop, Pesaran and Potter (1996), J. Econometrics 74, section 3. From `steady`, the oracle's steady state, or `ergodic`, states
 * visited under the same policy after the burn-in, those left out that `possibleStates` leaves out. Where the economy ends, means are over
 * the paths that go on in both batches. Throws what `checkStart` throws, an ImpulseError if the shocked state cannot be, or leads where
 * numbers end, and a UsageError if no visited state can be. Invariant: as many shocks as paths, and the same draws in both batches.
 */
export function impulseResponses(options: ResponseOptions): Responses {
  const { economy, actors, impulse, horizon, seed } = options;
  const from = checkStart(options);
  const { states, leftOut, reason } = firstStates(options, from);
  const paths = states.length;
  const run = (first: readonly EconomyState[]) =>
    simulatePaths({ economy, actors, paths, periods: horizon + 1, seed, states: first });
  const unshocked = run(states);
  const shockedStates = states.map((state) => shockedState(state, impulse));
  const shocked = afterShock(options, from, () => {
    requireAlive(economy, shockedStates);
    return run(shockedStates);
  });
  const sizes = states.map((state, b) => impulse.applied(state, shockedStates[b]));
  return {
    impulse,
    from,
    horizon,
    paths,
    leftOut,
    reason,
    // A mean of equal numbers is one of them, not what rounding makes of it.
    applied: sizes.every((size) => size === sizes[0]) ? sizes[0] : meanOf(sizes),
    unchanged: sizes.filter((size) => size === 0).length,
    ended: unshocked.ended.filter((end, b) => end !== null || shocked.ended[b] !== null).length,
    variables: unshocked.variables.flatMap((variable) => {
      const other = variableOf(shocked, variable.name);
      return other === undefined ? [] : [responseOf(variable, other, unshocked)];
    }),
  };
}

/** Where responses start: what was asked for, or the default. Throws a UsageError if `steady` is asked for without an oracle. */
export function checkStart({
  from,
  oracle,
  economy,
}: Pick<ResponseOptions, 'from' | 'oracle' | 'economy'>): ResponseStart {
  if (from === 'steady' && oracle === undefined) {
    throw new UsageError(
      `${economy.id}: no steady state is known, as there is no oracle; ask for responses from the ergodic distribution.`,
    );
  }
  return from ?? (oracle === undefined ? 'ergodic' : 'steady');
}

function firstStates(options: ResponseOptions, from: ResponseStart): PossibleStates {
  const { economy, actors, oracle, paths, burnIn, seed } = options;
  if (from === 'steady' && oracle !== undefined) {
    const states = Array.from({ length: paths }, () => oracle.steadyState);
    return { states, leftOut: 0, reason: '' };
  }
  // The draws of the responses themselves begin anew from the seed: these must be others.
  const before = seed + paths;
  const visited = visitedStates({ economy, actors, paths, periods: burnIn + 1, seed: before });
  const possible = possibleStates(economy, visited);
  if (possible.states.length > 0) return possible;
  throw new UsageError(`no visited state can be started from: ${possible.reason}`);
}

function shockedState(state: EconomyState, impulse: Impulse): EconomyState {
  const copy = copyState(state);
  impulse.apply(copy);
  return copy;
}

/** An impulse that the economy cannot take. */
export class ImpulseError extends Error {
  override readonly name = 'ImpulseError';
}

/** A state that cannot be, or leads to numbers that are none, is the fault of the impulse: without it all went well. */
function afterShock<T>({ impulse, oracle }: ResponseOptions, from: ResponseStart, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof NonFiniteError)) throw error;
    const remedy = from === 'ergodic' && oracle !== undefined ? ', or start from the steady state' : '';
    throw new ImpulseError(
      `the shock ${askedText(impulse)} leads where the economy cannot go: ${error.message} Give a smaller one${remedy}.`,
    );
  }
}

/** `capital=-1`; shocks that were asked for in several sizes have that for a name. */
function askedText({ name, size }: Impulse): string {
  return name.includes('=') ? name : `${name}=${size}`;
}

function requireAlive({ id, definition, model }: Economy, states: readonly EconomyState[]): void {
  const over = states.filter((state) => definition.terminated?.({ model, state }) === true).length;
  if (over > 0) throw new UsageError(`${id} ends at once on ${over} of ${states.length} paths.`);
}

function responseOf(before: Variable, after: Variable, { paths, periods }: Paths): Response {
  const { name, role, label, unit, values: x } = before;
  const { values: y } = after;
  const unshocked = new Float64Array(periods);
  const level = emptyBand(periods);
  const percent = emptyBand(periods);
  for (let j = 0; j < periods; j++) {
    const alive = aliveIn(x, y, { paths, periods, period: j });
    const [base, effect] = [meanOver(alive, (at) => x[at]), meanOver(alive, (at) => y[at])];
    const ratio = effect / base;
    unshocked[j] = base;
    setBand(
      level,
      j,
      meanOver(alive, (at) => y[at] - x[at]),
      standardError(alive, (at) => y[at] - x[at]),
    );
    setBand(
      percent,
      j,
      100 * (ratio - 1),
      (100 * standardError(alive, (at) => y[at] - ratio * x[at])) / base,
    );
  }
  const hasPercent = isRatio(before) && isRatio(after);
  return {
    name,
    role,
    label,
    unit,
    unshocked,
    level,
    percent: hasPercent ? percent : null,
    moves: differ(x, y),
  };
}

/** Places in [paths, periods] of the paths that go on in both batches. */
function aliveIn(
  x: Float64Array,
  y: Float64Array,
  { paths, periods, period }: { readonly paths: number; readonly periods: number; readonly period: number },
): readonly number[] {
  const places: number[] = [];
  for (let b = 0; b < paths; b++) {
    const at = b * periods + period;
    if (Number.isFinite(x[at]) && Number.isFinite(y[at])) places.push(at);
  }
  return places;
}

/** NaN over no places. */
function meanOver(places: readonly number[], value: (at: number) => number): number {
  return places.reduce((sum, at) => sum + value(at), 0) / places.length;
}

/** Of the mean; NaN over fewer than two places. */
function standardError(places: readonly number[], value: (at: number) => number): number {
  const n = places.length;
  const centre = meanOver(places, value);
  const squares = meanOver(places, (at) => (value(at) - centre) ** 2);
  return Math.sqrt(squares / (n - 1));
}

function emptyBand(periods: number): Band {
  return {
    mean: new Float64Array(periods),
    low: new Float64Array(periods),
    high: new Float64Array(periods),
  };
}

function setBand({ mean, low, high }: Band, j: number, centre: number, error: number): void {
  mean[j] = centre;
  low[j] = centre - NORMAL_95 * error;
  high[j] = centre + NORMAL_95 * error;
}

/** Whether two batches differ by more than rounding. */
function differ(x: Float64Array, y: Float64Array): boolean {
  return x.some(
    (value, at) => Math.abs(y[at] - value) > ROUNDING * Math.max(Math.abs(value), Math.abs(y[at])),
  );
}

/** What a reader takes away from a response. */
export interface ResponseSummary {
  readonly measure: 'percent' | 'level';
  /** In the period of the shock. */
  readonly impact: number;
  /** The response farthest from zero, and its period. */
  readonly peak: number;
  readonly peakPeriod: number;
  /** Periods from the peak until the response is at most half of it for the first time; null if that is not seen. */
  readonly halfLife: number | null;
  /** Periods after the peak in which that could be seen; 0 where the response is largest at its end. */
  readonly seen: number;
}

/** Peak and half-life of a response, in percent where it is measured in percent. */
export function summariseResponse({ level, percent }: Response): ResponseSummary {
  const { mean } = percent ?? level;
  let peakPeriod = 0;
  for (let j = 1; j < mean.length; j++) {
    if (Math.abs(mean[j]) > Math.abs(mean[peakPeriod]) * (1 + ROUNDING)) peakPeriod = j;
  }
  const peak = mean[peakPeriod];
  const last = mean.findLastIndex((value) => !Number.isNaN(value));
  const half =
    peak === 0 ? -1 : mean.findIndex((value, j) => j > peakPeriod && Math.abs(value) <= Math.abs(peak) / 2);
  return {
    measure: percent === null ? 'level' : 'percent',
    impact: mean[0],
    peak,
    peakPeriod,
    halfLife: half < 0 ? null : half - peakPeriod,
    seen: Math.max(0, last - peakPeriod),
  };
}
