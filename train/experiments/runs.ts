/** What the experiments share: their options, one recorded run for each seed, and the end of a command. */
import path from 'node:path';
import { z } from 'zod';
import type { AnyMethod, Chart, Economy, Table } from '../../core/index.ts';
import type { Outcome, Terminal } from '../../experiment/cli/command.ts';
import { computeOptions, outputOptions, parseSeeds } from '../../experiment/cli/options.ts';
import { chooseBackend } from '../../experiment/run/backend.ts';
import { learn } from '../../experiment/run/learn.ts';
import { writeStudy } from '../../experiment/study/files.ts';

/** Options of every experiment; `out` and `steps` have defaults of their own. */
export const experimentOptions = z.strictObject({
  seeds: z
    .string()
    .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/)
    .default('1-5')
    .meta({
      description: 'one run for each seed, e.g. 1-5 or 1,3,7',
      value: 'LIST',
      allowed: 'whole numbers and ranges, e.g. 1-5 or 1,3,7',
    }),
  steps: z
    .int()
    .min(1)
    .optional()
    .meta({ description: "training steps of every run (default: the experiment's own)", value: 'N' }),
  out: z.string().min(1).optional().meta({
    description:
      'folder of runs, tables and pictures; runs that are there already go on, or are taken as they are',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  ...computeOptions,
  ...outputOptions,
});

export type ExperimentOptions = z.output<typeof experimentOptions>;

/** One thing to be learned, by one method. */
export interface Trial {
  /** Names its folders: `textbook-4-sac`. */
  readonly name: string;
  readonly economy: Economy;
  readonly method: AnyMethod;
  readonly steps: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A run with what it took. */
export interface TrialRun {
  readonly seed: number;
  readonly run: Awaited<ReturnType<typeof learnTrial>>;
  /** Of this command: near zero where the run was there already. */
  readonly seconds: number;
}

function learnTrial(trial: Trial, seed: number, folder: string, options: ExperimentOptions) {
  const { economy, method, steps, settings = {} } = trial;
  return chooseBackend(options).then((backend) =>
    learn({ economy, method, steps, seed, settings, backend, folder }),
  );
}

/**
 * Trains a trial for every seed, each in `<out>/runs/<name>-s<seed>`: what stopped goes on, what is done is taken as it is. Throws what `learn`
 * throws. Invariant: equal options give equal runs.
 */
export async function trialRuns(
  trial: Trial,
  options: ExperimentOptions,
  place: { readonly out: string; readonly terminal: Terminal },
): Promise<readonly TrialRun[]> {
  const runs: TrialRun[] = [];
  for (const seed of parseSeeds(options.seeds)) {
    place.terminal.note(`${trial.name}, seed ${seed}: ${trial.steps} steps ...`);
    const started = performance.now();
    const folder = path.join(place.out, 'runs', `${trial.name}-s${seed}`);
    const run = await learnTrial(trial, seed, folder, options);
    runs.push({ seed, run, seconds: (performance.now() - started) / 1000 });
  }
  return runs;
}

/** Writes tables, pictures and the result into `<out>/report`, and ends the command. */
export async function conclude(
  place: { readonly out: string; readonly terminal: Terminal },
  findings: {
    readonly text: string;
    readonly result: Readonly<Record<string, unknown>>;
    readonly tables: readonly Table[];
    readonly charts: readonly Chart[];
  },
): Promise<Outcome> {
  const { text, result, tables, charts } = findings;
  const folder = path.join(place.out, 'report');
  place.terminal.note('drawing');
  await writeStudy(folder, { tables, charts, summary: result });
  place.terminal.print(text);
  place.terminal.print(`\ntables and pictures: ${folder}`);
  return { result: { ...result, folder, seconds: performance.now() / 1000 } };
}
