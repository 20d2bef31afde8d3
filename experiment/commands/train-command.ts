/** The command that trains one method: `train/sac.ts` and its like. */
import { UsageError } from '../../core/errors.ts';
import type { AnyEconomyDefinition, AnyMethod, Registry } from '../../core/index.ts';
import type { CommandDefinition } from '../cli/command.ts';
import { liftedSettings } from '../cli/lifted-settings.ts';
import { type ChosenEnvironment, chooseEnvironment } from '../cli/module.ts';
import { DEFAULT_SEED, type TrainOptions } from '../cli/options.ts';
import { changesByName, methodSettings, presetOf, sortSettings } from '../cli/settings.ts';
import { settingsHelp } from '../cli/settings-help.ts';
import { chooseBackend } from '../run/backend.ts';
import { checkResumable, recordedOptions, resumedOptions, tellingOptions } from '../run/resume.ts';
import { runPaths } from '../run/run-folder.ts';
import { type Resolved, trainOnce } from './train-once.ts';

export interface TrainCommandOptions {
  readonly method: AnyMethod;
  readonly environments: Registry;
  /** Economy trained on if none is asked for. */
  readonly env: string;
  /** File of the command, as a reader types it, e.g. `train/sac.ts`. */
  readonly file: string;
  /** About so many evaluations in the course of a run where nothing waits for them; left out: the usual twenty. For methods whose steps are dearer, or fewer, than an evaluation. */
  readonly evaluations?: number;
  /** Settings of the method that are options too: `--method sweep` for `--set method=sweep`. */
  readonly settingOptions?: readonly string[];
}

/** A command that trains `method` on any economy, once or for several seeds. */
export function trainCommand(command: TrainCommandOptions): CommandDefinition<TrainOptions> {
  const { method, environments, env: fallback, file, settingOptions = [] } = command;
  const lifted = liftedSettings(method, settingOptions);
  const chosen = ({ env, module }: TrainOptions) =>
    chooseEnvironment({ environments, env, module, fallback });
  return {
    name: file,
    summary: `Trains agents in an economy and shows how far from the optimum they end. ${method.title}.`,
    options: lifted.options,
    async details(options) {
      if (options.env === undefined && options.module === undefined) {
        return `Economies: ${environments.ids.join(', ')} (default ${fallback}).\n`;
      }
      return `${settingsHelp({ definition: definitionOf(await chosen(options)), method })}\n`;
    },
    async main(typed, terminal, names) {
      const { options: asked, given } = lifted.lower(typed, names);
      const options = begunOptions(asked, given);
      requireTogether(options);
      const resolved = resolve(command, options, await chosen(options));
      const { seeds } = options;
      if (seeds === undefined) return trainOnce({ file, options, resolved, terminal });
      // A backend that cannot be had is told before any child starts.
      await chooseBackend(options);
      const { runSeeds } = await import('./seeds.ts');
      const { economy, set } = resolved;
      return runSeeds({
        command: file,
        method,
        economy,
        set: changesByName(set, { definition: economy.definition, method }),
        options,
        seeds,
        terminal,
      });
    },
  };
}

/** With `--resume`, what was begun in that folder; if nothing was, the options as typed, which must then say what to run. */
function begunOptions(options: TrainOptions, given: ReadonlySet<string>): TrainOptions {
  const { resume, out } = options;
  if (resume === undefined) return options;
  if (out !== undefined) throw new UsageError(`--out ${out} and --resume ${resume}: give one of them.`);
  const folder = runPaths(resume);
  const recorded = recordedOptions(folder.sweep) ?? recordedOptions(folder.config);
  if (recorded !== undefined) return resumedOptions({ options, given, recorded, folder: resume });
  checkResumable(folder);
  if (tellingOptions(given).length > 0) return options;
  throw new UsageError(
    `--resume ${resume}: no run was begun there. Give the folder of a run, or say what is to begin in this one (e.g. --env ID).`,
  );
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

/** Economy, settings and steps from the options; every mistake in them is found here, before anything is computed or written. */
function resolve(
  { method, evaluations }: TrainCommandOptions,
  options: TrainOptions,
  environment: ChosenEnvironment,
): Resolved {
  const { registry, id, module } = environment;
  const preset = presetOf(method, options.preset);
  const definition = definitionOf(environment);
  const set = sortSettings([...options.set, ...agentCount(options, definition)], { definition, method });
  const economy = registry.economy(id, set.env);
  const steps = options.steps ?? preset.steps;
  return {
    economy,
    set,
    module,
    method,
    settings: methodSettings({ method, economy, preset: preset.settings, set: set.method }),
    seed: options.seed ?? DEFAULT_SEED,
    steps,
    watch: { ...options, evaluateEvery: evaluateEvery(options, steps, evaluations) },
  };
}

/** Who waits for an evaluation to stop is given as many as ever. */
function evaluateEvery(
  { evaluateEvery: asked, stopAtGap, patience }: TrainOptions,
  steps: number,
  evaluations: number | undefined,
): number | undefined {
  const isAwaited = stopAtGap !== undefined || patience !== undefined;
  return asked ?? (evaluations === undefined || isAwaited ? undefined : Math.ceil(steps / evaluations));
}

/** `--agents N` as the setting of the economy that counts them; the last of a name counts, so that it wins over `--set`. */
function agentCount({ agents }: TrainOptions, { id, agentSetting }: AnyEconomyDefinition): readonly string[] {
  if (agents === undefined) return [];
  if (agentSetting !== undefined) return [`env.${agentSetting}=${agents}`];
  throw new UsageError(
    `--agents ${agents}: how many agents ${id} has is no setting of it. Leave the option out, or take an economy of many.`,
  );
}

function definitionOf({ registry, id }: ChosenEnvironment) {
  return registry.economy(id).definition;
}
