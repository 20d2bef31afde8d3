import { requireFinite, requirePositive, requireWhole } from './checks.ts';

const MOST_NODES = 2 ** 31 - 1;

function requireEnds(where: string, low: number, high: number, n: number): void {
  requireFinite(where, 'low', low);
  requireFinite(where, 'high', high);
  requireWhole(where, 'n', n, 2, MOST_NODES);
  if (!(low < high)) throw new Error(`${where}: the ends are ${low} and ${high}; give low < high.`);
}

/**
 * n nodes evenly spaced, x_i = low + (high - low) i / (n - 1). Shape [n].
 * Throws unless low < high are finite and n >= 2. Invariant: the ends are exactly low and high.
 */
export function linspace(low: number, high: number, n: number): Float64Array {
  requireEnds('linspace', low, high, n);
  const grid = new Float64Array(n);
  for (let i = 0; i < n; i++) grid[i] = low + ((high - low) * i) / (n - 1);
  grid[n - 1] = high;
  return grid;
}

/**
 * n nodes evenly spaced in logs between the positive ends (not exponents), x_i = low (high/low)^(i/(n-1)). Shape [n].
 * Throws unless 0 < low < high are finite and n >= 2. Invariant: the ends are exactly low and high.
 */
export function logspace(low: number, high: number, n: number): Float64Array {
  requireEnds('logspace', low, high, n);
  requirePositive('logspace', 'low', low);
  const grid = new Float64Array(n);
  const growth = Math.log(high / low) / (n - 1);
  for (let i = 0; i < n; i++) grid[i] = low * Math.exp(growth * i);
  grid[n - 1] = high;
  return grid;
}

export interface GeometricGridOptions {
  readonly low: number;
  readonly high: number;
  /** Nodes, at least 2. */
  readonly n: number;
  /** Distance below `low` of the point from which the grid grows geometrically; small is dense at `low`. Default 0.25. */
  readonly pivot?: number;
}

/**
 * The asset grid of the heterogeneous-agent literature, dense at the borrowing limit:
 *   x_i = low + p ((1 + (high - low)/p)^(i/(n-1)) - 1),  p = pivot.
 *
 * Source: sequence-jacobian `agrid` and the StructuralRL tutorial, geomspace(b_min + P, b_max + P, n) - P, which is
 * this with p = b_min + P. The tutorial's P = max(|b_min|, 0.25) degenerates for b_min <= -0.25; there it shifts the
 * grid on [0, b_max - b_min], which is this with p = 0.25. Units: those of assets. Shape [n].
 * Throws unless low < high are finite, n >= 2 and pivot > 0. Invariant: steps grow by a constant factor.
 */
export function geometricGrid(options: GeometricGridOptions): Float64Array {
  const { low, high, n, pivot = 0.25 } = options;
  requireEnds('geometricGrid', low, high, n);
  requirePositive('geometricGrid', 'pivot', pivot);
  const grid = new Float64Array(n);
  const growth = Math.log1p((high - low) / pivot) / (n - 1);
  for (let i = 0; i < n; i++) grid[i] = low + pivot * Math.expm1(growth * i);
  grid[n - 1] = high;
  return grid;
}
