/** One run of a method on an economy, watched, recorded, and evaluated at the end. */

import { NonFiniteError } from '../../core/errors.ts';
import { type Callback, type Evaluation, evaluate, train } from '../../core/index.ts';
import type { Terminal } from '../cli/command.ts';
import { progressDisplay } from '../cli/progress.ts';
import { type StopSignal, watchSignals } from '../cli/signals.ts';
import { formatCount } from '../cli/table.ts';
import { agentCount } from '../study/cross-section.ts';
import type { Checkpoint } from './checkpoint.ts';
import { fileError } from './files.ts';
import { environmentSeed, type Pipeline } from './pipeline.ts';
import { Recorder, type RunPlan } from './recorder.ts';
import type { RunFolder } from './run-folder.ts';

export interface TrainRunOptions {
  readonly plan: RunPlan;
  /** What `startPipeline(plan)` gave, or `resumePipeline` at the checkpoint. */
  readonly pipeline: Pipeline;
  readonly folder: RunFolder;
  /** Shows progress; its process's signals end the run. Undefined in programs, whose signals are their own. */
  readonly terminal: Terminal | undefined;
  /** Called after each step, after the records. */
  readonly callbacks?: readonly Callback[];
  /** Where the run goes on. */
  readonly resumed?: Checkpoint | undefined;
}

export type TrainRunResult = {
  /** Steps done. */
  readonly steps: number;
  /** Updates of each agent. */
  readonly updates: number;
  /** Updates of each agent a second, over the time from the first step of this process to the last. */
  readonly updatesPerSecond: number;
  /** Steps of single agents a second, in all copies, learning included, over the same time. */
  readonly agentStepsPerSecond: number;
  /** Why training ended before its last step; undefined if it did not, or was interrupted. */
  readonly stopped: string | undefined;
} & (
  | { readonly interrupted: undefined; readonly evaluation: Evaluation }
  /** A run that a signal ended early is saved, and not evaluated. */
  | { readonly interrupted: StopSignal }
);

/**
 * Trains for `plan.steps` steps, or until a rule of `plan.watch` ends it, recording to the folder, and evaluates. SIGINT and SIGTERM end
 * the training after the current step, with a last checkpoint. Throws what the agent and the economy throw, and a FileError, which says
 * what is safe, if the folder cannot be written; what was written stays. Invariant: the agents' end state depends on the plan alone,
 * not on display, records, evaluation or interruptions.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { plan, pipeline, folder, terminal, callbacks = [], resumed } = options;
  const { economy, oracle, seed, steps } = plan;
  const { env, agents, makeBatch } = pipeline;
  const recorder = new Recorder({ plan, pipeline, folder, resumed });
  const from = resumed?.step ?? 0;
  const updatesBefore = recorder.updates;
  // Before anything is waited for: a signal must find a listener.
  const signals = terminal === undefined ? undefined : watchSignals();
  const progress = await progressDisplay({ output: terminal?.progress, steps, from });
  const start = performance.now();
  let done = from;
  try {
    if (recorder.stopped === undefined) {
      done = await train(agents, env, {
        steps,
        from,
        callbacks: [
          (state) => {
            recorder.step(state);
            progress.update({ step: state.step, policyGap: recorder.policyGap });
            return signals?.caught() === undefined && recorder.stopped === undefined ? undefined : 'stop';
          },
          ...callbacks,
        ],
      });
    }
    recorder.interrupt(done);
  } catch (error) {
    const safe = whatIsSafe(recorder, folder);
    if (error instanceof NonFiniteError)
      throw new NonFiniteError(`${error.message} ${safe}`, { cause: error });
    throw fileError(error, { file: folder.folder, safe });
  } finally {
    progress.stop();
    signals?.release();
  }
  const { updates, stopped } = recorder;
  const seconds = Math.max(1, performance.now() - start) / 1000;
  const { copies = 1 } = plan.settings;
  const measured = {
    steps: done,
    updates,
    updatesPerSecond: (updates - updatesBefore) / seconds,
    agentStepsPerSecond: ((done - from) * copies * agentCount(economy)) / seconds,
    stopped,
  };
  const interrupted = done < steps && stopped === undefined ? signals?.caught() : undefined;
  if (interrupted !== undefined) return { ...measured, interrupted };
  const evaluation = evaluate({
    economy,
    agents,
    oracle,
    makeBatch,
    seed: environmentSeed(seed, 'evaluation'),
  });
  return { ...measured, interrupted: undefined, evaluation };
}

function whatIsSafe({ savedAt }: Recorder, folder: RunFolder): string {
  return savedAt === undefined
    ? 'No checkpoint was taken yet.'
    : `The last checkpoint, of step ${formatCount(savedAt)}, is whole: ${folder.lastCheckpoint}.`;
}
