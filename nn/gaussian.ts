/** The squashed Gaussian policy of soft actor-critic: a = tanh(u), u normal given the observation. */
import type { Ops } from '../kernels/op-set.ts';

/** Bounds of the logarithm of u's standard deviation, as in CleanRL's sac_continuous_action.py. */
export const LOG_STD_MIN = -5;
export const LOG_STD_MAX = 2;

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export interface GaussianHeads<T> {
  /** Mean of u, [..., A]. */
  readonly mean: T;
  /** Logarithm of the standard deviation of u, [..., A], in [LOG_STD_MIN, LOG_STD_MAX]. */
  readonly logStd: T;
}

/**
 * Reads a network's outputs [..., 2A] as means, then log standard deviations; the latter are mapped smoothly into their bounds,
 * logStd = min + (max - min) (tanh(z) + 1) / 2 (CleanRL). Throws if the last axis is odd.
 */
export function gaussianHeads<T>(ops: Ops<T>, outputs: T): GaussianHeads<T> {
  const shape = ops.shapeOf(outputs);
  const width = shape[shape.length - 1];
  if (width % 2 !== 0) {
    throw new Error(
      `gaussianHeads: the last axis of [${shape.join(', ')}] is odd; it holds means and log stds.`,
    );
  }
  const halfRange = 0.5 * (LOG_STD_MAX - LOG_STD_MIN);
  return {
    mean: ops.slice(outputs, 0, width / 2),
    logStd: ops.affine(ops.tanh(ops.slice(outputs, width / 2, width)), halfRange, LOG_STD_MIN + halfRange),
  };
}

export interface SquashedSample<T> {
  /** a = tanh(u), [..., A], in (-1, 1). */
  readonly action: T;
  /** log of the density of `action`, summed over its coordinates, [..., 1]. */
  readonly logProbability: T;
}

/**
 * The reparameterised sample a = tanh(u), u = mean + exp(logStd) noise, and its log-density
 *
 *   log pi(a) = sum_d [ log N(u_d; mean_d, std_d) - log(1 - tanh^2 u_d) ],
 *   log(1 - tanh^2 u) = 2 (log 2 - u - softplus(-2u)),
 *
 * finite for every finite u (Haarnoja et al. 2018, "Soft actor-critic algorithms and applications", appendix C; the stable form of
 * the last term as in Spinning Up's SAC). noise [..., A] is standard normal. Invariant: exp(logProbability) integrates to one
 * over actions.
 */
export function squashedSample<T>(ops: Ops<T>, heads: GaussianHeads<T>, noise: T): SquashedSample<T> {
  const { mean, logStd } = heads;
  const u = ops.add(mean, ops.mul(ops.exp(logStd), noise));
  const logNormal = ops.sub(ops.affine(ops.square(noise), -0.5, -HALF_LOG_TWO_PI), logStd);
  const halfLogSlope = ops.affine(ops.add(u, ops.softplus(ops.affine(u, -2, 0))), -1, Math.log(2));
  const logDensity = ops.sub(logNormal, ops.affine(halfLogSlope, 2, 0));
  return { action: ops.tanh(u), logProbability: ops.sumLast(logDensity) };
}

/** The action without noise, tanh(mean), [..., A]: the median of the squashed Gaussian in each coordinate. */
export function deterministicAction<T>(ops: Ops<T>, { mean }: GaussianHeads<T>): T {
  return ops.tanh(mean);
}
