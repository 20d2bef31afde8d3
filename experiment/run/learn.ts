/** Training from a program: no output, and no file unless asked for. */

import { show, UsageError } from '../../core/errors.ts';
import {
  type Agents,
  type AnyMethod,
  type Backend,
  type Callback,
  type CommonSettings,
  type Economy,
  type EconomyState,
  type Evaluation,
  evaluate,
  evaluation as evaluationCallback,
  haveConverged,
  type Method,
  type StatePolicy,
  statePolicy,
  train,
} from '../../core/index.ts';
import { DEFAULT_SEED } from '../cli/options.ts';
import { methodSettings, presetOf } from '../cli/settings.ts';
import { agentReports, isSolved, reportedBlocks, withBlocks } from '../commands/agent-reports.ts';
import { runSummary } from '../commands/summary.ts';
import { backendFor } from './backend.ts';
import type { Checkpoint } from './checkpoint.ts';
import { writeFileAtomic } from './files.ts';
import { openRun } from './open-run.ts';
import { environmentSeed, type Pipeline, startPipeline, updatesIn, validationSeed } from './pipeline.ts';
import type { RunPlan } from './recorder.ts';
import { recordedBackend } from './resume.ts';
import { scheduleOf, stopRules, type Watch } from './schedule.ts';
import { trainRun } from './train-run.ts';

export interface LearnOptions<C extends CommonSettings, S extends EconomyState, T extends string>
  extends Watch {
  readonly economy: Economy<S, T>;
  /** The way of learning, e.g. `sac`. */
  readonly method: Method<C>;
  /** Training steps, in each of which every copy of the economy moves one period. Default: the preset's, or the method's. */
  readonly steps?: number;
  /** Of all random numbers. Default 1. */
  readonly seed?: number;
  /** Settings that differ from the method's, the preset's and the economy's advice. */
  readonly settings?: Readonly<Partial<C>>;
  /** Numerical size by name, e.g. `quick`. */
  readonly preset?: string;
  /** Default: the best kernels that work here, `await chooseBackend()`. */
  readonly backend?: Backend;
  /** Called after each step; one that answers `stop` ends the training there. */
  readonly callbacks?: readonly Callback[];
  /**
   * Records the run in that folder as the commands do: metrics, TensorBoard events, checkpoints that `train/eval.ts` reads. A run that
   * stopped there goes on exactly where it was, given the same options. Without a folder nothing is written.
   */
  readonly folder?: string;
}

export interface Learned<C extends CommonSettings, S extends EconomyState, T extends string> {
  /** One trained agent for each type. */
  readonly agents: Agents;
  /** Return and, where the economy has an oracle, distances to it: what the commands' final table shows. */
  readonly evaluation: Evaluation;
  /** Whether every solver reached its tolerance: the agents, if they are solvers, and the one behind the oracle. */
  readonly converged: boolean;
  /** All settings of the method, with their values. */
  readonly settings: C;
  /** Steps done. */
  readonly steps: number;
  /** Updates of each agent; 0 if the steps were too few for the warm-up. */
  readonly updates: number;
  /** Why training ended before its last step: `stopAtGap`, `patience`, or that the solver has converged; undefined otherwise. */
  readonly stopped: string | undefined;
  /** The learned policy: the quantities chosen without noise, by type, [n, count, actions], at n states. */
  readonly policy: StatePolicy<S, T>;
}

/**
 * Trains agents in an economy and evaluates them, as the training commands do.
 *
 *     const { policy, evaluation } = await learn({ economy: environments.economy('jesusfv'), method: sac });
 *     policy([{ capital: 0.2, productivity: 2 }]).household[0]; // the share of resources that is eaten
 *
 * Throws a UsageError for settings and steps that cannot be, and what the agents and the economy throw. Invariant: the result depends on
 * economy, method, steps, seed, settings and backend alone, and is that of the command with the same options.
 */
export async function learn<C extends CommonSettings, S extends EconomyState, T extends string>(
  options: LearnOptions<C, S, T>,
): Promise<Learned<C, S, T>> {
  const { method, seed = DEFAULT_SEED, settings: own = {}, callbacks = [] } = options;
  // What runs an economy knows it by its general type; the state's own type comes back with the policy.
  const economy = options.economy as unknown as Economy;
  const preset = presetOf(method, options.preset);
  const settings = methodSettings({ method, economy, preset: preset.settings, set: own });
  const steps = options.steps ?? preset.steps;
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError(`learn: steps is ${show(steps)}; give a positive whole number.`);
  // What cannot be is told before anything is computed or made.
  scheduleOf(steps, options);
  stopRules(options);
  const make = async (resumed?: Checkpoint): Promise<RunPlan> => ({
    economy,
    set: { env: economy.set, method: own },
    module: null,
    oracle: economy.oracle(),
    method: method as unknown as AnyMethod,
    settings,
    seed,
    steps,
    backend:
      options.backend ?? (await backendFor(method, resumed === undefined ? {} : recordedBackend(resumed))),
    watch: options,
  });
  const { folder } = options;
  const { plan, run } =
    folder === undefined
      ? await learnUnseen(await make(), callbacks)
      : await learnRecorded({ folder, make, callbacks });
  const { agents, makeBatch } = run.pipeline;
  return {
    agents,
    evaluation: run.evaluation,
    converged: isSolved(agents) && (plan.oracle?.solution.converged ?? true),
    settings,
    steps: run.steps,
    updates: run.updates,
    stopped: run.stopped,
    policy: statePolicy({ agents, makeBatch }) as StatePolicy<S, T>,
  };
}

interface Ran {
  readonly pipeline: Pipeline;
  readonly evaluation: Evaluation;
  readonly steps: number;
  readonly updates: number;
  readonly stopped: string | undefined;
}

async function learnRecorded(options: {
  readonly folder: string;
  readonly make: (resumed?: Checkpoint) => Promise<RunPlan>;
  readonly callbacks: readonly Callback[];
}): Promise<{ readonly plan: RunPlan; readonly run: Ran }> {
  const { folder: resume, make, callbacks } = options;
  const { plan, pipeline, folder, resumed, release } = await openRun({
    place: { resume },
    planOf: make,
    origin: { command: 'learn', options: null, preset: null },
  });
  try {
    const run = await trainRun({ plan, pipeline, folder, terminal: undefined, callbacks, resumed });
    if (run.interrupted !== undefined) throw new Error('learn: a run without a terminal sees no signals');
    const summary = runSummary({
      ...plan,
      ...run,
      command: 'learn',
      preset: null,
      set: { ...plan.set.env, ...plan.set.method },
      agent: plan.method.name,
      run: folder.folder,
      solved: isSolved(pipeline.agents),
    });
    const { updates, stopped = null } = run;
    const blocks = reportedBlocks(agentReports(pipeline.agents));
    writeFileAtomic(
      folder.result,
      `${JSON.stringify(withBlocks({ ...summary, updates, stopped }, blocks), null, 2)}\n`,
    );
    return { plan, run: { ...run, pipeline } };
  } finally {
    release();
  }
}

async function learnUnseen(
  plan: RunPlan,
  callbacks: readonly Callback[],
): Promise<{ readonly plan: RunPlan; readonly run: Ran }> {
  const { economy, oracle, settings, seed, steps, watch = {} } = plan;
  const pipeline = startPipeline(plan);
  const { env, agents, makeBatch } = pipeline;
  const rules = Object.values(stopRules(watch));
  let updates = 0;
  let stopped: string | undefined;
  const count: Callback = ({ metrics }) => {
    updates += updatesIn(metrics, settings);
    return undefined;
  };
  const looking = evaluationCallback({
    every: scheduleOf(steps, watch).isEvaluation,
    oracle,
    seed: validationSeed(),
    rules,
    onEvaluation({ step }, reason) {
      if (step < steps) stopped = reason;
    },
  });
  const watching = rules.length === 0 ? [] : [looking];
  const done = await train(agents, env, { steps, callbacks: [count, ...watching, ...callbacks] });
  if (haveConverged(agents)) stopped ??= 'converged';
  const evaluation = evaluate({
    economy,
    agents,
    oracle,
    makeBatch,
    seed: environmentSeed(seed, 'evaluation'),
  });
  return { plan, run: { pipeline, evaluation, steps: done, updates, stopped } };
}
