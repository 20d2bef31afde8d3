/** The command that looks at a checkpoint again: `train/eval.ts`. */
import { parseSettings } from '../../core/calibration.ts';
import { RestoreError, UsageError } from '../../core/errors.ts';
import {
  type AnyMethod,
  type CommonSettings,
  type Economy,
  evaluate,
  type Registry,
} from '../../core/index.ts';
import { remedy } from '../../core/suggest.ts';
import type { CommandDefinition, Outcome, Terminal } from '../cli/command.ts';
import { chooseEnvironment } from '../cli/module.ts';
import { type EvalOptions, evalOptions, freshSeed } from '../cli/options.ts';
import { changesByName } from '../cli/settings.ts';
import { chooseBackend } from '../run/backend.ts';
import { type Checkpoint, readCheckpoint, requireMatch } from '../run/checkpoint.ts';
import { buildPipeline, environmentSeed } from '../run/pipeline.ts';
import { restoreAgents } from '../run/restore.ts';
import { runPaths } from '../run/run-folder.ts';
import { runReport, runSummary, solverWarning } from './summary.ts';

export interface EvalCommandOptions {
  /** Methods whose checkpoints can be read, by name. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
  readonly environments: Registry;
  /** File of the command, as a reader types it. */
  readonly file: string;
}

/**
 * A command that rebuilds economy and agents from a checkpoint and evaluates them, by default on other episodes than those of the
 * run's own final table; those come again with the run's seed as `--seed`. It writes nothing.
 */
export function evalCommand(command: EvalCommandOptions): CommandDefinition<EvalOptions> {
  return {
    name: command.file,
    summary:
      'Evaluates a checkpoint: the final table of training, on episodes that neither training nor its table has seen.',
    options: evalOptions,
    main: (options, terminal) => evaluateCheckpoint(command, options, terminal),
  };
}

async function evaluateCheckpoint(
  { methods, environments, file: command }: EvalCommandOptions,
  options: EvalOptions,
  terminal: Terminal,
): Promise<Outcome> {
  const file = checkpointFile(options);
  const checkpoint = readCheckpoint(file);
  requireMatch(checkpoint, options.env === undefined ? {} : { env: options.env }, file);
  if (!Object.hasOwn(methods, checkpoint.method)) {
    const known = remedy(checkpoint.method, Object.keys(methods));
    throw new RestoreError(
      `${file}: the checkpoint is of a "${checkpoint.method}" agent, which this command does not have. ${known}`,
    );
  }
  const method = methods[checkpoint.method];
  const economy = await economyOf(checkpoint, { environments, module: options.module, file });
  const backend = await chooseBackend(options);
  const { steps, seed } = checkpoint;
  const settings = within(file, () =>
    parseSettings<CommonSettings>({
      schema: method.settings,
      settings: checkpoint.settings,
      where: method.name,
    }),
  );
  const pipeline = buildPipeline({ economy, method, settings, steps, seed, backend });
  within(file, () => restoreAgents(pipeline, checkpoint));

  const oracle = economy.oracle();
  const warning = solverWarning(oracle);
  if (warning !== undefined) terminal.warn(warning);
  const evaluationSeed = options.seed ?? freshSeed(seed);
  const { agents, makeBatch } = pipeline;
  const evaluation = evaluate({
    economy,
    agents,
    oracle,
    makeBatch,
    seed: environmentSeed(evaluationSeed, 'evaluation'),
    episodes: options.episodes,
  });
  const summary = runSummary({
    command,
    economy,
    preset: null,
    set: changesByName(
      { env: checkpoint.environment.set, method: checkpoint.set },
      { definition: economy.definition, method },
    ),
    agent: method.name,
    seed: evaluationSeed,
    steps: checkpoint.step,
    run: options.run ?? null,
    backend,
    oracle,
    evaluation,
  });
  terminal.print(runReport({ summary, economy, oracle, trainedSeed: seed, next: [] }));
  const trained = {
    seed,
    step: checkpoint.step,
    steps,
    backend: checkpoint.backend,
    kernels: checkpoint.kernels,
  };
  return {
    result: { ...summary, checkpoint: file, episodes: options.episodes, trained },
    exitCode: summary.converged ? 0 : 1,
  };
}

function checkpointFile({ run, checkpoint }: EvalOptions): string {
  if (run !== undefined && checkpoint !== undefined)
    throw new UsageError('give --run FOLDER or --checkpoint FILE, not both.');
  if (checkpoint !== undefined) return checkpoint;
  if (run !== undefined) return runPaths(run).lastCheckpoint;
  throw new UsageError(
    'what is to be evaluated? Give --run FOLDER (e.g. runs/sac-jesusfv-s1) or --checkpoint FILE.',
  );
}

/** The checkpoint's economy under its calibration, of the checkpoint's version. */
async function economyOf(
  checkpoint: Checkpoint,
  options: { readonly environments: Registry; readonly module: string | undefined; readonly file: string },
): Promise<Economy> {
  const { environments, file } = options;
  const { environment } = checkpoint;
  const { id, set } = environment;
  const module = options.module ?? environment.module ?? undefined;
  let registry: Registry;
  try {
    ({ registry } = await chooseEnvironment({ environments, env: id, module, fallback: id }));
  } catch (error) {
    if (options.module !== undefined || !(error instanceof Error)) throw error;
    throw new UsageError(
      `${file}: its economy "${id}" comes from a file of the user's. ${error.message} Name it with --module FILE.`,
    );
  }
  const model = registry.definitions.get(id.split('/')[0]);
  if (model === undefined || !registry.ids.includes(id)) {
    throw new RestoreError(
      `${file}: the checkpoint is of the economy "${id}", which is not known here. ${remedy(id, registry.ids)}`,
    );
  }
  requireMatch(checkpoint, { version: model.version }, file);
  return within(file, () => registry.economy(id, set));
}

/** Whatever does not fit is the file's fault, and the message says which file. */
function within<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new RestoreError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}
