/** Training from a program: no folder, no file, no output. */

import { show, UsageError } from '../../core/errors.ts';
import {
  type Agents,
  type Backend,
  type Callback,
  type CommonSettings,
  type Economy,
  type EconomyState,
  type Evaluation,
  evaluate,
  type Method,
  type StatePolicy,
  statePolicy,
  train,
} from '../../core/index.ts';
import { DEFAULT_SEED } from '../cli/options.ts';
import { methodSettings, presetOf } from '../cli/settings.ts';
import { chooseBackend } from './backend.ts';
import { environmentSeed, startPipeline, updatesIn } from './pipeline.ts';

export interface LearnOptions<C extends CommonSettings, S extends EconomyState, T extends string> {
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
}

export interface Learned<C extends CommonSettings, S extends EconomyState, T extends string> {
  /** One trained agent for each type. */
  readonly agents: Agents;
  /** Return and, where the economy has an oracle, distances to it: what the commands' final table shows. */
  readonly evaluation: Evaluation;
  /** Whether the solver behind the oracle reached its tolerance; true without an oracle. */
  readonly converged: boolean;
  /** All settings of the method, with their values. */
  readonly settings: C;
  /** Steps done. */
  readonly steps: number;
  /** Updates of each agent; 0 if the steps were too few for the warm-up. */
  readonly updates: number;
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
  const backend = options.backend ?? (await chooseBackend());
  const { env, agents, makeBatch } = startPipeline({ economy, method, settings, steps, seed, backend });

  let updates = 0;
  const count: Callback = ({ metrics }) => {
    updates += updatesIn(metrics, settings);
    return undefined;
  };
  const done = await train(agents, env, { steps, callbacks: [count, ...callbacks] });
  const oracle = economy.oracle();
  return {
    agents,
    evaluation: evaluate({
      economy,
      agents,
      oracle,
      makeBatch,
      seed: environmentSeed(seed, 'evaluation'),
    }),
    converged: oracle?.solution.converged ?? true,
    settings,
    steps: done,
    updates,
    policy: statePolicy({ agents, makeBatch }) as StatePolicy<S, T>,
  };
}
