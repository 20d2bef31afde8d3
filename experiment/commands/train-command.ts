/** The command that trains one method: `train/sac.ts` and its like. */
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Registry } from '../../core/index.ts';
import { toArguments } from '../cli/arguments.ts';
import type { CommandDefinition, Outcome, Terminal } from '../cli/command.ts';
import { type ChosenEnvironment, chooseEnvironment } from '../cli/module.ts';
import { DEFAULT_SEED, type TrainOptions, trainOptions } from '../cli/options.ts';
import { changesByName, methodSettings, presetOf, sortSettings } from '../cli/settings.ts';
import { settingsHelp } from '../cli/settings-help.ts';
import { SIGNAL_EXIT_CODES } from '../cli/signals.ts';
import { formatCount } from '../cli/table.ts';
import { chooseBackend } from '../run/backend.ts';
import { writeConfig } from '../run/config.ts';
import { startPipeline } from '../run/pipeline.ts';
import type { RunPlan } from '../run/recorder.ts';
import { checkRunFolder, makeRunFolder, RUNS, runName } from '../run/run-folder.ts';
import { trainRun } from '../run/train-run.ts';
import { runSeeds } from './seeds.ts';
import { runReport, runSummary, solverWarning } from './summary.ts';

export interface TrainCommandOptions {
  readonly method: AnyMethod;
  readonly environments: Registry;
  /** Economy trained on if none is asked for. */
  readonly env: string;
  /** File of the command, as a reader types it, e.g. `train/sac.ts`. */
  readonly file: string;
}

/** A command that trains `method` on any economy, once or for several seeds. */
export function trainCommand(command: TrainCommandOptions): CommandDefinition<TrainOptions> {
  const { method, environments, env: fallback, file } = command;
  const chosen = ({ env, module }: TrainOptions) =>
    chooseEnvironment({ environments, env, module, fallback });
  return {
    name: file,
    summary: `Trains agents in an economy and shows how far from the optimum they end. ${method.title}.`,
    options: trainOptions,
    async details(options) {
      if (options.env === undefined && options.module === undefined) {
        return `Economies: ${environments.ids.join(', ')} (default ${fallback}).\n`;
      }
      return `${settingsHelp({ definition: definitionOf(await chosen(options)), method })}\n`;
    },
    async main(options, terminal) {
      requireTogether(options);
      const environment = await chosen(options);
      const resolved = resolve(command, options, environment);
      const backend = await chooseBackend(options);
      const { seeds, out } = options;
      if (seeds !== undefined) {
        const { economy } = resolved;
        return runSeeds({
          command: file,
          method,
          economy,
          set: changesOf(resolved),
          options,
          seeds,
          terminal,
        });
      }
      checkRunFolder({ out, parent: RUNS });
      return trainOnce(
        command,
        options,
        { ...resolved, backend, oracle: resolved.economy.oracle() },
        terminal,
      );
    },
  };
}

/** Throws a UsageError for options that say nothing, or two things, together. */
function requireTogether({ seed, seeds, threads }: TrainOptions): void {
  if (seed !== undefined && seeds !== undefined)
    throw new UsageError(`--seed ${seed} and --seeds ${seeds}: give one of them.`);
  if (threads !== undefined && seeds === undefined) {
    throw new UsageError(
      `--threads ${threads} says how many of several runs go on at once; leave it out, or give --seeds.`,
    );
  }
}

type Resolved = Omit<RunPlan, 'oracle' | 'backend'>;

/** Economy, settings and steps from the options; every mistake in them is found here, before anything is computed or written. */
function resolve(
  { method }: TrainCommandOptions,
  options: TrainOptions,
  environment: ChosenEnvironment,
): Resolved {
  const { registry, id, module } = environment;
  const preset = presetOf(method, options.preset);
  const set = sortSettings(options.set, { definition: definitionOf(environment), method });
  const economy = registry.economy(id, set.env);
  return {
    economy,
    set,
    module,
    method,
    settings: methodSettings({ method, economy, preset: preset.settings, set: set.method }),
    seed: options.seed ?? DEFAULT_SEED,
    steps: options.steps ?? preset.steps,
  };
}

function changesOf({ set, economy, method }: Resolved): Readonly<Record<string, unknown>> {
  return changesByName(set, { definition: economy.definition, method });
}

async function trainOnce(
  { method, file }: TrainCommandOptions,
  options: TrainOptions,
  plan: RunPlan,
  terminal: Terminal,
): Promise<Outcome> {
  const { economy, oracle, seed, steps, backend } = plan;
  // Before the folder is made: what cannot be built leaves none behind.
  const pipeline = startPipeline(plan);
  const folder = makeRunFolder({
    out: options.out,
    parent: RUNS,
    name: runName({ agent: method.name, env: economy.id, seed }),
  });
  const preset = options.preset ?? null;
  writeConfig(folder.config, { plan, command: file, options, preset });
  terminal.note(
    `${method.name} on ${economy.id}, seed ${seed}: ${formatCount(steps)} steps, ${backend.name}, in ${folder.folder}`,
  );
  const warning = solverWarning(oracle);
  if (warning !== undefined) terminal.warn(warning);

  const result = await trainRun({ plan, pipeline, folder, terminal });
  if (result.interrupted !== undefined) {
    const { interrupted, steps: done } = result;
    terminal.warn(
      `${interrupted} after step ${formatCount(done)} of ${formatCount(steps)}; the last checkpoint is ${folder.lastCheckpoint}`,
    );
    return { exitCode: SIGNAL_EXIT_CODES[interrupted] };
  }
  const { updates, updatesPerSecond } = result;
  if (updates === 0) terminal.warn(untrainedWarning(plan));
  const summary = runSummary({
    ...plan,
    ...result,
    command: file,
    preset,
    set: changesOf(plan),
    agent: method.name,
    run: folder.folder,
  });
  const next = [`npx tsx train/eval.ts --run ${folder.folder}`, `npx tsx ${file} ${severalSeeds(options)}`];
  terminal.print(runReport({ summary, economy, oracle, updatesPerSecond, next }));
  return { result: { ...summary, updates }, exitCode: summary.converged ? 0 : 1 };
}

/** What a run says that has gathered data and learned nothing from them. */
function untrainedWarning({
  method,
  settings,
  steps,
}: RunPlan & { readonly settings: { readonly warmup?: unknown } }): string {
  const { copies, warmup } = settings;
  const reason =
    typeof warmup === 'number'
      ? `steps ${formatCount(steps)}, copies ${formatCount(copies)}, warm-up ${formatCount(warmup)} transitions`
      : `steps ${formatCount(steps)}`;
  return `${method.name} has made no update (${reason}): the policy is as it began. Give more --steps.`;
}

/** The same options with several seeds, as they are typed; defaults are left out. */
function severalSeeds(options: TrainOptions): string {
  const standard = toArguments(trainOptions, trainOptions.parse({}));
  const changed = { ...options, seed: undefined, seeds: '1-5', out: undefined, json: false, quiet: false };
  return toArguments(trainOptions, changed)
    .filter((argument) => !standard.includes(argument))
    .join(' ');
}

function definitionOf({ registry, id }: ChosenEnvironment) {
  return registry.economy(id).definition;
}
