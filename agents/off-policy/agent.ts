/** What off-policy agents share: random warm-up, replay, when to learn, and the way between the learner's and the world's actions. */
import type { ActInput, Agent, Metrics } from '../../core/agent.ts';
import { NonFiniteError } from '../../core/errors.ts';
import type { CommonSettings } from '../../core/method.ts';
import type { Box } from '../../core/spaces.ts';
import type { EngineState } from '../../nn/engine.ts';
import { firstBeyond } from '../../nn/finite.ts';
import type { Rng, RngState } from '../../numerics/random.ts';
import { type BatchTarget, Replay } from './replay.ts';

export interface OffPolicySettings extends Required<CommonSettings> {
  /** Transitions kept in the replay buffer. */
  readonly bufferSize: number;
  /** Transitions of each step that are kept, drawn at random; null: all. */
  readonly keptPerStep: number | null;
  /** Transitions of uniform actions before learning starts. */
  readonly warmup: number;
  /** Updates after each step of the environment. */
  readonly updatesPerStep: number;
  /** `centred`: rewards less their mean over the warm-up, a constant from then on; `raw`. */
  readonly rewards: 'centred' | 'raw';
}

/** The part that differs between methods. Actions are in [-1, 1], float32, [rows, actions]. */
export interface Learner {
  /** Actions with exploration noise. */
  explore(observations: Float32Array, rows: number, actions: Float32Array): void;
  /** Actions without noise. */
  exploit(observations: Float32Array, rows: number, actions: Float32Array): void;
  /** Where the next batch is to be written. */
  batch(): BatchTarget;
  /** One update from that batch; `progress` is the share of the planned updates already done, from 0 to 1. */
  learn(progress: number): Metrics;
  save(): { engine: EngineState; [name: string]: unknown };
  load(saved: { engine: EngineState; [name: string]: unknown }): void;
}

export interface OffPolicyOptions {
  readonly name: string;
  readonly learner: Learner;
  readonly observationSize: number;
  readonly actionSpace: Box;
  readonly rows: number;
  /** That of the learner. */
  readonly discountFactor: number;
  readonly steps: number;
  readonly settings: OffPolicySettings;
  readonly rng: Rng;
}

/** An agent from a learner. Its random numbers come from splits of `rng`: warm-up actions and batches do not share a stream. */
export function offPolicyAgent(options: OffPolicyOptions): Agent {
  const { name, learner, actionSpace, rows, settings } = options;
  const { low, high, size } = actionSpace;
  const kept = Math.min(rows, settings.keptPerStep ?? rows);
  const replay = new Replay({
    // A run never holds more than it keeps.
    capacity: Math.min(settings.bufferSize, options.steps * kept),
    observationSize: options.observationSize,
    actionSize: size,
  });
  const warmupRng = options.rng.split('warmup');
  const batchRng = options.rng.split('batches');
  const keptRng = options.rng.split('kept');
  /** Rows of a step that are kept, where not all are. */
  const chosen = kept < rows ? new Uint32Array(kept) : undefined;
  const plannedUpdates = Math.max(
    1,
    (options.steps - Math.ceil(settings.warmup / rows)) * settings.updatesPerStep,
  );
  /** A discounted sum of ones that starts next period. */
  const endWeight = options.discountFactor / (1 - options.discountFactor);
  let scratch = new Float32Array(rows * size);
  let seen = 0;
  let updates = 0;
  let rewardOffset = 0;

  function scratchFor(count: number): Float32Array {
    if (scratch.length < count * size) scratch = new Float32Array(count * size);
    return scratch.length === count * size ? scratch : scratch.subarray(0, count * size);
  }

  function checkExploited(own: Float32Array, { observations, rows: count }: ActInput): void {
    const at = firstBeyond(own, Number.MAX_VALUE);
    if (at < 0) return;
    const row = Math.floor(at / size);
    const width = observations.length / count;
    const seen = observations.subarray(row * width, (row + 1) * width).join(', ');
    throw new NonFiniteError(
      `${name}: action "${actionSpace.names[at % size]}" of row ${row} is ${own[at]} in [-1, 1], where it sees ${seen}. ` +
        'Did the actor diverge? Go on from a checkpoint before, with a smaller learning rate.',
    );
  }

  function learn(): Metrics {
    if (updates === 0 && settings.rewards === 'centred') rewardOffset = replay.meanReward();
    let metrics: Metrics = {};
    for (let i = 0; i < settings.updatesPerStep; i++) {
      replay.sample(learner.batch(), batchRng, { offset: rewardOffset, endValue: -endWeight * rewardOffset });
      metrics = learner.learn(Math.min(1, updates / plannedUpdates));
      updates += 1;
    }
    for (const [key, value] of Object.entries(metrics)) {
      if (!Number.isFinite(value))
        throw new NonFiniteError(
          `${name}: ${key} is ${value} after update ${updates}; lower the learning rate.`,
        );
    }
    return metrics;
  }

  return {
    name,
    act(input, actions, { deterministic }) {
      const own = scratchFor(input.rows);
      if (deterministic) learner.exploit(input.observations, input.rows, own);
      else if (seen < settings.warmup) warmupRng.fillUniform(own, -1, 1);
      else learner.explore(input.observations, input.rows, own);
      // While it explores the training loop looks, which knows the agents' names.
      if (deterministic) checkExploited(own, input);
      toWorld(own, actions, low, high);
    },
    observe(transition) {
      const own = scratchFor(transition.rows);
      fromWorld(transition.actions, own, low, high);
      if (chosen !== undefined) drawRows(chosen, transition.rows, keptRng);
      replay.add({ ...transition, actions: own }, chosen);
      seen += transition.rows;
    },
    update() {
      return seen < settings.warmup ? undefined : learn();
    },
    save: () => ({
      seen,
      updates,
      rewardOffset,
      warmupRng: warmupRng.save(),
      batchRng: batchRng.save(),
      keptRng: keptRng.save(),
      learner: learner.save(),
    }),
    load(saved) {
      const from = saved as {
        seen: number;
        updates: number;
        rewardOffset: number;
        warmupRng: RngState;
        batchRng: RngState;
        keptRng: RngState;
        learner: { engine: EngineState };
      };
      learner.load(from.learner);
      warmupRng.restore(from.warmupRng);
      batchRng.restore(from.batchRng);
      keptRng.restore(from.keptRng);
      seen = from.seen;
      updates = from.updates;
      rewardOffset = from.rewardOffset;
    },
    memory: replay,
  };
}

/** One row out of each of as many equal stretches of all rows: every copy of the economy and every kind of agent has its part. */
function drawRows(chosen: Uint32Array, rows: number, rng: Rng): void {
  const stretch = rows / chosen.length;
  for (let i = 0; i < chosen.length; i++) chosen[i] = Math.floor((i + rng.uniform()) * stretch);
}

/** [-1, 1] to the action space. */
function toWorld(own: Float32Array, actions: Float64Array, low: Float64Array, high: Float64Array): void {
  const size = low.length;
  for (let i = 0; i < own.length; i++) {
    const j = i % size;
    actions[i] = low[j] + ((high[j] - low[j]) * (own[i] + 1)) / 2;
  }
}

/** The action space to [-1, 1]. */
function fromWorld(actions: Float64Array, own: Float32Array, low: Float64Array, high: Float64Array): void {
  const size = low.length;
  for (let i = 0; i < actions.length; i++) {
    const j = i % size;
    own[i] = (2 * (actions[i] - low[j])) / (high[j] - low[j]) - 1;
  }
}
