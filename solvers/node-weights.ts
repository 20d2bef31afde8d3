/** Where points lie among the nodes of an aggregate variable, as weights of neighbouring nodes: linear, or cubic of Lagrange. */
import { requireIncreasing } from '../numerics/checks.ts';
import { bracket } from '../numerics/interpolation.ts';

/** 'linear' mixes two nodes; 'cubic' four, where there are four: as exact as six times as many nodes, but it may leave their range. */
export type NodeInterpolation = 'linear' | 'cubic';

/** Points among nodes: point i is sum_j weight[i * width + j] times node lower[i] + j. */
export interface NodeWeights {
  /** 1 (one node only), 2 or 4. */
  readonly width: number;
  readonly lower: Int32Array;
  readonly weight: Float64Array;
}

/** Room for `count` points among `nodes` nodes. Invariant: as made, every point is node 0. */
export function nodeWeights(count: number, nodes: number, interpolation: NodeInterpolation): NodeWeights {
  const width = nodes === 1 ? 1 : interpolation === 'cubic' && nodes >= 4 ? 4 : 2;
  const weight = new Float64Array(count * width);
  for (let i = 0; i < count; i++) weight[i * width] = 1;
  return { width, lower: new Int32Array(count), weight };
}

/**
 * Places point i at x among `nodes`, strictly increasing; beyond the ends at the end. Hot.
 *
 * Lagrange: w_j = prod_{k != j} (x - x_k) / (x_j - x_k) over the nodes taken. Shapes: nodes [N]. Throws on NaN.
 * Invariants: weights sum to one, and reproduce polynomials of degree 1 ('linear') or 3 ('cubic') between the ends.
 */
export function placeAmongNodes(weights: NodeWeights, i: number, nodes: Float64Array, x: number): void {
  const { width, lower, weight } = weights;
  const count = nodes.length;
  if (width === 1) return;
  const point = Math.max(nodes[0], Math.min(nodes[count - 1], x));
  const segment = bracket(nodes, point);
  const first = width === 2 ? segment : Math.max(0, Math.min(segment - 1, count - 4));
  lower[i] = first;
  for (let j = 0; j < width; j++) {
    let product = 1;
    for (let k = 0; k < width; k++) {
      if (k !== j) product *= (point - nodes[first + k]) / (nodes[first + j] - nodes[first + k]);
    }
    weight[i * width + j] = product;
  }
}

/** Logarithms of positive, increasing levels: the scale on which capital is interpolated. Throws on anything else. */
export function logNodes(where: string, what: string, levels: Float64Array): Float64Array {
  if (!(levels[0] > 0)) {
    throw new Error(
      `${where}: ${what} starts at ${levels[0]}; it is interpolated in logarithms, so give positive nodes.`,
    );
  }
  if (levels.length > 1) requireIncreasing(where, what, levels);
  return levels.map(Math.log);
}
