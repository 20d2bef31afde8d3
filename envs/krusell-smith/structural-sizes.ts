/** How fine the structural form of a calibration is, by size, and where its grids lie. */
import { show, UsageError } from '../../core/errors.ts';
import type { StructuralRequest } from '../../core/structural.ts';
import { geometricGrid, linspace } from '../../numerics/grids.ts';
import { householdProblem } from './household.ts';
import { factorPrices, steadyStateCapital } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';
import type { StructuralSetup } from './structural-core.ts';
import { type Rest, restOf } from './structural-rest.ts';

interface Size {
  readonly assetNodes: number;
  /** Last node of assets and pivot of the grid, in the annual economy; elsewhere they grow with the usual capital. */
  readonly richest: number;
  readonly pivot: number;
  readonly rateNodes: number;
  readonly wageNodes: number;
}

/** quick and notebook: tried; paper: Table 5 of Yang et al. (2025). */
const SIZES: Readonly<Record<StructuralRequest['size'], Size>> = {
  quick: { assetNodes: 80, richest: 50, pivot: 2, rateNodes: 12, wageNodes: 16 },
  notebook: { assetNodes: 200, richest: 100, pivot: 0.25, rateNodes: 12, wageNodes: 16 },
  paper: { assetNodes: 200, richest: 100, pivot: 0.25, rateNodes: 30, wageNodes: 50 },
};

/** K of the annual economy without risk. */
const ANNUAL_CAPITAL = steadyStateCapital({
  capitalShare: 0.36,
  depreciation: 0.08,
  discountFactor: 0.95,
  labour: 1,
});

/**
 * Ends of the grids: logs of rents (r + delta) and wages around those without aggregate risk, in standard deviations of log z L^(1-alpha). In the annual economy r then
 * lies between .005 and .095, w between .78 and 1.70.
 */
const REACH = { rent: [-5.5, 4.38], wage: [-5.3, 5.36] } as const;
/** The same for the paper's grids, [.02, .07] and [.9, 1.5] in its economy; equilibrium leaves them now and then. */
const PAPER_REACH = { rent: [-3.28, 2.27], wage: [-3.34, 3.65] } as const;
const LEAST_DEVIATION = 0.01;
/**
 * What tables have a household eat at least. The environment's higher floor is a kindness to learners who try things at random; here it would be a rule that forbids saving. Source: Yang et al. (2025).
 */
const LEAST_MEAL = 1e-3;

/** Ends of both grids. */
export interface PriceRanges {
  readonly rates: readonly [low: number, high: number];
  readonly wages: readonly [low: number, high: number];
}

/** Where prices are, without aggregate risk, and how far the grids reach by default. */
interface Surroundings {
  readonly rent: number;
  readonly wage: number;
  readonly deviation: number;
  readonly reach: typeof REACH | typeof PAPER_REACH;
}

function sizeOf({ size, assetNodes, priceNodes, shockNodes }: StructuralRequest, states: number): Size {
  const standard = SIZES[size];
  if (shockNodes !== undefined && shockNodes !== null && shockNodes !== states) {
    throw new UsageError(
      `krusell-smith: shockNodes is ${show(shockNodes)}, but productivity has ${states} states; its chain is the economy's own: give productivityStates=${shockNodes} ` +
        'and leave shockNodes out.',
    );
  }
  if (assetNodes !== undefined && assetNodes !== null && assetNodes < 4)
    throw new UsageError(`krusell-smith: assetNodes is ${show(assetNodes)}; give at least 4.`);
  if (priceNodes !== undefined && priceNodes !== null && priceNodes < 2)
    throw new UsageError(`krusell-smith: priceNodes is ${show(priceNodes)}; give at least 2 of each price.`);
  return {
    ...standard,
    assetNodes: assetNodes ?? standard.assetNodes,
    rateNodes: priceNodes ?? standard.rateNodes,
    wageNodes: priceNodes ?? standard.wageNodes,
  };
}

/**
 * The structural form as plain data. `priceRange` are the ends of r's grid; that of w is stretched alike. Throws a UsageError for sizes too small, for a range of r that is
 * empty or below -delta, and for lags.
 */
export function structuralSetup(model: KrusellSmithModel, request: StructuralRequest): StructuralSetup {
  const { exposure, usualCapital } = model;
  const problem = householdProblem(model);
  const { assetNodes, richest, pivot, rateNodes, wageNodes } = sizeOf(request, exposure.productivity.length);
  if ((request.lags ?? 0) > 0)
    throw new UsageError(
      `krusell-smith: lags is ${request.lags}; policies depend on r and w of the period alone.`,
    );
  const scale = usualCapital / ANNUAL_CAPITAL;
  const assets = geometricGrid({ low: 0, high: richest * scale, n: assetNodes, pivot: pivot * scale });
  const rest = restOf(model, assets);
  const { rates, wages } = rangesOf(model, request, rest);
  const Z = exposure.productivity.length;
  const E = exposure.labour.length;
  return {
    discountFactor: model.discountFactor,
    riskAversion: model.riskAversion,
    consumptionFloor: Math.min(model.consumptionFloor, LEAST_MEAL),
    capitalShare: model.capitalShare,
    depreciation: model.depreciation,
    assets,
    productivity: exposure.productivity,
    productivityTransition: exposure.aggregate,
    productivityStationary: exposure.stationary,
    labour: model.expectedLabour,
    units: Float64Array.from({ length: Z * E }, (_, i) => problem.income(i % E, Math.floor(i / E), 1)),
    ownTransitions: exposure.conditional,
    rates: linspace(...rates, rateNodes),
    wages: linspace(...wages, wageNodes),
    population: rest.distribution,
  };
}

function rangesOf(model: KrusellSmithModel, request: StructuralRequest, rest: Rest): PriceRanges {
  const around = surroundings(model, request, rest);
  const { rent, wage, deviation, reach } = around;
  const given = request.priceRange ?? undefined;
  if (given === undefined) {
    const [low, high] = reach.rent.map((d) => rent * Math.exp(d * deviation) - model.depreciation);
    const [least, most] = reach.wage.map((d) => wage * Math.exp(d * deviation));
    return { rates: [low, high], wages: [least, most] };
  }
  const [low, high] = given;
  if (!(low < high && low > -model.depreciation)) {
    throw new UsageError(
      `krusell-smith: the grid of r is [${low}, ${high}]; give priceLow below priceHigh and above -${model.depreciation}, what capital that produces nothing returns.`,
    );
  }
  const factor = Math.max(
    Math.log((low + model.depreciation) / rent) / (reach.rent[0] * deviation),
    Math.log((high + model.depreciation) / rent) / (reach.rent[1] * deviation),
    0.1,
  );
  const [least, most] = reach.wage.map((d) => wage * Math.exp(factor * d * deviation));
  return { rates: [low, high], wages: [least, most] };
}

function surroundings(model: KrusellSmithModel, { size }: StructuralRequest, rest: Rest): Surroundings {
  const { r, w } = factorPrices(model, rest);
  return {
    rent: r + model.depreciation,
    wage: w,
    deviation: Math.max(LEAST_DEVIATION, deviationOf(model)),
    reach: size === 'paper' ? PAPER_REACH : REACH,
  };
}

/** Standard deviation of log z L^(1-alpha) in the long run: of output at given capital. */
function deviationOf({ exposure, expectedLabour, capitalShare: alpha }: KrusellSmithModel): number {
  const { productivity, stationary } = exposure;
  const logs = productivity.map((z, i) => Math.log(z) + (1 - alpha) * Math.log(expectedLabour[i]));
  const mean = logs.reduce((sum, l, z) => sum + stationary[z] * l, 0);
  return Math.sqrt(logs.reduce((sum, l, z) => sum + stationary[z] * (l - mean) ** 2, 0));
}
