/** A checkpoint's economy and agents, built again from its file alone. */
import { parseSettings } from '../../core/calibration.ts';
import { RestoreError, UsageError } from '../../core/errors.ts';
import type { AnyMethod, Backend, CommonSettings, Economy, Registry } from '../../core/index.ts';
import { remedy } from '../../core/suggest.ts';
import { chooseEnvironment } from '../cli/module.ts';
import { changesByName } from '../cli/settings.ts';
import { type Checkpoint, readCheckpoint, requireCalibration, requireMatch } from './checkpoint.ts';
import { buildPipeline, type Pipeline } from './pipeline.ts';
import { restoreAgents } from './restore.ts';
import { runPaths } from './run-folder.ts';

export interface ReloadOptions {
  /** Methods whose checkpoints can be read, by name. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
  readonly environments: Registry;
  /** The checkpoint. */
  readonly file: string;
  /** The economy that it must be of; left out: whichever it is. */
  readonly env?: string | undefined;
  /** File that defines the economy; left out: the one that the checkpoint names. */
  readonly module?: string | undefined;
  /** Chosen once the checkpoint is known to be sound. */
  readonly backend: (method: AnyMethod) => Promise<Backend>;
  /** Is told of a file of code that is loaded as the checkpoint names it, before it is. */
  readonly note: (text: string) => void;
}

export interface Reloaded {
  readonly checkpoint: Checkpoint;
  readonly economy: Economy;
  readonly method: AnyMethod;
  readonly settings: CommonSettings;
  readonly backend: Backend;
  /** Agents and observation statistics as they were; the environment is new. */
  readonly pipeline: Pipeline;
  /** Changes to the settings of economy and method, under names that `--set` takes. */
  readonly set: Readonly<Record<string, unknown>>;
}

/**
 * Builds economy and agents from a checkpoint: enough to act, not to go on learning. Throws a UsageError if there is no such file, or
 * the user's module is gone, and a RestoreError, which names the file, for whatever in it does not fit.
 * Invariant: the file is only read.
 */
export async function reload(options: ReloadOptions): Promise<Reloaded> {
  const { methods, env, file } = options;
  const checkpoint = readCheckpoint(file);
  requireMatch(checkpoint, env === undefined ? {} : { env }, file);
  if (!Object.hasOwn(methods, checkpoint.method)) {
    const known = remedy(checkpoint.method, Object.keys(methods));
    throw new RestoreError(
      `${file}: the checkpoint is of a "${checkpoint.method}" agent, which this command does not have. ${known}`,
    );
  }
  const method = methods[checkpoint.method];
  const economy = await economyOf(checkpoint, options);
  requireCalibration(checkpoint, economy, file);
  const backend = await options.backend(method);
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
  const set = changesByName(
    { env: checkpoint.environment.set, method: checkpoint.set },
    { definition: economy.definition, method },
  );
  return { checkpoint, economy, method, settings, backend, pipeline, set };
}

/**
 * The checkpoint that `--run` or `--checkpoint` names; undefined without both. Throws a UsageError for both at once.
 */
export function checkpointFile(options: {
  readonly run?: string | undefined;
  readonly checkpoint?: string | undefined;
}): string | undefined {
  const { run, checkpoint } = options;
  if (run !== undefined && checkpoint !== undefined)
    throw new UsageError('give --run FOLDER or --checkpoint FILE, not both.');
  return run === undefined ? checkpoint : runPaths(run).lastCheckpoint;
}

/** The checkpoint's economy under its calibration, of the checkpoint's version. */
async function economyOf(checkpoint: Checkpoint, options: ReloadOptions): Promise<Economy> {
  const { environments, file } = options;
  const { environment } = checkpoint;
  const { id, set } = environment;
  const module = options.module ?? environment.module ?? undefined;
  if (module !== undefined && options.module === undefined)
    options.note(`loads ${module}, which the checkpoint names`);
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
