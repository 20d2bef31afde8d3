/** How fine the structural form of a calibration is, by size. */
import { UsageError } from '../../core/errors.ts';
import type { StructuralRequest } from '../../core/structural.ts';
import { geometricGrid, linspace } from '../../numerics/grids.ts';
import { type HankModel, shockChain } from './setup.ts';
import type { StructuralSetup } from './structural-core.ts';
import { exponentialPopulation } from './structural-start.ts';

interface Size {
  readonly assetNodes: number;
  readonly shockNodes: number;
}

const SIZES: Readonly<Record<StructuralRequest['size'], Size>> = {
  quick: { assetNodes: 60, shockNodes: 31 },
  notebook: { assetNodes: 100, shockNodes: 31 },
  paper: { assetNodes: 200, shockNodes: 51 },
};

/** Nodes of the recommended tables in log z and e, on three standard deviations either way. */
const TABLE_NODES = { productivity: 7, monetary: 3 };
const DEVIATIONS = 3;
/** Of the published tables, with the paper's ranges. */
const PRICE_NODES = { quick: 10, notebook: 20, paper: 30 };
const RATES = [0.01, 0.04] as const;
const WAGES = [0.7, 1] as const;

/** The structural form as plain data. Throws a UsageError for sizes too small. */
export function structuralSetup(model: HankModel, request: StructuralRequest): StructuralSetup {
  const standard = SIZES[request.size];
  const assetNodes = request.assetNodes ?? standard.assetNodes;
  const states = request.shockNodes ?? standard.shockNodes;
  if (states < 3) throw new UsageError(`hank: shockNodes is ${states}; give at least 3.`);
  const assets = geometricGrid({ low: model.borrowingLimit, high: model.highestBonds, n: assetNodes });
  const { incomes, incidence } = model;
  const productivity = shockChain({
    persistence: model.productivityPersistence,
    deviation: model.productivityDeviation,
    states,
    level: (x) => x,
  });
  const monetary = shockChain({
    persistence: model.monetaryPersistence,
    deviation: model.monetaryDeviation,
    states,
    level: (x) => x,
  });
  const isPublished = model.information === 'published';
  const prices = request.priceNodes ?? PRICE_NODES[request.size];
  return {
    information: model.information,
    trace: model.trace,
    discountFactor: model.discountFactor,
    riskAversion: model.riskAversion,
    labourCurvature: model.labourCurvature,
    labourWeight: model.labourWeight,
    borrowingLimit: model.borrowingLimit,
    consumptionFloor: model.consumptionFloor,
    elasticity: model.elasticity,
    adjustmentCost: model.adjustmentCost,
    costOf: model.costOf,
    target: model.target,
    reaction: model.reaction,
    rule: model.rule,
    bonds: model.bonds,
    assets,
    incomes: incomes.levels,
    incidence,
    incomeTransition: incomes.transition,
    incomeStationary: incomes.stationary,
    logProductivity: productivity.levels,
    productivityTransition: productivity.transition,
    productivityStationary: productivity.stationary,
    monetary: monetary.levels,
    monetaryTransition: monetary.transition,
    monetaryStationary: monetary.stationary,
    productivityNodes: nodesOf(model.productivityDeviation, request.priceNodes ?? TABLE_NODES.productivity),
    monetaryNodes: nodesOf(model.monetaryDeviation, TABLE_NODES.monetary),
    rates: isPublished ? linspace(RATES[0], RATES[1], prices) : Float64Array.of(0),
    wages: isPublished ? linspace(...wageRange(request), prices) : Float64Array.of(0),
    population: exponentialPopulation(assets, model.bonds, incomes.stationary),
  };
}

function wageRange({ priceRange }: StructuralRequest): readonly [number, number] {
  return priceRange ?? WAGES;
}

function nodesOf(deviation: number, count: number): Float64Array {
  if (deviation === 0) return Float64Array.of(0);
  return linspace(-DEVIATIONS * deviation, DEVIATIONS * deviation, count);
}
