/** The classical solution of an economy that tells its `classical` problem, at one numerical size. */
import type { Classical, ClassicalCapital, ClassicalStationary } from '../core/classical.ts';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import type { LawOfMotionOptions } from './krusell-smith.ts';
import type { LawForm } from './law-of-motion.ts';
import type { HouseholdMethod, StationaryOptions } from './stationary.ts';

/** How finely to solve; what is null, or left out, is the economy's own number, or the solver's. */
export interface ClassicalSize {
  readonly assetNodes?: number | null;
  readonly assetHigh?: number | null;
  readonly capitalNodes?: number | null;
  readonly periods?: number;
  readonly discard?: number;
  readonly tolerance?: number;
  readonly form?: LawForm | null;
  readonly method?: HouseholdMethod;
  readonly seed?: number;
}

function assetsOf({ assets }: Classical, { assetNodes, assetHigh }: ClassicalSize): Float64Array {
  return assetGrid({ low: assets.low, high: assetHigh ?? assets.high, n: assetNodes ?? assets.nodes });
}

/** Options of `solveLawOfMotion`. Throws on sizes that are no grid. Invariant: the grid starts at the borrowing limit. */
export function lawOfMotionOptions(
  classical: ClassicalCapital,
  size: ClassicalSize = {},
): LawOfMotionOptions {
  const { low, high, nodes } = classical.capital;
  const { periods, discard, tolerance, form, method, seed } = size;
  return {
    assets: assetsOf(classical, size),
    capital: logspace(low, high, size.capitalNodes ?? nodes),
    ...(periods === undefined ? {} : { periods }),
    ...(discard === undefined ? {} : { discard }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(form === undefined || form === null ? {} : { form }),
    ...(method === undefined ? {} : { method }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Options of `solveStationary`, as `lawOfMotionOptions`. */
export function stationaryOptions(
  classical: ClassicalStationary,
  size: ClassicalSize = {},
): StationaryOptions {
  const { lower, upper } = classical.price;
  const { method } = size;
  return { assets: assetsOf(classical, size), lower, upper, ...(method === undefined ? {} : { method }) };
}
