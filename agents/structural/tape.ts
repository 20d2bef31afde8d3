/** What a simulated path leaves behind for its adjoint: one tape serves all paths of a thread, one after the other. */
import type {
  Structural,
  StructuralPath,
  StructuralPeriod,
  StructuralResponse,
} from '../../core/structural.ts';

/** Counts of a structural economy, short names of its shapes. */
export interface Sizes {
  /** J = E A. */
  readonly cells: number;
  readonly nodes: number;
  readonly ownStates: number;
  /** Individual tables. */
  readonly actions: number;
  /** All tables. */
  readonly tables: number;
  readonly width: number;
  readonly aggregates: number;
  readonly shocks: number;
}

export function sizesOf(structural: Structural): Sizes {
  const { assets, ownStates, tables, width, aggregates, shocks } = structural;
  return {
    cells: assets.length * ownStates,
    nodes: assets.length,
    ownStates,
    actions: tables.filter(({ over }) => over === 'individual').length,
    tables: tables.length,
    width,
    aggregates: aggregates.length,
    shocks: shocks.length,
  };
}

/** How the next assets of a cell lie: inside a segment, where one more unit counts; at the limit; or beyond the top, where it does not. */
export const INSIDE = 0;
export const AT_LIMIT = 1;
export const BEYOND = 2;

/** T periods of J cells; arrays are [T, ...], and `periods` and `responses` are views of them. */
export interface Tape extends StructuralPath {
  readonly sizes: Sizes;
  readonly period: readonly StructuralPeriod[];
  readonly response: readonly StructuralResponse[];
  /** Lower node of next assets, share of the one above, and how they lie, [T, J]. */
  readonly lower: Int32Array;
  readonly upperWeight: Float64Array;
  readonly place: Uint8Array;
  readonly flow: Float64Array;
  /** Where in `ownTransition` the matrix to the next period begins, [T]. */
  readonly own: Int32Array;
  /** [T, actions, J]. */
  readonly flowSlope: Float64Array;
  readonly nextSlope: Float64Array;
  readonly unit: Float64Array;
  /** The objective's weights d, [T, J]; empty where they are not asked for. */
  readonly objectiveWeight: Float64Array;
  /** 1 / (b_{i+1} - b_i), [A - 1]. */
  readonly inverseStep: Float64Array;
  /** Scratch: [actions * J], [J] ... */
  readonly actions: Float64Array;
  readonly moved: Float64Array;
  readonly pushed: Float64Array;
  readonly lambda: Float64Array;
  readonly expected: Float64Array;
  readonly errors: Float64Array;
  readonly relative: Float64Array;
  readonly weighted: Float64Array;
}

/** Room for a path of T periods. Throws nothing. */
export function makeTape(structural: Structural, periods: number, weights: 'uniform' | 'discounted'): Tape {
  const sizes = sizesOf(structural);
  const { cells, actions, tables, width, aggregates } = sizes;
  const read = tables * width;
  const nodes = new Int32Array(periods * read);
  const nodeWeights = new Float64Array(periods * read);
  const facts = new Float64Array(periods * aggregates);
  const next = new Float64Array(cells);
  const bound = new Uint8Array(cells);
  const flow = new Float64Array(periods * cells);
  const flowSlope = new Float64Array(periods * actions * cells);
  const nextSlope = new Float64Array(periods * actions * cells);
  const unit = new Float64Array(periods * actions * cells);
  const all = Array.from({ length: periods }, (_, t) => t);
  const each = (array: Float64Array, t: number, size: number) => array.subarray(t * size, (t + 1) * size);
  return {
    sizes,
    periods,
    nodes,
    weights: nodeWeights,
    aggregates: facts,
    period: all.map((t) => ({
      nodes: nodes.subarray(t * read, (t + 1) * read),
      weights: each(nodeWeights, t, read),
      aggregates: each(facts, t, aggregates),
    })),
    response: all.map((t) => ({
      next,
      bound,
      flow: each(flow, t, cells),
      flowSlope: each(flowSlope, t, actions * cells),
      nextSlope: each(nextSlope, t, actions * cells),
      unit: each(unit, t, actions * cells),
    })),
    lower: new Int32Array(periods * cells),
    upperWeight: new Float64Array(periods * cells),
    place: new Uint8Array(periods * cells),
    flow,
    own: new Int32Array(periods),
    flowSlope,
    nextSlope,
    unit,
    objectiveWeight: new Float64Array(weights === 'discounted' ? periods * cells : 0),
    inverseStep: Float64Array.from(
      { length: structural.assets.length - 1 },
      (_, i) => 1 / (structural.assets[i + 1] - structural.assets[i]),
    ),
    actions: new Float64Array(actions * cells),
    moved: new Float64Array(cells),
    pushed: new Float64Array(cells),
    lambda: new Float64Array(cells),
    expected: new Float64Array(cells),
    errors: new Float64Array(actions * cells),
    relative: new Float64Array(actions * cells),
    weighted: new Float64Array(cells),
  };
}
