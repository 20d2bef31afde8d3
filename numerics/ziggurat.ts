/**
 * Tables of the ziggurat for the standard normal (Marsaglia and Tsang 2000, "The ziggurat method for generating
 * random variables", J. Stat. Software 5(8), section 2): 256 layers of equal area under exp(-x^2/2), x >= 0.
 */

/** Layers; a power of two, so that eight bits choose one. */
export const LAYERS = 256;

/** Where the base layer's rectangle ends and the tail begins: the r of Marsaglia and Tsang for 256 layers. */
export const ZIGGURAT_TAIL = 3.6541528853610088;

/** Area of each layer, v = r f(r) + integral of f from r on; Marsaglia and Tsang print 0.00492867323399. */
const AREA = 0.004928673233974658;

/** f(x) = exp(-x^2/2). */
function density(x: number): number {
  return Math.exp(-0.5 * x * x);
}

/**
 * The tables, both [LAYERS + 1]. edges: right ends x_i of the layers, widest first: x_0 = v / f(r) (the base, as if
 * its tail were a rectangle), x_1 = r, ..., x_256 = 0, with x_i (f(x_{i+1}) - f(x_i)) = v. heights: f(x_i).
 * Invariant: edges fall, heights rise to 1, and every layer has area v.
 */
export function ziggurat(): { edges: Float64Array; heights: Float64Array } {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = AREA / density(ZIGGURAT_TAIL);
  edges[1] = ZIGGURAT_TAIL;
  for (let i = 1; i < LAYERS - 1; i++) {
    edges[i + 1] = Math.sqrt(-2 * Math.log(density(edges[i]) + AREA / edges[i]));
  }
  return { edges, heights: edges.map(density) };
}
