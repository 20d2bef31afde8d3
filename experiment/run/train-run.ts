/** One run of a method on an economy, watched, recorded, and evaluated at the end. */
import { type Evaluation, evaluate, train } from '../../core/index.ts';
import type { Terminal } from '../cli/command.ts';
import { progressDisplay } from '../cli/progress.ts';
import { type StopSignal, watchSignals } from '../cli/signals.ts';
import { environmentSeed, type Pipeline } from './pipeline.ts';
import { Recorder, type RunPlan } from './recorder.ts';
import type { RunFolder } from './run-folder.ts';

export interface TrainRunOptions {
  readonly plan: RunPlan;
  /** What `startPipeline(plan)` gave. */
  readonly pipeline: Pipeline;
  readonly folder: RunFolder;
  readonly terminal: Terminal;
}

export type TrainRunResult = {
  /** Steps done. */
  readonly steps: number;
  /** Updates of each agent. */
  readonly updates: number;
  /** Updates of each agent a second, over the time from the first step to the last. */
  readonly updatesPerSecond: number;
} & (
  | { readonly interrupted: undefined; readonly evaluation: Evaluation }
  /** A run that a signal ended early is saved, and not evaluated. */
  | { readonly interrupted: StopSignal }
);

/**
 * Trains for `plan.steps` steps, recording to the folder, and evaluates. SIGINT and SIGTERM end the training after the current step,
 * with a last checkpoint. Throws what the agent and the economy throw; what was written stays.
 * Invariant: the agents' end state depends on the plan alone, not on display, records or evaluation.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { plan, pipeline, folder, terminal } = options;
  const { economy, oracle, seed, steps } = plan;
  const { env, agents, makeBatch } = pipeline;
  const recorder = new Recorder({ plan, pipeline, folder });
  const progress = await progressDisplay({ output: terminal.progress, steps });
  const signals = watchSignals();
  const start = performance.now();
  let done: number;
  try {
    done = await train(agents, env, {
      steps,
      callbacks: [
        (state) => {
          recorder.step(state);
          progress.update({ step: state.step, policyGap: recorder.policyGap });
          return signals.caught() === undefined ? undefined : 'stop';
        },
      ],
    });
    recorder.finish(done);
  } finally {
    progress.stop();
    signals.release();
  }
  const { updates } = recorder;
  const updatesPerSecond = (1000 * updates) / Math.max(1, performance.now() - start);
  const interrupted = done < steps ? signals.caught() : undefined;
  if (interrupted !== undefined) return { steps: done, updates, updatesPerSecond, interrupted };
  const evaluation = evaluate({
    economy,
    agents,
    oracle,
    makeBatch,
    seed: environmentSeed(seed, 'evaluation'),
  });
  return { steps: done, updates, updatesPerSecond, interrupted, evaluation };
}
