/** Grids of several coordinates: where a point lies among the nodes, the first axis fastest in every index. */
import { bracket, segmentWeight } from '../numerics/interpolation.ts';

/** Nodes of one coordinate, increasing. Points between the nodes of a finite axis belong to the nearest. */
export interface GridAxis {
  readonly kind: 'continuous' | 'finite';
  readonly nodes: Float64Array;
}

/** A node of a grid and its weight in an interpolation. */
export interface Corner {
  readonly index: number;
  readonly weight: number;
}

/** Along continuous axes: between two nodes, or through four neighbouring ones (two, where there are fewer than four). */
export type Interpolation = 'linear' | 'cubic';

/** Room for the nodes around a point, `count` of them in use. */
export interface Stencil {
  count: number;
  readonly indices: Int32Array;
  readonly weights: Float64Array;
}

/** Room for any point of a grid of D axes. */
export function stencilFor(axes: readonly GridAxis[]): Stencil {
  const room = axes.reduce((product, { kind }) => product * (kind === 'finite' ? 1 : 4), 1);
  return { count: 0, indices: new Int32Array(room), weights: new Float64Array(room) };
}

/** Number of nodes of a grid. */
export function gridSize(axes: readonly GridAxis[]): number {
  return axes.reduce((size, { nodes }) => size * nodes.length, 1);
}

/** Coordinates of node `index`, [D]. */
export function gridPoint(axes: readonly GridAxis[], index: number): number[] {
  let rest = index;
  return axes.map(({ nodes }) => {
    const i = rest % nodes.length;
    rest = Math.floor(rest / nodes.length);
    return nodes[i];
  });
}

/**
 * The nodes around a point and their weights, which sum to one; beyond the ends of a continuous axis the end, and the nearest node of a finite one. The
 * coordinates from `from` on are those of the axes. Throws on a coordinate that is NaN. Invariant: inside the grid, reproduces every function that
 * is linear (cubic) in each continuous coordinate.
 */
export function locate(
  axes: readonly GridAxis[],
  coordinates: ArrayLike<number>,
  stencil: Stencil,
  options: { readonly interpolation?: Interpolation; readonly from?: number } = {},
): void {
  const { interpolation = 'linear', from = 0 } = options;
  const { indices, weights } = stencil;
  stencil.count = 1;
  indices[0] = 0;
  weights[0] = 1;
  let stride = 1;
  for (let d = 0; d < axes.length; d++) {
    const { kind, nodes } = axes[d];
    spread(nodes, coordinates[from + d], kind === 'finite' ? 'nearest' : interpolation, stride, stencil);
    stride *= nodes.length;
  }
}

/** `locate` in records, linear. */
export function corners(
  axes: readonly GridAxis[],
  coordinates: ArrayLike<number>,
  from = 0,
): readonly Corner[] {
  const stencil = stencilFor(axes);
  locate(axes, coordinates, stencil, { from });
  return Array.from({ length: stencil.count }, (_, k) => ({
    index: stencil.indices[k],
    weight: stencil.weights[k],
  }));
}

/** Every entry of the stencil becomes as many as there are nodes around x on one more axis. */
function spread(
  nodes: Float64Array,
  x: number,
  how: 'nearest' | Interpolation,
  stride: number,
  stencil: Stencil,
): void {
  const n = nodes.length;
  if (n === 1) return;
  const lower = bracket(nodes, x);
  const share = Math.min(1, Math.max(0, segmentWeight(nodes, lower, x)));
  if (share === 0 || share === 1 || how === 'nearest') {
    multiply(stencil, 0, stencil.count, stride * (share < 0.5 ? lower : lower + 1), 1);
    return;
  }
  const { count } = stencil;
  if (how === 'linear' || n < 4) {
    multiply(stencil, count, count, stride * (lower + 1), share);
    multiply(stencil, 0, count, stride * lower, 1 - share);
    stencil.count = 2 * count;
    return;
  }
  const first = Math.min(Math.max(lower - 1, 0), n - 4);
  for (let part = 3; part >= 0; part--)
    multiply(stencil, part * count, count, stride * (first + part), lagrangeWeight(nodes, first, part, x));
  stencil.count = 4 * count;
}

/** Entries 0 .. count - 1, moved on and weighted, are written from `to` on. */
function multiply(
  { indices, weights }: Stencil,
  to: number,
  count: number,
  step: number,
  weight: number,
): void {
  for (let k = 0; k < count; k++) {
    indices[to + k] = indices[k] + step;
    weights[to + k] = weights[k] * weight;
  }
}

/** Weight of one of four nodes from `first` on in the cubic through them. */
function lagrangeWeight(nodes: Float64Array, first: number, part: number, x: number): number {
  let weight = 1;
  for (let other = 0; other < 4; other++) {
    if (other !== part) {
      weight *= (x - nodes[first + other]) / (nodes[first + part] - nodes[first + other]);
    }
  }
  return weight;
}
