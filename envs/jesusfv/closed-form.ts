import { solve } from '../../numerics/linear-algebra.ts';
import type { GrowthModel, GrowthState } from './model.ts';

/** V(k, z) = A(z) + B(z) log k and k' = s(z) z k^alpha, the exact solution at full depreciation. */
export interface ClosedForm {
  /** A(z) and B(z), [Z], in discounted sums of log c (20 times the benchmark's (1 - beta) scaling at beta = 0.95). */
  readonly constant: Float64Array;
  readonly slope: Float64Array;
  /** s(z), [Z]: alpha beta wherever the chain's rows sum to one. */
  readonly savingShare: Float64Array;
  value(state: GrowthState): number;
}

/**
 * The closed form at d = 1, for any rows P(z, .), also such as do not sum to one:
 *
 *     B = alpha (1 + beta P B)       s(z) = beta (P B)(z) / (1 + beta (P B)(z))
 *     A(z) = log((1 - s) z) + beta sum_z' P(z, z') (A(z') + B(z') log(s z))
 *
 * by matching coefficients in the Bellman equation; with rows that sum to one, s = alpha beta and
 * B = alpha / (1 - alpha beta) (Brock and Mirman 1972). Throws if beta P has an eigenvalue of one.
 */
export function closedForm(model: GrowthModel): ClosedForm {
  const { capitalShare: alpha, discountFactor: beta, productivity, transition } = model;
  const states = productivity.length;
  const slope = solve(identityMinus(transition, alpha * beta), new Float64Array(states).fill(alpha));
  const expectedSlope = Float64Array.from({ length: states }, (_, z) => dot(transition, z, slope));
  const savingShare = expectedSlope.map((pb) => (beta * pb) / (1 + beta * pb));
  const flow = productivity.map((level, z) => {
    const saved = savingShare[z];
    return Math.log((1 - saved) * level) + beta * expectedSlope[z] * Math.log(saved * level);
  });
  const constant = solve(identityMinus(transition, beta), flow);
  return {
    constant,
    slope,
    savingShare,
    value: ({ capital, productivity: z }) => constant[z] + slope[z] * Math.log(capital),
  };
}

/** I - scale P, row-major. */
function identityMinus(transition: Float64Array, scale: number): Float64Array {
  const n = Math.round(Math.sqrt(transition.length));
  return transition.map((p, i) => (i % (n + 1) === 0 ? 1 : 0) - scale * p);
}

/** Row z of P times v. */
function dot(transition: Float64Array, z: number, v: Float64Array): number {
  return v.reduce((sum, value, i) => sum + transition[z * v.length + i] * value, 0);
}
