/** What a simulated path leaves behind for its adjoint: one tape serves all paths of a thread, one after the other. */
import type {
  Structural,
  StructuralPath,
  StructuralPeriod,
  StructuralResponse,
} from '../../core/structural.ts';
import type { Loops } from './loops.ts';
import { type Room, separateArrays } from './room.ts';

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
  /** The economy's assets, 1 / (b_{i+1} - b_i), [A - 1], and own transitions, beside the rest. */
  readonly assets: Float64Array;
  readonly inverseStep: Float64Array;
  readonly ownTransition: Float64Array;
  /** What works on these arrays. */
  readonly loops: Loops;
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

/** A tape for paths of T periods, its arrays in `room`. Throws nothing. */
export function makeTape(
  structural: Structural,
  periods: number,
  weights: 'uniform' | 'discounted',
  room: Room = separateArrays,
): Tape {
  const sizes = sizesOf(structural);
  const { cells, actions, tables, width, aggregates } = sizes;
  const read = tables * width;
  const nodes = room.whole(periods * read);
  const nodeWeights = room.reals(periods * read);
  const facts = room.reals(periods * aggregates);
  const next = room.reals(cells);
  const bound = room.bytes(cells);
  const flow = room.reals(periods * cells);
  const flowSlope = room.reals(periods * actions * cells);
  const nextSlope = room.reals(periods * actions * cells);
  const unit = room.reals(periods * actions * cells);
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
    lower: room.whole(periods * cells),
    upperWeight: room.reals(periods * cells),
    place: room.bytes(periods * cells),
    flow,
    own: room.whole(periods),
    flowSlope,
    nextSlope,
    unit,
    objectiveWeight: room.reals(weights === 'discounted' ? periods * cells : 0),
    assets: copyOf(structural.assets, room),
    inverseStep: inverseSteps(structural.assets, room),
    ownTransition: copyOf(structural.ownTransition, room),
    loops: room.loops,
    actions: room.reals(actions * cells),
    moved: room.reals(cells),
    pushed: room.reals(cells),
    lambda: room.reals(cells),
    expected: room.reals(cells),
    errors: room.reals(actions * cells),
    relative: room.reals(actions * cells),
    weighted: room.reals(cells),
  };
}

function copyOf(values: Float64Array, room: Room): Float64Array {
  const copy = room.reals(values.length);
  copy.set(values);
  return copy;
}

function inverseSteps(nodes: Float64Array, room: Room): Float64Array {
  const steps = room.reals(nodes.length - 1);
  for (let i = 0; i < steps.length; i++) steps[i] = 1 / (nodes[i + 1] - nodes[i]);
  return steps;
}
