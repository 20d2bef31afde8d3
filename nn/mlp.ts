/** Multilayer perceptrons over the op set, and ensembles of them: G networks of one shape, computed together. */
import type { Activation, Ops, Shape } from '../kernels/op-set.ts';
import { sizeOf } from '../kernels/shapes.ts';
import type { GroupShapes } from './engine.ts';

export interface MlpOptions {
  readonly inputs: number;
  /** Widths of the hidden layers, e.g. [64, 64]. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Number of networks in the ensemble, G; default 1. */
  readonly members?: number;
}

/**
 * Shapes of the parameters of G networks: w0 [G, inputs, hidden0], b0 [G, hidden0], w1, b1, ..., in this order.
 *
 * Throws if a width is not a whole number >= 1.
 */
export function mlpShapes({ inputs, hidden, outputs, members = 1 }: MlpOptions): Record<string, Shape> {
  const widths = [inputs, ...hidden, outputs];
  for (const width of [members, ...widths]) {
    if (!Number.isSafeInteger(width) || width < 1) {
      throw new Error(
        `mlp: members ${members}, widths ${widths.join(', ')}; all must be whole numbers >= 1.`,
      );
    }
  }
  const shapes: Record<string, Shape> = {};
  for (let layer = 0; layer + 1 < widths.length; layer++) {
    shapes[`w${layer}`] = [members, widths[layer], widths[layer + 1]];
    shapes[`b${layer}`] = [members, widths[layer + 1]];
  }
  return shapes;
}

/**
 * h0 = x, h(l+1) = activation(h(l) w(l) + b(l)), the last layer without activation.
 *
 * x [B, inputs], the same for all members, or [G, B, inputs]; returns [G, B, outputs] (reshape to [B, outputs] where G is 1).
 * `parameters` holds w0, b0, w1, b1, ... as made by `mlpShapes`; throws if there is no w0, or if shapes do not fit.
 */
export function mlp<T>(
  ops: Ops<T>,
  parameters: Readonly<Record<string, T>>,
  x: T,
  { activation = 'relu' }: { readonly activation?: Activation } = {},
): T {
  if (!('w0' in parameters)) {
    throw new Error(
      `mlp: no parameter w0 among [${Object.keys(parameters).join(', ')}]; use shapes from mlpShapes.`,
    );
  }
  let h = x;
  for (let layer = 0; `w${layer}` in parameters; layer++) {
    const isLast = !(`w${layer + 1}` in parameters);
    h = ops.linear(h, parameters[`w${layer}`], parameters[`b${layer}`], isLast ? 'identity' : activation);
  }
  return h;
}

/**
 * Draws weights and biases uniformly from +-1/sqrt(fan in), the initialisation of PyTorch's linear layer (He et al. 2015,
 * "Delving deep into rectifiers", with negative slope sqrt(5)); the last layer's are multiplied by `outputScale` (default 1).
 *
 * `rng.uniform` returns numbers in [0, 1). Returns float32 tensors shaped as `shapes` says; the draws are taken in the order
 * w0, b0, w1, ... Throws if a bias comes without its weights. Invariant: each |value| is at most 1/sqrt(fan in) times the scale.
 */
export function initialise(
  shapes: GroupShapes,
  rng: { uniform(): number },
  { outputScale = 1 }: { readonly outputScale?: number } = {},
): Record<string, Float32Array> {
  const names = Object.keys(shapes);
  const last = names.filter((name) => name.startsWith('w')).length - 1;
  const values: Record<string, Float32Array> = {};
  for (const name of names) {
    const layer = Number(name.slice(1));
    const weights = shapes[`w${layer}`];
    if (!/^[wb]\d+$/.test(name) || weights?.length !== 3) {
      throw new Error(`initialise: '${name}' is no parameter of an mlp; use shapes from mlpShapes.`);
    }
    const bound = (layer === last ? outputScale : 1) / Math.sqrt(weights[1]);
    values[name] = Float32Array.from({ length: sizeOf(shapes[name]) }, () => bound * (2 * rng.uniform() - 1));
  }
  return values;
}
