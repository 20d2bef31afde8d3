import type { z } from 'zod';
import type { Engine, Program } from '../nn/engine.ts';
import type { Rng } from '../numerics/random.ts';
import type { Agent } from './agent.ts';
import type { Box } from './spaces.ts';

/** Makes numeric engines of one kind (kernels, or tfjs on one backend), chosen once for a run. */
export interface Backend {
  /** `kernels` or `tensor`. */
  readonly kind: string;
  /** e.g. `wasm-relaxed`, or the tfjs backend's name. */
  readonly name: string;
  /** Why faster ones were not taken, one sentence each. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  engine(program: Program): Engine;
}

/** What every learning method's settings hold, whatever the method. */
export interface CommonSettings {
  /** Copies of the economy stepped together. */
  readonly copies: number;
  /** Periods per episode; 0 takes the economy's horizon. */
  readonly episodeLength: number;
  /** `running`: observations are standardised by running statistics; `none`: taken as the economy gives them. */
  readonly observationNormalisation: 'none' | 'running';
}

/** All that a new agent is told. */
export interface CreateOptions<C> {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  /** Rows acted on together in training: copies x agents of the type. */
  readonly rows: number;
  /** The economy's; a method's own setting may override it. */
  readonly discountFactor: number;
  /** Planned training steps; schedules end there. */
  readonly steps: number;
  readonly settings: C;
  readonly rng: Rng;
  readonly backend: Backend;
}

/** A way of learning, as commands and checkpoints know it: name, settings, sizes, and a constructor of agents. */
export interface Method<C extends CommonSettings> {
  /** e.g. `sac`; also names the command and the run folder. */
  readonly name: string;
  readonly title: string;
  /** Strict zod object; every setting with default, unit and source (see `parameter`). */
  readonly settings: z.ZodType<C>;
  /** Training steps if none are asked for. */
  readonly steps: number;
  /** Numerical sizes by name. */
  readonly presets: Readonly<
    Record<string, { readonly steps: number; readonly settings: Readonly<Partial<C>> }>
  >;
  create(options: CreateOptions<C>): Agent;
}

/** Any method, its settings' type forgotten. */
export type AnyMethod = Method<CommonSettings>;
