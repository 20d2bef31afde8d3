/**
 * The derivative of a path's objective with respect to the tables, prices held. Backwards from the value lambda_T of standing anywhere at the end, in current
 * values, with d the objective's weights and E the expectation over own states:
 *
 *     E_t[a, e]     = sum_e' P[e, e'] lambda_{t+1}[a, e']
 *     lambda_t[j]   = U_t[j] + beta ((1 - w_j) E_t[lo_j] + w_j E_t[lo_j + 1])
 *     dL/dx_t[j]    = beta^t d_t[j] (dU/dx + beta slope da'/dx),     slope = (E_t[lo_j + 1] - E_t[lo_j]) / (b_{lo+1} - b_lo)
 *
 * which goes to the table nodes that were read, with their weights. At the borrowing limit, where more of the first action changes nothing, the derivative with
 * respect to less of it is kept where it asks for less ('one-sided'), or nothing is ('masked', as automatic differentiation has it).
 *
 * Source: the adjoint of Yang, Wang, Schaab and Moll (2025), section 2, by hand. Invariant: exact, but for the rule at the limit.
 */
import type { Structural } from '../../core/structural.ts';
import type { Tape } from './tape.ts';

export type LimitRule = 'one-sided' | 'masked';

export interface AdjointOptions {
  readonly structural: Structural;
  readonly limit: LimitRule;
  /** lambda_T, [J]. */
  readonly terminal: Float64Array;
  /** Weights of cells: the objective's own, or the same for all in every period. */
  readonly weights: 'discounted' | 'uniform';
  /** Periods, from the first, that the tables learn from. */
  readonly learning: number;
}

/** Where a path's contributions go, added to what is there. */
export interface Contributions {
  /** dL/dtable by individual table, [K, J] each; empty arrays where it is not asked for. */
  readonly gradient: readonly Float64Array[];
  /** Sums of weight times relative Euler error, [K, J] each; empty likewise. */
  readonly errors: readonly Float64Array[];
  /** Sums of weights: [K, J] each where weights are discounted, [K] where they are uniform. */
  readonly visits: readonly Float64Array[];
  /** Sum of lambda_t over the first half of the periods, [J]. */
  readonly values: Float64Array;
}

/** Returns the path's objective, <d_0, lambda_0> with d_0 uniform. Adds to `out`. */
export function adjoint(options: AdjointOptions, tape: Tape, out: Contributions): number {
  const { structural, limit, terminal, weights, learning } = options;
  const { sizes, periods, lambda, expected, errors, relative, weighted, period, objectiveWeight } = tape;
  const { cells, actions, ownStates, nodes, width } = sizes;
  const { discountFactor } = structural;
  const { loops, inverseStep, ownTransition } = tape;
  const isDiscounted = weights === 'discounted';
  const half = Math.floor(periods / 2);
  lambda.set(terminal);
  for (let t = periods - 1; t >= 0; t--) {
    loops.mixOwnStates(lambda, ownTransition, tape.own[t], ownStates, 1, ownStates, nodes, expected);
    for (let a = 0; a < actions && t < learning; a++) {
      loops.slopes(
        expected,
        inverseStep,
        discountFactor,
        t * cells,
        (t * actions + a) * cells,
        tape.lower,
        tape.place,
        tape.flowSlope,
        tape.nextSlope,
        out.errors[a].length > 0 ? tape.unit : NOTHING,
        errors,
        relative,
        a * cells,
        cells,
        a > 0 ? 'free' : limit,
      );
    }
    loops.values(expected, nodes, discountFactor, t * cells, tape.lower, tape.upperWeight, tape.flow, lambda);
    if (t < half) loops.add(lambda, out.values);
    if (t >= learning) continue;
    const discount = discountFactor ** t;
    for (let a = 0; a < actions; a++) {
      const { nodes: read, weights: share } = period[t];
      const gradient = out.gradient[a];
      const error = out.errors[a];
      const visits = out.visits[a];
      if (gradient.length > 0) {
        loops.times(errors, a * cells, objectiveWeight, t * cells, weighted);
        loops.addToNodes(weighted, 0, read, share, a * width, width, discount, gradient, cells);
      }
      if (error.length === 0) continue;
      if (isDiscounted) {
        loops.times(relative, a * cells, objectiveWeight, t * cells, weighted);
        loops.addToNodes(weighted, 0, read, share, a * width, width, discount, error, cells);
        loops.addToNodes(objectiveWeight, t * cells, read, share, a * width, width, discount, visits, cells);
      } else {
        loops.addToNodes(relative, a * cells, read, share, a * width, width, 1 / cells, error, cells);
        for (let w = a * width; w < (a + 1) * width; w++) visits[read[w]] += share[w] / cells;
      }
    }
  }
  let objective = 0;
  for (let j = 0; j < cells; j++) objective += lambda[j];
  return objective / cells;
}

const NOTHING = new Float64Array(0);
