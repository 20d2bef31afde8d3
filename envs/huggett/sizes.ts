/** How fine the structural form of a calibration is, by size. */
import { show, UsageError } from '../../core/errors.ts';
import type { StructuralRequest } from '../../core/structural.ts';
import { geometricGrid, linspace } from '../../numerics/grids.ts';
import type { HuggettModel } from './setup.ts';
import { checkFeasible, incomeChain, productivityChain } from './setup.ts';
import type { StructuralSetup } from './structural-core.ts';

interface Size {
  readonly assetNodes: number;
  readonly priceNodes: number;
  readonly shockNodes: number;
}

/** With aggregate risk: quick as the tutorial on a CPU (with two more prices), notebook as the tutorial, paper as the paper. */
const CLEARING: Readonly<Record<StructuralRequest['size'], Size>> = {
  quick: { assetNodes: 80, priceNodes: 12, shockNodes: 15 },
  notebook: { assetNodes: 200, priceNodes: 20, shockNodes: 50 },
  paper: { assetNodes: 200, priceNodes: 20, shockNodes: 30 },
};

/** Without it, and where prices are given: the sizes of the tutorial's notebooks 0 to 4. */
const STATIONARY = { assetNodes: 200, priceNodes: 80, shockNodes: 1 };
const GIVEN = { fixed: 100, moving: 80 };

/** The tutorial's price grid ends at .99, where it binds in the best of times. Near 1 the start would jump from one node to the next. */
const PRICE_RANGE = [0.945, 0.995] as const;
const RATE_RANGE = [0, 0.06] as const;
/** Of the tutorial's notebook 4. */
const STATIONARY_RANGES = { rate: [-0.05, 0.05], price: [0.95, 1.05] } as const;

const LAGGED_NODES = 5;

export function sizeOf(model: HuggettModel, request: StructuralRequest): Size {
  const { market, productivityDeviation } = model;
  const standard =
    market === 'clearing'
      ? productivityDeviation > 0
        ? CLEARING[request.size]
        : STATIONARY
      : { assetNodes: GIVEN[market], priceNodes: 1, shockNodes: model.productivityStates };
  return {
    assetNodes: request.assetNodes ?? standard.assetNodes,
    priceNodes: request.priceNodes ?? standard.priceNodes,
    shockNodes: request.shockNodes ?? standard.shockNodes,
  };
}

/** Ends of the price grid. */
export function priceRangeOf(model: HuggettModel, request: StructuralRequest): readonly [number, number] {
  const { timing, productivityDeviation } = model;
  if (request.priceRange !== undefined && request.priceRange !== null) return request.priceRange;
  if (productivityDeviation === 0) return STATIONARY_RANGES[timing];
  return timing === 'price' ? PRICE_RANGE : RATE_RANGE;
}

/**
 * The structural form as plain data. Throws a UsageError for sizes too small, a range of prices that is empty or outside what is feasible.
 */
export function structuralSetup(model: HuggettModel, request: StructuralRequest): StructuralSetup {
  const { borrowingLimit, highestBonds, market, priceLevels } = model;
  const { assetNodes, priceNodes, shockNodes } = sizeOf(model, request);
  if (assetNodes < 4) throw new UsageError(`huggett: assetNodes is ${show(assetNodes)}; give at least 4.`);
  if (market === 'clearing' && priceNodes < 2)
    throw new UsageError(
      `huggett: priceNodes is ${show(priceNodes)}; give at least 2, to bracket the market.`,
    );
  const incomes = incomeChain(model);
  const productivity = productivityChain(model, Math.max(2, shockNodes));
  const prices = priceLevels?.levels ?? priceGrid(model, priceRangeOf(model, request), priceNodes);
  const lags = request.lags ?? 0;
  if (lags > 1)
    throw new UsageError(`huggett: lags is ${lags}; policies may depend on the price of one period before.`);
  return {
    timing: model.timing,
    discountFactor: model.discountFactor,
    riskAversion: model.riskAversion,
    borrowingLimit,
    stop: borrowingLimit + model.limitSlack,
    consumptionFloor: model.consumptionFloor,
    bondSupply: model.bondSupply,
    market: market === 'clearing' ? 'clearing' : 'given',
    clearing: model.clearing,
    search: 'bisect',
    assets: geometricGrid({ low: borrowingLimit, high: highestBonds, n: assetNodes }),
    incomes: incomes.levels,
    incomeTransition: incomes.transition,
    incomeStationary: incomes.stationary,
    productivity: productivity.levels,
    productivityTransition: productivity.transition,
    productivityStationary: productivity.stationary,
    prices,
    priceTransition: priceLevels?.transition ?? new Float64Array(0),
    priceStationary: priceLevels?.stationary ?? new Float64Array(0),
    lagged:
      lags > 0 && market === 'clearing'
        ? linspace(prices[0], prices[prices.length - 1], LAGGED_NODES)
        : new Float64Array(0),
  };
}

function priceGrid(model: HuggettModel, [low, high]: readonly [number, number], nodes: number): Float64Array {
  if (!(low < high))
    throw new UsageError(`huggett: the price grid is [${low}, ${high}]; give priceLow below priceHigh.`);
  if (model.timing === 'price' && !(low > 0))
    throw new UsageError(`huggett: priceLow is ${low}; prices of bonds are positive.`);
  if (model.timing === 'rate' && !(low > -1))
    throw new UsageError(`huggett: priceLow is ${low}; a net rate lies above -1.`);
  checkFeasible(model, low, high);
  return linspace(low, high, nodes);
}
