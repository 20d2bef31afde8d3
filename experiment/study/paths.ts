/** Simulated paths of an economy under a policy. */
import { copyState, type Economy, type EconomyState, UsageError } from '../../core/index.ts';
import { type Actors, act, batchFactory, untouched } from './actors.ts';
import { type Variable, variableRecorder } from './variables.ts';

export interface PathOptions {
  readonly economy: Economy;
  readonly actors: Actors;
  readonly paths: number;
  /** Periods recorded. */
  readonly periods: number;
  /** Periods before the first recorded one. Default 0. */
  readonly burnIn?: number;
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
  /** By path, the row in which the economy ended (-1: in the burn-in), after which values are NaN; null for a path that goes on. */
  readonly ended: readonly (number | null)[];
  /** States after the last period, by path: draws of the ergodic distribution. */
  readonly states: readonly EconomyState[];
}

/** What memory can be trusted to hold of every variable. */
const MOST_ROWS = 10_000_000;

/**
 * P paths of T periods after a burn-in, under deterministic actions unless the actors say otherwise, without any reset on the way.
 *
 * Timing: row t holds the state s_t at the start of period t (state variables and `info`), the actions chosen there (mean over the
 * agents of a type), and the flows from t to t + 1: accounts and rewards (mean over agents). Where the economy ends in period t, row t
 * is the last with values, and later ones are NaN.
 * Throws a UsageError for sizes that are not whole or more than ten million rows, and what the economy throws. Invariants: equal options give equal values, bit for
 * bit, and agents are left as they were.
 */
export function simulatePaths(options: PathOptions): Paths {
  const { economy, actors, paths, periods, burnIn = 0, seed, states } = options;
  requireWhole('paths', paths, 1);
  requireWhole('periods', periods, 1);
  requireWhole('burn-in', burnIn, 0);
  if (paths * periods > MOST_ROWS) {
    throw new UsageError(
      `simulation: ${paths} paths of ${periods} periods are more than ${MOST_ROWS} rows; give fewer or shorter ones.`,
    );
  }
  const recorder = variableRecorder({ economy, paths, periods });
  const env = batchFactory(
    economy,
    actors,
  )({
    copies: paths,
    horizon: burnIn + periods,
    autoreset: 'next-step',
  });
  const alive = new Uint8Array(paths).fill(1);
  const ended = new Array<number | null>(paths).fill(null);
  return untouched(actors, () => {
    env.reset(states === undefined ? { seed } : { seed, states });
    for (let t = -burnIn; t < periods; t++) {
      act(actors, env);
      if (t >= 0) recorder.state(env, t, alive);
      env.step();
      if (t >= 0) recorder.flows(env, t, alive);
      for (let b = 0; b < paths; b++) {
        if (alive[b] === 0 || env.terminated[b] === 0) continue;
        alive[b] = 0;
        ended[b] = Math.max(t, -1);
      }
    }
    const last = env.states.map(copyState);
    env.close();
    return { paths, periods, burnIn, variables: recorder.variables(), ended, states: last };
  });
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new UsageError(`simulation: ${name} is ${value}; give a whole number of at least ${least}.`);
}

/** The variable of that name; undefined if there is none. */
export function variableOf(paths: Paths, name: string): Variable | undefined {
  return paths.variables.find((variable) => variable.name === name);
}

/** Values of one path, [T]. */
export function pathOf({ values }: Variable, path: number, periods: number): Float64Array {
  return values.subarray(path * periods, (path + 1) * periods);
}
