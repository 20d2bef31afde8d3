/** The continuum that follows learned tables along paths of the shocks. */

import { newPeriod, newResponse, type StructuralPeriod } from '../../core/structural.ts';
import { movement, normalise, placeSavings, pushDistribution } from '../../solvers/histogram.ts';
import { mixRows, type RecommendedCore } from './structural-core.ts';
import { AGGREGATES, type AggregateName } from './structural-places.ts';

/** Where a path starts or has come to. */
export interface PathPoint {
  /** [E, A]. */
  readonly mass: Float64Array;
  readonly carried: Float64Array;
}

/** By period, [T]. */
export interface LearnedPath extends Readonly<Record<AggregateName, Float64Array>> {
  /** S - B. */
  readonly residual: Float64Array;
  /** Periods in which no wage cleared. */
  readonly missed: number;
  readonly end: PathPoint;
  /** Mean cross-section, [E, A]. */
  readonly population: Float64Array;
}

/** What households do in a period, [2, J]. */
export function actionsIn(
  tables: readonly Float64Array[],
  { nodes, weights }: StructuralPeriod,
  out: Float64Array,
): void {
  const cells = out.length / 2;
  mixRows(tables[0], nodes, weights, out.subarray(0, cells));
  mixRows(tables[1], nodes, weights, out.subarray(cells));
}

/** The start of everything: the economy's own. */
export function startPoint({ population, carried }: RecommendedCore): PathPoint {
  return { mass: population.slice(), carried: carried.slice() };
}

/**
 * Follows the tables along log z and e, [T] each, at any levels. Throws nothing. Invariants: mass stays one; `residual` is within 1e-11 of B where nothing was missed.
 */
export function followTables(
  core: RecommendedCore,
  tables: readonly Float64Array[],
  shocks: { readonly logZ: Float64Array; readonly e: Float64Array },
  start: PathPoint,
): LearnedPath {
  const { logZ, e } = shocks;
  const T = logZ.length;
  const cells = start.mass.length;
  let mass = start.mass.slice();
  let pushed = new Float64Array(cells);
  const moved = new Float64Array(core.assets.length);
  const carried = start.carried.slice();
  const period = newPeriod(core);
  const response = newResponse(cells, 2);
  const actions = new Float64Array(2 * cells);
  const move = movement(cells);
  const population = new Float64Array(cells);
  const residual = new Float64Array(T);
  const series = AGGREGATES.map(() => new Float64Array(T));
  let missed = 0;
  for (let t = 0; t < T; t++) {
    missed += core.settleAt(mass, logZ[t], e[t], tables, carried, period);
    actionsIn(tables, period, actions);
    core.respond(period, actions, response);
    series.forEach((values, g) => {
      values[t] = period.aggregates[g];
    });
    residual[t] = core.residual(mass, response.next, period);
    for (let j = 0; j < cells; j++) population[j] += mass[j] / T;
    placeSavings(core.assets, response.next, move);
    pushDistribution(mass, move, core.ownTransition, 0, moved, pushed);
    normalise(pushed);
    [mass, pushed] = [pushed, mass];
  }
  const named = Object.fromEntries(AGGREGATES.map((name, g) => [name, series[g]])) as Record<
    AggregateName,
    Float64Array
  >;
  return { ...named, residual, missed, end: { mass, carried }, population };
}
