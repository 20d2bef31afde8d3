/** The structural form of the economy, from grids and chains as plain data: what is simulated and differentiated. */
import type {
  Structural,
  StructuralPath,
  StructuralPeriod,
  StructuralShock,
  StructuralTable,
} from '../../core/structural.ts';
import { costShare, nominalRate, type StickyPrices } from '../../solvers/hank.ts';
import { addFirmErrors, addFirmGradient } from './structural-firm.ts';
import {
  clearWage,
  type FoundWage,
  type Households,
  newMarket,
  respondAt,
  supplyOfWorth,
} from './structural-kernels.ts';
import {
  AGGREGATES,
  CONSUMPTION,
  DIVIDEND,
  INFLATION,
  LABOUR,
  LAST_WAGE,
  MONETARY,
  NEXT_NOMINAL,
  NOMINAL,
  OUTPUT,
  PRODUCTIVITY,
  RATE,
  WAGE,
  WIDTH,
} from './structural-places.ts';
import { startTables } from './structural-start.ts';

/** Plain data: what a thread is sent. */
export interface StructuralSetup extends Households, StickyPrices {
  /** recommended: tables on the shocks; published: on r and w, and inflation on w and z. */
  readonly information: 'recommended' | 'published';
  /** Of the firm's errors: see `addFirmErrors`. */
  readonly trace: number;
  readonly incomeTransition: Float64Array;
  readonly incomeStationary: Float64Array;
  /** log z and e, and their chains. */
  readonly logProductivity: Float64Array;
  readonly productivityTransition: Float64Array;
  readonly productivityStationary: Float64Array;
  readonly monetary: Float64Array;
  readonly monetaryTransition: Float64Array;
  readonly monetaryStationary: Float64Array;
  /** Nodes of the recommended tables in log z and e; of one where nothing moves. */
  readonly productivityNodes: Float64Array;
  readonly monetaryNodes: Float64Array;
  /** Nodes of the published tables; of one where they are not used. */
  readonly rates: Float64Array;
  readonly wages: Float64Array;
  /** A cross-section to start from, with mean B, [J]. */
  readonly population: Float64Array;
}

export type StructuralCore = Omit<
  Structural,
  'source' | 'request' | 'suggested' | 'widen' | 'act' | 'report'
>;

export const SHARE_BOUNDS = [1e-4, 0.9999] as const;
export const WORTH_BOUNDS = [0.01, 100] as const;
export const INFLATION_BOUNDS = [-0.2, 0.2] as const;

/** A period at given levels of the shocks, not only at those of their chains. */
export type SettleAt = (
  mass: Float64Array,
  logZ: number,
  e: number,
  tables: readonly Float64Array[],
  carried: Float64Array,
  period: StructuralPeriod,
) => 0 | 1;

export interface RecommendedCore extends StructuralCore {
  readonly settleAt: SettleAt;
}

/**
 * Tables: the consumption share of the usual base and the worth of the good, [K, J], and inflation, [K], at node k = i E + j of the i-th log z and j-th e; read
 * between four nodes. In a period inflation, R and the policies are known before the wage, which clears bonds:
 *
 *     R = (1 + i) / (1 + Pi),    n = (worth w y / chi)^(1 / eta),    S(w) = sum m (R b + w y n + tau - c) = B,    1 + i' = rule(Pi, e).
 *
 * Throws nothing. Invariants: `settle` leaves a period of which `respond` is a function; S = B within 1e-11 unless it says 1.
 */
export function recommendedCore(setup: StructuralSetup): RecommendedCore {
  const { assets, incomes, productivityNodes, monetaryNodes, logProductivity, monetary } = setup;
  const cells = assets.length * incomes.length;
  const K = productivityNodes.length * monetaryNodes.length;
  const market = newMarket(cells, 'usual');
  const worth = new Float64Array(cells);
  const found: FoundWage = { wage: 1, missed: 0 };
  const settleAt: SettleAt = (mass, logZ, e, tables, carried, period) => {
    const { aggregates, nodes, weights } = period;
    const inflation = readShocks(setup, tables[2], { logZ, e }, period);
    const R = carried[NEXT_NOMINAL] / (1 + inflation);
    mixRows(tables[0], nodes, weights, market.shares);
    mixRows(tables[1], nodes, weights, worth);
    const z = Math.exp(logZ);
    market.mass = mass;
    market.z = z;
    market.realReturn = R;
    market.cost = costShare(setup, inflation);
    market.elasticity = 1 / setup.labourCurvature;
    market.unitLabour = supplyOfWorth(setup, mass, worth, market.supply);
    clearWage(setup, market, carried[LAST_WAGE], found);
    aggregates[PRODUCTIVITY] = z;
    aggregates[MONETARY] = e;
    aggregates[NOMINAL] = carried[NEXT_NOMINAL] - 1;
    aggregates[INFLATION] = inflation;
    aggregates[RATE] = R - 1;
    aggregates[WAGE] = found.wage;
    aggregates[LABOUR] = market.labour;
    aggregates[OUTPUT] = z * market.labour;
    aggregates[DIVIDEND] = market.dividend;
    aggregates[CONSUMPTION] = market.eaten;
    carried[NEXT_NOMINAL] = nominalRate(setup, inflation, e);
    carried[LAST_WAGE] = found.wage;
    return found.missed;
  };
  return {
    ...commonCore(setup),
    tables: [
      individual('consumptionShare', K, SHARE_BOUNDS, setup.riskAversion),
      individual('worth', K, WORTH_BOUNDS, 1),
      aggregate('inflation', K),
    ],
    width: WIDTH,
    start: (kind) => startTables(setup, { individual: K, aggregate: K }, kind),
    settleAt,
    settle: (mass, shocks, at, tables, carried, period) =>
      settleAt(mass, logProductivity[shocks[at]], monetary[shocks[at + 1]], tables, carried, period),
    respond({ aggregates }, actions, response) {
      const met = {
        wage: aggregates[WAGE],
        realReturn: 1 + aggregates[RATE],
        dividend: aggregates[DIVIDEND],
        base: 'usual' as const,
        labour: 'worth' as const,
      };
      respondAt(setup, met, actions, response);
    },
  };
}

/** What both sets of information share. */
export function commonCore(setup: StructuralSetup) {
  const { assets, incomes, bonds } = setup;
  return {
    discountFactor: setup.discountFactor,
    assets,
    ownStates: incomes.length,
    ownTransition: setup.incomeTransition,
    shocks: [
      shock(
        'productivity',
        setup.logProductivity,
        setup.productivityTransition,
        setup.productivityStationary,
      ),
      shock('monetary', setup.monetary, setup.monetaryTransition, setup.monetaryStationary),
    ],
    aggregates: AGGREGATES,
    prices: ['interestRate', 'wage', 'inflation'],
    carried: Float64Array.of(nominalRate(setup, 0, 0), (setup.elasticity - 1) / setup.elasticity),
    population: setup.population,
    residual: (mass: Float64Array, next: Float64Array) => dot(mass, next) - bonds,
    addPathGradients(path: StructuralPath, gradients: readonly Float64Array[]) {
      addFirmGradient(setup, path, gradients[2]);
    },
    addPathErrors(path: StructuralPath, errors: readonly Float64Array[], visits: readonly Float64Array[]) {
      addFirmErrors(setup, path, errors[2], visits[2]);
    },
  };
}

export function individual(
  name: string,
  nodes: number,
  [low, high]: readonly [number, number],
  curvature: number,
): StructuralTable {
  return { name, over: 'individual', nodes, low, high, tied: 1, curvature };
}

export function aggregate(name: string, nodes: number): StructuralTable {
  const [low, high] = INFLATION_BOUNDS;
  return { name, over: 'aggregate', nodes, low, high, tied: 1, curvature: 1 };
}

function shock(
  name: string,
  levels: Float64Array,
  transition: Float64Array,
  stationary: Float64Array,
): StructuralShock {
  return { name, states: levels.length, transition, stationary };
}

const place = { at: 0, weight: 0 };

/** Inflation at log z and e, and where all tables are read there. */
export function readShocks(
  { productivityNodes, monetaryNodes }: StructuralSetup,
  inflationTable: Float64Array,
  at: { readonly logZ: number; readonly e: number },
  period: StructuralPeriod,
): number {
  const { nodes, weights } = period;
  readNodes(productivityNodes, monetaryNodes, at.logZ, at.e, period);
  let inflation = 0;
  for (let k = 0; k < WIDTH; k++) {
    nodes[WIDTH + k] = nodes[k];
    nodes[2 * WIDTH + k] = nodes[k];
    weights[WIDTH + k] = weights[k];
    weights[2 * WIDTH + k] = weights[k];
    inflation += weights[k] * inflationTable[nodes[k]];
  }
  return inflation;
}

/** The four nodes around (x, y), in the first four places; beyond the ends the end nodes. */
function readNodes(
  first: Float64Array,
  second: Float64Array,
  x: number,
  y: number,
  { nodes, weights }: StructuralPeriod,
): void {
  const count = second.length;
  locate(first, x);
  const [i, u] = [place.at, place.weight];
  locate(second, y);
  const [j, v] = [place.at, place.weight];
  const up = first.length > 1 ? count : 0;
  const right = count > 1 ? 1 : 0;
  nodes[0] = i * count + j;
  nodes[1] = nodes[0] + right;
  nodes[2] = nodes[0] + up;
  nodes[3] = nodes[2] + right;
  weights[0] = (1 - u) * (1 - v);
  weights[1] = (1 - u) * v;
  weights[2] = u * (1 - v);
  weights[3] = u * v;
}

/** The node below x and the share of the next one, in `place`. */
function locate(nodes: Float64Array, x: number): void {
  place.at = 0;
  place.weight = 0;
  if (nodes.length === 1) return;
  let at = 0;
  while (at < nodes.length - 2 && nodes[at + 1] <= x) at++;
  const weight = (x - nodes[at]) / (nodes[at + 1] - nodes[at]);
  place.at = at;
  place.weight = weight < 0 ? 0 : weight > 1 ? 1 : weight;
}

/** out = sum of the rows read of a table [K, J], with their weights. */
export function mixRows(
  table: Float64Array,
  nodes: Int32Array,
  weights: Float64Array,
  out: Float64Array,
): void {
  const cells = out.length;
  for (let k = 0; k < WIDTH; k++) {
    const weight = weights[k];
    const from = nodes[k] * cells;
    if (k === 0) for (let j = 0; j < cells; j++) out[j] = weight * table[from + j];
    else if (weight !== 0) for (let j = 0; j < cells; j++) out[j] += weight * table[from + j];
  }
}

export function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let j = 0; j < x.length; j++) total += x[j] * y[j];
  return total;
}
