/**
 * The structural Huggett economy in arrays: what is saved at every node of the price grid, the price at which that is what there is, and what households
 * then do. Hot: module-level functions over flat arrays.
 */
import type { StructuralPeriod, StructuralResponse } from '../../core/structural.ts';

/** Numbers that every kernel takes; p and g follow from the price. */
export interface Household {
  readonly timing: 'price' | 'rate';
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly borrowingLimit: number;
  /** Where structural agents are stopped: the limit plus the slack. */
  readonly stop: number;
  readonly consumptionFloor: number;
}

/**
 * Mean next bonds, sum_j m_j (g b_j + z y_j - c_j) / p, with c the share of g b + z y - limit, no less than the floor and leaving b' at the stop.
 * Shapes: mass [E, A]; shares [E, A] from `at` on.
 */
export function savedAt(
  mass: Float64Array,
  assets: Float64Array,
  incomes: Float64Array,
  productivity: number,
  shares: Float64Array,
  at: number,
  price: number,
  household: Household,
): number {
  const isPrice = household.timing === 'price';
  const p = isPrice ? price : 1;
  const g = isPrice ? 1 : 1 + price;
  const { borrowingLimit, consumptionFloor: floor } = household;
  const held = p * household.stop;
  const count = assets.length;
  let total = 0;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const income = productivity * incomes[e];
    for (let a = 0; a < count; a++, j++) {
      const cash = g * assets[a] + income;
      const most = cash - held;
      let c = shares[at + j] * (cash - borrowingLimit);
      if (c > most) c = most;
      if (c < floor) c = floor;
      total += mass[j] * (cash - c);
    }
  }
  return total / p;
}

/** The same where shares are mixed between two nodes of the price, (1 - w) of those from `low` on and w of those from `high` on. */
export function savedBetween(
  mass: Float64Array,
  assets: Float64Array,
  incomes: Float64Array,
  productivity: number,
  shares: Float64Array,
  low: number,
  high: number,
  weight: number,
  price: number,
  household: Household,
): number {
  const isPrice = household.timing === 'price';
  const p = isPrice ? price : 1;
  const g = isPrice ? 1 : 1 + price;
  const { borrowingLimit, consumptionFloor: floor } = household;
  const held = p * household.stop;
  const count = assets.length;
  const rest = 1 - weight;
  let total = 0;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const income = productivity * incomes[e];
    for (let a = 0; a < count; a++, j++) {
      const cash = g * assets[a] + income;
      const most = cash - held;
      let c = (rest * shares[low + j] + weight * shares[high + j]) * (cash - borrowingLimit);
      if (c > most) c = most;
      if (c < floor) c = floor;
      total += mass[j] * (cash - c);
    }
  }
  return total / p;
}

/** u, u', p and g of each cell's consumption: fills the response. Shapes: shares [E, A]. */
export function respondAt(
  assets: Float64Array,
  incomes: Float64Array,
  productivity: number,
  shares: Float64Array,
  price: number,
  household: Household,
  { next, flow, flowSlope, nextSlope, unit, bound }: StructuralResponse,
): void {
  const isPrice = household.timing === 'price';
  const p = isPrice ? price : 1;
  const g = isPrice ? 1 : 1 + price;
  const { borrowingLimit, consumptionFloor: floor, riskAversion: sigma, discountFactor } = household;
  const held = p * household.stop;
  const scale = 1 - discountFactor;
  const inversePrice = 1 / p;
  // Only used where sigma is not one.
  const inverseExponent = 1 / (1 - sigma);
  const count = assets.length;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const income = productivity * incomes[e];
    for (let a = 0; a < count; a++, j++) {
      const cash = g * assets[a] + income;
      const most = cash - held;
      const base = cash - borrowingLimit;
      let c = shares[j] * base;
      let how = 0;
      // Also at the limit to the digit, where a share of one is what can be spent: its household may learn to save.
      if (c >= most) {
        c = most;
        how = 1;
      }
      let slope = base;
      if (c < floor) {
        c = floor;
        slope = 0;
        how = 0;
      }
      const inverse = 1 / c;
      const marginal =
        sigma === 2
          ? inverse * inverse
          : sigma === 1
            ? inverse
            : sigma === 3
              ? inverse * inverse * inverse
              : c ** -sigma;
      flow[j] = scale * (sigma === 1 ? Math.log(c) : (c * marginal - 1) * inverseExponent);
      next[j] = (cash - c) * inversePrice;
      unit[j] = scale * marginal * base;
      flowSlope[j] = scale * marginal * slope;
      nextSlope[j] = -slope * inversePrice;
      bound[j] = how;
    }
  }
}

/** Writes where a table is read: node `start + k` with weights of up to four nodes. */
export function readNodes(
  period: StructuralPeriod,
  first: number,
  second: number,
  stride: number,
  lagWeight: number,
  upperWeight: number,
): void {
  const { nodes, weights } = period;
  nodes[0] = first;
  weights[0] = (1 - upperWeight) * (1 - lagWeight);
  nodes[1] = second;
  weights[1] = upperWeight * (1 - lagWeight);
  if (nodes.length < 4) return;
  nodes[2] = first + stride;
  weights[2] = (1 - upperWeight) * lagWeight;
  nodes[3] = second + stride;
  weights[3] = upperWeight * lagWeight;
}
