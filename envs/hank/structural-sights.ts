/**
 * Where tables are read. With the recommended information at log z and e, bilinearly. With the extended one households look at the real rate and at mean log wealth too: each moves their choices linearly, between two nodes that lie SPAN usual deviations below and above what is usual. What is usual, centre and mean absolute deviation of each, is learned
 * along with everything else, in an aggregate table of four entries.
 */
import type { StructuralPath, StructuralPeriod, StructuralTable } from '../../core/structural.ts';
import { readNodes, type StructuralSetup } from './structural-core.ts';
import { AGGREGATES, LOG_WEALTH, RATE, WIDTH } from './structural-places.ts';

const SPAN = 2;
/** Places in the table: centre and deviation of the real rate, of mean log wealth. */
const RATE_AT = 0;
const WEALTH_AT = 2;
const SMALLEST = 1e-6;
/**
 * Wide at the start, so that everybody at first looks at the shocks alone: the cross-section is far from where it will be.
 */
const START_DEVIATIONS = { rate: 0.1, wealth: 0.3 };

export const sightsTable: StructuralTable = {
  name: 'usual',
  over: 'aggregate',
  nodes: 4,
  low: -20,
  high: 20,
  tied: 1,
  curvature: 1,
};

/** sum m log(1 + b - limit). */
export function meanLogWealth(assets: Float64Array, mass: Float64Array): number {
  const count = assets.length;
  let total = 0;
  for (let a = 0; a < count; a++) {
    let here = 0;
    for (let j = a; j < mass.length; j += count) here += mass[j];
    total += here * Math.log1p(assets[a] - assets[0]);
  }
  return total;
}

export function startSights({ target, assets, population }: StructuralSetup): Float64Array {
  const { rate, wealth } = START_DEVIATIONS;
  return Float64Array.of(target - 1, rate, meanLogWealth(assets, population), wealth);
}

/** The weight of the upper of two nodes. */
function upper(table: Float64Array, at: number, x: number): number {
  const deviation = Math.max(table[at + 1], SMALLEST);
  const u = 0.5 + (x - table[at]) / (2 * SPAN * deviation);
  return u < 0 ? 0 : u > 1 ? 1 : u;
}

/** Inflation, and where its table is read: at log z and e. */
export function readInflation(
  { productivityNodes, monetaryNodes }: StructuralSetup,
  table: Float64Array,
  at: { readonly logZ: number; readonly e: number },
  period: StructuralPeriod,
): number {
  const { nodes, weights } = period;
  readNodes(productivityNodes, monetaryNodes, at.logZ, at.e, period);
  const from = 2 * WIDTH;
  let inflation = 0;
  for (let k = 0; k < WIDTH; k++) {
    nodes[from + k] = k < 4 ? nodes[k] : 0;
    weights[from + k] = k < 4 ? weights[k] : 0;
    inflation += weights[from + k] * table[nodes[from + k]];
  }
  return inflation;
}

/** After `readInflation`: where households' tables are read, node k of the shocks, or 4 k + 2 (0, 1) of the real rate + (0, 1) of mean log wealth. */
export function readHouseholds(
  { information }: StructuralSetup,
  tables: readonly Float64Array[],
  at: { readonly rate: number; readonly wealth: number },
  { nodes, weights }: StructuralPeriod,
): void {
  if (information === 'extended') {
    const u = upper(tables[3], RATE_AT, at.rate);
    const v = upper(tables[3], WEALTH_AT, at.wealth);
    for (let k = WIDTH - 1; k >= 0; k--) {
      const corner = k & 3;
      const [i, j] = [(k >> 3) & 1, (k >> 2) & 1];
      nodes[WIDTH + k] = 4 * nodes[corner] + 2 * i + j;
      weights[WIDTH + k] = weights[corner] * (i === 1 ? u : 1 - u) * (j === 1 ? v : 1 - v);
    }
    for (let k = 0; k < WIDTH; k++) {
      nodes[k] = nodes[WIDTH + k];
      weights[k] = weights[WIDTH + k];
    }
    return;
  }
  for (let k = 0; k < WIDTH; k++) {
    if (k >= 4) {
      nodes[k] = 0;
      weights[k] = 0;
    }
    nodes[WIDTH + k] = nodes[k];
    weights[WIDTH + k] = weights[k];
  }
}

/** How far what was seen along a path is from what is taken as usual, and how often. Tables as they were on the path. */
export function addSightErrors(
  { aggregates, periods }: StructuralPath,
  usual: Float64Array,
  errors: Float64Array,
  visits?: Float64Array,
): void {
  const G = AGGREGATES.length;
  for (let t = 0; t < periods; t++) {
    for (const [at, place] of [
      [RATE_AT, RATE],
      [WEALTH_AT, LOG_WEALTH],
    ] as const) {
      const off = aggregates[t * G + place] - usual[at];
      errors[at] += off;
      errors[at + 1] += Math.abs(off) - usual[at + 1];
      if (visits === undefined) continue;
      visits[at] += 1;
      visits[at + 1] += 1;
    }
  }
}
