/** The classical solution of an economy that tells its `classical` problem, at one numerical size. */
import type {
  Classical,
  ClassicalCapital,
  ClassicalStationary,
  StationaryEconomy,
} from '../core/classical.ts';
import { logspace } from '../numerics/grids.ts';
import { assetGrid } from './asset-grids.ts';
import type { LawOfMotionOptions } from './krusell-smith.ts';
import type { LawForm } from './law-of-motion.ts';
import {
  type HouseholdMethod,
  type LongRun,
  longRun,
  type StationaryEquilibrium,
  type StationaryOptions,
  solveStationary,
  stationaryProblem,
} from './stationary.ts';

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

/**
 * Marginal utility goes with c^-sigma: where sigma, or sigma times the log distance of capital nodes, is larger, cubics through it overshoot and the Euler equation
 * does not settle. It failed at sigma 10 on any nodes, and at 3 where nodes were 0.87 apart; it settled at 3 and 0.82.
 */
const HIGHEST_FOR_CUBICS = 5;
const WIDEST_FOR_CUBICS = 2;

/** Options of `solveLawOfMotion`; policies are mixed between capital nodes by cubics where these are safe. Throws on sizes that are no grid. Invariant: the grid starts at the borrowing limit. */
export function lawOfMotionOptions(
  classical: ClassicalCapital,
  size: ClassicalSize = {},
): LawOfMotionOptions {
  const { low, high } = classical.capital;
  const { periods, discard, tolerance, form, method, seed } = size;
  const nodes = size.capitalNodes ?? classical.capital.nodes;
  const { riskAversion } = classical.economy;
  const bend = (riskAversion * Math.log(high / low)) / (nodes - 1);
  return {
    assets: assetsOf(classical, size),
    capital: logspace(low, high, nodes),
    interpolation: riskAversion <= HIGHEST_FOR_CUBICS && bend <= WIDEST_FOR_CUBICS ? 'cubic' : 'linear',
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

/** An equilibrium, or where none lies between the economy's prices (`isBracketed` false), what is found at the price with the least excess. */
export interface ClassicalEquilibrium extends StationaryEquilibrium {
  readonly isBracketed: boolean;
}

/** Prices looked at on the way from the middle of the range to an end: each is ten times as close to the end as the one before. */
const APPROACHES = 4;

/** Tolerance of policy and cross-section while only the sign of excess holdings is asked for. */
const COARSE = 1e-8;

/**
 * The stationary equilibrium of an economy that tells its `classical` problem. The market is looked at in the middle of the range of prices, then
 * ever closer to its ends, since just below impatience households hold ever more, which takes ever longer to find.
 *
 * `converged` is false where the market does not change sides. Throws what `solveStationary` throws otherwise. Invariant: deterministic.
 */
export function solveClassicalStationary(
  classical: ClassicalStationary,
  size: ClassicalSize = {},
): ClassicalEquilibrium {
  const { economy } = classical;
  const options = stationaryOptions(classical, size);
  const search = searchBracket(economy, options);
  if (search.bracket !== undefined) {
    const [lower, upper] = search.bracket;
    return { ...solveStationary(economy, { ...options, lower, upper }), isBracketed: true };
  }
  const { price, found, excess } = search.closest;
  const { consumption, savings, distribution, meanAssets } = found;
  const { income } = stationaryProblem(economy, price, options.assets);
  const mean = (value: (cell: number) => number) =>
    distribution.reduce((sum, mass, cell) => sum + mass * value(cell), 0);
  return {
    converged: false,
    iterations: 0,
    residual: Math.abs(excess),
    price,
    assets: options.assets,
    consumption,
    savings,
    distribution,
    meanAssets,
    meanConsumption: mean((cell) => consumption[cell]),
    meanIncome: mean((cell) => income[Math.floor(cell / options.assets.length)]),
    isBracketed: false,
  };
}

interface Visit {
  readonly price: number;
  readonly found: LongRun;
  readonly excess: number;
}

/** Two prices between which excess holdings change sign, if there are any, and the visited price where they are least. */
function searchBracket(
  economy: StationaryEconomy,
  options: StationaryOptions,
): { readonly bracket?: readonly [number, number]; readonly closest: Visit } {
  const { lower, upper } = options;
  const coarse = { ...options, householdTolerance: COARSE, distributionTolerance: COARSE };
  const visit = (price: number, from?: LongRun): Visit => {
    const found = longRun(economy, price, coarse, from);
    return { price, found, excess: found.meanAssets - economy.assetSupply(price) };
  };
  const middle = visit((lower + upper) / 2);
  let closest = middle;
  for (const end of [upper, lower]) {
    let inner = middle;
    for (let k = 1; k <= APPROACHES; k++) {
      const next = visit(end - (end - middle.price) * 10 ** -k, inner.found);
      if (next.excess > 0 !== middle.excess > 0)
        return { bracket: [Math.min(inner.price, next.price), Math.max(inner.price, next.price)], closest };
      if (Math.abs(next.excess) < Math.abs(closest.excess)) closest = next;
      inner = next;
    }
  }
  return { closest };
}
