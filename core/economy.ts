/**
 * The contract of an economy. An author writes one record, `defineEconomy({...})`: a calibration, the agents, the first state,
 * one step. All else (Gym-style environments, batches of copies, time limit, checks of actions, NaN guard, saving and restoring)
 * is derived from it, once, for all economies.
 */
import type { z } from 'zod';
import type { Rng } from '../numerics/random.ts';
import type { Accounts, CrossSection, Enumerable, Oracle, TensorTwin } from './capabilities.ts';
import type { Quantity } from './charts.ts';
import type { Classical } from './classical.ts';
import type { Domain } from './domain.ts';
import type { Box } from './spaces.ts';
import type { Structural, StructuralRequest } from './structural.ts';

/** A state is a plain record of numbers and typed arrays, so that it can be copied, compared, saved and restored. */
export type StateValue = number | Float64Array | Int32Array | Uint8Array;
export type EconomyState = { [name: string]: StateValue };

/** Agents that share spaces and, by default, a policy. */
export interface AgentType {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
}

/** One array per agent type. */
export type Blocks<T extends string, A> = { readonly [K in T]: A };

/** An unexpected change of the state at the start of a period, before agents see it. */
export interface Shock<S extends EconomyState = EconomyState> extends Quantity {
  /** Of the usual impulse, in the shock's unit: one standard deviation, one level up. */
  readonly size: number;
  /** Changes the state in place. Throws a UsageError for a size that no state can take, e.g. half a level. */
  apply(state: S, size: number): void;
  /**
   * The size, in the shock's unit, that `apply` had on a state where it may be less than was asked for (an index at its top). Left out:
   * all of it, or 0 where nothing changed.
   */
  applied?(before: S, after: S): number;
}

export interface InitContext<M> {
  readonly model: M;
  readonly rng: Rng;
  /** `options` of `reset`, checked by `resetOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface StateContext<M, S> {
  readonly model: M;
  /** Owned by the environment; `step` changes it in place, everything else only reads it. */
  readonly state: S;
}

export interface StepContext<M, S, T extends string> extends StateContext<M, S> {
  /** Economic quantities by type, [count, actions], already checked, clipped and converted from the action space. */
  readonly actions: Blocks<T, Float64Array>;
  /** To be filled by type, [count]. */
  readonly rewards: Blocks<T, Float64Array>;
  readonly rng: Rng;
}

/**
 * What an author writes. `M` is the model: whatever `model(calibration)` computes once and every other function receives.
 * `step` and `observe` run in the hot loop: they write into the arrays they are given and allocate nothing.
 */
export interface EconomyDefinition<C, M, S extends EconomyState, T extends string> {
  /** Lower-case letters, digits and hyphens; `<id>` or `<id>/<calibration>` names an environment. */
  readonly id: string;
  /** Raised when a change makes older checkpoints meaningless; stored with them and compared at load. */
  readonly version: number;
  /** One sentence for `--help` and listings. */
  readonly title: string;
  /** Strict zod object: every parameter with default, range, unit and source (see `parameter`). */
  readonly calibration: z.ZodType<C>;
  /** The setting that counts the agents, e.g. `households`: what `--agents N` of the training commands sets. */
  readonly agentSetting?: string;
  /** Named calibrations, as changes to the defaults: `annual: { depreciation: 0.1 }` is `<id>/annual`. */
  readonly calibrations?: Readonly<Record<string, Readonly<Partial<C>>>>;
  /** Strict zod object of what `reset({ options })` accepts; without it, no options. */
  readonly resetOptions?: z.ZodType<Readonly<Record<string, unknown>>>;

  model(calibration: C): M;
  /** The agents' own discount factor per period, one for all or one for each type: learners use it unless told otherwise. */
  discountFactor(model: M): number | Blocks<T, number>;
  /** Periods until an episode is truncated; an economy itself goes on for ever. */
  horizon(model: M): number;
  types(model: M): Blocks<T, AgentType>;

  /** The first state, drawn with `rng`. */
  init(context: InitContext<M>): S;
  /** Writes what each agent sees, by type, [count, observations]. */
  observe(context: StateContext<M, S>, observations: Blocks<T, Float32Array>): void;
  /** One period: moves `state` on, in place, and fills `rewards`. */
  step(context: StepContext<M, S, T>): void;
  /** Whether the economy has ended (bankruptcy, say); left out by economies that go on for ever. */
  terminated?(context: StateContext<M, S>): boolean;
  /** Named numbers about the state, for `info` and displays. */
  info?(context: StateContext<M, S>): Record<string, number>;

  /** How many periods make a year: 1, 4 for quarters, 12 for months. Business cycles are told from trends by it. */
  periodsPerYear?(model: M): number;
  /** Words and units for state variables, actions, `info` and accounts by name, for tables and pictures; names speak for themselves without. */
  variables?(model: M): Readonly<Record<string, Quantity>>;
  /** Disturbances by name whose impulse responses a reader may ask for. */
  shocks?(model: M): Readonly<Record<string, Shock<S>>>;

  /** Capabilities: what else is known about this economy under this calibration. */
  enumerable?(model: M): Enumerable<S, T> | undefined;
  tensor?(model: M): TensorTwin<S> | undefined;
  domain?(model: M): Domain<S, T> | undefined;
  classical?(model: M): Classical<S, T> | undefined;
  structural?(model: M, request: StructuralRequest): Structural<S, T> | undefined;
  oracle?(model: M): Oracle<S, T> | undefined;
  accounts?(model: M): Accounts<S, T> | undefined;
  crossSection?(model: M): CrossSection<S> | undefined;
  /**
   * Settings by method that suit this economy where they should differ from the method's defaults, with the reason in the
   * economy's page; a user's own settings win. `{ sac: { targetEntropyFall: 0.5 } }`.
   */
  advice?(model: M): Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
}

/** Any economy, its own types forgotten; methods are bivariant, so every definition is assignable to it. */
export type AnyEconomyDefinition = EconomyDefinition<object, unknown, EconomyState, string>;

/** Checks the record's form and gives it its types; the functions are checked by `checkEnv` and `checkEconomy`. */
export function defineEconomy<C extends object, M, S extends EconomyState, T extends string>(
  definition: EconomyDefinition<C, M, S, T>,
): EconomyDefinition<C, M, S, T> {
  if (!/^[a-z][a-z0-9-]*$/.test(definition.id)) {
    throw new TypeError(
      `defineEconomy: id "${definition.id}" must be lower-case letters, digits and hyphens.`,
    );
  }
  if (!Number.isInteger(definition.version) || definition.version < 1) {
    throw new TypeError(`${definition.id}: version is ${definition.version}; use a positive integer.`);
  }
  return definition;
}
