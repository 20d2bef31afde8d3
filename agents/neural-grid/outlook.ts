/** What the economy's model says of states and actions: rewards, successors, and the slope of Q in the action. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';

/** B states, E successors of each, D coordinates. */
export interface Outlook {
  /** [B]. */
  readonly rewards: Float32Array;
  /** [B, E]. */
  readonly probabilities: Float32Array;
  /** Raw coordinates, [B, E, D]. */
  readonly next: Float32Array;
}

export interface Model {
  readonly tensors: Tf;
  readonly twin: TensorTwin;
  readonly discountFactor: number;
}

/** Normalised states [B, D] and quantities [B, A], row-major. */
export interface Situation {
  readonly rows: number;
  readonly states: Float32Array;
  readonly quantities: Float32Array;
}

/** The twin's transition as arrays. Leaves no tensor behind. */
export function outlookOf({ tensors, twin }: Model, situation: Situation): Outlook {
  return tensors.tidy(() => {
    const { rewards, probabilities, next } = twin.transition(tensors, ...uploaded(tensors, situation));
    return {
      rewards: rewards.dataSync<'float32'>(),
      probabilities: probabilities.dataSync<'float32'>(),
      next: next.dataSync<'float32'>(),
    };
  });
}

/** Number of successors of every state. */
export function successorCount(model: Model, situation: Situation): number {
  const { probabilities } = outlookOf(model, situation);
  return probabilities.length / situation.rows;
}

/** r + beta sum_e P(e) V(e), [B], where `values` [B, E] are those of the successors. */
export function expectedValues(
  { discountFactor }: Model,
  { rewards, probabilities }: Outlook,
  values: ArrayLike<number>,
): Float64Array {
  const width = probabilities.length / rewards.length;
  const q = new Float64Array(rewards.length);
  for (let b = 0; b < q.length; b++) {
    let expected = 0;
    for (let e = b * width; e < (b + 1) * width; e++) expected += probabilities[e] * values[e];
    q[b] = rewards[b] + discountFactor * expected;
  }
  return q;
}

/**
 * dQ/da, [B, A], of Q(s, a) = r + beta sum_e P(e) V(x_e), by the chain rule, at values V [B, E] and slopes dV/dx_e [B, E, D] (in raw
 * coordinates) that were found elsewhere:
 *
 *     dQ/da = dr/da + beta sum_e [ dP(e)/da V(x_e) + P(e) dV/dx_e . dx_e/da ]
 *
 * The derivatives of r, P and x_e are those of the twin. Equals the gradient through `twin.q` for the same V.
 */
export function actionSlopes(
  { tensors, twin, discountFactor }: Model,
  situation: Situation,
  outlook: Outlook,
  found: { readonly values: Float32Array; readonly slopes: Float32Array },
): Float32Array {
  return tensors.tidy(() => {
    const [states, quantities] = uploaded(tensors, situation);
    const q = (actions: tf.Tensor): tf.Scalar => {
      const { rewards, probabilities, next } = twin.transition(tensors, states, actions as tf.Tensor2D);
      const values = tensors.tensor(found.values, probabilities.shape);
      const slopes = tensors.tensor(found.slopes, next.shape);
      const weights = tensors.tensor(outlook.probabilities, [...probabilities.shape, 1]);
      const future = tensors.add(
        tensors.sum(tensors.mul(probabilities, values)),
        tensors.sum(tensors.mul(weights, tensors.mul(slopes, next))),
      );
      return tensors.add(tensors.sum(rewards), tensors.mul(future, discountFactor));
    };
    return tensors.grad(q)(quantities).dataSync<'float32'>();
  });
}

function uploaded(tensors: Tf, { rows, states, quantities }: Situation): [tf.Tensor2D, tf.Tensor2D] {
  // Copies: the cpu backend would keep a reference to the caller's arrays.
  const matrix = (values: Float32Array) => tensors.tensor2d(values.slice(), [rows, values.length / rows]);
  return [matrix(states), matrix(quantities)];
}
