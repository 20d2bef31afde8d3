/** The runs that are compared: read from their folders, and put together where they differ in nothing but the seed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RestoreError, UsageError } from '../../core/errors.ts';
import type { MetricsRecord } from '../figures/index.ts';
import { runPaths } from '../run/run-folder.ts';
import { isSweep, jsonOf, metricsOf, readSweep, recordOf, sweepPaths } from './seeds-folder.ts';
import type { RunResult } from './seeds-summary.ts';

const settings = z.record(z.string(), z.unknown());

const configSchema = z.object({
  command: z.string(),
  environment: z.object({
    id: z.string(),
    version: z.int(),
    module: z.string().nullable(),
    set: settings,
    calibration: settings,
  }),
  method: z.string(),
  settings,
  seed: z.int(),
  steps: z.int(),
  backend: z.string(),
  kernels: z.string(),
});

/** What a run's `config.json` says of it, as far as runs are compared by it. */
export type ComparedConfig = Readonly<z.output<typeof configSchema>>;

export interface ComparedRun {
  readonly folder: string;
  readonly config: ComparedConfig;
  /** Undefined for a run that has not ended. */
  readonly result: RunResult | undefined;
  /** Lines of `metrics.jsonl`. */
  readonly records: readonly MetricsRecord[];
}

/** Runs that differ in their seed alone. */
export interface RunGroup {
  /** What tells it from the others. */
  readonly label: string;
  readonly runs: readonly ComparedRun[];
}

/**
 * The runs of a folder: one, or those of all seeds that have begun. Throws a UsageError if it holds neither, and a RestoreError for a
 * `config.json` that is not one.
 */
export function readRuns(folder: string): readonly ComparedRun[] {
  if (!existsSync(folder))
    throw new UsageError(`--run ${folder}: there is no such folder. Is the path right?`);
  if (!isSweep(folder)) return [readRun(folder)];
  const { run } = sweepPaths(folder);
  const folders = readSweep(folder).seeds.map(run);
  const begun = folders.filter((seed) => existsSync(runPaths(seed).config));
  if (begun.length > 0) return begun.map(readRun);
  throw new UsageError(`--run ${folder}: none of its runs has begun. Begin them with --resume ${folder}.`);
}

function readRun(folder: string): ComparedRun {
  const { config: file, result, metrics } = runPaths(folder);
  if (!existsSync(file)) {
    throw new UsageError(
      `--run ${folder}: there is no config.json in it; give the folder of a run, e.g. runs/sac-jesusfv-s1, or of several seeds.`,
    );
  }
  const parsed = configSchema.safeParse(jsonOf(file));
  if (!parsed.success) {
    const { path: place, message } = parsed.error.issues[0];
    throw new RestoreError(
      `${file}: this is not the configuration of a run (${place.join('.') || 'the whole'}: ${message}). Train again.`,
    );
  }
  return { folder, config: parsed.data, result: recordOf(result), records: metricsOf(metrics) };
}

/** The same economy under the same calibration, whatever it is called. */
export function economyKey({ environment }: ComparedConfig): string {
  const { id, version, calibration } = environment;
  return JSON.stringify([modelOf(id), version, calibration]);
}

/** `jesusfv` of `jesusfv/annual`. */
function modelOf(id: string): string {
  return id.split('/')[0];
}

/**
 * Throws a UsageError that says what differs if the runs are of different economies, versions or calibrations: their numbers do not
 * belong in one column.
 */
export function requireOneEconomy(runs: readonly ComparedRun[]): void {
  const [first] = runs;
  const other = runs.find(({ config }) => economyKey(config) !== economyKey(first.config));
  if (other === undefined) return;
  const [a, b] = [first.config.environment, other.config.environment];
  const calibrations = differing([a.calibration, b.calibration]).map(
    (name) => `${name} ${text(a.calibration[name])} and ${text(b.calibration[name])}`,
  );
  const differences =
    modelOf(a.id) !== modelOf(b.id)
      ? [`${a.id} and ${b.id}`]
      : [...(a.version === b.version ? [] : [`version ${a.version} and ${b.version}`]), ...calibrations];
  throw new UsageError(
    `${first.folder} and ${other.folder} are not of one economy: ${differences.join(', ')}. ` +
      'Give runs of one economy, or --across to have them in one table all the same.',
  );
}

/**
 * Groups of runs that differ in their seed alone, in order of appearance, each labelled by what tells it apart. A run that is given twice
 * counts once; of two runs of one seed the finished one counts, and `warn` says so. Invariant: every label is another one.
 */
export function groupRuns(
  runs: readonly ComparedRun[],
  warn: (text: string) => void = () => {},
): readonly RunGroup[] {
  const groups = new Map<string, Map<number, ComparedRun>>();
  for (const run of runs) {
    const { method, settings: own, steps, backend, kernels, seed } = run.config;
    const key = JSON.stringify([economyKey(run.config), method, own, steps, backend, kernels]);
    const group = groups.get(key) ?? new Map<number, ComparedRun>();
    groups.set(key, group);
    const before = group.get(seed);
    if (before === undefined || (before.result === undefined && run.result !== undefined))
      group.set(seed, run);
    if (before === undefined || path.resolve(before.folder) === path.resolve(run.folder)) continue;
    warn(
      `${before.folder} and ${run.folder} are the same run, of seed ${seed}: ${group.get(seed)?.folder} counts`,
    );
  }
  const found = [...groups.values()].map((group) => [...group.values()]);
  const labels = labelsOf(found.map(([{ config }]) => config));
  return found.map((members, i) => ({ label: labels[i], runs: members }));
}

/** Settings named in a label; more would not be read. */
const NAMED_SETTINGS = 3;

/** What tells each of some configurations from the others: economy, agent, settings, steps, arithmetic, as far as they differ. */
export function labelsOf(configs: readonly ComparedConfig[]): readonly string[] {
  const isSame = (of: (config: ComparedConfig) => unknown) => new Set(configs.map(of)).size <= 1;
  const sameMethod = isSame(({ method }) => method);
  const labels = configs.map((config) => {
    const { method, environment, steps, backend, kernels } = config;
    const peers = configs.filter((other) => other.method === method);
    const related = configs.filter(({ environment: other }) => modelOf(other.id) === modelOf(environment.id));
    const own = differing(peers.map((peer) => peer.settings)).map(
      (name) => `${name}=${text(config.settings[name])}`,
    );
    const calibrated = differing(related.map((other) => other.environment.calibration)).map(
      (name) => `${name}=${text(environment.calibration[name])}`,
    );
    const isNamed = new Set(related.map(({ environment: other }) => other.id)).size > 1;
    const words = [
      ...(sameMethod ? [] : [method]),
      ...(isSame(({ environment: other }) => other.id) ? [] : [environment.id]),
      ...(isNamed ? [] : shorten(calibrated)),
      ...shorten(own),
      // Steps of different methods are not to be compared: of solvers they are the most iterations.
      ...(new Set(peers.map((peer) => peer.steps)).size <= 1 ? [] : [`steps=${steps}`]),
      ...(isSame((other) => other.backend) ? [] : [backend]),
      ...(isSame((other) => other.kernels) || backend !== 'kernels' ? [] : [kernels]),
    ];
    return words.length === 0 ? method : words.join(' ');
  });
  return labels.map((label, i) => {
    const earlier = labels.slice(0, i).filter((other) => other === label).length;
    return earlier === 0 ? label : `${label} (${earlier + 1})`;
  });
}

/** Names under which not all records hold the same. */
function differing(records: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return names.filter((name) => new Set(records.map((record) => JSON.stringify(record[name]))).size > 1);
}

function shorten(words: readonly string[]): readonly string[] {
  return words.length <= NAMED_SETTINGS
    ? words
    : [...words.slice(0, NAMED_SETTINGS), `and ${words.length - NAMED_SETTINGS} more`];
}

function text(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The groups under labels of the user's own, one for each `--run`, or one for each group, in order. Throws a UsageError if they are not as
 * many, runs of one group get different ones, or two groups the same.
 */
export function relabel(
  groups: readonly RunGroup[],
  options: { readonly labels: readonly string[]; readonly folders: readonly (readonly ComparedRun[])[] },
): readonly RunGroup[] {
  const { labels, folders } = options;
  if (labels.length === 0) return groups;
  const own = groups.map(({ runs }) => {
    const given = folders.flatMap((members, i) => (members.some((run) => runs.includes(run)) ? [i] : []));
    return [...new Set(given.map((i) => labels[i]))];
  });
  const isPerFolder = labels.length === folders.length && own.every((names) => names.length === 1);
  if (!isPerFolder && labels.length !== groups.length) {
    throw new UsageError(
      `--label: ${labels.length} given for ${groups.length} groups of runs (${groups.map(({ label }) => label).join('; ')}). ` +
        'Give one for each, in that order.',
    );
  }
  const names = isPerFolder ? own.map(([name]) => name) : labels;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`--label ${twice}: two groups cannot have one label.`);
  return groups.map((group, i) => ({ ...group, label: names[i] }));
}
