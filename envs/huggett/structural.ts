/** The structural form of a calibration, as the structural agent takes it. */
import type { Structural, StructuralRequest, StructuralSolution } from '../../core/structural.ts';
import { linspace } from '../../numerics/grids.ts';
import { bracket, segmentWeight } from '../../numerics/interpolation.ts';
import type { HuggettCalibration } from './calibration.ts';
import { type Reference, solveReference } from './exact-solution.ts';
import { type PricedPolicy, policyOfShares, sampleWork, tradeByPolicy } from './priced-policy.ts';
import { huggettReport } from './report.ts';
import { type HuggettModel, huggettModel } from './setup.ts';
import { priceRangeOf, structuralSetup } from './sizes.ts';
import type { HuggettState } from './state.ts';
import { type StructuralSetup, structuralCore } from './structural-core.ts';

/** A price grid grows by this share of its length at each end when it does not reach. */
const GROWTH = 0.5;
const LOWEST_PRICE = 0.2;

/** What a thread makes the structural form from: `structuralFrom` of this module. */
interface SourceArgument {
  readonly calibration: HuggettCalibration;
  readonly request: StructuralRequest;
}

/** Throws what `structuralSetup` throws. */
export function huggettStructural(
  model: HuggettModel,
  request: StructuralRequest,
): Structural<HuggettState, 'household'> {
  const setup = structuralSetup(model, request);
  const core = structuralCore(setup);
  const policies = new WeakMap<StructuralSolution, readonly PricedPolicy[]>();
  const work = sampleWork(model.households);
  const policyFor = (solution: StructuralSolution, state: HuggettState): PricedPolicy => {
    const lags = Math.max(1, setup.lagged.length);
    const found =
      policies.get(solution) ??
      Array.from({ length: lags }, (_, lag) => policyOfShares(setup, solution.tables[0], lag));
    policies.set(solution, found);
    return found[nearest(setup.lagged, state.price)];
  };
  let solved: Reference | undefined;
  const sameGrid = (): Reference => {
    solved ??= solveReference(setup, { method: 'values', prices: 'close' });
    return solved;
  };
  const { calibration } = plain(model);
  const range = priceRangeOf(model, request);
  return {
    ...core,
    source: {
      module: import.meta.url,
      name: 'structuralFrom',
      argument: { calibration, request } satisfies SourceArgument,
    },
    request: model.market === 'clearing' ? { ...request, priceRange: range } : request,
    suggested: suggestions(model, request),
    ...(model.market === 'clearing'
      ? { widen: (tables: readonly Float64Array[]) => widened(model, request, setup, tables) }
      : {}),
    act(solution, state, { household }) {
      tradeByPolicy(model, policyFor(solution, state), state, work, household);
    },
    report: (solution) => huggettReport({ model, setup, solution, size: request.size, sameGrid }),
  };
}

/** The structural form in another thread. */
export function structuralFrom({
  calibration,
  request,
}: SourceArgument): Structural<HuggettState, 'household'> {
  return huggettStructural(huggettModel(calibration), request);
}

function nearest(nodes: Float64Array, x: number): number {
  let best = 0;
  for (let i = 1; i < nodes.length; i++) if (Math.abs(nodes[i] - x) < Math.abs(nodes[best] - x)) best = i;
  return best;
}

/** The settings of a model again, without what was computed from them. */
function plain(model: HuggettModel): { readonly calibration: HuggettCalibration } {
  const {
    incomeLevels: _i,
    productivityLevels: _p,
    priceLevels: _g,
    meanIncome: _m,
    priceBounds: _b,
    incomeSums: _is,
    productivitySums: _ps,
    priceSums: _gs,
    ...calibration
  } = model;
  return { calibration };
}

/** Numbers for the structural agent's settings that are null. Sources: the tutorial and the paper for Adam, trials for the scaled step. */
function suggestions(
  model: HuggettModel,
  { size }: StructuralRequest,
): Readonly<Record<string, number | string>> {
  const { market, productivityDeviation, discountFactor, timing } = model;
  const horizon = (tolerance: number) => Math.ceil(Math.log(tolerance) / Math.log(discountFactor));
  if (market !== 'clearing') {
    return {
      paths: productivityDeviation > 0 || market === 'moving' ? 8 : 1,
      'adam.paths': market === 'moving' ? 32 : 1,
      horizon: horizon(0.1),
      'adam.horizon': horizon(market === 'moving' ? 1e-2 : 1e-3),
      learningRate: 0.5,
      'adam.learningRate': 0.01,
      decay: 0.03,
      'scaled.tolerance': 3e-4,
    };
  }
  if (productivityDeviation === 0) {
    return {
      paths: 1,
      'adam.paths': 2,
      // Prices of an economy without shocks visit few nodes, each apart: increments would carry what is learned at one to nodes that nobody sees.
      'adam.parameters': 'levels',
      'adam.penalty': 'rising',
      'adam.limit': 'one-sided',
      horizon: horizon(1e-2),
      'adam.horizon': horizon(1e-4),
      'scaled.tolerance': 1e-3,
      learningRate: 1,
      'adam.learningRate': 0.01,
      decay: 0.1,
    };
  }
  return {
    paths: { quick: 24, notebook: 32, paper: 32 }[size],
    'adam.paths': { quick: 32, notebook: 128, paper: 512 }[size],
    horizon: horizon(1e-3) >> 1,
    'adam.horizon': horizon(1e-3),
    learningRate: timing === 'price' ? 0.3 : 0.6,
    'adam.learningRate': 1e-3,
    decay: timing === 'price' ? 0.05 : 0.03,
    'scaled.tolerance': timing === 'price' ? 5e-4 : 2e-3,
    'adam.decay': size === 'paper' ? 0.5 : 0.1,
    'adam.tolerance': size === 'paper' ? 3e-4 : 1e-4,
  };
}

/** A grid half as long again at both ends, shares interpolated along it, the end ones kept beyond. Undefined where it cannot grow. */
function widened(
  model: HuggettModel,
  request: StructuralRequest,
  setup: StructuralSetup,
  tables: readonly Float64Array[],
): { readonly request: StructuralRequest; readonly tables: Float64Array[] } | undefined {
  const [low, high] = priceRangeOf(model, request);
  const [least, most] = feasibleRange(model);
  const step = GROWTH * (high - low);
  const range = [Math.max(least, low - step), Math.min(most, high + step)] as const;
  if (range[0] === low && range[1] === high) return undefined;
  const { prices } = setup;
  const wider = linspace(range[0], range[1], prices.length);
  const cells = setup.assets.length * setup.incomes.length;
  const [table] = tables;
  const moved = new Float64Array(table.length);
  for (let k = 0; k < table.length / cells; k++) {
    const node = k % prices.length;
    const x = wider[node];
    const i = bracket(prices, x);
    const w = Math.max(0, Math.min(1, segmentWeight(prices, i, x)));
    const from = (k - node + i) * cells;
    for (let j = 0; j < cells; j++)
      moved[k * cells + j] = (1 - w) * table[from + j] + w * table[from + cells + j];
  }
  return { request: { ...request, priceRange: range }, tables: [moved] };
}

/** Prices at which the poorest can eat, with some room. */
function feasibleRange({ priceBounds, timing }: HuggettModel): readonly [number, number] {
  const [low, high] = priceBounds;
  return timing === 'price' ? [Math.max(low, LOWEST_PRICE), Math.min(high, 2)] : [Math.max(low, -0.5), high];
}
