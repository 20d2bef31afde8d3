/**
 * The engine on tfjs: the same programs as `arenaEngine`, with gradients by automatic differentiation. It is the check on
 * the arena engine's gradients, and the way to a GPU.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Ops, Shape } from '../kernels/op-set.ts';
import { sameShape, shapeText, sizeOf } from '../kernels/shapes.ts';
import { type Tensorflow, tensorOps } from '../tensor/ops.ts';
import { TensorParameters } from '../tensor/parameters.ts';
import {
  type AdamSettings,
  type Engine,
  type EngineState,
  type Phase,
  type PhaseResult,
  type Program,
  ROWS,
  type RowFunction,
} from './engine.ts';
import { lookUp, nonFiniteGradient, nonFiniteLoss, nonFiniteStep } from './errors.ts';
import { firstBeyond, namedTensors, nonFiniteInGroup, SQUARABLE, spotBeyond } from './finite.ts';
import { inputShapes } from './memory.ts';
import { checkRowInputs, checkRowOutput } from './row-functions.ts';
import { checkAdam, checkFinite, checkGroupValues, checkState } from './state.ts';

export interface TensorEngineOptions {
  /** The tfjs instance, its backend already current (`chooseTensorBackend`). */
  readonly tf: Tensorflow;
  /** Parameters by group; those left out start at 0. */
  readonly initial?: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;
}

type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Runs a program on tfjs. Parameters and moments are tf variables; a phase is built anew
 * at each run, inside `tf.tidy`. Adam is `TensorParameters.adam`, the arena engine's formula.
 *
 * Throws if a phase trains an unknown group or two phases give one input two shapes. The engine belongs to the backend
 * current when it is made, and its methods throw when they find another. Invariant: the number of live tensors is the same
 * after every run of the same phases; `dispose` frees them all.
 */
export function tensorEngine(program: Program, options: TensorEngineOptions): Engine {
  const engine = new TensorEngine(program, options.tf);
  for (const [group, values] of Object.entries(options.initial ?? {})) engine.setParameters(group, values);
  return engine;
}

class TensorEngine implements Engine {
  readonly description: string;
  private readonly tf: Tensorflow;
  private readonly ops: Ops<Tensor>;
  private readonly backend: string;
  private readonly program: Program;
  private readonly phases: ReadonlyMap<string, Phase>;
  private readonly functions: ReadonlyMap<string, RowFunction>;
  private readonly inputs: ReadonlyMap<string, Float32Array>;
  private readonly groups: ReadonlyMap<string, TensorParameters>;
  private readonly parameterTensors: Readonly<Record<string, Tensors>>;
  private readonly outputs = new Map<string, ReadonlyMap<string, Tensor>>();
  private disposed = false;

  constructor(program: Program, tf: Tensorflow) {
    this.program = program;
    this.tf = tf;
    this.ops = tensorOps(tf);
    this.backend = tf.getBackend();
    this.description = `tensor:${this.backend}`;
    this.phases = new Map(Object.entries(program.phases));
    this.functions = new Map(Object.entries(program.functions ?? {}));
    const declared = new Map(Object.entries(program.groups));
    for (const { train = [] } of this.phases.values())
      for (const group of train) lookUp('group', declared, group);
    const shapes = [...inputShapes(program)];
    this.inputs = new Map(shapes.map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]));
    this.groups = new Map(
      [...declared].map(([name, group]) => [name, new TensorParameters(tf, name, group)]),
    );
    this.parameterTensors = Object.fromEntries(
      [...this.groups].map(([name, group]) => [name, group.tensors()]),
    );
  }

  input(name: string): Float32Array {
    this.requireReady();
    return lookUp('input', this.inputs, name);
  }

  run(name: string): number {
    this.requireReady();
    const phase = lookUp('phase', this.phases, name);
    const { tf } = this;
    this.disposeOutputs(name);
    const outputs = new Map<string, Tensor>();
    this.outputs.set(name, outputs);
    const loss = inPhase(name, () =>
      tf.tidy(() => {
        const inputs = this.uploaded(phase.inputs, (input) => lookUp('input', this.inputs, input));
        const build = (): PhaseResult<Tensor> => {
          const result = phase.build(this.ops, { parameters: this.parameterTensors, inputs });
          for (const [key, tensor] of Object.entries(result.outputs ?? {})) {
            outputs.set(key, tf.keep(tf.clone(tensor)));
          }
          return result;
        };
        const { train = [] } = phase;
        const value = train.length > 0 ? this.differentiate(train, build) : build().loss;
        return value === undefined ? 0 : value.dataSync()[0];
      }),
    );
    if (Number.isFinite(loss)) return loss;
    throw nonFiniteLoss({
      phase: name,
      value: loss,
      inputs: Object.entries(phase.inputs).map(([key, shape]) => ({
        name: key,
        shape,
        values: this.input(key),
      })),
      parameters: [...this.groups].flatMap(([key, group]) => namedTensors(key, group.shapes, group.values())),
    });
  }

  output(phase: string, name: string): Float32Array {
    this.requireReady();
    lookUp('phase', this.phases, phase);
    const outputs = this.outputs.get(phase);
    if (outputs === undefined) throw new Error(`engine: phase ${phase} has no outputs before its first run`);
    return lookUp(`output of phase ${phase}`, outputs, name).dataSync<'float32'>();
  }

  evaluate(
    name: string,
    inputs: Readonly<Record<string, Float32Array>>,
    rows: number,
  ): Record<string, Float32Array> {
    this.requireReady();
    const spec = lookUp('function', this.functions, name);
    checkRowInputs(name, spec.inputs, inputs, rows);
    const shapes: Record<string, Shape> = {};
    for (const [input, shape] of Object.entries(spec.inputs)) {
      shapes[input] = shape.map((length) => (length === ROWS ? rows : length));
    }
    return this.tf.tidy(() => {
      const tensors = this.uploaded(shapes, (input) => inputs[input]);
      const outputs = spec.build(this.ops, { parameters: this.parameterTensors, inputs: tensors });
      const read = ([key, tensor]: [string, Tensor]): [string, Float32Array] => {
        checkRowOutput(name, key, tensor.shape, rows);
        return [key, tensor.dataSync<'float32'>().slice()];
      };
      return Object.fromEntries(Object.entries(outputs).map(read));
    });
  }

  gradients(group: string): Record<string, Float32Array> {
    return this.group(group).gradients();
  }

  adam(group: string, settings: AdamSettings): void {
    const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
    checkAdam(group, rate, beta1, beta2, epsilon);
    const found = this.group(group);
    const gradient = spotBeyond(namedTensors(group, found.shapes, found.gradients()), SQUARABLE.float32);
    if (gradient !== undefined) throw nonFiniteGradient(gradient, found.steps + 1);
    found.adam({ rate, beta1, beta2, epsilon });
    const ok = found.variables.every((variable) => firstBeyond(variable.dataSync(), Number.MAX_VALUE) < 0);
    if (ok) return;
    const spot = nonFiniteInGroup(group, found.shapes, found.save());
    if (spot !== undefined) throw nonFiniteStep(spot, { rate, steps: found.steps });
  }

  softUpdate(target: string, source: string, mix: number): void {
    const [to, from] = [this.group(target), this.group(source)];
    const alike =
      to.names.join() === from.names.join() &&
      to.names.every((name) => sameShape(to.shapes[name], from.shapes[name]));
    if (!alike) {
      throw new Error(
        `softUpdate: ${target} and ${source} differ in names or shapes of tensors; they must agree.`,
      );
    }
    if (!(mix >= 0 && mix <= 1)) {
      throw new Error(`softUpdate of ${target}: mix is ${mix}; it must lie in [0, 1].`);
    }
    to.moveTowards(from, mix);
  }

  parameters(group: string): Record<string, Float32Array> {
    return this.group(group).values();
  }

  setParameters(group: string, values: Readonly<Record<string, Float32Array>>): void {
    const found = this.group(group);
    checkGroupValues(group, found.shapes, values);
    found.setValues(values);
  }

  save(): EngineState {
    this.requireReady();
    return Object.fromEntries(
      [...this.groups].map(([name, group]) => {
        const state = group.save();
        checkFinite('save', name, group.shapes, state);
        return [name, state];
      }),
    );
  }

  load(state: EngineState): void {
    this.requireReady();
    checkState(this.program, state);
    for (const [name, group] of this.groups) group.restore(state[name]);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const phase of this.phases.keys()) this.disposeOutputs(phase);
    for (const group of this.groups.values()) group.dispose();
  }

  /** Value of the loss; leaves its gradient in the trained groups. */
  private differentiate(train: readonly string[], build: () => PhaseResult<Tensor>): Tensor {
    const groups = train.map((name) => this.group(name));
    const scalarLoss = (): Scalar => {
      const { loss } = build();
      if (loss === undefined) {
        throw new Error(`no loss, but groups to train: ${train.join(', ')}. Return a loss.`);
      }
      if (loss.size !== 1) {
        throw new Error(`the loss has shape ${shapeText(loss.shape)}; it must be one number.`);
      }
      return loss.asScalar();
    };
    const variables = groups.flatMap((group) => [...group.variables]);
    const { value, grads } = this.tf.variableGrads(scalarLoss, variables);
    for (const group of groups) {
      if (!group.variables.some((variable) => variable.name in grads)) {
        throw new Error(`the loss does not depend on the group '${group.name}', which is to be trained.`);
      }
      group.setGradient(grads);
    }
    return value;
  }

  private uploaded(
    shapes: Readonly<Record<string, Shape>>,
    valuesOf: (name: string) => Float32Array,
  ): Tensors {
    const tensors: Record<string, Tensor> = {};
    for (const [name, shape] of Object.entries(shapes)) {
      // A copy: the cpu backend would keep a reference to the caller's array.
      tensors[name] = this.tf.tensor(Float32Array.from(valuesOf(name)), [...shape], 'float32');
    }
    return tensors;
  }

  private group(name: string): TensorParameters {
    this.requireReady();
    return lookUp('group', this.groups, name);
  }

  private disposeOutputs(phase: string): void {
    for (const tensor of this.outputs.get(phase)?.values() ?? []) tensor.dispose();
    this.outputs.delete(phase);
  }

  private requireReady(): void {
    if (this.disposed) throw new Error('tensor engine: it is disposed; make a new one.');
    const current = this.tf.getBackend();
    if (current === this.backend) return;
    const remedy = `call tf.setBackend('${this.backend}') first, or make a new engine`;
    throw new Error(
      `tensor engine: made on backend ${this.backend}, but tfjs has changed to ${current}; ${remedy}.`,
    );
  }
}

/** Says in which phase an error arose. */
function inPhase<T>(phase: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${phase}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
