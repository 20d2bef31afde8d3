/**
 * What the agents of Yang, Wang, Schaab and Moll (2025) know: shares and hours are tables on (b, y, r, w), inflation on (w, z). At every node of the wage the tables make inflation,
 * R, hours, profits and savings; bonds are bracketed between two nodes, and everything is taken again at the wage in between. It does not settle with aggregate shocks: see
 * README.md. What is left of the market is the residual.
 */
import type { StructuralPeriod, StructuralStart } from '../../core/structural.ts';
import { costShare, nominalRate } from '../../solvers/hank.ts';
import {
  aggregate,
  commonCore,
  individual,
  mixRows,
  type RecommendedCore,
  type SettleAt,
  SHARE_BOUNDS,
  type StructuralSetup,
} from './structural-core.ts';
import { excessBonds, newMarket, respondAt, supplyOfHours } from './structural-kernels.ts';
import {
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

const HOURS_BOUNDS = [1e-3, 5] as const;

/** Throws nothing. Invariant: `settle` leaves a period of which `respond` is a function, and says 1 where the wage nodes do not bracket the market. */
export function publishedCore(setup: StructuralSetup): RecommendedCore {
  const { rates, wages, logProductivity, monetary, population } = setup;
  const cells = population.length;
  const market = newMarket(cells, 'cash');
  const hours = new Float64Array(cells);
  const excess = new Float64Array(wages.length);
  const shockNodes = logProductivity.length;

  /** S(w) - B; fills the market, and where tables are read. */
  const excessAt = (
    wage: number,
    logZ: number,
    tables: readonly Float64Array[],
    carried: Float64Array,
    period: StructuralPeriod,
  ): number => {
    const inflation = readAt(setup, tables[2], logZ, wage, carried[NEXT_NOMINAL], period);
    const R = carried[NEXT_NOMINAL] / (1 + inflation);
    mixRows(tables[0], period.nodes, period.weights, market.shares);
    mixRows(tables[1], period.nodes, period.weights, hours);
    market.realReturn = R;
    market.cost = costShare(setup, inflation);
    market.unitLabour = supplyOfHours(setup, market.mass, hours, market.supply);
    period.aggregates[INFLATION] = inflation;
    return excessBonds(setup, market, wage);
  };

  const settleAt: SettleAt = (mass, logZ, e, tables, carried, period) => {
    const { aggregates } = period;
    market.mass = mass;
    market.z = Math.exp(logZ);
    market.elasticity = 0;
    for (let k = 0; k < wages.length; k++) excess[k] = excessAt(wages[k], logZ, tables, carried, period);
    const { lower, upper } = bracketOf(excess);
    const weight = lower === upper ? 0 : excess[lower] / (excess[lower] - excess[upper]);
    const wage = (1 - weight) * wages[lower] + weight * wages[upper];
    excessAt(wage, logZ, tables, carried, period);
    aggregates[PRODUCTIVITY] = market.z;
    aggregates[MONETARY] = e;
    aggregates[NOMINAL] = carried[NEXT_NOMINAL] - 1;
    aggregates[RATE] = market.realReturn - 1;
    aggregates[WAGE] = wage;
    aggregates[LABOUR] = market.labour;
    aggregates[OUTPUT] = market.z * market.labour;
    aggregates[DIVIDEND] = market.dividend;
    aggregates[CONSUMPTION] = market.eaten;
    carried[NEXT_NOMINAL] = nominalRate(setup, aggregates[INFLATION], e);
    carried[LAST_WAGE] = wage;
    return lower === upper && excess[lower] !== 0 ? 1 : 0;
  };
  const K = rates.length * wages.length;
  return {
    ...commonCore(setup),
    tables: [
      { ...individual('consumptionShare', K, SHARE_BOUNDS, setup.riskAversion), tied: wages.length },
      { ...individual('hours', K, HOURS_BOUNDS, setup.labourCurvature), tied: wages.length },
      aggregate('inflation', wages.length * shockNodes),
    ],
    width: WIDTH,
    start: (kind) => startOf(setup, K, wages.length * shockNodes, kind),
    settleAt,
    settle: (mass, shocks, at, tables, carried, period) =>
      settleAt(mass, logProductivity[shocks[at]], monetary[shocks[at + 1]], tables, carried, period),
    respond({ aggregates }, actions, response) {
      const met = {
        wage: aggregates[WAGE],
        realReturn: 1 + aggregates[RATE],
        dividend: aggregates[DIVIDEND],
        base: 'cash' as const,
        labour: 'hours' as const,
      };
      respondAt(setup, met, actions, response);
    },
  };
}

/** The node nearest to clearing, and the nearest of the other sign; the same twice where there is none. */
function bracketOf(excess: Float64Array): { readonly lower: number; readonly upper: number } {
  let nearest = 0;
  for (let k = 1; k < excess.length; k++) if (Math.abs(excess[k]) < Math.abs(excess[nearest])) nearest = k;
  let other = -1;
  for (let k = 0; k < excess.length; k++) {
    if (excess[k] * excess[nearest] >= 0) continue;
    if (other < 0 || Math.abs(excess[k]) < Math.abs(excess[other])) other = k;
  }
  if (other < 0) return { lower: nearest, upper: nearest };
  return { lower: Math.min(nearest, other), upper: Math.max(nearest, other) };
}

/** Inflation at a wage and log z, and where all tables are read there. */
function readAt(
  { rates, wages, logProductivity }: StructuralSetup,
  inflationTable: Float64Array,
  logZ: number,
  wage: number,
  nominal: number,
  period: StructuralPeriod,
): number {
  const { nodes, weights } = period;
  fourNodes(wages, logProductivity, wage, logZ, period, 2 * WIDTH);
  let inflation = 0;
  for (let k = 2 * WIDTH; k < 2 * WIDTH + 4; k++) inflation += weights[k] * inflationTable[nodes[k]];
  fourNodes(rates, wages, nominal / (1 + inflation) - 1, wage, period, 0);
  for (let k = 0; k < WIDTH; k++) {
    nodes[WIDTH + k] = nodes[k];
    weights[WIDTH + k] = weights[k];
  }
  return inflation;
}

/** The same in a state of the environment, at its last wage. */
export function readPublished(
  setup: StructuralSetup,
  tables: readonly Float64Array[],
  at: { readonly logZ: number; readonly wage: number; readonly nominal: number },
  period: StructuralPeriod,
): number {
  return readAt(setup, tables[2], at.logZ, at.wage, at.nominal, period);
}

/** Four nodes around (x, y) from place `at` on, and four that are not read. */
function fourNodes(
  first: Float64Array,
  second: Float64Array,
  x: number,
  y: number,
  { nodes, weights }: StructuralPeriod,
  at: number,
): void {
  const [i, u] = located(first, x);
  const [j, v] = located(second, y);
  const count = second.length;
  const up = first.length > 1 ? count : 0;
  const right = count > 1 ? 1 : 0;
  const corner = i * count + j;
  for (let k = 0; k < WIDTH; k++) {
    nodes[at + k] = k < 4 ? corner + (k & 1) * right + (k >> 1) * up : 0;
    weights[at + k] = k < 4 ? ((k & 1) === 1 ? v : 1 - v) * (k >> 1 === 1 ? u : 1 - u) : 0;
  }
}

function located(nodes: Float64Array, x: number): readonly [number, number] {
  if (nodes.length === 1) return [0, 0];
  let at = 0;
  while (at < nodes.length - 2 && nodes[at + 1] <= x) at++;
  return [at, Math.max(0, Math.min(1, (x - nodes[at]) / (nodes[at + 1] - nodes[at])))];
}

/** The paper's: a share of one half, hours of 1.5; or the closed form of the recommended tables, its worth as hours at each node's wage. */
function startOf(
  setup: StructuralSetup,
  nodes: number,
  firmNodes: number,
  kind: StructuralStart,
): Float64Array[] {
  const [share, worth, inflation] = startTables(setup, { individual: nodes, aggregate: firmNodes }, kind);
  if (kind === 'constant') return [share, worth.fill(1.5), inflation];
  const { wages, incomes, assets, labourCurvature, labourWeight, population } = setup;
  const cells = population.length;
  const hours = worth.map((x, i) => {
    const wage = wages[Math.floor(i / cells) % wages.length];
    const pay = wage * incomes[Math.floor((i % cells) / assets.length)];
    return ((x * pay) / labourWeight) ** (1 / labourCurvature);
  });
  return [share, hours, inflation];
}
