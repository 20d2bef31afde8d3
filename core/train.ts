import type { Agents, Metrics } from './agent.ts';
import type { BatchedEnv } from './batched.ts';
import { UsageError } from './errors.ts';
import { checkActions, checkObservations, checkRewards, located } from './train-guards.ts';

/** What a callback sees after each step. */
export interface Progress {
  /** Steps done; in each, every copy of the economy moved one period. */
  readonly step: number;
  readonly steps: number;
  /** What the agents measured in this step's update, by type; undefined before they learn. */
  readonly metrics: Readonly<Record<string, Metrics | undefined>>;
  readonly agents: Agents;
  readonly env: BatchedEnv;
}

/** Called after each step; `stop` ends the training after this step. */
export type Callback = (progress: Progress) => undefined | 'stop' | Promise<undefined | 'stop'>;

export interface TrainOptions {
  /** Last step; an update of every agent follows each step once it has enough data. */
  readonly steps: number;
  /** First step is `from` + 1; 0 unless training goes on from a checkpoint. */
  readonly from?: number;
  readonly callbacks?: readonly Callback[];
}

/** Steps between two returns to the event loop, so that signals and timers get their turn. */
const STEPS_PER_TURN = 32;

/**
 * The loop of learning: act, step, observe, update. The environment has been reset (or loaded) by the caller. Where all agents
 * update and none observes, they learn from what they know of the economy, which is not stepped then: a step is an update. Ends early when all agents have
 * converged. Returns the number of the last step done. Throws what agents and economy throw, with the agent's type and the step before its message
 * (`train: household, step 1234: ...`), and a NonFiniteError, likewise, for an action, observation or reward that is NaN or infinite; what
 * callbacks throw comes as it is. Invariant: when it throws, the callbacks have seen every step before, and nothing of this one.
 */
export async function train(agents: Agents, env: BatchedEnv, options: TrainOptions): Promise<number> {
  const { steps, from = 0, callbacks = [] } = options;
  if (env.autoreset !== 'same-step') {
    throw new UsageError(
      `train: the environment resets in mode "${env.autoreset}"; learning needs "same-step".`,
    );
  }
  const players = playersOf(agents, env);
  const metrics: Record<string, Metrics | undefined> = {};
  const isInteracting = !players.every(
    ({ agent }) => agent.update !== undefined && agent.observe === undefined,
  );
  for (let step = from + 1; step <= steps; step++) {
    if (haveConverged(agents)) return step - 1;
    let at: string | undefined;
    try {
      if (isInteracting) {
        for (const { agent, type, input, before, actionsTaken } of players) {
          at = type;
          checkObservations(env, type, env.observations[type]);
          agent.act(input, env.actions[type], { deterministic: false });
          checkActions(env, type);
          before.set(env.observations[type]);
          actionsTaken.set(env.actions[type]);
        }
        at = undefined;
        env.step();
      }
      for (const { agent, type, transition, terminated, count } of players) {
        at = type;
        if (isInteracting) {
          checkRewards(env, type);
          checkObservations(env, type, env.finalObservations[type]);
          for (let row = 0; row < terminated.length; row++)
            terminated[row] = env.terminated[Math.floor(row / count)];
          agent.observe?.(transition);
        }
        metrics[type] = agent.update?.();
      }
    } catch (error) {
      throw located(error, { type: at, step });
    }
    for (const callback of callbacks) {
      const answer = callback({ step, steps, metrics, agents, env });
      if ((answer instanceof Promise ? await answer : answer) === 'stop') return step;
    }
    // What is not stepped may take seconds a step.
    if (!isInteracting || step % STEPS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return Math.max(from, steps);
}

/** Whether every agent is a solver that has reached its tolerance. */
export function haveConverged(agents: Agents): boolean {
  const all = Object.values(agents);
  return all.length > 0 && all.every(({ converged }) => converged === true);
}

/** Buffers that serve a type through the whole training. */
function playersOf(agents: Agents, env: BatchedEnv) {
  const missing = Object.keys(env.types).find((type) => !Object.hasOwn(agents, type));
  if (missing !== undefined)
    throw new UsageError(`train: no agent for type "${missing}" of ${env.economy.id}.`);
  return Object.keys(env.types).map((type) => {
    const rows = env.copies * env.types[type].count;
    const before = new Float32Array(env.observations[type].length);
    const actionsTaken = new Float64Array(env.actions[type].length);
    const terminated = new Uint8Array(rows);
    return {
      agent: agents[type],
      type,
      count: env.types[type].count,
      before,
      actionsTaken,
      terminated,
      input: {
        rows,
        observations: env.observations[type],
        get states() {
          return env.states;
        },
      },
      transition: {
        rows,
        observations: before,
        actions: actionsTaken,
        rewards: env.rewards[type],
        nextObservations: env.finalObservations[type],
        terminated,
      },
    };
  });
}
