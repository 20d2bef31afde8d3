import { solve } from '../numerics/linear-algebra.ts';
import { cumulativeIntegral, type UniformGrid, uniformHermite } from './cubic.ts';
import type { SavingProblem } from './endogenous-grid.ts';

/**
 * The value of an optimal saving policy without iterating on values. The envelope theorem gives the slope
 *
 *     dV(a, e) / d log a = a R(a, e) / c(a, e),
 *
 * whose integral is V up to one constant for each exogenous state; the Bellman equation at one asset gives the constants, as
 * a linear system of E equations:
 *
 *     V(a, e) = log c(a, e) + beta sum_e' P(e, e') V(a', e').
 *
 * Shapes: share, resources, returns [E * N] on the log-asset grid. Returns V(a, e) in discounted sums of log c; straight in
 * log a beyond the grid. Only for policies that solve the Euler equation. Throws if beta P has an eigenvalue of one.
 * Invariant: V increases in a.
 */
export function envelopeValue(options: {
  readonly problem: SavingProblem;
  readonly grid: UniformGrid;
  readonly share: Float64Array;
  readonly resources: Float64Array;
  readonly returns: Float64Array;
}): (asset: number, exogenous: number) => number {
  const { problem, grid, share, resources, returns } = options;
  const { nodes } = grid;
  const states = share.length / nodes;
  const slope = share.map(
    (s, i) => (Math.exp(grid.first + grid.step * (i % nodes)) * returns[i]) / (s * resources[i]),
  );
  const value = new Float64Array(share.length);
  for (let e = 0; e < states; e++) cumulativeIntegral(slope, e * nodes, grid, value);
  const constants = bellmanConstants({ problem, grid, share, resources, slope, integral: value });
  for (let i = 0; i < value.length; i++) value[i] += constants[Math.floor(i / nodes)];
  return (asset, e) => uniformHermite(value, slope, e * nodes, grid, Math.log(asset));
}

/** A_e of V(a, e) = A_e + integral, from the Bellman equation at the middle node. */
function bellmanConstants(options: {
  readonly problem: SavingProblem;
  readonly grid: UniformGrid;
  readonly share: Float64Array;
  readonly resources: Float64Array;
  readonly slope: Float64Array;
  readonly integral: Float64Array;
}): Float64Array {
  const { problem, grid, share, resources, slope, integral } = options;
  const { discountFactor: beta, transition } = problem;
  const states = share.length / grid.nodes;
  const matrix = new Float64Array(states * states);
  const right = new Float64Array(states);
  for (let e = 0; e < states; e++) {
    const i = e * grid.nodes + Math.floor(grid.nodes / 2);
    const next = Math.log((1 - share[i]) * resources[i]);
    right[e] = Math.log(share[i] * resources[i]) - integral[i];
    matrix[e * states + e] = 1;
    for (let to = 0; to < states; to++) {
      const p = beta * transition[e * states + to];
      matrix[e * states + to] -= p;
      right[e] += p * uniformHermite(integral, slope, to * grid.nodes, grid, next);
    }
  }
  return solve(matrix, right);
}
