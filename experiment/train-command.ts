/** The command that trains one method: `train/sac.ts` and its like. */
import { parseSettings } from '../core/calibration.ts';
import { UsageError } from '../core/errors.ts';
import type { AnyMethod, CommonSettings, Registry } from '../core/index.ts';
import { toArguments } from './arguments.ts';
import { chooseBackend } from './backend.ts';
import type { CommandDefinition, Outcome, Terminal } from './command.ts';
import { writeConfig } from './config.ts';
import { type ChosenEnvironment, chooseEnvironment } from './module.ts';
import { type TrainOptions, trainOptions } from './options.ts';
import type { RunPlan } from './recorder.ts';
import { makeRunFolder, runName } from './run-folder.ts';
import { runSeeds } from './seeds.ts';
import { type SettingsByOwner, sortSettings } from './settings.ts';
import { settingsHelp } from './settings-help.ts';
import { SIGNAL_EXIT_CODES } from './signals.ts';
import { runReport, runSummary } from './summary.ts';
import { formatCount } from './table.ts';
import { trainRun } from './train-run.ts';

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
      const environment = await chosen(options);
      const resolved = resolve(command, options, environment);
      return options.seeds === undefined
        ? trainOnce(command, options, resolved, terminal)
        : runSeeds({
            command: file,
            method,
            economy: resolved.economy,
            options,
            seeds: options.seeds,
            terminal,
          });
    },
  };
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
  const set: SettingsByOwner = sortSettings(options.set, { definition: definitionOf(environment), method });
  const economy = registry.economy(id, set.env);
  const settings = parseSettings<CommonSettings>({
    schema: method.settings,
    settings: { ...economy.advice(method.name), ...preset.settings, ...set.method },
    where: method.name,
  });
  return {
    economy,
    set: set.env,
    module,
    method,
    settings,
    seed: options.seed,
    steps: options.steps ?? preset.steps,
  };
}

async function trainOnce(
  { method, file }: TrainCommandOptions,
  options: TrainOptions,
  resolved: Resolved,
  terminal: Terminal,
): Promise<Outcome> {
  const { economy, seed, steps } = resolved;
  const backend = await chooseBackend(options);
  const plan: RunPlan = { ...resolved, backend, oracle: economy.oracle() };
  const folder = makeRunFolder({
    out: options.out,
    parent: 'runs',
    name: runName({ agent: method.name, env: economy.id, seed }),
  });
  const preset = options.preset ?? null;
  writeConfig(folder.config, { plan, command: file, options, preset });
  terminal.note(
    `${method.name} on ${economy.id}, seed ${seed}: ${formatCount(steps)} steps, ${backend.name}, in ${folder.folder}`,
  );

  const result = await trainRun({ plan, folder, terminal });
  if (result.interrupted !== undefined) {
    const { interrupted, steps: done } = result;
    terminal.warn(
      `${interrupted} after step ${formatCount(done)} of ${formatCount(steps)}; the last checkpoint is ${folder.lastCheckpoint}`,
    );
    return { exitCode: SIGNAL_EXIT_CODES[interrupted] };
  }
  const summary = runSummary({
    ...plan,
    ...result,
    command: file,
    preset,
    agent: method.name,
    run: folder.folder,
  });
  const next = [`npx tsx train/eval.ts --run ${folder.folder}`, `npx tsx ${file} ${severalSeeds(options)}`];
  terminal.print(runReport({ summary, economy, updatesPerSecond: result.updatesPerSecond, next }));
  return { result: summary, exitCode: summary.converged ? 0 : 1 };
}

/** The same options with several seeds, as they are typed; defaults are left out. */
function severalSeeds(options: TrainOptions): string {
  const standard = toArguments(trainOptions, trainOptions.parse({}));
  const changed = { ...options, seed: undefined, seeds: '1-5', out: undefined, json: false, quiet: false };
  return toArguments(trainOptions, changed)
    .filter((argument) => !standard.includes(argument))
    .join(' ');
}

function presetOf(method: AnyMethod, name: TrainOptions['preset']) {
  if (name === undefined) return { steps: method.steps, settings: {} };
  if (Object.hasOwn(method.presets, name)) return method.presets[name];
  const known = Object.keys(method.presets).join(', ') || 'none';
  throw new UsageError(`--preset ${name}: ${method.name} has no such size; it has: ${known}.`);
}

function definitionOf({ registry, id }: ChosenEnvironment) {
  return registry.economy(id).definition;
}
