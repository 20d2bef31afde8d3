/** Households of the learned economy at one moment: what each cell eats, works and saves, out of what, and by how much the condition between eating and working is missed. */
import { newPeriod, newResponse } from '../../core/structural.ts';
import { hours as staticHours } from '../../solvers/household-labour.ts';
import type { RecommendedCore, StructuralSetup } from './structural-core.ts';
import { actionsIn, type PathPoint } from './structural-path.ts';
import { DIVIDEND, RATE, WAGE } from './structural-places.ts';

/** Tables [E, A]. */
export interface Cells {
  readonly consumption: Float64Array;
  readonly hours: Float64Array;
  readonly savings: Float64Array;
  /** More consumption out of one more unit of bonds, between neighbouring nodes. */
  readonly propensity: Float64Array;
  /** n over what w y u'(c) = chi n^eta asks for, less one; 0 at the limit, where it is not asked for. */
  readonly labourGap: Float64Array;
  readonly mass: Float64Array;
}

/** What everybody does with these levels of the shocks. Throws nothing. Invariant: budgets hold in every cell. */
export function cellsAt(
  setup: StructuralSetup,
  core: RecommendedCore,
  tables: readonly Float64Array[],
  at: { readonly logZ: number; readonly e: number; readonly point: PathPoint },
): Cells {
  const { assets, incomes, incidence, riskAversion, labourCurvature, labourWeight, bonds } = setup;
  const cells = setup.population.length;
  const count = assets.length;
  const period = newPeriod(core);
  const response = newResponse(cells, 2);
  const actions = new Float64Array(2 * cells);
  const mass = at.point.mass.slice();
  core.settleAt(mass, at.logZ, at.e, tables, at.point.carried.slice(), period);
  actionsIn(tables, period, actions);
  core.respond(period, actions, response);
  const { aggregates } = period;
  const [consumption, hours, labourGap, propensity] = [0, 1, 2, 3].map(() => new Float64Array(cells));
  for (let j = 0; j < cells; j++) {
    const e = Math.floor(j / count);
    const pay = aggregates[WAGE] * incomes[e];
    const x = actions[cells + j];
    hours[j] = setup.information === 'published' ? x : ((x * pay) / labourWeight) ** (1 / labourCurvature);
    const transfer = incidence[e] * (aggregates[DIVIDEND] - aggregates[RATE] * bonds);
    const cash = (1 + aggregates[RATE]) * assets[j % count] + pay * hours[j] + transfer;
    consumption[j] = cash - response.next[j];
    const asked = staticHours(consumption[j], pay, riskAversion, labourWeight, labourCurvature);
    labourGap[j] = response.bound[j] === 1 ? 0 : hours[j] / asked - 1;
  }
  for (let j = 0; j < cells; j++) {
    const a = Math.min(j % count, count - 2);
    const from = j - (j % count) + a;
    propensity[j] = (consumption[from + 1] - consumption[from]) / (assets[a + 1] - assets[a]);
  }
  return { consumption, hours, savings: response.next.slice(), propensity, labourGap, mass };
}

/** sum m |x|, over all of the mass. */
export function meanSize(mass: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < mass.length; j++) sum += mass[j] * Math.abs(x[j]);
  return sum;
}

/** Largest |x| where bonds are at most `most`. */
export function largestUpTo(x: Float64Array, assets: Float64Array, most: number): number {
  let found = 0;
  for (let j = 0; j < x.length; j++)
    if (assets[j % assets.length] <= most) found = Math.max(found, Math.abs(x[j]));
  return found;
}

/** Shares of everybody up to each node, [A]. */
export function cumulativeShares(mass: Float64Array, count: number): Float64Array {
  const shares = new Float64Array(count);
  let sum = 0;
  for (let a = 0; a < count; a++) {
    for (let j = a; j < mass.length; j += count) sum += mass[j];
    shares[a] = sum;
  }
  return shares;
}
