import { requireFinite, requireWhole } from './checks.ts';

/** Nodes and weights of sum_i w_i f(x_i), both [n], nodes increasing. */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Beyond this the weights of the normal rule fall below 1e-80 and its polynomials approach the range of doubles. */
const MOST_NODES = 100;

/**
 * p_degree(x) of the orthonormal polynomials of a symmetric measure of mass one,
 *   a_{k+1} p_{k+1} = x p_k - a_k p_{k-1},  p_0 = 1,  a [degree + 1].
 */
function polynomial(recurrence: Float64Array, degree: number, x: number): number {
  let previous = 0;
  let current = 1;
  for (let k = 0; k < degree; k++) {
    const next = (x * current - recurrence[k] * previous) / recurrence[k + 1];
    previous = current;
    current = next;
  }
  return current;
}

/** The weight of a root x of p_n: 1 / sum_{k<n} p_k(x)^2 (Christoffel). */
function christoffel(recurrence: Float64Array, n: number, x: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += polynomial(recurrence, k, x) ** 2;
  return 1 / sum;
}

/** The one root between two points where the polynomial's signs differ, to the last bit. */
function rootBetween(recurrence: Float64Array, degree: number, low: number, high: number): number {
  let left = low;
  let right = high;
  const rising = polynomial(recurrence, degree, right) > 0;
  for (;;) {
    const middle = 0.5 * (left + right);
    if (middle <= left || middle >= right) return middle;
    if (polynomial(recurrence, degree, middle) > 0 === rising) right = middle;
    else left = middle;
  }
}

/** Gauss's rule of a symmetric measure of mass one on [-bound, bound]: roots of one degree separate the next's. */
function gaussRule(recurrence: Float64Array, n: number, bound: number): QuadratureRule {
  let roots: number[] = [];
  for (let degree = 1; degree <= n; degree++) {
    const ends = [-bound, ...roots, bound];
    // Only the upper half is searched, the lower is its mirror image: the rule is symmetric to the last bit.
    const positive: number[] = [];
    for (let i = Math.ceil(degree / 2); i < degree; i++) {
      positive.push(rootBetween(recurrence, degree, ends[i], ends[i + 1]));
    }
    const middle = degree % 2 === 1 ? [0] : [];
    roots = [...positive.map((x) => -x).reverse(), ...middle, ...positive];
  }
  return {
    nodes: Float64Array.from(roots),
    weights: Float64Array.from(roots, (x) => christoffel(recurrence, n, x)),
  };
}

/**
 * Gauss-Hermite for a standard normal: E f(X) = sum_i w_i f(x_i), X ~ N(0, 1), exact for polynomials of degree 2n - 1.
 * For N(mu, sigma^2) use the nodes mu + sigma x_i and the same weights.
 *
 * Source: Golub and Welsch (1969), table of recurrences, a_k = sqrt k; roots by interlacing, weights by Christoffel's
 * formula, so that the smallest keep their relative accuracy. Shapes: nodes [n], weights [n].
 * Throws unless n is a whole number in 1..100. Invariant: weights sum to one, nodes are symmetric about zero.
 */
export function gaussHermite(n: number): QuadratureRule {
  requireWhole('gaussHermite', 'n', n, 1, MOST_NODES);
  const recurrence = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) recurrence[k] = Math.sqrt(k);
  // The largest root lies below 2 sqrt n (Szego 1939, 6.32).
  return gaussRule(recurrence, n, 2 * Math.sqrt(n) + 1);
}

/**
 * Gauss-Legendre: integral of f over [low, high] = sum_i w_i f(x_i), exact for polynomials of degree 2n - 1.
 *
 * Source: Golub and Welsch (1969), a_k = k / sqrt(4 k^2 - 1). Shapes: nodes [n], weights [n].
 * Throws unless n is a whole number in 1..100 and low < high are finite.
 * Invariant: weights sum to high - low.
 */
export function gaussLegendre(n: number, low = -1, high = 1): QuadratureRule {
  requireWhole('gaussLegendre', 'n', n, 1, MOST_NODES);
  requireFinite('gaussLegendre', 'low', low);
  requireFinite('gaussLegendre', 'high', high);
  if (!(low < high)) throw new Error(`gaussLegendre: the ends are ${low} and ${high}; give low < high.`);
  const recurrence = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) recurrence[k] = k / Math.sqrt(4 * k * k - 1);
  const { nodes, weights } = gaussRule(recurrence, n, 1);
  const center = 0.5 * (low + high);
  const half = 0.5 * (high - low);
  return { nodes: nodes.map((x) => center + half * x), weights: weights.map((w) => w * (high - low)) };
}
