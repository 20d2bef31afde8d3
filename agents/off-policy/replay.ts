import { RestoreError, UsageError } from '../../core/errors.ts';
import type { Rng } from '../../numerics/random.ts';

/** Where a sampled batch is written: the learner's engine inputs, [B, ...] each. */
export interface BatchTarget {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  /** 1 where the future counts, 0 where the economy ended. A time limit is not an end (Pardo et al. 2018). */
  readonly continues: Float32Array;
}

/**
 * Rewards less a constant `offset` leave a life without end as it was, but an end would be worth more than nothing by the offsets that
 * no longer come; `endValue`, added where the economy ended, is what makes up for it: -discount offset / (1 - discount).
 */
export interface RewardShift {
  readonly offset: number;
  readonly endValue: number;
}

export interface SavedReplay {
  readonly size: number;
  readonly next: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  readonly continues: Float32Array;
}

export interface ReplayOptions {
  /** Transitions kept; the oldest are overwritten. */
  readonly capacity: number;
  readonly observationSize: number;
  readonly actionSize: number;
}

/** A ring of transitions in flat float32 arrays; one row of each array is one transition. */
export class Replay {
  readonly capacity: number;
  readonly #observationSize: number;
  readonly #actionSize: number;
  readonly #observations: Float32Array;
  readonly #actions: Float32Array;
  readonly #rewards: Float32Array;
  readonly #nextObservations: Float32Array;
  readonly #continues: Float32Array;
  #size = 0;
  #next = 0;

  constructor({ capacity, observationSize, actionSize }: ReplayOptions) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new UsageError(`replay: capacity is ${capacity}; it must be a positive integer.`);
    this.capacity = capacity;
    this.#observationSize = observationSize;
    this.#actionSize = actionSize;
    this.#observations = new Float32Array(capacity * observationSize);
    this.#actions = new Float32Array(capacity * actionSize);
    this.#rewards = new Float32Array(capacity);
    this.#nextObservations = new Float32Array(capacity * observationSize);
    this.#continues = new Float32Array(capacity);
  }

  /** Transitions held. */
  get size(): number {
    return this.#size;
  }

  /** Appends one transition per row. Actions are the learner's own, in [-1, 1]. */
  add(rows: {
    readonly rows: number;
    readonly observations: Float32Array;
    readonly actions: Float32Array;
    readonly rewards: Float64Array;
    readonly nextObservations: Float32Array;
    readonly terminated: Uint8Array;
  }): void {
    const D = this.#observationSize;
    const A = this.#actionSize;
    for (let row = 0; row < rows.rows; row++) {
      const at = this.#next;
      copyRow(rows.observations, row, this.#observations, at, D);
      copyRow(rows.actions, row, this.#actions, at, A);
      copyRow(rows.nextObservations, row, this.#nextObservations, at, D);
      this.#rewards[at] = rows.rewards[row];
      this.#continues[at] = rows.terminated[row] === 1 ? 0 : 1;
      this.#next = at + 1 === this.capacity ? 0 : at + 1;
      if (this.#size < this.capacity) this.#size += 1;
    }
  }

  /** Draws a batch uniformly with replacement, rewards as `shift` says. */
  sample(batch: BatchTarget, rng: Rng, shift: RewardShift): void {
    const D = this.#observationSize;
    const A = this.#actionSize;
    for (let row = 0; row < batch.rewards.length; row++) {
      const from = rng.integer(this.#size);
      copyRow(this.#observations, from, batch.observations, row, D);
      copyRow(this.#actions, from, batch.actions, row, A);
      copyRow(this.#nextObservations, from, batch.nextObservations, row, D);
      batch.continues[row] = this.#continues[from];
      batch.rewards[row] =
        this.#rewards[from] - shift.offset + (batch.continues[row] === 1 ? 0 : shift.endValue);
    }
  }

  /** Mean reward of all transitions held. */
  meanReward(): number {
    let sum = 0;
    for (let i = 0; i < this.#size; i++) sum += this.#rewards[i];
    return sum / this.#size;
  }

  save(): SavedReplay {
    const {
      observationSize: D,
      actionSize: A,
      size,
    } = { observationSize: this.#observationSize, actionSize: this.#actionSize, size: this.#size };
    return {
      size,
      next: this.#next,
      observations: this.#observations.slice(0, size * D),
      actions: this.#actions.slice(0, size * A),
      rewards: this.#rewards.slice(0, size),
      nextObservations: this.#nextObservations.slice(0, size * D),
      continues: this.#continues.slice(0, size),
    };
  }

  load(saved: SavedReplay): void {
    const fits =
      saved.size <= this.capacity &&
      saved.next === (saved.size === this.capacity ? saved.next % this.capacity : saved.size) &&
      saved.rewards.length === saved.size &&
      saved.continues.length === saved.size &&
      saved.observations.length === saved.size * this.#observationSize &&
      saved.nextObservations.length === saved.size * this.#observationSize &&
      saved.actions.length === saved.size * this.#actionSize;
    if (!fits) {
      throw new RestoreError(
        `replay: ${saved.size} saved transitions (${saved.observations.length} observation numbers) do not fit a buffer of ` +
          `${this.capacity} transitions of ${this.#observationSize} observations and ${this.#actionSize} actions.`,
      );
    }
    this.#observations.set(saved.observations);
    this.#actions.set(saved.actions);
    this.#rewards.set(saved.rewards);
    this.#nextObservations.set(saved.nextObservations);
    this.#continues.set(saved.continues);
    this.#size = saved.size;
    this.#next = saved.next;
  }
}

function copyRow(from: Float32Array, fromRow: number, to: Float32Array, toRow: number, size: number): void {
  const a = fromRow * size;
  const b = toRow * size;
  for (let i = 0; i < size; i++) to[b + i] = from[a + i];
}
