/** What acts and learns. An agent serves one agent type: all agents of the type and all copies of the economy are its rows. */
import type { Chart, Table } from './charts.ts';
import type { EconomyState } from './economy.ts';

/** R rows = copies x agents of the type. */
export interface ActInput {
  readonly rows: number;
  /** [R, observations]. */
  readonly observations: Float32Array;
  /** States by copy, for agents that know the economy (the oracle); learners do not look. */
  readonly states: readonly EconomyState[];
}

/** One step of every row; arrays hold until the call returns. */
export interface Transition {
  readonly rows: number;
  /** Before the step, [R, observations]. */
  readonly observations: Float32Array;
  /** In the action space, [R, actions]. */
  readonly actions: Float64Array;
  readonly rewards: Float64Array;
  /** After the step and before any reset, [R, observations]. */
  readonly nextObservations: Float32Array;
  /** 1 where the economy ended; a time limit is not an end, and learners bootstrap through it. */
  readonly terminated: Uint8Array;
}

/** Plain data (numbers, strings, typed arrays, nested records), for a checkpoint. */
export type Saved = Record<string, unknown>;
export type Metrics = Readonly<Record<string, number>>;

/**
 * What an agent remembers transition by transition (a replay buffer): too large to be written whole with every checkpoint, so it is
 * saved apart from the rest, in pieces. Rows are numbered as they are appended, from 0; the newest `capacity` are kept.
 */
export interface Memory {
  readonly appended: number;
  readonly capacity: number;
  /** Bytes of one row. */
  readonly rowBytes: number;
  /** Rows `from` to `to - 1`, oldest first, as plain data. Throws an OrderError for rows that are not kept. */
  rows(from: number, to: number): Saved;
  /**
   * Becomes the memory that had appended that many rows; the pieces hold, in order, all rows that it kept. Throws a RestoreError if
   * they do not.
   */
  restore(saved: { readonly appended: number; readonly pieces: Iterable<MemoryPiece> }): void;
}

/** Consecutive rows of a memory, the first of them number `from`, as `rows` gave them. */
export interface MemoryPiece {
  readonly from: number;
  readonly rows: Saved;
}

/** Findings of an agent as plain data. */
export interface AgentReport {
  /** Blocks of the command's JSON, by name. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Rows of the final table: a label and a text. */
  readonly facts?: readonly (readonly [label: string, text: string])[];
  readonly tables?: readonly Table[];
  readonly charts?: readonly Chart[];
}

export interface Agent {
  /** Method, e.g. `sac`. */
  readonly name: string;
  /** Writes actions in the action space, [R, actions]. Deterministic actions draw no random number. */
  act(input: ActInput, actions: Float64Array, options: { readonly deterministic: boolean }): void;
  /**
   * Takes in what happened; left out by agents that do not learn, or that learn from what they know of the economy: where all
   * agents do that, training does not step the economy at all.
   */
  observe?(transition: Transition): void;
  /** Learns once, if there is enough to learn from; returns what it measured, `undefined` if it did nothing. */
  update?(): Metrics | undefined;
  /**
   * Of solvers, whether they have reached their tolerance: training ends when all agents have, and what has not by its last step has
   * not converged. Left out by agents without such a notion.
   */
  readonly converged?: boolean;
  /** What is to be said of the solution besides its distance to the oracle. */
  report?(): AgentReport;
  /** Everything but `memory`: enough to act, and with the memory enough to go on learning exactly. */
  save(): Saved;
  load(saved: Saved): void;
  /** Left out by agents that keep no transitions. */
  readonly memory?: Memory;
}

/** One agent for each agent type. */
export type Agents = Readonly<Record<string, Agent>>;
