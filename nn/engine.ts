/**
 * What an agent asks of a numeric engine. An agent describes itself as a `Program`: named groups of parameters, named inputs of
 * fixed shape, and phases written over the op set. Two engines run it: `arenaEngine` (kernels over one linear memory) and
 * `tensorEngine` (tfjs). Both keep float32 parameters and give the same numbers up to rounding.
 */
import type { Ops, Shape } from '../kernels/op-set.ts';

/** Parameter tensors of one group by name, e.g. { w0: [1, 2, 64], b0: [1, 64] }. */
export type GroupShapes = Readonly<Record<string, Shape>>;

/** The tensors a phase reads: `parameters.critic.w0`, `inputs.rewards`. */
export interface Symbols<T> {
  readonly parameters: Readonly<Record<string, Readonly<Record<string, T>>>>;
  readonly inputs: Readonly<Record<string, T>>;
}

export interface PhaseResult<T> {
  /** Scalar to minimise; left out of a phase that only computes outputs. */
  readonly loss?: T;
  /** Named tensors whose values can be read after a run. */
  readonly outputs?: Readonly<Record<string, T>>;
}

export interface Phase {
  /** Names of the inputs that the phase reads, with shapes. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Groups whose gradient the phase computes; empty or left out for a phase without loss. */
  readonly train?: readonly string[];
  /** The phase, in the op set. Called once to record (arena) or at every run (tensor); must be pure. */
  build<T>(ops: Ops<T>, symbols: Symbols<T>): PhaseResult<T>;
}

/** Stands for the number of rows in the first axis of an input of a `RowFunction`. */
export const ROWS = -1;

/** A function of rows (of observations, say) without derivative, evaluated for any number of rows: how an agent acts. */
export interface RowFunction {
  /** Shapes [ROWS, D, ...] of the inputs; an input without ROWS is the same for all rows. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /**
   * The outputs, each of shape [rows, ...]. Take the number of rows from `ops.shapeOf(input)`: it differs between calls. Row i of
   * an output may depend on row i of the inputs only (no `mean` over rows): rows may be padded, and computed in pieces.
   */
  build<T>(ops: Ops<T>, symbols: Symbols<T>): Readonly<Record<string, T>>;
}

export interface Program {
  readonly groups: Readonly<Record<string, GroupShapes>>;
  /** Inputs of the same name and shape are shared by all phases. */
  readonly phases: Readonly<Record<string, Phase>>;
  /** Their inputs are given at each call and have nothing to do with those of the phases. */
  readonly functions?: Readonly<Record<string, RowFunction>>;
}

/** Adam (Kingma and Ba 2015, algorithm 1), with bias correction. */
export interface AdamSettings {
  readonly rate: number;
  readonly beta1?: number; // 0.9
  readonly beta2?: number; // 0.999
  readonly epsilon?: number; // 1e-8
}

/** float32 but for the reference engine, which computes in float64. */
export type Values = Float32Array | Float64Array;

/** Parameters, optimiser moments (of the group's tensors one after the other) and step counts, as plain data for a checkpoint. */
export type EngineState<V extends Values = Float32Array> = Record<
  string,
  { parameters: Record<string, V>; m: V; v: V; steps: number }
>;

export interface Engine<V extends Values = Float32Array> {
  /** What the run records, e.g. 'wasm-relaxed' or 'tensor:wasm'. */
  readonly description: string;
  /** Where to write an input before `run`; valid until the next call of any method of the engine. Keeps its values. */
  input(name: string): V;
  /**
   * Forward, and backward where the phase trains something; returns the loss, 0 without one. Throws a NonFiniteError for a loss that is
   * NaN or infinite, and names the input or parameter it comes from.
   */
  run(phase: string): number;
  /** Value of a named output after `run`; a view, valid until the next call. */
  output(phase: string, name: string): V;
  /** The outputs of one of the program's functions for that many rows >= 1; copies. Row i does not depend on the other rows. */
  evaluate(name: string, inputs: Readonly<Record<string, V>>, rows: number): Record<string, V>;
  /** Gradient of the last run that trained the group; copies. */
  gradients(group: string): Record<string, V>;
  /**
   * One Adam step of a group along the gradient of the last run. Throws a NonFiniteError if the gradient, or what the step made of the
   * parameters, is not finite: `adam: the gradient of critic.w1[0, 3, 17] is NaN in the group's step 12 ...`. The state is lost then: load another.
   */
  adam(group: string, settings: AdamSettings): void;
  /** target = (1 - mix) target + mix source, for two groups of the same shapes. */
  softUpdate(target: string, source: string, mix: number): void;
  /** Copies of a group's parameters. */
  parameters(group: string): Record<string, V>;
  /** Throws a NonFiniteError, as `save` and `load` do, for a number that is NaN or infinite: none gets into a checkpoint, or out of it. */
  setParameters(group: string, values: Readonly<Record<string, V>>): void;
  save(): EngineState<V>;
  load(state: EngineState<V>): void;
  dispose(): void;
}
