/** What every check is given, and how what it finds becomes a report. */
import type { BatchedEnv } from '../batched.ts';
import type { EconomyState } from '../economy.ts';
import type { Driver } from './env-driver.ts';
import type { EnvCheckName } from './env-names.ts';
import { text, thrown } from './env-plain.ts';
import type { Frame, Parting, Plan } from './env-play.ts';
import type { CheckLog } from './report.ts';

/** How episodes may end: by the time limit only, by the economy's own end only, or by either. */
export type Endings = 'truncation' | 'termination' | 'both';

/** Agents of one type that could change places. */
export interface Exchangeable {
  /**
   * A first state in which agent i of the type stands where agent order[i] stood. Left out: agents start alike, and nothing is
   * drawn for one of them alone.
   */
  readonly permute?: (state: EconomyState, order: readonly number[]) => EconomyState;
}

export interface CheckEnvOptions {
  /** In the report; default: the economy's id, or `environment`. */
  readonly name?: string;
  /** Of resets and of the random actions; default 1. */
  readonly seed?: number;
  /** Calls of a run, at least 200; default: 250, and more until an episode has ended, up to 5,000. */
  readonly steps?: number;
  /** Periods until truncation. An economy's is known; there it sets the episodes of the runs, at most 40 periods by default. */
  readonly horizon?: number;
  /** How episodes may end; known of an economy. Without it only what cannot be chance is a failure. */
  readonly endings?: Endings;
  /** Whether nothing is drawn, so that seeds cannot matter; default false. */
  readonly deterministic?: boolean;
  /** What the first `reset` of a run is given as `options`; default none. */
  readonly resetOptions?: Readonly<Record<string, unknown>>;
  /** Types of agents that could change places: agents `fisher_0`, `fisher_1`, ... are `{ fisher: {} }`; default none. */
  readonly exchangeable?: Readonly<Record<string, Exchangeable>>;
  /** Texts, or patterns of texts, of warnings that are not failures; default none. */
  readonly warnings?: readonly (string | RegExp)[];
  /** The batched form of an `Env` or `ParallelEnv`, to be checked too and compared with it. */
  readonly batched?: () => BatchedEnv;
}

/** Runs that are compared have at least so many calls. */
export const FEWEST_STEPS = 200;

export interface CheckContext {
  readonly log: CheckLog;
  /** A new environment. */
  readonly make: () => Driver;
  readonly seed: number;
  /** Calls of a run. */
  readonly steps: number;
  /** Calls within which an episode must end. */
  readonly limit: number;
  readonly horizon: number | undefined;
  readonly endings: Endings | undefined;
  /** Whether nothing is drawn, so that seeds do not matter. */
  readonly deterministic: boolean;
  /** A copy at each call, since a reset may write into it. */
  readonly resetOptions: () => Readonly<Record<string, unknown>>;
  readonly exchangeable: Readonly<Record<string, Exchangeable>>;
  /** Single instances that a batch is compared with. */
  readonly single: (() => Driver) | undefined;
}

export type Found = Parameters<CheckLog['fail']>[1];
export type Fail = (found: Found) => void;

/** What a check says when the environment has not what it needs. */
export const NOT_APPLICABLE = 'not applicable';

/**
 * One check: passed if its body finds nothing, once per environment; what the body throws is a finding too, and the next check
 * goes on.
 */
export function check(
  log: CheckLog,
  name: EnvCheckName,
  body: (fail: Fail) => typeof NOT_APPLICABLE | undefined,
): boolean {
  let found = false;
  const fail: Fail = (what) => {
    found = true;
    log.fail(name, what);
  };
  let result: ReturnType<typeof body>;
  try {
    result = body(fail);
  } catch (error) {
    fail({
      expected: 'no error',
      actual: thrown(error),
      hint: 'The environment threw while this was checked; see the message.',
    });
  }
  if (found) return false;
  if (result === NOT_APPLICABLE) log.skip(name);
  else log.pass(name);
  return true;
}

/** Fails where two runs part; any driver of the form knows what stands there. */
export function failParting(
  fail: Fail,
  { path, step, first, second }: Parting,
  words: { readonly driver: Driver; readonly first: string; readonly second: string; readonly hint: string },
): void {
  const [top = 'length of the run', ...rest] = path;
  const nobody = { agent: undefined, what: top };
  const { agent, what } = top === 'outcome' && rest.length > 0 ? words.driver.placeOf(rest) : nobody;
  fail({
    agent,
    step,
    expected: `the same ${what} in every bit as ${words.first}: ${text(first)}`,
    actual: `${text(second)} ${words.second}`,
    hint: words.hint,
  });
}

/** Whether a run was all reset and steps: errors are reported elsewhere, and end the comparison of what they interrupt. */
export function unbroken(frames: readonly Frame[]): boolean {
  return frames.every(({ kind }) => kind !== 'error');
}

/** The run that most checks make. */
export function planOf({ seed, steps, resetOptions }: CheckContext, driver: Driver): Plan {
  return { driver, seed, steps, first: { seed, options: resetOptions() } };
}
