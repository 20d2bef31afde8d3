/**
 * Every benchmark, round by round, so that what else the machine does falls on all alike; medians and ratios in one page.
 *
 *   npm run bench -- [--rounds N] [--only NAME] [--results FILE] [--json] [--quiet] [--help]
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { type CommandDefinition, runCommand, type Terminal } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { COMMANDS, type Ended, type Figure, type Job, PARTS } from './jobs.ts';
import { describeMachine } from './machine.ts';
import { commandText, type JobResult, resultsPage, summarise } from './results.ts';
import { USAGE_VARIABLE, type Usage } from './usage.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const NAMES = [...PARTS, ...COMMANDS].map(({ name }) => name);

/** The process of a job, in a folder of its own for what it writes. Throws what it says last if it fails. */
export function runJob({ command }: Job): Promise<Ended> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const usageFile = path.join(folder, 'usage.json');
  const isTraining = command[0].startsWith('train/') && !command.includes('--help');
  const out = isTraining ? ['--out', path.join(folder, 'run')] : [];
  const preload = new URL('./usage.ts', import.meta.url).href;
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', 'tsx', '--import', preload, ...command, ...out], {
      cwd: root,
      env: { ...process.env, [USAGE_VARIABLE]: usageFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const wallSeconds = (performance.now() - started) / 1000;
      try {
        if (code !== 0) throw new Error(errors.trim().split('\n').at(-1) ?? `exit code ${code}`);
        const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as Usage;
        const last = output.trim().split('\n').at(-1) ?? '';
        resolve({ json: command.includes('--json') ? JSON.parse(last) : undefined, wallSeconds, usage });
      } catch (error) {
        reject(error);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

/** All jobs in turn, round after round; one that fails is not tried again. */
async function measure(
  jobs: readonly Job[],
  rounds: number,
  terminal: Terminal,
): Promise<ReadonlyMap<string, JobResult>> {
  const figures = new Map(jobs.map(({ name }) => [name, [] as (readonly Figure[])[]]));
  const failures = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const job of jobs) {
      if (failures.has(job.name)) continue;
      terminal.note(`round ${round} of ${rounds}: ${job.name} ...`);
      try {
        figures.get(job.name)?.push(job.figures(await runJob(job)));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures.set(job.name, reason);
        terminal.warn(`${job.name}: ${reason}`);
      }
    }
  }
  return new Map(
    jobs.map((job) => {
      const failed = failures.get(job.name);
      const results = summarise(figures.get(job.name) ?? []);
      const about = { name: job.name, title: job.title, command: commandText(job), results };
      return [job.name, failed === undefined ? about : { ...about, failed }];
    }),
  );
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

const options = z.strictObject({
  rounds: z.int().min(1).max(100).default(3).meta({ description: 'of all in turn', value: 'N' }),
  only: z
    .array(z.string())
    .default([])
    .meta({
      description: `benchmarks to run, instead of all: ${NAMES.join(', ')}`,
      value: 'NAME',
      allowed: NAMES.join(', '),
    }),
  results: z.string().min(1).optional().meta({
    description: 'file for the page (default bench/RESULTS.md where all are run, none otherwise)',
    value: 'FILE',
  }),
  ...outputOptions,
});

export const benchAll: CommandDefinition<z.output<typeof options>> = {
  name: 'bench',
  summary: 'Runs every benchmark, interleaved, and writes a page of medians.',
  options,
  async main({ rounds, only, results }, terminal) {
    const unknown = only.find((name) => !NAMES.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`--only is "${unknown}"; allowed: ${NAMES.join(', ')}.`);
    }
    const machine = describeMachine();
    const isWanted = ({ name }: Job) => only.length === 0 || only.includes(name);
    const measured = await measure([...PARTS, ...COMMANDS].filter(isWanted), rounds, terminal);
    const [parts, commands] = [PARTS, COMMANDS].map((jobs) =>
      jobs.flatMap(({ name }) => measured.get(name) ?? []),
    );
    const date = new Date().toISOString().slice(0, 10);
    const command = ['npm run bench', ...(rounds === 3 ? [] : [`-- --rounds ${rounds}`])].join(' ');
    const page = resultsPage({ machine, date, commit: commitOf(), command, rounds, parts, commands });
    const file = results ?? (only.length === 0 ? path.join(root, 'bench', 'RESULTS.md') : undefined);
    if (file !== undefined) writeFileSync(file, page);
    terminal.print(page);
    const isWhole = [...parts, ...commands].every(({ failed }) => failed === undefined);
    return { result: { machine, rounds, parts, commands }, exitCode: isWhole ? 0 : 1 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(benchAll);
