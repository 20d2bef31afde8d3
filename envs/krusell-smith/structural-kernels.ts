/** The structural economy's arithmetic over flat arrays: where a table is read, and what households do. Hot: module-level functions. */
import type { StructuralPeriod, StructuralResponse } from '../../core/structural.ts';

/** Where r and w lie between nodes i, i + 1 and j, j + 1: node i W + j. Beyond the grids the end nodes are read. Returns 1 if either was beyond. */
export function readBilinearly(
  rates: Float64Array,
  wages: Float64Array,
  r: number,
  w: number,
  period: StructuralPeriod,
): 0 | 1 {
  const { nodes, weights } = period;
  const count = wages.length;
  const i = segmentOf(rates, r);
  const j = segmentOf(wages, w);
  const u = weightIn(rates, i, r);
  const v = weightIn(wages, j, w);
  nodes[0] = i * count + j;
  nodes[1] = nodes[0] + 1;
  nodes[2] = nodes[0] + count;
  nodes[3] = nodes[2] + 1;
  weights[0] = (1 - u) * (1 - v);
  weights[1] = (1 - u) * v;
  weights[2] = u * (1 - v);
  weights[3] = u * v;
  const last = rates.length - 1;
  return r < rates[0] || r > rates[last] || w < wages[0] || w > wages[count - 1] ? 1 : 0;
}

/** Lower node of an evenly spaced grid, 0 to n - 2. */
function segmentOf(nodes: Float64Array, x: number): number {
  const last = nodes.length - 2;
  const i = Math.floor(((x - nodes[0]) / (nodes[last + 1] - nodes[0])) * (last + 1));
  return i > 0 ? (i < last ? i : last) : 0;
}

function weightIn(nodes: Float64Array, i: number, x: number): number {
  const weight = (x - nodes[i]) / (nodes[i + 1] - nodes[i]);
  return weight < 0 ? 0 : weight > 1 ? 1 : weight;
}

/** sum_j m_j b_j. Shapes: mass [E, A]. */
export function meanAssets(mass: Float64Array, assets: Float64Array): number {
  const count = assets.length;
  let total = 0;
  for (let row = 0; row < mass.length; row += count) {
    for (let a = 0; a < count; a++) total += mass[row + a] * assets[a];
  }
  return total;
}

/** Numbers that `respondAt` takes. */
interface Household {
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly consumptionFloor: number;
}

/**
 * c = share x, x = (1 + r) b + w income, at least the floor and at most x; b' = x - c. Fills the response. Shapes: shares [E, A]; units from `at` on,
 * [E].
 */
export function respondAt(
  assets: Float64Array,
  units: Float64Array,
  at: number,
  shares: Float64Array,
  r: number,
  w: number,
  household: Household,
  { next, flow, flowSlope, nextSlope, unit, bound }: StructuralResponse,
): void {
  const { consumptionFloor: floor, riskAversion: sigma, discountFactor } = household;
  const scale = 1 - discountFactor;
  const R = 1 + r;
  const count = assets.length;
  for (let j = 0, a = count, e = at - 1, income = 0; j < next.length; j++, a++) {
    if (a === count) {
      a = 0;
      e += 1;
      income = w * units[e];
    }
    const cash = R * assets[a] + income;
    let c = shares[j] * cash;
    let slope = cash;
    if (c < floor) {
      c = floor;
      slope = 0;
    }
    const inverse = 1 / c;
    const marginal =
      sigma === 3
        ? inverse * inverse * inverse
        : sigma === 1
          ? inverse
          : sigma === 2
            ? inverse * inverse
            : c ** -sigma;
    flow[j] =
      scale *
      (sigma === 3
        ? -0.5 * (c * marginal - 1)
        : sigma === 1
          ? Math.log(c)
          : (c * marginal - 1) / (1 - sigma));
    next[j] = cash > c ? cash - c : 0;
    unit[j] = scale * marginal * (cash > floor ? cash : floor);
    flowSlope[j] = scale * marginal * slope;
    nextSlope[j] = -slope;
    bound[j] = 0;
  }
}
