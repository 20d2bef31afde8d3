import type { Memory, MemoryPiece } from '../../core/agent.ts';
import { NonFiniteError, OrderError, RestoreError, UsageError } from '../../core/errors.ts';
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

export interface ReplayOptions {
  /** Transitions kept; the oldest are overwritten. */
  readonly capacity: number;
  readonly observationSize: number;
  readonly actionSize: number;
}

/** The columns of some rows; one row of each array is one transition. */
interface Columns {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly nextObservations: Float32Array;
  readonly continues: Float32Array;
}

const COLUMNS = ['observations', 'actions', 'rewards', 'nextObservations', 'continues'] as const;

/**
 * A ring of transitions, float32: number n of all ever appended lies in row n modulo the capacity. A row holds its columns side by side:
 * drawing one at random waits for one stretch of memory, not for five.
 */
export class Replay implements Memory {
  readonly capacity: number;
  readonly rowBytes: number;
  readonly #widths: Readonly<Record<(typeof COLUMNS)[number], number>>;
  /** Where each column begins within a row. */
  readonly #starts: Readonly<Record<(typeof COLUMNS)[number], number>>;
  readonly #width: number;
  readonly #rows: Float32Array;
  #appended = 0;
  /** Where the rows of the batch under way begin. */
  #drawn = new Uint32Array(0);

  constructor({ capacity, observationSize, actionSize }: ReplayOptions) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new UsageError(`replay: capacity is ${capacity}; it must be a positive integer.`);
    this.capacity = capacity;
    this.#widths = {
      observations: observationSize,
      actions: actionSize,
      rewards: 1,
      nextObservations: observationSize,
      continues: 1,
    };
    const starts = { observations: 0, actions: 0, rewards: 0, nextObservations: 0, continues: 0 };
    let width = 0;
    for (const name of COLUMNS) {
      starts[name] = width;
      width += this.#widths[name];
    }
    this.#starts = starts;
    this.#width = width;
    this.#rows = new Float32Array(capacity * width);
    this.rowBytes = Float32Array.BYTES_PER_ELEMENT * width;
  }

  /** Transitions ever appended. */
  get appended(): number {
    return this.#appended;
  }

  /** Transitions held. */
  get size(): number {
    return Math.min(this.#appended, this.capacity);
  }

  /**
   * Appends one transition per row, or those of the rows `chosen` only. Actions are the learner's own, in [-1, 1]. Throws a NonFiniteError for a
   * reward beyond float32.
   */
  add(
    rows: {
      readonly rows: number;
      readonly observations: Float32Array;
      readonly actions: Float32Array;
      readonly rewards: Float64Array;
      readonly nextObservations: Float32Array;
      readonly terminated: Uint8Array;
    },
    chosen?: Uint32Array,
  ): void {
    const { observations: D, actions: A } = this.#widths;
    const { rewards: rewardAt, nextObservations: nextAt, continues: continuesAt } = this.#starts;
    const all = this.#rows;
    const count = chosen?.length ?? rows.rows;
    for (let i = 0; i < count; i++) {
      const row = chosen === undefined ? i : chosen[i];
      const at = (this.#appended % this.capacity) * this.#width;
      copyNumbers(rows.observations, row * D, all, at, D);
      copyNumbers(rows.actions, row * A, all, at + D, A);
      copyNumbers(rows.nextObservations, row * D, all, at + nextAt, D);
      all[at + rewardAt] = rows.rewards[row];
      if (!Number.isFinite(all[at + rewardAt])) throw rewardError(row, rows.rewards[row]);
      all[at + continuesAt] = rows.terminated[row] === 1 ? 0 : 1;
      this.#appended += 1;
    }
  }

  /** Draws a batch uniformly with replacement, rewards as `shift` says. */
  sample(batch: BatchTarget, rng: Rng, shift: RewardShift): void {
    const { rewards, continues } = batch;
    const { observations: D, actions: A } = this.#widths;
    const starts = this.#starts;
    const [all, width] = [this.#rows, this.#width];
    if (this.#drawn.length !== rewards.length) this.#drawn = new Uint32Array(rewards.length);
    const drawn = this.#drawn;
    const size = this.size;
    for (let row = 0; row < drawn.length; row++) drawn[row] = rng.integer(size) * width;
    // Single numbers first: in so short a loop many rows are under way from memory at once, and the others are near by then.
    gather(all, drawn, starts.rewards, rewards, 1);
    gather(all, drawn, starts.continues, continues, 1);
    gather(all, drawn, starts.observations, batch.observations, D);
    gather(all, drawn, starts.actions, batch.actions, A);
    gather(all, drawn, starts.nextObservations, batch.nextObservations, D);
    for (let row = 0; row < rewards.length; row++) {
      rewards[row] = rewards[row] - shift.offset + (continues[row] === 1 ? 0 : shift.endValue);
    }
  }

  /** Mean reward of all transitions held. */
  meanReward(): number {
    const size = this.size;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += this.#rows[i * this.#width + this.#starts.rewards];
    return sum / size;
  }

  rows(from: number, to: number): Record<string, Float32Array> {
    const oldest = this.#appended - this.size;
    if (!(from >= oldest && from <= to && to <= this.#appended)) {
      throw new OrderError(
        `replay: transitions ${from} to ${to} are asked for; ${oldest} to ${this.#appended} are held.`,
      );
    }
    const piece = this.#blank(to - from);
    for (const name of COLUMNS) {
      const [start, size] = [this.#starts[name], this.#widths[name]];
      for (let i = 0; i < to - from; i++) {
        const at = ((from + i) % this.capacity) * this.#width;
        copyNumbers(this.#rows, at + start, piece[name], i * size, size);
      }
    }
    return { ...piece };
  }

  /** Everything is refused before it is taken in, but for pieces that come late: what was held is lost then. */
  restore(saved: { readonly appended: number; readonly pieces: Iterable<MemoryPiece> }): void {
    const { appended, pieces } = saved;
    let next: number | undefined;
    for (const { from, rows } of pieces) {
      const piece = this.#columnsOf(rows);
      const oldest = Math.max(0, appended - this.capacity);
      if (next === undefined ? from > oldest : from !== next)
        throw new RestoreError(
          `replay: saved transitions begin at ${from}, those from ${next ?? oldest} on are missing.`,
        );
      next = from + piece.rewards.length;
      for (const name of COLUMNS) {
        const [start, size] = [this.#starts[name], this.#widths[name]];
        for (let i = 0; i < piece.rewards.length; i++) {
          const at = ((from + i) % this.capacity) * this.#width;
          copyNumbers(piece[name], i * size, this.#rows, at + start, size);
        }
      }
    }
    if ((next ?? 0) !== appended)
      throw new RestoreError(`replay: saved transitions end at ${next ?? 0} of ${appended}.`);
    this.#appended = appended;
  }

  #blank(rows: number): Columns {
    const { observations, actions, nextObservations } = this.#widths;
    return {
      observations: new Float32Array(rows * observations),
      actions: new Float32Array(rows * actions),
      rewards: new Float32Array(rows),
      nextObservations: new Float32Array(rows * nextObservations),
      continues: new Float32Array(rows),
    };
  }

  #columnsOf(rows: Readonly<Record<string, unknown>>): Columns {
    const { rewards } = rows;
    const count = rewards instanceof Float32Array ? rewards.length : -1;
    const piece = Object.fromEntries(
      COLUMNS.map((name) => {
        const values = rows[name];
        const expected = count * this.#widths[name];
        if (values instanceof Float32Array && values.length === expected) return [name, values];
        const found = values instanceof Float32Array ? `${values.length} numbers` : 'no numbers';
        throw new RestoreError(
          `replay: ${count} saved transitions have ${found} of ${name}; ${expected} are needed here.`,
        );
      }),
    );
    return piece as unknown as Columns;
  }
}

function rewardError(row: number, reward: number): NonFiniteError {
  return new NonFiniteError(
    `replay: the reward of row ${row} is ${reward}; learners compute in float32, up to 3.4e38. Measure rewards in a larger unit.`,
  );
}

function copyNumbers(from: Float32Array, a: number, to: Float32Array, b: number, count: number): void {
  for (let i = 0; i < count; i++) to[b + i] = from[a + i];
}

/** One column of the rows that begin at `drawn`. */
function gather(from: Float32Array, drawn: Uint32Array, start: number, to: Float32Array, size: number): void {
  if (size === 1) {
    for (let row = 0; row < drawn.length; row++) to[row] = from[drawn[row] + start];
    return;
  }
  for (let row = 0, b = 0; row < drawn.length; row++) {
    const a = drawn[row] + start;
    for (let i = 0; i < size; i++, b++) to[b] = from[a + i];
  }
}
