import type { z } from 'zod';
import type { Engine, Program } from '../nn/engine.ts';
import type { Rng } from '../numerics/random.ts';
import type { Agent } from './agent.ts';
import type { Tf } from './capabilities.ts';
import type { Economy } from './registry.ts';
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
  /** tfjs, for methods whose `uses` asks for it: the economy's tensor twin is written in it. */
  readonly tensors?: Tf;
}

/** Settings that mean the same in every method which has them; methods that do not step the economy have none. */
export interface CommonSettings {
  /** Copies of the economy stepped together; left out: 1. */
  readonly copies?: number;
  /** Periods per episode; 0, or left out, takes the economy's horizon. */
  readonly episodeLength?: number;
  /** `running`: observations are standardised by running statistics; `none`, or left out: taken as the economy gives them. */
  readonly observationNormalisation?: 'none' | 'running';
  readonly [name: string]: unknown;
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
  /** What is acted in, for methods that know the economy; learners from experience do not look. */
  readonly economy: Economy;
  /** The agent type that is played. */
  readonly type: string;
  /** Agents of the types before this one, by type: a method may learn for several types together. */
  readonly others?: Readonly<Record<string, Agent>>;
}

/** What a learner from experience is told. */
export type LearnerOptions<C> = Omit<CreateOptions<C>, 'economy' | 'type' | 'others'>;

/** A way of learning, as commands and checkpoints know it: name, settings, sizes, and a constructor of agents. */
export interface Method<C extends CommonSettings> {
  /** e.g. `sac`; also names the command and the run folder. */
  readonly name: string;
  readonly title: string;
  /** Strict zod object; every setting with default, unit and source (see `parameter`). */
  readonly settings: z.ZodType<C>;
  /** `tensors`: agents compute with the economy's tensor twin, and `backend.tensors` is there. */
  readonly uses?: 'tensors';
  /** Training steps if none are asked for; of a solver, the most iterations. */
  readonly steps: number;
  /** Numerical sizes by name. */
  readonly presets: Readonly<
    Record<string, { readonly steps: number; readonly settings: Readonly<Partial<C>> }>
  >;
  create(options: CreateOptions<C>): Agent;
}

/** Any method, its settings' type forgotten. */
export type AnyMethod = Method<CommonSettings>;
