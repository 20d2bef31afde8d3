/** The command that looks at a checkpoint again: `train/eval.ts`. */
import { UsageError } from '../../core/errors.ts';
import { type AnyMethod, evaluate, type Registry } from '../../core/index.ts';
import type { CommandDefinition, Outcome, Terminal } from '../cli/command.ts';
import { type EvalOptions, evalOptions, freshSeed } from '../cli/options.ts';
import { backendFor } from '../run/backend.ts';
import { environmentSeed } from '../run/pipeline.ts';
import { checkpointFile, reload } from '../run/reload.ts';
import { crossSectionFacts, crossSectionOf } from './cross-section.ts';
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
  if (file === undefined) {
    throw new UsageError(
      'what is to be evaluated? Give --run FOLDER (e.g. runs/sac-jesusfv-s1) or --checkpoint FILE.',
    );
  }
  const { env, module } = options;
  const { checkpoint, economy, method, backend, pipeline, set } = await reload({
    methods,
    environments,
    file,
    env,
    module,
    backend: (chosen) => backendFor(chosen, options),
    note: terminal.note,
  });
  const { steps, seed } = checkpoint;

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
    set,
    agent: method.name,
    seed: evaluationSeed,
    steps: checkpoint.step,
    run: options.run ?? null,
    backend,
    oracle,
    evaluation,
  });
  const section = crossSectionOf({ economy, seed: evaluationSeed }, pipeline, {});
  const facts = crossSectionFacts(section);
  terminal.print(runReport({ summary, economy, oracle, trainedSeed: seed, facts, next: [] }));
  const trained = {
    seed,
    step: checkpoint.step,
    steps,
    backend: checkpoint.backend,
    kernels: checkpoint.kernels,
  };
  return {
    result: { ...summary, ...section, checkpoint: file, episodes: options.episodes, trained },
    exitCode: summary.converged ? 0 : 1,
  };
}
