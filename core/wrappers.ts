/**
 * Wrappers of batched environments: each is a batched environment itself, with other observations, actions or bookkeeping.
 * They compose: `normaliseObservations(new Simulation(economy), { statistics })`.
 */
import { RunningMoments, type RunningMomentsState } from '../numerics/running-moments.ts';
import type { AgentSpaces, AutoresetMode, BatchedEnv, BatchResetOptions, SavedEnv } from './batched.ts';
import type { Blocks, EconomyState } from './economy.ts';
import { RestoreError } from './errors.ts';
import type { Economy } from './registry.ts';
import { Box } from './spaces.ts';

/** Passes everything on; wrappers change what they are about. */
export abstract class BatchedWrapper implements BatchedEnv {
  protected readonly inner: BatchedEnv;

  constructor(inner: BatchedEnv) {
    this.inner = inner;
  }

  get economy(): Economy {
    return this.inner.economy;
  }
  get copies(): number {
    return this.inner.copies;
  }
  get autoreset(): AutoresetMode {
    return this.inner.autoreset;
  }
  get types(): Readonly<Record<string, AgentSpaces>> {
    return this.inner.types;
  }
  get observations(): Blocks<string, Float32Array> {
    return this.inner.observations;
  }
  get finalObservations(): Blocks<string, Float32Array> {
    return this.inner.finalObservations;
  }
  get actions(): Blocks<string, Float64Array> {
    return this.inner.actions;
  }
  get rewards(): Blocks<string, Float64Array> {
    return this.inner.rewards;
  }
  get terminated(): Uint8Array {
    return this.inner.terminated;
  }
  get truncated(): Uint8Array {
    return this.inner.truncated;
  }
  get wasReset(): Uint8Array {
    return this.inner.wasReset;
  }
  get states(): readonly EconomyState[] {
    return this.inner.states;
  }
  reset(options?: BatchResetOptions): void {
    this.inner.reset(options);
  }
  step(): void {
    this.inner.step();
  }
  quantities(): Blocks<string, Float64Array> {
    return this.inner.quantities();
  }
  info(copy: number): Record<string, number> {
    return this.inner.info(copy);
  }
  save(): SavedEnv {
    return { inner: this.inner.save() };
  }
  load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
  }
  close(): void {
    this.inner.close();
  }
}

/** Running mean and variance of each observation coordinate, by agent type; shared by training and evaluation. */
export type ObservationStatistics = Readonly<Record<string, RunningMoments>>;

export function observationStatistics(economy: Economy): ObservationStatistics {
  return Object.fromEntries(
    Object.entries(economy.types).map(([type, { observationSpace }]) => [
      type,
      new RunningMoments(observationSpace.size),
    ]),
  );
}

/** Plain data of the statistics, for a checkpoint. */
export function saveStatistics(statistics: ObservationStatistics): Record<string, RunningMomentsState> {
  return Object.fromEntries(Object.entries(statistics).map(([type, moments]) => [type, moments.save()]));
}

/** Restores what `saveStatistics` gave. Throws a RestoreError if the agent types differ. */
export function loadStatistics(
  statistics: ObservationStatistics,
  saved: Readonly<Record<string, RunningMomentsState>>,
): void {
  const names = Object.keys(statistics).join(', ');
  if (Object.keys(saved).join(', ') !== names) {
    throw new RestoreError(
      `observation statistics: saved for types ${Object.keys(saved).join(', ')}; expected ${names}.`,
    );
  }
  for (const [type, moments] of Object.entries(statistics)) moments.restore(saved[type]);
}

export interface NormaliseOptions {
  readonly statistics: ObservationStatistics;
  /** Observations after which the statistics stay as they are; 0 freezes them, as evaluation does. */
  readonly until: number;
}

/** Normalised coordinates stay within this many standard deviations. */
const NORMALISED_LIMIT = 10;

/**
 * Observations minus their running mean, over their running standard deviation, limited to +-10. The statistics are updated
 * while fewer than `until` observations were seen. They are an object of their own, so that an evaluation environment can
 * share them with `until: 0`, and a checkpoint can hold them.
 */
export class NormaliseObservations extends BatchedWrapper {
  readonly statistics: ObservationStatistics;
  readonly #until: number;
  readonly #observations: Record<string, Float32Array>;
  readonly #finalObservations: Record<string, Float32Array>;
  readonly #types: Readonly<Record<string, AgentSpaces>>;

  constructor(inner: BatchedEnv, options: NormaliseOptions) {
    super(inner);
    this.statistics = options.statistics;
    this.#until = options.until;
    const blank = (blocks: Blocks<string, Float32Array>) =>
      Object.fromEntries(
        Object.entries(blocks).map(([type, block]) => [type, new Float32Array(block.length)]),
      );
    this.#observations = blank(inner.observations);
    this.#finalObservations = blank(inner.finalObservations);
    const range = { low: -NORMALISED_LIMIT, high: NORMALISED_LIMIT };
    this.#types = mapSpaces(inner.types, ({ count, observationSpace, actionSpace }) => ({
      count,
      observationSpace: new Box({
        coordinates: Object.fromEntries(observationSpace.names.map((name) => [name, range])),
      }),
      actionSpace,
    }));
  }

  override get types(): Readonly<Record<string, AgentSpaces>> {
    return this.#types;
  }
  override get observations(): Blocks<string, Float32Array> {
    return this.#observations;
  }
  override get finalObservations(): Blocks<string, Float32Array> {
    return this.#finalObservations;
  }
  override reset(options?: BatchResetOptions): void {
    this.inner.reset(options);
    this.#refresh();
  }
  override step(): void {
    this.inner.step();
    this.#refresh();
  }
  override save(): SavedEnv {
    return { inner: this.inner.save(), statistics: saveStatistics(this.statistics) };
  }
  override load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
    loadStatistics(this.statistics, saved.statistics as Readonly<Record<string, RunningMomentsState>>);
    for (const type of Object.keys(this.statistics)) this.#normalise(type);
  }

  #refresh(): void {
    for (const [type, moments] of Object.entries(this.statistics)) {
      if (moments.count < this.#until) moments.push(this.inner.observations[type]);
      this.#normalise(type);
    }
  }

  #normalise(type: string): void {
    const moments = this.statistics[type];
    const options = { clip: NORMALISED_LIMIT };
    moments.standardise(this.inner.observations[type], this.#observations[type], options);
    moments.standardise(this.inner.finalObservations[type], this.#finalObservations[type], options);
  }
}

/** Actions in [-1, 1] for every coordinate, mapped affinely to the inner bounds, so that learners see one scale. */
export class RescaleActions extends BatchedWrapper {
  readonly #actions: Record<string, Float64Array>;
  readonly #types: Readonly<Record<string, AgentSpaces>>;

  constructor(inner: BatchedEnv) {
    super(inner);
    this.#actions = Object.fromEntries(
      Object.entries(inner.actions).map(([type, block]) => [type, new Float64Array(block.length)]),
    );
    this.#types = mapSpaces(inner.types, ({ count, observationSpace, actionSpace }) => ({
      count,
      observationSpace,
      actionSpace: new Box({
        coordinates: Object.fromEntries(actionSpace.names.map((name) => [name, { low: -1, high: 1 }])),
        quantities: Object.fromEntries(
          actionSpace.names.map((name, i) => [
            name,
            { low: actionSpace.quantityLow[i], high: actionSpace.quantityHigh[i] },
          ]),
        ),
      }),
    }));
  }

  override get types(): Readonly<Record<string, AgentSpaces>> {
    return this.#types;
  }
  override get actions(): Blocks<string, Float64Array> {
    return this.#actions;
  }
  override step(): void {
    this.#pass();
    this.inner.step();
  }
  override quantities(): Blocks<string, Float64Array> {
    this.#pass();
    return this.inner.quantities();
  }

  /** A value outside [-1, 1] by more than the slack stays outside the inner bounds, so that the inner check finds it. */
  #pass(): void {
    for (const [type, actions] of Object.entries(this.#actions)) {
      const { low, high, size } = this.inner.types[type].actionSpace;
      const inner = this.inner.actions[type];
      for (let i = 0; i < actions.length; i++) {
        const j = i % size;
        const x = Math.abs(actions[i]) <= 1 + 1e-6 ? Math.max(-1, Math.min(1, actions[i])) : actions[i];
        inner[i] = low[j] + ((high[j] - low[j]) * (x + 1)) / 2;
      }
    }
  }
}

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

function mapSpaces(
  types: Readonly<Record<string, AgentSpaces>>,
  change: (spaces: AgentSpaces) => AgentSpaces,
): Readonly<Record<string, AgentSpaces>> {
  return Object.fromEntries(Object.entries(types).map(([type, spaces]) => [type, change(spaces)]));
}
