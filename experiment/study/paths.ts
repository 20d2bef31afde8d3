/** Simulated paths of an economy under a policy. */
import { act } from '../../core/evaluate.ts';
import { type BatchedEnv, copyState, type Economy, type EconomyState, UsageError } from '../../core/index.ts';
import { type Actors, batchFactory, untouched } from './actors.ts';
import { type Variable, variableRecorder } from './variables.ts';

export interface PathSizes {
  readonly paths: number;
  /** Periods recorded. */
  readonly periods: number;
  /** Periods before the first recorded one. Default 0. */
  readonly burnIn?: number;
}

export interface PathOptions extends PathSizes {
  readonly economy: Economy;
  readonly actors: Actors;
  /** Path b has the stream of seed + b: equal seeds give equal shocks. */
  readonly seed: number;
  /** First states by path; default: drawn by the economy. */
  readonly states?: readonly EconomyState[];
}

export interface Paths {
  readonly paths: number;
  readonly periods: number;
  readonly burnIn: number;
  /** Each with values [P, T]. */
  readonly variables: readonly Variable[];
  /** By path, the row in which the economy ended, after which values are NaN; null for a path that goes on. */
  readonly ended: readonly (number | null)[];
  /** Paths on which the economy ended in the burn-in and began anew, once or more. */
  readonly reborn: number;
  /** By path, the state after the last period, or that at the start of the period in which the economy ended: never an ended one. */
  readonly states: readonly EconomyState[];
}

/** What memory can be trusted to hold of every variable. */
const MOST_ROWS = 10_000_000;

/**
 * P paths of T periods after a burn-in, under deterministic actions unless the actors say otherwise, without any reset in the recorded
 * periods. Where the economy ends in the burn-in, it begins anew at once, so that every path lives when its record begins.
 *
 * Timing: row t holds the state s_t at the start of period t (state variables and `info`), the actions chosen there (mean over the
 * agents of a type), and the flows from t to t + 1: accounts and rewards (mean over agents). Where the economy ends in period t, row t
 * is the last with values, and later ones are NaN.
 * Throws what `checkSizes` and the economy throw. Invariants: equal options give equal values, bit for bit, agents are left as they were,
 * and no state in which the economy has ended is stepped on or shown to agents that look at states.
 */
export function simulatePaths(options: PathOptions): Paths {
  checkSizes(options);
  const { economy, actors, paths, periods, burnIn = 0 } = options;
  const recorder = variableRecorder({ economy, paths, periods });
  const alive = new Uint8Array(paths).fill(1);
  const ended = new Array<number | null>(paths).fill(null);
  return untouched(actors, () => {
    const { env, reborn } = recordedBatch(options);
    let before: readonly EconomyState[] = env.states;
    const last: EconomyState[] = [];
    for (let t = 0; t < periods; t++) {
      act(actors.agents, env, { actions: actors.actions, states: withoutEnded(env, before) });
      recorder.state(env, t, alive);
      before = env.states.map(copyState);
      env.step();
      recorder.flows(env, t, { alive, before });
      for (let b = 0; b < paths; b++) {
        if (alive[b] === 0 || env.terminated[b] === 0) continue;
        alive[b] = 0;
        ended[b] = t;
        last[b] = before[b];
      }
    }
    const states = env.states.map((state, b) => last[b] ?? copyState(state));
    env.close();
    return { paths, periods, burnIn, variables: recorder.variables(), ended, reborn, states };
  });
}

/**
 * States after some periods under a policy, one for each of `paths` copies: draws of the ergodic distribution. A copy that ends begins
 * anew at once. Throws what the economy throws. Invariants as of `simulatePaths`; no state is one in which the economy has ended.
 */
export function visitedStates(options: Omit<PathOptions, 'burnIn'>): readonly EconomyState[] {
  checkSizes({ ...options, periods: 1 });
  return untouched(options.actors, () => {
    const { env } = warmBatch({ ...options, horizon: options.periods + 1 });
    const states = env.states.map(copyState);
    env.close();
    return states;
  });
}

/**
 * Throws a UsageError for numbers of paths and periods that are not whole, or make more than ten million rows.
 */
export function checkSizes({ paths, periods, burnIn = 0 }: PathSizes): void {
  requireWhole('paths', paths, 1);
  requireWhole('periods', periods, 1);
  requireWhole('burn-in', burnIn, 0);
  if (paths * periods <= MOST_ROWS) return;
  throw new UsageError(
    `simulation: ${paths} paths of ${periods} periods are more than ${MOST_ROWS} rows; give fewer or shorter ones.`,
  );
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new UsageError(`simulation: ${name} is ${value}; give a whole number of at least ${least}.`);
}

interface Batch {
  readonly env: BatchedEnv;
  /** Copies that ended on the way and began anew. */
  readonly reborn: number;
}

/** Copies at the end of the burn-in, whose next end is theirs: they begin anew at the step after it. */
function recordedBatch(options: PathOptions): Batch {
  const { economy, actors, paths, periods, burnIn = 0 } = options;
  const horizon = burnIn + periods;
  const env = batchFactory(economy, actors)({ copies: paths, horizon, autoreset: 'next-step' });
  if (burnIn === 0) {
    env.reset(firstOf(options));
    return { env, reborn: 0 };
  }
  const { env: warm, reborn } = warmBatch({ ...options, periods: burnIn, horizon });
  env.load(warm.save());
  warm.close();
  return { env, reborn };
}

/** Copies after some periods; one that ended has begun anew within the step. The horizon lies beyond them. */
function warmBatch(options: PathOptions & { readonly horizon: number }): Batch {
  const { economy, actors, paths, periods, horizon } = options;
  const env = batchFactory(economy, actors)({ copies: paths, horizon, autoreset: 'same-step' });
  const hasEnded = new Uint8Array(paths);
  env.reset(firstOf(options));
  for (let t = 0; t < periods; t++) {
    act(actors.agents, env, { actions: actors.actions });
    env.step();
    for (let b = 0; b < paths; b++) if (env.terminated[b] === 1) hasEnded[b] = 1;
  }
  return { env, reborn: hasEnded.reduce((sum, one) => sum + one, 0) };
}

function firstOf({ seed, states }: PathOptions) {
  return states === undefined ? { seed } : { seed, states };
}

/** States by copy; for one that has ended, and will begin anew whatever is done there, the state before. */
function withoutEnded(env: BatchedEnv, before: readonly EconomyState[]): readonly EconomyState[] {
  return env.terminated.includes(1)
    ? env.states.map((state, b) => (env.terminated[b] === 1 ? before[b] : state))
    : env.states;
}

/** The variable of that name; undefined if there is none. */
export function variableOf(paths: Paths, name: string): Variable | undefined {
  return paths.variables.find((variable) => variable.name === name);
}

/** Values of one path, [T]. */
export function pathOf({ values }: Variable, path: number, periods: number): Float64Array {
  return values.subarray(path * periods, (path + 1) * periods);
}

/** Periods of each path until the economy ended, the one of the end among them, [P]. */
export function livesOf({ ended, periods }: Paths): readonly number[] {
  return ended.map((end) => (end === null ? periods : end + 1));
}
