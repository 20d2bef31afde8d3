import { RunningMoments, type RunningMomentsState } from '../../numerics/running-moments.ts';
import type { AgentSpaces, BatchedEnv, BatchResetOptions, SavedEnv, SimulationOptions } from '../batched.ts';
import type { Blocks } from '../economy.ts';
import { RestoreError } from '../errors.ts';
import type { Economy } from '../registry.ts';
import { Box } from '../spaces.ts';
import { BatchedWrapper, mapSpaces } from './base.ts';

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
  override fresh(options?: SimulationOptions): BatchedEnv {
    return new NormaliseObservations(this.inner.fresh(options), { statistics: this.statistics, until: 0 });
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
