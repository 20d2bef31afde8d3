/**
 * What the sequence-space solvers ask of an economy around its households: equations of one period, in the variables of the period before, this one and the next,
 *
 *     x_t = inputs(X_(t-1), X_t, X_(t+1)),     0 = residuals(X_(t-1), X_t, X_(t+1), Y_(t-1), Y_t),
 *
 * X = (unknowns, shocks), Y what households do under x. Before t = 0 and after the last period everything is at rest.
 * They are differentiated here at rest, each argument on its own; households come in through their Jacobians.
 */
import { requireLength } from '../numerics/checks.ts';
import type { SteadyBlock } from './sequence-space-block.ts';

/** Variables around a period. */
export interface Surroundings {
  /** X, [U + Z]: unknowns first. */
  readonly before: Float64Array;
  readonly now: Float64Array;
  readonly after: Float64Array;
  /** Y, [O]: aggregates of households in the period before, and in this one. Not there yet in `inputs`. */
  readonly householdsBefore: Float64Array;
  readonly households: Float64Array;
}

export interface SequenceModel {
  /** Names, [U], [Z] and [R]; all of them, and those of the block's inputs and outputs, are different. */
  readonly unknowns: readonly string[];
  readonly shocks: readonly string[];
  readonly reports: readonly string[];
  /** X at rest, [U + Z]. */
  readonly rest: Float64Array;
  /** x, [I]. */
  inputs(around: Surroundings, out: Float64Array): void;
  /** [U], zero in equilibrium. */
  residuals(around: Surroundings, out: Float64Array): void;
  /** Other variables of interest, [R]. */
  report(around: Surroundings, out: Float64Array): void;
}

/** Derivatives at rest of functions of one period's surroundings with `rows` values: by variable and lead, and by aggregate and lag. */
export interface LocalDerivatives {
  readonly rows: number;
  /** d f_r / d X_v,t+d at [(r * V + v) * 3 + d + 1]. */
  readonly variables: Float64Array;
  /** d f_r / d Y_o,t-l at [(r * O + o) * 2 + l]. */
  readonly households: Float64Array;
}

/** Variables and aggregates at rest, copies. */
export function surroundingsAtRest(model: SequenceModel, rest: SteadyBlock): Surroundings {
  requireLength(
    'surroundingsAtRest',
    'the variables at rest',
    model.rest,
    model.unknowns.length + model.shocks.length,
    'unknowns and shocks',
  );
  return {
    before: model.rest.slice(),
    now: model.rest.slice(),
    after: model.rest.slice(),
    householdsBefore: rest.aggregates.slice(),
    households: rest.aggregates.slice(),
  };
}

/** Of the five-point difference, relative to max(1, |x|): its error is h^4, and rounding over h. */
const STEP = 1e-3;

/**
 * Derivatives of f at rest, by five-point differences. Shapes: `rows` values of f.
 * Throws where f is not finite next to rest. Invariant: exact for polynomials of degree four, within rounding.
 */
export function differentiate(
  around: Surroundings,
  rows: number,
  f: (around: Surroundings, out: Float64Array) => void,
): LocalDerivatives {
  const V = around.now.length;
  const O = around.households.length;
  const variables = new Float64Array(rows * V * 3);
  const households = new Float64Array(rows * O * 2);
  const shifts = [-2, -1, 1, 2].map((by) => ({ by, values: new Float64Array(rows) }));
  const derive = (at: Float64Array, k: number, write: (r: number, slope: number) => void): void => {
    const value = at[k];
    const h = STEP * Math.max(1, Math.abs(value));
    for (const { by, values } of shifts) {
      at[k] = value + by * h;
      f(around, values);
    }
    at[k] = value;
    const [a, b, c, d] = shifts;
    for (let r = 0; r < rows; r++) {
      const slope = (a.values[r] - 8 * b.values[r] + 8 * c.values[r] - d.values[r]) / (12 * h);
      if (!Number.isFinite(slope)) {
        throw new Error(
          `differentiate: value ${r} is not finite near rest, where variable ${k} is ${value}; look at the equations there.`,
        );
      }
      write(r, slope);
    }
  };
  [around.before, around.now, around.after].forEach((at, d) => {
    for (let v = 0; v < V; v++) {
      derive(at, v, (r, slope) => {
        variables[(r * V + v) * 3 + d] = slope;
      });
    }
  });
  [around.households, around.householdsBefore].forEach((at, l) => {
    for (let o = 0; o < O; o++) {
      derive(at, o, (r, slope) => {
        households[(r * O + o) * 2 + l] = slope;
      });
    }
  });
  return { rows, variables, households };
}
