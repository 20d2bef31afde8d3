/**
 * How much processor time does value iteration on the benchmark's grid take (17,820 nodes of capital, five levels of productivity)? The sweep and the accelerated
 * method, and a program that is built from the public sources of the benchmark, if one is given: processes take turns, round by round.
 *
 *   npx tsx bench/grid.ts [--program FILE] [--rounds N] [--json] [--quiet] [--help]
 *
 * The program, for example: RBC_CPP.cpp of github.com/jesusfv/Comparison-Programming-Languages-Economics, `g++ -O3 -o rbc RBC_CPP.cpp`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { gridAgent } from '../agents/grid/index.ts';
import { gridSettings } from '../agents/grid/settings.ts';
import { UsageError } from '../core/errors.ts';
import type { CreateOptions } from '../core/method.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand, type Terminal } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { createRng } from '../numerics/random.ts';
import { median } from '../numerics/statistics.ts';

const METHODS = ['sweep', 'accelerated'] as const;
type MethodName = (typeof METHODS)[number];

/** Solves in one process: the first, while the code is still being compiled, and those after it. */
const SOLVES: Readonly<Record<MethodName, number>> = { sweep: 4, accelerated: 20 };

/** Seconds of processor time of one process, all its threads. */
interface Run {
  readonly process: number;
  readonly first: number | undefined;
  readonly later: number | undefined;
}

export interface GridTiming {
  readonly name: string;
  /** Medians over rounds, seconds of processor time. */
  readonly process: number;
  readonly first: number | null;
  readonly later: number | null;
  /** Of first and later solves to the program's whole process, or to the sweep's. */
  readonly ratios: { readonly first: number | null; readonly later: number | null };
}

/** One solve of the benchmark from nothing, and what it found. */
export function solveBenchmark(method: MethodName): {
  readonly iterations: number;
  readonly seconds: number;
} {
  const economy = environments.economy('jesusfv', { transition: 'published' });
  const options = {
    economy,
    settings: gridSettings.parse({ method }),
    discountFactor: economy.discountFactors.household,
    rng: createRng(1),
  };
  const start = process.cpuUsage();
  // Spaces, rows and a backend are for learners from experience.
  const agent = gridAgent(options as unknown as CreateOptions<typeof options.settings>);
  let iterations = 0;
  while (agent.converged !== true) {
    agent.update?.();
    iterations++;
  }
  const { user, system } = process.cpuUsage(start);
  return { iterations, seconds: (user + system) / 1e6 };
}

/** A process and the time that it took, told by the shell, which waits for it. */
function runProcess(
  file: string,
  args: readonly string[],
): { readonly seconds: number; readonly text: string } {
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', '"$0" "$@"; times', file, ...args], {
    encoding: 'utf8',
  });
  const lines = (stdout ?? '').trimEnd().split('\n');
  const times = lines.at(-1)?.match(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/);
  if (error !== undefined || status !== 0 || times === null || times === undefined) {
    throw new UsageError(
      `${file} did not run: ${error?.message ?? stderr.trim()}. Give a program that was built.`,
    );
  }
  const [userMinutes, user, systemMinutes, system] = times.slice(1).map(Number);
  return { seconds: 60 * (userMinutes + systemMinutes) + user + system, text: lines.slice(0, -2).join('\n') };
}

function runOurs(method: MethodName): Run {
  const { seconds, text } = runProcess(process.execPath, [
    '--import',
    'tsx',
    fileURLToPath(import.meta.url),
    '--solve',
    method,
    '--json',
    '--quiet',
  ]);
  const { solves } = JSON.parse(text.trim().split('\n').at(-1) ?? '') as { solves: number[] };
  return { process: seconds, first: solves[0], later: median(Float64Array.from(solves.slice(1))) };
}

const benchOptions = z.strictObject({
  program: z
    .string()
    .optional()
    .meta({ description: 'a program of the benchmark, built, to compare with', value: 'FILE' }),
  rounds: z.int().min(1).max(1000).default(5).meta({ description: 'of all in turn', value: 'N' }),
  solve: z
    .enum(METHODS)
    .optional()
    .meta({ description: 'only solve, several times over in this process', value: 'METHOD' }),
  ...outputOptions,
});

export const gridBench: CommandDefinition<z.output<typeof benchOptions>> = {
  name: 'grid',
  summary: "Measures the processor time of value iteration on the benchmark's grid.",
  options: benchOptions,
  async main({ program, rounds, solve }, terminal) {
    if (solve !== undefined) {
      const found = Array.from({ length: SOLVES[solve] }, () => solveBenchmark(solve));
      const solves = found.map(({ seconds }) => seconds);
      terminal.print(
        `${solve}: ${found[0].iterations} iterations, ${solves.map((s) => s.toFixed(3)).join(' ')} s`,
      );
      return { result: { command: 'grid', method: solve, iterations: found[0].iterations, solves } };
    }
    const timings = compare(measure(program, rounds, terminal));
    print(timings, program, terminal);
    return { result: { command: 'grid', rounds, timings } };
  },
};

function measure(
  program: string | undefined,
  rounds: number,
  terminal: Terminal,
): ReadonlyMap<string, readonly Run[]> {
  const runs = new Map<string, Run[]>();
  for (let round = 1; round <= rounds; round++) {
    terminal.note(`round ${round} of ${rounds} ...`);
    if (program !== undefined) {
      const run: Run = { process: runProcess(program, []).seconds, first: undefined, later: undefined };
      runs.set('program', [...(runs.get('program') ?? []), run]);
    }
    for (const method of METHODS) runs.set(method, [...(runs.get(method) ?? []), runOurs(method)]);
  }
  return runs;
}

/** Medians, and ratios to the program, or to the sweep where there is none. */
export function compare(runs: ReadonlyMap<string, readonly Run[]>): readonly GridTiming[] {
  const middle = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? null : median(Float64Array.from(known));
  };
  const rows = [...runs].map(([name, all]) => ({
    name,
    process: median(Float64Array.from(all, (run) => run.process)),
    first: middle(all.map((run) => run.first)),
    later: middle(all.map((run) => run.later)),
  }));
  const program = rows.find(({ name }) => name === 'program')?.process;
  const sweep = rows.find(({ name }) => name === 'sweep');
  const over = (a: number | null, b: number | null | undefined) =>
    a === null || b === null || b === undefined ? null : a / b;
  return rows.map((row) => ({
    ...row,
    ratios: {
      first: over(row.first, program ?? sweep?.first),
      later: over(row.later, program ?? sweep?.later),
    },
  }));
}

function print(timings: readonly GridTiming[], program: string | undefined, terminal: Terminal): void {
  const seconds = (value: number | null) => value?.toFixed(3) ?? '';
  const ratio = (value: number | null) => value?.toFixed(2) ?? '';
  terminal.print(
    'Processor time in seconds, medians of rounds. "First" is the first solve of a process, compilation included; "later" those after it.\n' +
      `Ratios are to ${program === undefined ? "the sweep's" : "the program's whole process"}.\n`,
  );
  terminal.print(
    formatTable(
      timings.map(({ name, process: whole, first, later, ratios }) => [
        name,
        seconds(whole),
        seconds(first),
        seconds(later),
        ratio(ratios.first),
        ratio(ratios.later),
      ]),
      { header: ['solver', 'process', 'first', 'later', 'ratio first', 'ratio later'], align: ['left'] },
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(gridBench);
