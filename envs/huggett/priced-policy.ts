/** Consumption by state and price, as tables of the structural agent and of the oracle both come down to: what a sample of households trades by. */
import { type Crossing, crossing, rootBetween } from './clearing.ts';
import { cashOf, incomeOf } from './market.ts';
import { bondPrice, bondWorth } from './model.ts';
import type { HuggettModel } from './setup.ts';
import type { HuggettState } from './state.ts';
import { locate, type StructuralSetup } from './structural-core.ts';

export interface PricedPolicy {
  readonly assets: Float64Array;
  /** Levels of z, [Z]. */
  readonly productivity: Float64Array;
  /** N nodes of the price for each z, [Z, N]. */
  readonly prices: Float64Array;
  readonly nodes: number;
  /** c, [Z, N, E, A]. */
  readonly consumption: Float64Array;
}

/** Consumption from shares [K, J], as structural agents eat: at least the floor, at most what leaves the stop. `lag` chooses a node of the lagged price. */
export function policyOfShares(setup: StructuralSetup, shares: Float64Array, lag: number): PricedPolicy {
  const { assets, incomes, productivity, prices, lagged, timing, borrowingLimit, stop, consumptionFloor } =
    setup;
  const cells = assets.length * incomes.length;
  const lags = Math.max(1, lagged.length);
  const consumption = new Float64Array(productivity.length * prices.length * cells);
  for (let z = 0; z < productivity.length; z++) {
    for (let k = 0; k < prices.length; k++) {
      const from = ((z * lags + lag) * prices.length + k) * cells;
      const to = (z * prices.length + k) * cells;
      const [p, g] = [bondPrice(timing, prices[k]), bondWorth(timing, prices[k])];
      for (let e = 0, j = 0; e < incomes.length; e++) {
        const income = productivity[z] * incomes[e];
        for (let a = 0; a < assets.length; a++, j++) {
          const cash = g * assets[a] + income;
          const c = Math.min(shares[from + j] * (cash - borrowingLimit), cash - p * stop);
          consumption[to + j] = c < consumptionFloor ? consumptionFloor : c;
        }
      }
    }
  }
  return {
    assets,
    productivity,
    prices: Float64Array.from(
      { length: productivity.length * prices.length },
      (_, i) => prices[i % prices.length],
    ),
    nodes: prices.length,
    consumption,
  };
}

/** Rooms for `tradeByPolicy`, for one number of households. */
export interface SampleWork {
  readonly lower: Int32Array;
  readonly weight: Float64Array;
  readonly income: Float64Array;
  readonly consumption: Float64Array;
}

export function sampleWork(households: number): SampleWork {
  return {
    lower: new Int32Array(households),
    weight: new Float64Array(households),
    income: new Float64Array(households),
    consumption: new Float64Array(households),
  };
}

/** One more step leaves rounding. */
const CLEARED = 1e-8;
/** Nobody eats less than this share of what can be spent. */
const LEAST_SHARE = 1e-3;

/**
 * Writes the shares [n] that households bid who follow a policy: at the price at which what they do clears the market of this very sample (or at the given one), consumption over
 * what could be spent. Between prices consumption is mixed like the price; between levels of z likewise. Invariant: the environment's price for these shares is that price,
 * where it lies on the policy's grid.
 */
export function tradeByPolicy(
  model: HuggettModel,
  policy: PricedPolicy,
  state: HuggettState,
  work: SampleWork,
  shares: Float64Array,
): number {
  const { assets, prices, nodes, productivity } = policy;
  const { bonds } = state;
  const n = bonds.length;
  const cells = assets.length * model.incomeLevels.n;
  const place = { at: 0, weight: 0 };
  for (let i = 0; i < n; i++) {
    locateSorted(assets, bonds[i], place);
    work.lower[i] = place.at;
    work.weight[i] = place.weight;
    work.lower[i] += state.status[i] * assets.length;
    work.income[i] = incomeOf(model, state, i);
  }
  const z = { at: 0, weight: 0 };
  if (productivity.length > 1) locate(productivity, model.productivityLevels.levels[state.productivity], z);
  const priceAt = (k: number) => {
    const low = prices[z.at * nodes + k];
    return z.weight === 0 ? low : (1 - z.weight) * low + z.weight * prices[(z.at + 1) * nodes + k];
  };
  const bought = (lower: number, upper: number, weight: number): number => {
    const price = (1 - weight) * priceAt(lower) + weight * priceAt(upper);
    const [p, g] = [bondPrice(model.timing, price), bondWorth(model.timing, price)];
    work.consumption.fill(0);
    for (let s = 0; s < (z.weight === 0 ? 1 : 2); s++) {
      const share = s === 0 ? 1 - z.weight : z.weight;
      const row = (z.at + s) * nodes;
      addConsumption(policy.consumption, (row + lower) * cells, share * (1 - weight), work);
      if (weight !== 0) addConsumption(policy.consumption, (row + upper) * cells, share * weight, work);
    }
    return spend(bonds, work, g, p * model.borrowingLimit) / (p * n) - model.bondSupply;
  };
  let price: number;
  if (model.market !== 'clearing') {
    price = state.price;
    const k = nodes === 1 ? 0 : state.priceState;
    bought(k, k, 0);
  } else {
    price = clearSample(model, bought, priceAt, nodes);
  }
  const p = bondPrice(model.timing, price);
  for (let i = 0; i < n; i++) {
    const most = cashOf(model, state, price, i) - p * model.borrowingLimit;
    shares[i] = most > 0 ? Math.min(1, work.consumption[i] / most) : 1;
  }
  return price;
}

/** The price between nodes at which excess purchases vanish; `work.consumption` is left at it. */
function clearSample(
  model: HuggettModel,
  bought: (lower: number, upper: number, weight: number) => number,
  priceAt: (node: number) => number,
  nodes: number,
): number {
  const found: Crossing = { lower: 0, upper: 1, upperWeight: 0, missed: 0 };
  const schedule = {
    excess: (k: number) => bought(k, k, 0),
    nodes,
    direction: model.timing === 'price' ? (-1 as const) : (1 as const),
    values: new Float64Array(nodes),
  };
  crossing(schedule, nodes >> 1, 'bisect', found);
  const { lower, upper } = found;
  const weight = rootBetween((w) => bought(lower, upper, w), schedule, found, CLEARED);
  bought(lower, upper, weight);
  return (1 - weight) * priceAt(lower) + weight * priceAt(upper);
}

/** Adds what a table says, linear between its nodes, times a share. Hot. */
function addConsumption(table: Float64Array, at: number, share: number, work: SampleWork): void {
  const { lower, weight, consumption } = work;
  for (let i = 0; i < consumption.length; i++) {
    const from = at + lower[i];
    const c = table[from];
    consumption[i] += share * (c + weight[i] * (table[from + 1] - c));
  }
}

/** Keeps consumption within what can be spent; returns what all spend on bonds together. Hot. */
function spend(bonds: Float64Array, work: SampleWork, worth: number, limit: number): number {
  const { income, consumption } = work;
  let total = 0;
  for (let i = 0; i < bonds.length; i++) {
    const cash = worth * bonds[i] + income[i];
    const most = cash - limit;
    let c = consumption[i];
    if (c > most) c = most;
    else if (c < LEAST_SHARE * most) c = LEAST_SHARE * most;
    consumption[i] = c;
    total += cash - c;
  }
  return total;
}

/** As `locate`, by bisection. */
function locateSorted(nodes: Float64Array, x: number, place: { at: number; weight: number }): void {
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodes[middle] <= x) low = middle;
    else high = middle;
  }
  const weight = (x - nodes[low]) / (nodes[low + 1] - nodes[low]);
  place.at = low;
  place.weight = weight < 0 ? 0 : weight > 1 ? 1 : weight;
}
