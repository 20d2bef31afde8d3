/** Asset grids that are dense at the borrowing limit, where policies bend. */
import { requireFinite, requirePositive, requireWhole } from '../numerics/checks.ts';
import { geometricGrid } from '../numerics/grids.ts';

export interface AssetGridOptions {
  readonly low: number;
  readonly high: number;
  /** Nodes, at least 2. */
  readonly n: number;
  /**
   * 'geometric': steps grow by a constant factor from `pivot` on (`geometricGrid`). 'double-exponential': even in log(1 + log(1 + a - low)).
   * 'power': even in (a - low)^(1 / power), power 7 in Maliar, Maliar and Valli (2010, JEDC 34). Default 'geometric'.
   */
  readonly spacing?: 'geometric' | 'double-exponential' | 'power';
  /** Of 'geometric'; default 0.25. */
  readonly pivot?: number;
  /** Of 'power'; default 7. */
  readonly power?: number;
}

/**
 * The nodes, [n], from `low` to `high`.
 *
 * Source of 'double-exponential': the nested exponentials of Carroll, Kaufman, Kazil, Palmer and White (2018), the HARK toolkit. Throws unless low < high are finite, n >= 2, and pivot and power are positive. Invariant: increasing, steps never shrink (power at least 1).
 */
export function assetGrid(options: AssetGridOptions): Float64Array {
  const { low, high, n, spacing = 'geometric', pivot = 0.25, power = 7 } = options;
  if (spacing === 'geometric') return geometricGrid({ low, high, n, pivot });
  requireFinite('assetGrid', 'low', low);
  requireFinite('assetGrid', 'high', high);
  requireWhole('assetGrid', 'n', n, 2, 2 ** 31 - 1);
  requirePositive('assetGrid', 'high - low', high - low);
  requirePositive('assetGrid', 'the power', power);
  const top = Math.log1p(Math.log1p(high - low));
  const grid = Float64Array.from({ length: n }, (_, i) => {
    const u = i / (n - 1);
    return spacing === 'power' ? low + (high - low) * u ** power : low + Math.expm1(Math.expm1(top * u));
  });
  grid[n - 1] = high;
  return grid;
}
