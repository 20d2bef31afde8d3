/** One group of parameters on tfjs with its Adam moments, and what an engine does with it between two gradients. */
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Shape } from '../kernels/op-set.ts';
import type { Tensorflow } from './ops.ts';

/** Adam's four numbers (Kingma and Ba 2015, algorithm 1), none left out. */
export interface AdamNumbers {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** A group as plain data; `m` and `v` are flat [n], the parameters one after another in declared order. */
export interface SavedParameters {
  parameters: Record<string, Float32Array>;
  m: Float32Array;
  v: Float32Array;
  steps: number;
}

/**
 * Named parameters, zeros at first, as tf variables. The gradient and the moments are flat [n], so that an Adam step is a handful
 * of kernel launches however many tensors the group has.
 *
 * Names and lengths are the caller's to check. The gradient is 0 before the first `setGradient`.
 * Invariant: one tensor per parameter and three more are alive, until `dispose`.
 */
export class TensorParameters {
  readonly name: string;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly names: readonly string[];
  readonly variables: readonly Variable[];
  /** Adam steps taken. */
  steps = 0;
  private readonly tf: Tensorflow;
  private readonly sizes: readonly number[];
  private readonly m: Variable;
  private readonly v: Variable;
  private readonly gradient: Variable;

  constructor(tf: Tensorflow, name: string, shapes: Readonly<Record<string, Shape>>) {
    this.tf = tf;
    this.name = name;
    this.shapes = shapes;
    this.names = Object.keys(shapes);
    this.variables = tf.tidy(() => Object.values(shapes).map((shape) => tf.variable(tf.zeros([...shape]))));
    this.sizes = this.variables.map((variable) => variable.size);
    const total = this.sizes.reduce((sum, size) => sum + size, 0);
    [this.m, this.v, this.gradient] = tf.tidy(() =>
      [0, 1, 2].map(() => tf.variable(tf.zeros([total]), false)),
    );
  }

  /** The parameters as tensors by name. */
  tensors(): Readonly<Record<string, Tensor>> {
    return Object.fromEntries(this.names.map((name, index) => [name, this.variables[index]]));
  }

  /** Takes the gradient from a record by variable name, as `tf.variableGrads` returns it; a parameter without entry has 0. */
  setGradient(grads: Readonly<Record<string, Tensor>>): void {
    const { tf } = this;
    tf.tidy(() => {
      const parts = this.variables.map(({ name, size }) =>
        (name in grads ? grads[name] : tf.zeros([size])).as1D(),
      );
      this.gradient.assign(tf.concat1d(parts));
    });
  }

  /** Copies of the last gradient, by name. */
  gradients(): Record<string, Float32Array> {
    const flat = this.gradient.dataSync<'float32'>();
    let end = 0;
    return this.byName((index) => {
      const begin = end;
      end += this.sizes[index];
      return flat.slice(begin, end);
    });
  }

  /**
   * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; theta -= rate mhat / (sqrt(vhat) + epsilon), with
   * mhat = m / (1 - beta1^t), vhat = v / (1 - beta2^t), t counted from 1 (Kingma and Ba 2015, algorithm 1).
   */
  adam({ rate, beta1, beta2, epsilon }: AdamNumbers): void {
    const { tf, gradient: g } = this;
    this.steps += 1;
    const t = this.steps;
    tf.tidy(() => {
      const m = tf.add(tf.mul(this.m, beta1), tf.mul(g, 1 - beta1));
      const v = tf.add(tf.mul(this.v, beta2), tf.mul(tf.square(g), 1 - beta2));
      this.m.assign(m);
      this.v.assign(v);
      const denominator = tf.add(tf.sqrt(tf.div(v, 1 - beta2 ** t)), epsilon);
      const step = tf.div(tf.mul(m, rate / (1 - beta1 ** t)), denominator);
      const steps = tf.split(step, [...this.sizes]);
      this.variables.forEach((variable, index) => {
        variable.assign(tf.sub(variable, tf.reshape(steps[index], variable.shape)));
      });
    });
  }

  /** this = (1 - mix) this + mix source. */
  moveTowards(source: TensorParameters, mix: number): void {
    const { tf } = this;
    tf.tidy(() => {
      const sources = source.tensors();
      this.variables.forEach((variable, index) => {
        variable.assign(tf.add(tf.mul(variable, 1 - mix), tf.mul(sources[this.names[index]], mix)));
      });
    });
  }

  /** Copies of the values, by name. */
  values(): Record<string, Float32Array> {
    return this.byName((index) => this.variables[index].dataSync<'float32'>().slice());
  }

  setValues(values: Readonly<Record<string, Float32Array>>): void {
    this.names.forEach((name, index) => {
      this.assign(this.variables[index], values[name]);
    });
  }

  save(): SavedParameters {
    const [m, v] = [this.m, this.v].map((moment) => moment.dataSync<'float32'>().slice());
    return { parameters: this.values(), m, v, steps: this.steps };
  }

  restore(saved: SavedParameters): void {
    this.setValues(saved.parameters);
    this.assign(this.m, saved.m);
    this.assign(this.v, saved.v);
    this.steps = saved.steps;
  }

  dispose(): void {
    for (const variable of [...this.variables, this.m, this.v, this.gradient]) variable.dispose();
  }

  private byName(value: (index: number) => Float32Array): Record<string, Float32Array> {
    return Object.fromEntries(this.names.map((name, index) => [name, value(index)]));
  }

  private assign(variable: Variable, values: Float32Array): void {
    // A copy: the cpu backend would keep a reference to the caller's array.
    this.tf.tidy(() => variable.assign(this.tf.tensor(values.slice(), variable.shape, 'float32')));
  }
}
