/** The structural form of the economy, from grids and chains as plain data: what is simulated and differentiated. */
import type {
  Structural,
  StructuralPeriod,
  StructuralStart,
  StructuralTable,
} from '../../core/structural.ts';
import { type Crossing, crossing, rootBetween } from './clearing.ts';
import { type Household, readNodes, respondAt, savedAt, savedBetween } from './kernels.ts';
import { frozenPriceShare, netReturn } from './model.ts';

/** Plain data: what a thread is sent. */
export interface StructuralSetup extends Household {
  readonly bondSupply: number;
  readonly market: 'clearing' | 'given';
  readonly clearing: 'exact' | 'interpolated';
  readonly search: 'bisect' | 'scan';
  readonly assets: Float64Array;
  readonly incomes: Float64Array;
  readonly incomeTransition: Float64Array;
  readonly incomeStationary: Float64Array;
  /** Levels of z. */
  readonly productivity: Float64Array;
  readonly productivityTransition: Float64Array;
  readonly productivityStationary: Float64Array;
  /** Nodes of the price; where it is given, its states. */
  readonly prices: Float64Array;
  /** Where the price is given, [prices^2]; otherwise empty. */
  readonly priceTransition: Float64Array;
  readonly priceStationary: Float64Array;
  /** Nodes of last period's price; empty where policies do not depend on it. */
  readonly lagged: Float64Array;
}

export type StructuralCore = Omit<
  Structural,
  'source' | 'request' | 'suggested' | 'widen' | 'act' | 'report'
>;

const SHARE_BOUNDS = [1e-3, 1] as const;
/** Starting closer to one would start poor households where they do not save, and learn nothing unless something else moves them. */
const HIGHEST_START = 0.98;
const CONSTANT_START = 0.5;
/** Excess savings per household after which one more step leaves rounding. */
const NEARLY = 1e-7;

/**
 * Tables: the consumption share of cash beyond the limit, [K, J], at node k = (z lags + lag) prices + price. Throws nothing. Invariant: `settle` leaves a
 * period of which `respond` is a function.
 */
export function structuralCore(setup: StructuralSetup): StructuralCore {
  const { assets, incomes, productivity, prices, lagged, market, bondSupply, timing } = setup;
  const cells = assets.length * incomes.length;
  const lags = Math.max(1, lagged.length);
  const isClearing = market === 'clearing';
  const table: StructuralTable = {
    name: 'consumptionShare',
    over: 'individual',
    nodes: productivity.length * lags * prices.length,
    low: SHARE_BOUNDS[0],
    high: SHARE_BOUNDS[1],
    tied: isClearing ? prices.length : 1,
    ...(isClearing ? { pooled: lags * prices.length } : {}),
    curvature: setup.riskAversion,
  };
  const width = !isClearing ? 1 : lagged.length > 0 ? 4 : 2;
  const mixed = new Float64Array(cells);
  const found: Crossing = { lower: 0, upper: 1, upperWeight: 0, missed: 0 };
  // What `excess` looks at: set before every search.
  const now: { mass: Float64Array; shares: Float64Array; z: number; first: number; lagWeight: number } = {
    mass: mixed,
    shares: mixed,
    z: 1,
    first: 0,
    lagWeight: 0,
  };
  const excess = (node: number): number => {
    const at = now.first + node;
    if (now.lagWeight === 0) {
      return (
        savedAt(now.mass, assets, incomes, now.z, now.shares, at * cells, prices[node], setup) - bondSupply
      );
    }
    mixTwo(now.shares, at * cells, (at + prices.length) * cells, now.lagWeight, mixed);
    return savedAt(now.mass, assets, incomes, now.z, mixed, 0, prices[node], setup) - bondSupply;
  };
  const schedule = {
    excess,
    nodes: prices.length,
    direction: timing === 'price' ? (-1 as const) : (1 as const),
    values: new Float64Array(prices.length),
  };
  const place = { at: 0, weight: 0 };

  /** Excess savings with prices and shares mixed between the nodes found. */
  const excessBetween = (weight: number): number => {
    const { lower, upper } = found;
    const row = prices.length * cells;
    const price = (1 - weight) * prices[lower] + weight * prices[upper];
    if (now.lagWeight === 0) {
      const base = now.first * cells;
      const [low, high] = [base + lower * cells, base + upper * cells];
      const { mass, z, shares } = now;
      return savedBetween(mass, assets, incomes, z, shares, low, high, weight, price, setup) - bondSupply;
    }
    for (let side = 0; side < 2; side++) {
      const lag = side === 0 ? 1 - now.lagWeight : now.lagWeight;
      const base = now.first * cells + side * row;
      addTwo(now.shares, base + lower * cells, base + upper * cells, weight, lag, side, mixed);
    }
    return savedAt(now.mass, assets, incomes, now.z, mixed, 0, price, setup) - bondSupply;
  };

  const clear = (z: number, carried: Float64Array, period: StructuralPeriod): 0 | 1 => {
    if (lagged.length > 0) locate(lagged, carried[0], place);
    now.lagWeight = lagged.length > 0 ? place.weight : 0;
    now.first = (z * lags + (lagged.length > 0 ? place.at : 0)) * prices.length;
    const memory = lagged.length > 0 ? 1 : 0;
    crossing(schedule, carried[memory], setup.search, found);
    carried[memory] = found.lower;
    if (setup.clearing === 'exact') found.upperWeight = rootBetween(excessBetween, schedule, found, NEARLY);
    const { lower, upper, upperWeight, missed } = found;
    const stride = lagged.length > 0 ? prices.length : 0;
    readNodes(period, now.first + lower, now.first + upper, stride, now.lagWeight, upperWeight);
    period.aggregates[0] = (1 - upperWeight) * prices[lower] + upperWeight * prices[upper];
    if (lagged.length > 0) carried[0] = period.aggregates[0];
    return missed;
  };

  const shock = (name: string, states: number, transition: Float64Array, stationary: Float64Array) => ({
    name,
    states,
    transition,
    stationary,
  });
  return {
    discountFactor: setup.discountFactor,
    assets,
    ownStates: incomes.length,
    ownTransition: setup.incomeTransition,
    shocks: [
      shock('productivity', productivity.length, setup.productivityTransition, setup.productivityStationary),
      ...(isClearing ? [] : [shock('price', prices.length, setup.priceTransition, setup.priceStationary)]),
    ],
    tables: [table],
    width,
    aggregates: ['price', 'productivity'],
    prices: ['price'],
    // Where the market cleared last is where it is looked for next.
    carried: isClearing
      ? Float64Array.from([...(lagged.length > 0 ? [lagged[lagged.length >> 1]] : []), prices.length >> 1])
      : new Float64Array(0),
    population: allHold(assets, bondSupply, setup.incomeStationary),
    start: (kind) => [startShares(setup, lags, kind)],
    settle(mass, shocks, at, tables, carried, period) {
      const z = shocks[at];
      period.aggregates[1] = productivity[z];
      if (!isClearing) {
        const node = z * prices.length + shocks[at + 1];
        period.nodes[0] = node;
        period.weights[0] = 1;
        period.aggregates[0] = prices[shocks[at + 1]];
        return 0;
      }
      now.mass = mass;
      now.shares = tables[0];
      now.z = productivity[z];
      return clear(z, carried, period);
    },
    respond({ aggregates }, actions, response) {
      respondAt(assets, incomes, aggregates[1], actions, aggregates[0], setup, response);
    },
    residual: (mass, next) => (isClearing ? dot(mass, next) - bondSupply : 0),
    base(node, out) {
      const price = prices[node % prices.length];
      const z = productivity[Math.floor(node / (lags * prices.length))];
      const worth = timing === 'price' ? 1 : 1 + price;
      for (let j = 0; j < cells; j++) {
        const income = z * incomes[Math.floor(j / assets.length)];
        out[j] = worth * assets[j % assets.length] + income - setup.borrowingLimit;
      }
    },
  };
}

function mixTwo(table: Float64Array, first: number, second: number, weight: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = (1 - weight) * table[first + j] + weight * table[second + j];
}

function addTwo(
  table: Float64Array,
  first: number,
  second: number,
  weight: number,
  scale: number,
  side: number,
  out: Float64Array,
): void {
  const low = scale * (1 - weight);
  const high = scale * weight;
  if (side === 0)
    for (let j = 0; j < out.length; j++) out[j] = low * table[first + j] + high * table[second + j];
  else for (let j = 0; j < out.length; j++) out[j] += low * table[first + j] + high * table[second + j];
}

function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let j = 0; j < x.length; j++) total += x[j] * y[j];
  return total;
}

/** The node below x, which may lie outside, and the share of the next one. */
export function locate(nodes: Float64Array, x: number, place: { at: number; weight: number }): void {
  let at = 0;
  while (at < nodes.length - 2 && nodes[at + 1] <= x) at++;
  const weight = (x - nodes[at]) / (nodes[at + 1] - nodes[at]);
  place.at = at;
  place.weight = weight < 0 ? 0 : weight > 1 ? 1 : weight;
}

/** Everyone holds the same bonds, all that there are, with incomes as in the long run. */
function allHold(assets: Float64Array, bonds: number, incomes: Float64Array): Float64Array {
  const place = { at: 0, weight: 0 };
  locate(assets, bonds, place);
  const population = new Float64Array(incomes.length * assets.length);
  for (let e = 0; e < incomes.length; e++) {
    population[e * assets.length + place.at] = incomes[e] * (1 - place.weight);
    population[e * assets.length + place.at + 1] = incomes[e] * place.weight;
  }
  return population;
}

/** Shares that would be right if prices stayed as they are, or one half. Shape [K, J]. */
function startShares(setup: StructuralSetup, lags: number, kind: StructuralStart): Float64Array {
  const { assets, incomes, productivity, prices, timing, borrowingLimit } = setup;
  const cells = assets.length * incomes.length;
  const shares = new Float64Array(productivity.length * lags * prices.length * cells).fill(CONSTANT_START);
  if (kind === 'constant') return shares;
  const most = kind === 'clipped' ? SHARE_BOUNDS[1] : HIGHEST_START;
  for (let node = 0; node < shares.length / cells; node++) {
    const price = prices[node % prices.length];
    const z = productivity[Math.floor(node / (lags * prices.length))];
    const share = frozenPriceShare({ ...setup, price });
    const r = netReturn(timing, price);
    for (let e = 0, i = node * cells; e < incomes.length; e++) {
      const income = z * incomes[e];
      for (let a = 0; a < assets.length; a++, i++) {
        const base = (timing === 'price' ? 1 : 1 + price) * assets[a] + income - borrowingLimit;
        const wealth = timing === 'price' ? base + 1 / r : assets[a] + income / r;
        const c = share === Infinity ? Infinity : share * wealth;
        shares[i] = Math.max(SHARE_BOUNDS[0], Math.min(most, c / base));
      }
    }
  }
  return shares;
}
