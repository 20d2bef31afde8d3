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
  const count = assets.length;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const income = productivity * incomes[e];
    for (let a = 0; a < count; a++, j++) {
      const cash = g * assets[a] + income;
      const most = cash - held;
      const base = cash - borrowingLimit;
      let c = shares[j] * base;
      let how = 0;
      if (c > most) {
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
      flow[j] = scale * (sigma === 1 ? Math.log(c) : (c * marginal - 1) / (1 - sigma));
      next[j] = (cash - c) / p;
      unit[j] = scale * marginal * base;
      flowSlope[j] = scale * marginal * slope;
      nextSlope[j] = -slope / p;
      bound[j] = how;
    }
  }
}

/** Where a market cleared among the nodes of its price grid. Written in place. */
export interface Crossing {
  lower: number;
  upper: number;
  upperWeight: number;
  /** 1 where the grid does not reach far enough. */
  missed: 0 | 1;
}

/** Not evaluated yet. */
const UNKNOWN = Number.NaN;

/** What `crossing` works with. */
export interface Schedule {
  /** Excess savings at a node, evaluated when asked for. */
  readonly excess: (node: number) => number;
  readonly nodes: number;
  /** -1 where excess savings fall in the price, 1 where they rise. */
  readonly direction: -1 | 1;
  /** Scratch, [nodes]. */
  readonly values: Float64Array;
}

/**
 * The nodes between which excess savings change sign, and the weight of the upper one at which they are zero in between.
 *
 * Where the schedule is monotone, few nodes around `guess` are looked at; otherwise all are, and of those the nearest to zero and, on the other side, the nearest
 * to it are taken (Yang et al. 2025, Appendix A). `search: 'scan'` always looks at all. Invariant: for a monotone schedule both find the same.
 */
export function crossing(
  schedule: Schedule,
  guess: number,
  search: 'gallop' | 'scan',
  found: Crossing,
): void {
  const { excess, nodes, direction, values } = schedule;
  values.fill(UNKNOWN);
  if (search === 'gallop') {
    let low = Math.max(0, Math.min(nodes - 2, guess));
    // Falling in the node, whichever way the price works.
    let below = -direction * evaluate(values, excess, low);
    let above = -direction * evaluate(values, excess, low + 1);
    while (below < 0 && low > 0) {
      low -= 1;
      above = below;
      below = -direction * evaluate(values, excess, low);
    }
    while (above > 0 && low < nodes - 2) {
      low += 1;
      below = above;
      above = -direction * evaluate(values, excess, low + 1);
    }
    if (below >= 0 && above <= 0) {
      found.lower = low;
      found.upper = low + 1;
      found.upperWeight = above === below ? 0 : below / (below - above);
      found.missed = 0;
      return;
    }
  }
  for (let k = 0; k < nodes; k++) evaluate(values, excess, k);
  scan(values, found);
}

function evaluate(values: Float64Array, excess: (node: number) => number, node: number): number {
  if (Number.isNaN(values[node])) values[node] = excess(node);
  return values[node];
}

function scan(values: Float64Array, found: Crossing): void {
  let nearest = 0;
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k]) < Math.abs(values[nearest])) nearest = k;
  let other = -1;
  for (let k = 0; k < values.length; k++) {
    const isOther = values[nearest] > 0 ? values[k] < 0 : values[k] > 0;
    if (isOther && (other < 0 || Math.abs(values[k]) < Math.abs(values[other]))) other = k;
  }
  found.missed = other < 0 && values[nearest] !== 0 ? 1 : 0;
  found.lower = other < 0 ? nearest : Math.min(nearest, other);
  found.upper = other < 0 ? nearest : Math.max(nearest, other);
  const [low, high] = [values[found.lower], values[found.upper]];
  found.upperWeight = low === high ? 0 : Math.max(0, Math.min(1, low / (low - high)));
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
