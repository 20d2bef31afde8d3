/** Cubic interpolation for solvers, on four neighbouring nodes: functions on arrays, for hot loops. */

/** Nodes first, first + step, ...: `nodes` of them. */
export interface UniformGrid {
  readonly first: number;
  readonly step: number;
  readonly nodes: number;
}

/**
 * The cubic through nodes at, ..., at + 3 at x (Lagrange's form). x increasing [N], y [N]. Error of order h^4.
 * Invariant: reproduces cubics.
 */
export function lagrange(nodes: Float64Array, y: Float64Array, at: number, x: number): number {
  const x0 = nodes[at];
  const x1 = nodes[at + 1];
  const x2 = nodes[at + 2];
  const x3 = nodes[at + 3];
  const d0 = x - x0;
  const d1 = x - x1;
  const d2 = x - x2;
  const d3 = x - x3;
  // As weights on differences from y1: a constant is reproduced to the last bit.
  const w0 = (d1 * d2 * d3) / ((x0 - x1) * (x0 - x2) * (x0 - x3));
  const w2 = (d0 * d1 * d3) / ((x2 - x0) * (x2 - x1) * (x2 - x3));
  const w3 = (d0 * d1 * d2) / ((x3 - x0) * (x3 - x1) * (x3 - x2));
  const y1 = y[at + 1];
  return y1 + w0 * (y[at] - y1) + w2 * (y[at + 2] - y1) + w3 * (y[at + 3] - y1);
}

/** The same on a uniform grid, for the row of y that starts at `offset`; beyond the ends, the value at the end. */
export function uniformLagrange(y: Float64Array, offset: number, grid: UniformGrid, x: number): number {
  const { first, step, nodes } = grid;
  const t = (x - first) / step;
  if (!(t > 0)) return y[offset];
  if (t >= nodes - 1) return y[offset + nodes - 1];
  const start = Math.min(Math.max(Math.floor(t) - 1, 0), nodes - 4);
  const u = t - start;
  const i = offset + start;
  const y1 = y[i + 1];
  return (
    y1 -
    ((u - 1) * (u - 2) * (u - 3) * (y[i] - y1)) / 6 -
    (u * (u - 1) * (u - 3) * (y[i + 2] - y1)) / 2 +
    (u * (u - 1) * (u - 2) * (y[i + 3] - y1)) / 6
  );
}

/**
 * Hermite's cubic on a uniform grid from values y and slopes dy/dx in the rows that start at `offset`; beyond the ends, straight
 * on. Error of order h^4, continuously differentiable.
 */
export function uniformHermite(
  y: Float64Array,
  slope: Float64Array,
  offset: number,
  grid: UniformGrid,
  x: number,
): number {
  const { first, step, nodes } = grid;
  const t = (x - first) / step;
  const last = offset + nodes - 1;
  if (t <= 0) return y[offset] + slope[offset] * (x - first);
  if (t >= nodes - 1) return y[last] + slope[last] * (t - (nodes - 1)) * step;
  const j = Math.min(Math.floor(t), nodes - 2);
  const u = t - j;
  const i = offset + j;
  const rise = y[i + 1] - y[i];
  const startSlope = slope[i] * step - rise;
  const endSlope = rise - slope[i + 1] * step;
  return y[i] + u * rise + u * (1 - u) * ((1 - u) * startSlope + u * endSlope);
}

/** Integral of y over each prefix of a uniform grid, from cubics through four neighbours: out[0] = 0. Rows at `offset`. */
export function cumulativeIntegral(
  y: Float64Array,
  offset: number,
  { step, nodes }: UniformGrid,
  out: Float64Array,
): void {
  const h = step / 24;
  const end = offset + nodes - 1;
  out[offset] = 0;
  for (let i = offset; i < end; i++) {
    let piece: number;
    if (i === offset) piece = 9 * y[i] + 19 * y[i + 1] - 5 * y[i + 2] + y[i + 3];
    else if (i === end - 1) piece = 9 * y[i + 1] + 19 * y[i] - 5 * y[i - 1] + y[i - 2];
    else piece = 13 * (y[i] + y[i + 1]) - y[i - 1] - y[i + 2];
    out[i + 1] = out[i] + h * piece;
  }
}
