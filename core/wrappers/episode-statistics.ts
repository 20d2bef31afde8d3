import type { BatchedEnv, BatchResetOptions, SavedEnv, SimulationOptions } from '../batched.ts';
import { BatchedWrapper } from './base.ts';

/** What `EpisodeStatistics` has seen of finished episodes. */
export interface Episodes {
  readonly finished: number;
  /** Mean over the last finished episodes (at most 100) of the sum of rewards, over all agents of the type, per agent. */
  readonly meanReturn: Readonly<Record<string, number>>;
  readonly meanLength: number;
}

const REMEMBERED_EPISODES = 100;

/** Keeps returns and lengths of finished episodes, as Gymnasium's RecordEpisodeStatistics. */
export class EpisodeStatistics extends BatchedWrapper {
  readonly #sums: Record<string, Float64Array>;
  readonly #lengths: Int32Array;
  #returns: Record<string, number[]>;
  #finishedLengths: number[] = [];
  #finished = 0;

  constructor(inner: BatchedEnv) {
    super(inner);
    const types = Object.keys(inner.types);
    this.#sums = Object.fromEntries(types.map((type) => [type, new Float64Array(inner.copies)]));
    this.#returns = Object.fromEntries(types.map((type) => [type, []]));
    this.#lengths = new Int32Array(inner.copies);
  }

  get episodes(): Episodes {
    return {
      finished: this.#finished,
      meanReturn: Object.fromEntries(
        Object.entries(this.#returns).map(([type, values]) => [type, average(values)]),
      ),
      meanLength: average(this.#finishedLengths),
    };
  }

  override reset(options?: BatchResetOptions): void {
    this.inner.reset(options);
    for (const sums of Object.values(this.#sums)) sums.fill(0);
    this.#lengths.fill(0);
  }

  override step(): void {
    this.inner.step();
    for (let b = 0; b < this.copies; b++) {
      if (this.wasReset[b] === 1) continue;
      this.#lengths[b] += 1;
      for (const [type, sums] of Object.entries(this.#sums)) {
        const { count } = this.types[type];
        const rewards = this.rewards[type];
        for (let i = 0; i < count; i++) sums[b] += rewards[b * count + i] / count;
      }
      if (this.terminated[b] === 1 || this.truncated[b] === 1) this.#finish(b);
    }
  }

  override fresh(options?: SimulationOptions): BatchedEnv {
    return this.inner.fresh(options);
  }

  override save(): SavedEnv {
    return {
      inner: this.inner.save(),
      sums: Object.fromEntries(Object.entries(this.#sums).map(([type, x]) => [type, x.slice()])),
      lengths: this.#lengths.slice(),
      returns: Object.fromEntries(
        Object.entries(this.#returns).map(([type, x]) => [type, Float64Array.from(x)]),
      ),
      finishedLengths: Float64Array.from(this.#finishedLengths),
      finished: this.#finished,
    };
  }

  override load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
    const from = saved as ReturnType<EpisodeStatistics['save']> & {
      sums: Record<string, Float64Array>;
      lengths: Int32Array;
      returns: Record<string, Float64Array>;
      finishedLengths: Float64Array;
      finished: number;
    };
    for (const [type, sums] of Object.entries(this.#sums)) sums.set(from.sums[type]);
    this.#lengths.set(from.lengths);
    this.#returns = Object.fromEntries(
      Object.entries(from.returns).map(([type, x]) => [type, Array.from(x)]),
    );
    this.#finishedLengths = Array.from(from.finishedLengths);
    this.#finished = from.finished;
  }

  #finish(b: number): void {
    this.#finished += 1;
    remember(this.#finishedLengths, this.#lengths[b]);
    this.#lengths[b] = 0;
    for (const [type, sums] of Object.entries(this.#sums)) {
      remember(this.#returns[type], sums[b]);
      sums[b] = 0;
    }
  }
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > REMEMBERED_EPISODES) values.shift();
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
