import { requireFiniteArray, requireIncreasing, requireLength } from './checks.ts';

/*
 * Grids are strictly increasing Float64Arrays of at least two nodes. That is not looked at here, call by call: check
 * a grid once with `checkGrid`. Tables are row-major; `offset` is where the table starts in a larger array.
 */

/** What happens beyond the ends: the end's value, or the end segment's line. */
export type Outside = 'clamp' | 'extrapolate';

export interface InterpolationOptions {
  /** Default 'clamp'. */
  readonly outside?: Outside;
}

/**
 * Throws unless `grid` has at least two nodes, all finite and strictly increasing; `name` is how messages call it.
 * Invariant: a grid that passes gives every function of this file a bracket for every x but NaN.
 */
export function checkGrid(grid: Float64Array, name: string): void {
  requireIncreasing('checkGrid', name, grid);
}

/**
 * The index i in 0..n-2 of the segment that holds x: grid[i] <= x < grid[i+1], clamped to the end segments. Hot.
 *
 * Shapes: grid [n]. Throws on NaN and on fewer than two nodes.
 * Invariant: non-decreasing in x. (A node belongs to the segment that it starts, the last node to the last segment.)
 */
export function bracket(grid: Float64Array, x: number): number {
  let low = 0;
  let high = grid.length - 1;
  // x !== x is NaN, without a call.
  // biome-ignore lint/suspicious/noSelfCompare: the cheapest NaN test in a hot loop
  if (high < 1 || x !== x) throwBracket(grid, x);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (grid[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}

function throwBracket(grid: Float64Array, x: number): never {
  if (grid.length < 2) throw new Error(`bracket: the grid has ${grid.length} nodes; give at least 2.`);
  throw new Error(`bracket: x is ${x}; give a number. Look at where it was computed.`);
}

/**
 * Where x lies in segment i, (x - grid[i]) / (grid[i+1] - grid[i]): 0 at its lower node, 1 at its upper, outside
 * [0, 1] beyond. Hot. Invariant: linear in x.
 */
export function segmentWeight(grid: Float64Array, i: number, x: number): number {
  return (x - grid[i]) / (grid[i + 1] - grid[i]);
}

/** `segmentWeight` clipped to [0, 1]. Hot. */
function clippedWeight(grid: Float64Array, i: number, x: number): number {
  const weight = (x - grid[i]) / (grid[i + 1] - grid[i]);
  return Math.max(0, Math.min(1, weight));
}

/**
 * Piecewise linear interpolation, clamped: values[offset + i] stands at grid[i]. Hot: lengths are not checked.
 *
 * f(x) = (1 - w) v_i + w v_{i+1}. Shapes: grid [n], values [>= offset + n]. Throws on NaN.
 * Invariant: f lies between the two neighbouring values.
 */
export function linearAt(grid: Float64Array, values: Float64Array, offset: number, x: number): number {
  const i = bracket(grid, x);
  const w = clippedWeight(grid, i, x);
  return (1 - w) * values[offset + i] + w * values[offset + i + 1];
}

/** `linearAt`, continued beyond the ends along the end segments. Hot: lengths are not checked. */
export function linearExtrapolatedAt(
  grid: Float64Array,
  values: Float64Array,
  offset: number,
  x: number,
): number {
  const i = bracket(grid, x);
  const w = segmentWeight(grid, i, x);
  return (1 - w) * values[offset + i] + w * values[offset + i + 1];
}

/**
 * Piecewise linear interpolation of values on a grid, clamped at the ends or continued along the end segments.
 *
 * Shapes: grid [n], values [n], both strictly 64-bit. Throws on NaN, fewer than two nodes, and unequal lengths.
 * Invariant: reproduces every linear function (between the ends, or everywhere when extrapolating).
 */
export function linear(
  grid: Float64Array,
  values: Float64Array,
  x: number,
  options: InterpolationOptions = {},
): number {
  requireLength('linear', 'values', values, grid.length, 'the grid');
  return options.outside === 'extrapolate'
    ? linearExtrapolatedAt(grid, values, 0, x)
    : linearAt(grid, values, 0, x);
}

/**
 * Bilinear interpolation, clamped: values[offset + i * ny + j] stands at (gridX[i], gridY[j]). Hot: lengths are not
 * checked. Shapes: gridX [nx], gridY [ny], values [>= offset + nx * ny]. Throws on NaN.
 * Invariant: the result lies between the four corners' values.
 */
export function bilinearAt(
  gridX: Float64Array,
  gridY: Float64Array,
  values: Float64Array,
  offset: number,
  x: number,
  y: number,
): number {
  const i = bracket(gridX, x);
  const j = bracket(gridY, y);
  return mixCorners(
    values,
    offset + i * gridY.length + j,
    gridY.length,
    clippedWeight(gridX, i, x),
    clippedWeight(gridY, j, y),
  );
}

function mixCorners(values: Float64Array, at: number, rowStep: number, wx: number, wy: number): number {
  const lower = (1 - wy) * values[at] + wy * values[at + 1];
  const upper = (1 - wy) * values[at + rowStep] + wy * values[at + rowStep + 1];
  return (1 - wx) * lower + wx * upper;
}

/**
 * Bilinear interpolation of a table on two grids, clamped at the ends or continued along the end segments.
 *
 * Shapes: gridX [nx], gridY [ny], values [nx, ny] row-major. Throws on NaN, fewer than two nodes a side, and a table
 * of another length. Invariant: reproduces every function a + b x + c y + d x y.
 */
export function bilinear(
  gridX: Float64Array,
  gridY: Float64Array,
  values: Float64Array,
  x: number,
  y: number,
  options: InterpolationOptions = {},
): number {
  requireLength('bilinear', 'values', values, gridX.length * gridY.length, 'the two grids');
  if (options.outside !== 'extrapolate') return bilinearAt(gridX, gridY, values, 0, x, y);
  const i = bracket(gridX, x);
  const j = bracket(gridY, y);
  const at = i * gridY.length + j;
  return mixCorners(values, at, gridY.length, segmentWeight(gridX, i, x), segmentWeight(gridY, j, y));
}

/** Mass 1 - upperWeight goes to node `lower`, upperWeight to node lower + 1. */
export interface Lottery {
  readonly lower: number;
  readonly upperWeight: number;
}

/**
 * Young's lottery: the two neighbouring nodes and their odds such that the mean is x; at the end node beyond the ends.
 *
 * Source: Young (2010), J. Economic Dynamics and Control 34, section 2. Shapes: grid [n]. Throws on NaN and on fewer
 * than two nodes. Invariant: (1 - w) grid[lower] + w grid[lower + 1] = x clipped to the grid.
 */
export function lottery(grid: Float64Array, x: number): Lottery {
  const lower = bracket(grid, x);
  return { lower, upperWeight: clippedWeight(grid, lower, x) };
}

/**
 * `lottery` for many points, into arrays of the caller's. Hot: allocates nothing.
 *
 * Shapes: grid [n], x [m], lower [m], upperWeight [m]. Throws on NaN and on unequal lengths.
 * Invariant: the same numbers as m calls of `lottery`.
 */
export function lotteries(
  grid: Float64Array,
  x: Float64Array,
  lower: Int32Array,
  upperWeight: Float64Array,
): void {
  requireLength('lotteries', 'lower', lower, x.length, 'x');
  requireLength('lotteries', 'upperWeight', upperWeight, x.length, 'x');
  for (let k = 0; k < x.length; k++) {
    const i = bracket(grid, x[k]);
    lower[k] = i;
    upperWeight[k] = clippedWeight(grid, i, x[k]);
  }
}

/** Throws unless grid and values make a function: an increasing grid, and as many finite values. */
export function checkTable(where: string, grid: Float64Array, values: Float64Array): void {
  requireIncreasing(where, 'the grid', grid);
  requireLength(where, 'values', values, grid.length, 'the grid');
  requireFiniteArray(where, 'values', values);
}
