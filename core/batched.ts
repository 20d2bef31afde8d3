/**
 * The array path: B copies of an economy stepped together, one block of numbers per agent type. Everything else (single-agent
 * `Env`, `ParallelEnv`, wrappers, training) stands on this interface.
 */
import type { Blocks, EconomyState } from './economy.ts';
import type { Economy } from './registry.ts';
import type { Box } from './spaces.ts';

/** Gymnasium's autoreset modes: reset within the step that ends an episode, at the next step, or never. */
export type AutoresetMode = 'same-step' | 'next-step' | 'disabled';

export interface SimulationOptions {
  readonly copies?: number;
  readonly autoreset?: AutoresetMode;
  /** Periods until truncation; default: the economy's. */
  readonly horizon?: number;
  /**
   * `staggered` starts the copies' clocks at evenly spread periods, so that they do not all reset together; only the first
   * episodes are shorter. Default `together`.
   */
  readonly clocks?: 'together' | 'staggered';
}

export interface AgentSpaces {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
}

export interface BatchResetOptions {
  /** Copy b uses seed + b; left out: every copy goes on with its own stream. */
  readonly seed?: number;
  /** The economy's reset options, the same for all copies. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** First states by copy, instead of drawn ones (copied). */
  readonly states?: readonly EconomyState[];
}

/** Plain data: everything that a continuation needs. */
export type SavedEnv = Record<string, unknown>;

/**
 * B copies. Buffers are the same objects for the life of the environment and hold until the next call: read `observations`,
 * write `actions` (in the action space), call `step`, read `rewards`, `terminated`, `truncated`.
 */
export interface BatchedEnv {
  readonly economy: Economy;
  readonly copies: number;
  readonly autoreset: AutoresetMode;
  /** Spaces by type, as seen through wrappers. */
  readonly types: Readonly<Record<string, AgentSpaces>>;
  /** What agents see now, by type, [B, count, observations]. */
  readonly observations: Blocks<string, Float32Array>;
  /** Observations at the end of the last step, before any reset: what a learner bootstraps from. */
  readonly finalObservations: Blocks<string, Float32Array>;
  /** Actions for the next step, by type, [B, count, actions]. */
  readonly actions: Blocks<string, Float64Array>;
  /** Rewards of the last step, by type, [B, count]. */
  readonly rewards: Blocks<string, Float64Array>;
  /** Per copy, 1 where the economy ended, or the time limit cut the episode, in the last step. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Per copy, 1 where the last call of `step` was a reset instead (autoreset `next-step`). */
  readonly wasReset: Uint8Array;
  /** Current states, owned by the environment. */
  readonly states: readonly EconomyState[];
  reset(options?: BatchResetOptions): void;
  step(): void;
  /** Economic quantities of the current `actions`, by type, [B, count, actions]; checked and clipped as `step` does. */
  quantities(): Blocks<string, Float64Array>;
  info(copy: number): Record<string, number>;
  save(): SavedEnv;
  load(saved: SavedEnv): void;
  /** New copies behind the same wrappers, whose statistics they share and leave as they are: what a policy is evaluated on. */
  fresh(options?: SimulationOptions): BatchedEnv;
  close(): void;
}
