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
import { mixOwnStates } from './own-states.ts';
import { AT_LIMIT, BEYOND, type Tape } from './tape.ts';

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
  const { discountFactor, ownTransition } = structural;
  const { inverseStep } = tape;
  const isDiscounted = weights === 'discounted';
  const half = Math.floor(periods / 2);
  lambda.set(terminal);
  for (let t = periods - 1; t >= 0; t--) {
    mixOwnStates(lambda, ownTransition, tape.own[t], ownStates, 1, ownStates, nodes, expected);
    for (let a = 0; a < actions && t < learning; a++) {
      slopes(
        expected,
        inverseStep,
        nodes,
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
    values(expected, nodes, discountFactor, t * cells, tape.lower, tape.upperWeight, tape.flow, lambda);
    if (t < half) for (let j = 0; j < cells; j++) out.values[j] += lambda[j];
    if (t >= learning) continue;
    const discount = discountFactor ** t;
    for (let a = 0; a < actions; a++) {
      const { nodes: read, weights: share } = period[t];
      const gradient = out.gradient[a];
      const error = out.errors[a];
      const visits = out.visits[a];
      if (gradient.length > 0) {
        times(errors, a * cells, objectiveWeight, t * cells, weighted);
        addToNodes(weighted, 0, read, share, a * width, width, discount, gradient, cells);
      }
      if (error.length === 0) continue;
      if (isDiscounted) {
        times(relative, a * cells, objectiveWeight, t * cells, weighted);
        addToNodes(weighted, 0, read, share, a * width, width, discount, error, cells);
        addToNodes(objectiveWeight, t * cells, read, share, a * width, width, discount, visits, cells);
      } else {
        addToNodes(relative, a * cells, read, share, a * width, width, 1 / cells, error, cells);
        for (let w = a * width; w < (a + 1) * width; w++) visits[read[w]] += share[w] / cells;
      }
    }
  }
  let objective = 0;
  for (let j = 0; j < cells; j++) objective += lambda[j];
  return objective / cells;
}

const NOTHING = new Float64Array(0);

/** dL/dx by cell into `out`, and over `unit` into `relative` where there is a unit. */
function slopes(
  expected: Float64Array,
  inverseStep: Float64Array,
  count: number,
  discountFactor: number,
  at: number,
  slopeAt: number,
  lower: Int32Array,
  place: Uint8Array,
  flowSlope: Float64Array,
  nextSlope: Float64Array,
  unit: Float64Array,
  out: Float64Array,
  relative: Float64Array,
  outAt: number,
  cells: number,
  limit: LimitRule | 'free',
): void {
  const hasUnit = unit.length > 0;
  for (let j = 0, row = 0, end = count; j < cells; j++) {
    if (j === end) {
      row = end;
      end += count;
    }
    const how = place[at + j];
    const i = lower[at + j];
    const slope = (expected[row + i + 1] - expected[row + i]) * inverseStep[i];
    const ahead = how === BEYOND ? 0 : discountFactor * slope * nextSlope[slopeAt + j];
    const total = flowSlope[slopeAt + j] + ahead;
    const kept = how !== AT_LIMIT || limit === 'free' || (limit === 'one-sided' && total < 0) ? total : 0;
    out[outAt + j] = kept;
    if (hasUnit) relative[outAt + j] = kept / unit[slopeAt + j];
  }
}

function values(
  expected: Float64Array,
  count: number,
  discountFactor: number,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  flow: Float64Array,
  lambda: Float64Array,
): void {
  const cells = lambda.length;
  for (let j = 0, row = 0, end = count; j < cells; j++) {
    if (j === end) {
      row = end;
      end += count;
    }
    const node = row + lower[at + j];
    const low = expected[node];
    lambda[j] = flow[at + j] + discountFactor * (low + upperWeight[at + j] * (expected[node + 1] - low));
  }
}

/** out = x times weight, by cell. */
function times(x: Float64Array, at: number, weight: Float64Array, weightAt: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = weight[weightAt + j] * x[at + j];
}

/** Adds x, by cell, to the nodes that were read, with their weights. */
function addToNodes(
  x: Float64Array,
  at: number,
  nodes: Int32Array,
  weights: Float64Array,
  first: number,
  width: number,
  scale: number,
  to: Float64Array,
  cells: number,
): void {
  for (let w = first; w < first + width; w++) {
    const p = weights[w] * scale;
    if (p === 0) continue;
    const start = nodes[w] * cells;
    for (let j = 0; j < cells; j++) to[start + j] += p * x[at + j];
  }
}
