/** A whole population that follows learned tables along a path of aggregate shocks: what is compared with the oracle, and drawn. */
import type { StructuralPeriod, StructuralResponse } from '../../core/structural.ts';
import { movement, normalise, placeSavings, pushDistribution } from '../../solvers/histogram.ts';
import { bondPrice, bondWorth } from './model.ts';
import type { StructuralCore, StructuralSetup } from './structural-core.ts';

/** By period, [T]. */
export interface ContinuumPath {
  readonly prices: Float64Array;
  readonly consumption: Float64Array;
  /** Excess bonds per household. */
  readonly residuals: Float64Array;
  /** Periods without a bracket. */
  readonly missed: number;
  /** Means of the cross-section by period, from `from` on, [E, A]. */
  readonly population: Float64Array;
  /** The cross-section after the last period, [E, A]. */
  readonly last: Float64Array;
}

/**
 * `states` [T, shocks] by period. `start` is not changed; default: the economy's own. Invariant: the same numbers that training simulates.
 */
export function simulateContinuum(
  setup: StructuralSetup,
  core: StructuralCore,
  tables: readonly Float64Array[],
  states: Int32Array,
  options: { readonly start?: Float64Array; readonly from?: number } = {},
): ContinuumPath {
  const { assets, ownTransition, width, shocks } = core;
  const periods = states.length / shocks.length;
  const cells = core.population.length;
  const { from = 0 } = options;
  const period: StructuralPeriod = {
    nodes: new Int32Array(width),
    weights: new Float64Array(width),
    aggregates: new Float64Array(core.aggregates.length),
  };
  const response: StructuralResponse = {
    next: new Float64Array(cells),
    flow: new Float64Array(cells),
    flowSlope: new Float64Array(cells),
    nextSlope: new Float64Array(cells),
    unit: new Float64Array(cells),
    bound: new Uint8Array(cells),
  };
  const shares = new Float64Array(cells);
  const by = movement(cells);
  const moved = new Float64Array(assets.length);
  const carried = core.carried.slice();
  let mass = options.start?.slice() ?? core.population.slice();
  let next = new Float64Array(cells);
  const prices = new Float64Array(periods);
  const consumption = new Float64Array(periods);
  const residuals = new Float64Array(periods);
  const population = new Float64Array(cells);
  let missed = 0;
  for (let t = 0; t < periods; t++) {
    normalise(mass);
    missed += core.settle(mass, states, t * shocks.length, tables, carried, period);
    shares.fill(0);
    for (let w = 0; w < width; w++) addRow(tables[0], period.nodes[w] * cells, period.weights[w], shares);
    core.respond(period, shares, response);
    prices[t] = period.aggregates[0];
    consumption[t] = meanEaten(setup, mass, response.next, period.aggregates);
    residuals[t] = core.residual(mass, response.next, period);
    if (t >= from) for (let j = 0; j < cells; j++) population[j] += mass[j] / (periods - from);
    placeSavings(assets, response.next, by);
    pushDistribution(mass, by, ownTransition, 0, moved, next);
    [mass, next] = [next, mass];
  }
  return { prices, consumption, residuals, missed, population, last: mass };
}

function addRow(table: Float64Array, at: number, weight: number, out: Float64Array): void {
  if (weight === 0) return;
  for (let j = 0; j < out.length; j++) out[j] += weight * table[at + j];
}

/** Mean consumption, by the budgets. */
function meanEaten(
  { assets, incomes, timing }: StructuralSetup,
  mass: Float64Array,
  next: Float64Array,
  [price, z]: Float64Array,
): number {
  const [p, g] = [bondPrice(timing, price), bondWorth(timing, price)];
  let total = 0;
  for (let j = 0; j < mass.length; j++) {
    const e = Math.floor(j / assets.length);
    total += mass[j] * (g * assets[j - e * assets.length] + z * incomes[e] - p * next[j]);
  }
  return total;
}
