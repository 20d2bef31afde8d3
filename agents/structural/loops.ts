/**
 * The loops over cells in which an epoch spends its time, but for those of the economy. There are two forms of them, JavaScript, which is the reference and takes any
 * arrays, and WebAssembly, for arrays of one shared memory (`room.ts`): both give the same bits, so that which of them ran is nowhere to be seen but on the clock.
 * Shapes: cells [E, A], rows of A assets; `at` and the like are where a period begins in arrays of all periods.
 */
import type { LimitRule } from './adjoint.ts';

/** How the next assets of a cell lie: inside a segment, where one more unit counts; at the limit; or beyond the top, where it does not. */
export const INSIDE = 0;
export const AT_LIMIT = 1;
export const BEYOND = 2;

export interface Loops {
  /** `js` or `wasm`. */
  readonly name: string;
  /** What a table says in a period: out[to + j] = sum_w weights[at + w] table[nodes[at + w], j]. */
  mixTable(
    table: Float64Array,
    nodes: Int32Array,
    weights: Float64Array,
    at: number,
    width: number,
    cells: number,
    out: Float64Array,
    to: number,
  ): void;
  /**
   * Sums over own states, which move apart from assets: out[r A + i] = sum_s transition[at + r rowStride + s columnStride] source[s A + i]. With strides (E, 1) the
   * expectation over next own states, with (1, E) the mass that comes to each. Not in place. Invariant: a chain's rows sum to one, so that constants are their own
   * expectation and mass is kept.
   */
  mixOwnStates(
    source: Float64Array,
    transition: Float64Array,
    at: number,
    rowStride: number,
    columnStride: number,
    ownStates: number,
    count: number,
    out: Float64Array,
  ): void;
  /** Next assets among the nodes: lower[at + j], the share of the node above, and how they lie. Rows of next assets nearly rise. */
  placeNext(
    assets: Float64Array,
    inverseStep: Float64Array,
    next: Float64Array,
    bound: Uint8Array,
    at: number,
    lower: Int32Array,
    upperWeight: Float64Array,
    place: Uint8Array,
  ): void;
  /** pushed[e', a'] = sum_e P[e, e'] sum_a mass[from + e A + a] (share of (e, a) that goes to a'). Invariant: sums are kept within rounding. */
  push(
    mass: Float64Array,
    from: number,
    at: number,
    lower: Int32Array,
    upperWeight: Float64Array,
    transition: Float64Array,
    transitionAt: number,
    ownStates: number,
    moved: Float64Array,
    pushed: Float64Array,
  ): void;
  /** dL/dx by cell into `out`, and over `unit` into `relative` where there is a unit; both begin at `outAt`. See adjoint.ts. */
  slopes(
    expected: Float64Array,
    inverseStep: Float64Array,
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
  ): void;
  /** lambda_t from E_t, into `lambda`. */
  values(
    expected: Float64Array,
    count: number,
    discountFactor: number,
    at: number,
    lower: Int32Array,
    upperWeight: Float64Array,
    flow: Float64Array,
    lambda: Float64Array,
  ): void;
  /** out[j] = weight[weightAt + j] x[at + j]. */
  times(x: Float64Array, at: number, weight: Float64Array, weightAt: number, out: Float64Array): void;
  /** Adds `scale` times x[at + j] to the nodes that were read, with their weights. */
  addToNodes(
    x: Float64Array,
    at: number,
    nodes: Int32Array,
    weights: Float64Array,
    first: number,
    width: number,
    scale: number,
    to: Float64Array,
    cells: number,
  ): void;
  /** Divides by the sum. */
  normalise(x: Float64Array): void;
  /** to[j] += x[j]. */
  add(x: Float64Array, to: Float64Array): void;
}
