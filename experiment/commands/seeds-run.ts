/** One of several seeds: its process, its result, and why it failed if it did. */
import { existsSync, readdirSync } from 'node:fs';
import { toArguments } from '../cli/arguments.ts';
import type { ChildResult, Children } from '../cli/children.ts';
import { type TrainOptions, trainOptions } from '../cli/options.ts';
import type { ProgressMessage } from '../cli/parent.ts';
import { commandName } from '../cli/typed.ts';
import { isRecord } from '../records.ts';
import { runPaths } from '../run/run-folder.ts';
import { recordOf } from './seeds-folder.ts';
import type { RunResult, SeedRun } from './seeds-summary.ts';

export interface SeedWork {
  readonly command: string;
  readonly seed: number;
  /** Of the run; one that holds something is gone on with. */
  readonly folder: string;
  readonly options: TrainOptions;
  readonly children: Children;
  hear(message: ProgressMessage): void;
}

/** The run of a seed that has ended before; undefined if it has not. */
export function finishedRun(seed: number, folder: string): SeedRun | undefined {
  const result = recordOf(runPaths(folder).result);
  return result === undefined ? undefined : { seed, result, failure: convergenceFailure(result) };
}

/** Trains one seed in a process of its own. Throws nothing: whatever goes wrong is the run's failure. */
export async function runSeed({
  command,
  seed,
  folder,
  options,
  children,
  hear,
}: SeedWork): Promise<SeedRun> {
  const isBegun = existsSync(folder) && readdirSync(folder).length > 0;
  const own = {
    ...options,
    seed,
    seeds: undefined,
    threads: undefined,
    out: isBegun ? undefined : folder,
    resume: isBegun ? folder : undefined,
    json: true,
    quiet: true,
  };
  try {
    return { seed, ...reading(command, await children.run(toArguments(trainOptions, own), hear)) };
  } catch (error) {
    return { seed, result: undefined, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** What a process that has ended left behind. */
function reading(
  command: string,
  { exitCode, signal, out, err }: ChildResult,
): Pick<SeedRun, 'result' | 'failure' | 'refusal'> {
  const words = reasonIn(err).replace(`${commandName(command)}: `, '');
  const said = words === '' ? '' : `: ${words}`;
  if (signal !== undefined) {
    const hint = signal === 'SIGKILL' && words === '' ? ', perhaps for want of memory' : '';
    return { result: undefined, failure: `ended by ${signal}${hint}${said}` };
  }
  const code = `(exit code ${exitCode})`;
  if (exitCode === 2) return { result: undefined, failure: `${words} ${code}`, refusal: words };
  const result = lastJson(out);
  if (result === undefined) {
    const failure = exitCode === 0 ? 'it printed no JSON line' : `${words} ${code}`.trim();
    return { result, failure };
  }
  return { result, failure: convergenceFailure(result) ?? (exitCode === 0 ? undefined : `${words} ${code}`) };
}

function convergenceFailure({ converged }: RunResult): string | undefined {
  return converged === false ? 'the solver behind the oracle has not converged' : undefined;
}

/** Node's report of a crash is a page; its one line that says why begins like this. */
const CRASH = 'FATAL ERROR: ';

function reasonIn(err: string): string {
  const lines = err.trim().split('\n');
  return lines.find((line) => line.startsWith(CRASH)) ?? lines.join('\n');
}

function lastJson(text: string): RunResult | undefined {
  const line = text.trimEnd().split('\n').pop() ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
