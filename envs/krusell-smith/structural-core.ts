/** The structural form of the economy, from grids and chains as plain data: prices of a period in closed form, and what households do at them. */
import type { Structural, StructuralPeriod, StructuralTable } from '../../core/structural.ts';
import { meanAssets, readBilinearly, respondAt } from './structural-kernels.ts';

/** Plain data: what a thread is sent. Z aggregate and E own states, A assets, J = E A cells. */
export interface StructuralSetup {
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly consumptionFloor: number;
  readonly capitalShare: number;
  readonly depreciation: number;
  /** [A], from 0 on. */
  readonly assets: Float64Array;
  /** Levels of z, [Z], their chain, [Z * Z], and its long run, [Z]. */
  readonly productivity: Float64Array;
  readonly productivityTransition: Float64Array;
  readonly productivityStationary: Float64Array;
  /** L in z, [Z]. */
  readonly labour: Float64Array;
  /** Income after taxes and benefits in wages, [Z * E]. */
  readonly units: Float64Array;
  /** P[e, e' | z, z'], [Z * Z * E * E]. */
  readonly ownTransitions: Float64Array;
  /** Evenly spaced nodes of r and of w. */
  readonly rates: Float64Array;
  readonly wages: Float64Array;
  /** A cross-section to start from, [J]. */
  readonly population: Float64Array;
}

export type StructuralCore = Omit<
  Structural,
  'source' | 'request' | 'suggested' | 'widen' | 'act' | 'report'
>;

/** Of cash on hand. Below one, so that something is left and nobody meets the limit itself. */
const SHARE_BOUNDS = [1e-4, 1 - 1e-4] as const;
/** Between these lies the closed form's start. */
const START_BOUNDS = [0.02, 0.98] as const;
const CONSTANT_START = 0.5;
const SMALLEST_RETURN = 1e-9;

const AGGREGATES = ['capital', 'productivity', 'interestRate', 'wage', 'state'] as const;
/** Places in `StructuralPeriod.aggregates`. */
export const CAPITAL = 0;
export const PRODUCTIVITY = 1;
export const RATE = 2;
export const WAGE = 3;
export const STATE = 4;

/**
 * Table: the consumption share of cash on hand, [K, J], at node k = i W + j of the i-th rate and j-th wage; read between four nodes, bilinearly, and beyond the
 * grids at their ends. Prices follow from the cross-section m and z,
 *
 *     K = sum_j m_j b_j      Y = z K^alpha L^(1-alpha)      r = alpha Y / K - delta      w = (1 - alpha) Y / L,
 *
 * so that no market is searched. Source: Yang, Wang, Schaab and Moll (2025), section 4. Throws nothing. Invariant: `settle` leaves a period of
 * which `respond` is a function.
 */
export function structuralCore(setup: StructuralSetup): StructuralCore {
  const { assets, productivity, units, rates, wages } = setup;
  const E = ownStatesOf(setup);
  const table: StructuralTable = {
    name: 'consumptionShare',
    over: 'individual',
    nodes: rates.length * wages.length,
    low: SHARE_BOUNDS[0],
    high: SHARE_BOUNDS[1],
    tied: 1,
    curvature: setup.riskAversion,
  };
  return {
    discountFactor: setup.discountFactor,
    assets,
    ownStates: E,
    ...(isOwnRiskConstant(setup)
      ? { ownTransition: setup.ownTransitions.subarray(0, E * E) }
      : {
          ownTransition: setup.ownTransitions,
          ownPair: (shocks: Int32Array, at: number, next: number) =>
            shocks[at] * productivity.length + shocks[next],
        }),
    shocks: [
      {
        name: 'productivity',
        states: productivity.length,
        transition: setup.productivityTransition,
        stationary: setup.productivityStationary,
      },
    ],
    tables: [table],
    width: 4,
    aggregates: AGGREGATES,
    prices: ['interestRate', 'wage'],
    carried: new Float64Array(0),
    population: setup.population,
    start: (kind) => [
      kind === 'constant' ? constantShares(table.nodes * E * assets.length) : startShares(setup),
    ],
    settle(mass, shocks, at, _tables, _carried, period) {
      return settleAt(setup, meanAssets(mass, assets), shocks[at], period);
    },
    respond({ aggregates }, actions, response) {
      const at = aggregates[STATE] * E;
      respondAt(assets, units, at, actions, aggregates[RATE], aggregates[WAGE], setup, response);
    },
    residual: () => 0,
    // What taxes leave of a wage moves with z, of which a node knows nothing.
    ...(isSameInAllTimes(units, E) ? { base: (node, out) => fillCash(setup, node, out) } : {}),
  };
}

/** The period with capital K in the z-th state: prices, and where tables are read. Returns 1 if a price is beyond its grid. Hot. */
export function settleAt(setup: StructuralSetup, K: number, z: number, period: StructuralPeriod): 0 | 1 {
  const { productivity, labour, capitalShare: alpha } = setup;
  const { aggregates } = period;
  const Y = productivity[z] * K ** alpha * labour[z] ** (1 - alpha);
  const r = (alpha * Y) / K - setup.depreciation;
  const w = ((1 - alpha) * Y) / labour[z];
  aggregates[CAPITAL] = K;
  aggregates[PRODUCTIVITY] = productivity[z];
  aggregates[RATE] = r;
  aggregates[WAGE] = w;
  aggregates[STATE] = z;
  return readBilinearly(setup.rates, setup.wages, r, w, period);
}

/** E. */
export function ownStatesOf({ units, productivity }: StructuralSetup): number {
  return units.length / productivity.length;
}

/** Whether own states move in the same way whatever becomes of z. */
export function isOwnRiskConstant({ ownTransitions, productivity, units }: StructuralSetup): boolean {
  return isSameInAllTimes(ownTransitions, (units.length / productivity.length) ** 2);
}

function isSameInAllTimes(values: Float64Array, width: number): boolean {
  return values.every((x, i) => x === values[i % width]);
}

/** Cash on hand at a node's prices, [E, A], with the incomes of the first z. */
function fillCash(setup: StructuralSetup, node: number, out: Float64Array): void {
  const { assets, units, rates, wages } = setup;
  const R = 1 + rates[Math.floor(node / wages.length)];
  const w = wages[node % wages.length];
  const count = assets.length;
  for (let j = 0; j < out.length; j++) out[j] = R * assets[j % count] + w * units[Math.floor(j / count)];
}

function constantShares(length: number): Float64Array {
  return new Float64Array(length).fill(CONSTANT_START);
}

/**
 * Shares that would be right if prices and income stayed as they are, c = (R - (beta R)^(1/sigma)) (b + w y / r), R = 1 + r; where r is not positive nobody saves. Shape [K, J].
 * Source: Yang et al. (2025), the footnote on first guesses. With taxes, income is that of the first z.
 */
function startShares(setup: StructuralSetup): Float64Array {
  const { assets, units, rates, wages, discountFactor, riskAversion } = setup;
  const cells = assets.length * ownStatesOf(setup);
  const shares = new Float64Array(rates.length * wages.length * cells);
  const cash = new Float64Array(cells);
  for (let node = 0; node < shares.length / cells; node++) {
    fillCash(setup, node, cash);
    const r = rates[Math.floor(node / wages.length)];
    const w = wages[node % wages.length];
    const spent = 1 + r - (discountFactor * (1 + r)) ** (1 / riskAversion);
    for (let j = 0; j < cells; j++) {
      const income = w * units[Math.floor(j / assets.length)];
      const c = r > SMALLEST_RETURN ? spent * (assets[j % assets.length] + income / r) : Infinity;
      const share = cash[j] > 0 ? c / cash[j] : Infinity;
      shares[node * cells + j] = Math.max(START_BOUNDS[0], Math.min(START_BOUNDS[1], share));
    }
  }
  return shares;
}
