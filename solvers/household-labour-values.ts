/**
 * Households that choose how much to work, by value iteration, with values linear between the asset nodes:
 *
 *     V(e, a) = max_{a', n} u(c) - chi n^(1 + eta) / (1 + eta) + beta E V(e', a'),     c + a' = R a + w y_e n + tau_e.
 *
 * On a segment of slope s the best consumption is that with u'(c) = s, and hours follow from it; richer households choose later segments, so that one march
 * along the nodes does them all. This is the very problem that a histogram on the same nodes poses, and so the one to compare an agent with
 * whose savings are lotteries between nodes.
 */
import { requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { stationaryDistribution } from './histogram.ts';
import type { Convergence } from './household.ts';
import {
  checkWorking,
  hours,
  type WorkingHousehold,
  type WorkingPrices,
  withoutSaving,
} from './household-labour.ts';
import { consumptionAt, utility } from './preferences.ts';

export interface WorkingValueOptions {
  /** Values to start from, [E, A], concave in a; default 0. */
  readonly values?: Float64Array;
  /** Largest |TV - V| / (1 + |V|) of the last step; default 1e-11. */
  readonly tolerance?: number;
  /** Default 20,000. */
  readonly maxIterations?: number;
}

/** Tables [E, A], asset fastest. */
export interface WorkingValues extends Convergence {
  readonly values: Float64Array;
  readonly consumption: Float64Array;
  /** n, hours. */
  readonly labour: Float64Array;
  /** a', never above the last node. */
  readonly savings: Float64Array;
}

/**
 * The optimal policy and its value under prices that last for ever.
 *
 * Says whether it converged; callers look at it. Throws what `checkWorking` throws, and on transfers or a start of another length.
 * Invariants: deterministic; values are increasing and concave in assets; budgets hold at every node.
 */
export function solveWorkingByValues(
  household: WorkingHousehold,
  prices: WorkingPrices,
  options: WorkingValueOptions = {},
): WorkingValues {
  const { tolerance = 1e-11, maxIterations = 20_000 } = options;
  const where = 'solveWorkingByValues';
  checkWorking(where, household);
  const { assets, efficiency } = household;
  requireLength(where, 'the transfers', prices.transfers, efficiency.length, 'the own states');
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  const cells = efficiency.length * assets.length;
  const values = options.values?.slice() ?? new Float64Array(cells);
  requireLength(where, 'the values to start from', values, cells, 'the grid and the own states');
  const [consumption, labour, savings, expected] = [0, 1, 2, 3].map(() => new Float64Array(cells));
  const [chosen, net] = [0, 1].map(() => new Float64Array(assets.length));
  let residual = Infinity;
  let iterations = 0;
  while (!(residual <= tolerance) && iterations < maxIterations) {
    expectValues(values, household.transition, household.discountFactor, assets.length, expected);
    residual = 0;
    for (let e = 0; e < efficiency.length; e++) {
      const moved = maximise(
        household,
        prices,
        e,
        expected,
        chosen,
        net,
        values,
        consumption,
        labour,
        savings,
      );
      if (!(moved <= residual)) residual = moved;
    }
    iterations++;
  }
  return { converged: residual <= tolerance, iterations, residual, values, consumption, labour, savings };
}

/** out = beta P V. Hot. */
function expectValues(
  values: Float64Array,
  transition: Float64Array,
  discountFactor: number,
  count: number,
  out: Float64Array,
): void {
  const states = values.length / count;
  out.fill(0);
  for (let e = 0; e < states; e++) {
    for (let to = 0; to < states; to++) {
      const p = discountFactor * transition[e * states + to];
      if (p === 0) continue;
      for (let a = 0; a < count; a++) out[e * count + a] += p * values[to * count + a];
    }
  }
}

/** One maximisation in own state e; returns the largest relative change of values. Hot. */
function maximise(
  household: WorkingHousehold,
  prices: WorkingPrices,
  e: number,
  expected: Float64Array,
  chosen: Float64Array,
  net: Float64Array,
  values: Float64Array,
  consumption: Float64Array,
  labour: Float64Array,
  savings: Float64Array,
): number {
  const { assets, riskAversion: sigma } = household;
  const fixed = household.labour.kind === 'fixed';
  const weight = household.labour.kind === 'chosen' ? household.labour.weight : 1;
  const curvature = household.labour.kind === 'chosen' ? household.labour.curvature : Infinity;
  const pay = prices.wage * household.efficiency[e];
  const start = e * assets.length;
  const last = assets.length - 2;
  for (let j = 0; j <= last; j++) {
    const slope = (expected[start + j + 1] - expected[start + j]) / (assets[j + 1] - assets[j]);
    // Values that do not rise yet: eat all.
    const c = slope > 0 ? consumptionAt(slope, sigma) : Infinity;
    chosen[j] = c;
    net[j] = slope > 0 ? pay * hours(c, pay, sigma, weight, curvature) - c : -Infinity;
  }
  let change = 0;
  let j = 0;
  let guess = pay;
  for (let a = 0; a <= last + 1; a++) {
    const other = prices.grossReturn * assets[a] + prices.transfers[e];
    while (j < last && other + net[j] > assets[j + 1]) j++;
    let c = chosen[j];
    let saved = other + net[j];
    if (saved < assets[j] || saved > assets[last + 1]) {
      saved = saved < assets[j] ? assets[j] : assets[last + 1];
      c = withoutSaving(other - saved, pay, sigma, weight, curvature, guess);
      guess = c;
    }
    const n = hours(c, pay, sigma, weight, curvature);
    const segment = saved >= assets[j + 1] ? Math.min(j + 1, last) : j;
    const share = (saved - assets[segment]) / (assets[segment + 1] - assets[segment]);
    const ahead =
      expected[start + segment] + share * (expected[start + segment + 1] - expected[start + segment]);
    const pain = fixed ? 0 : (weight * n ** (1 + curvature)) / (1 + curvature);
    const value = utility(c, sigma) - pain + ahead;
    const moved = Math.abs(value - values[start + a]) / (1 + Math.abs(value));
    if (!(moved <= change)) change = moved;
    values[start + a] = value;
    consumption[start + a] = c;
    labour[start + a] = n;
    savings[start + a] = saved;
  }
  return change;
}

/** Households at rest by values: tables, the cross-section, and means of assets saved, consumption and efficiency units. */
export interface WorkingValuesAtRest extends WorkingValues {
  readonly distribution: Float64Array;
  /** Assets, consumption, labour. */
  readonly aggregates: Float64Array;
}

/** The policy by values under inputs (R, w, tau) and the cross-section that it leads to. Errors as `solveWorkingByValues`. Independent of `last`. */
export function workingValuesAtRest(
  household: WorkingHousehold,
  incidence: Float64Array,
  inputs: Float64Array,
  last?: WorkingValuesAtRest,
): WorkingValuesAtRest {
  const { assets, efficiency, transition } = household;
  const transfers = incidence.map((share) => share * inputs[2]);
  const prices = { grossReturn: inputs[0], wage: inputs[1], transfers };
  const policy = solveWorkingByValues(household, prices, last && { values: last.values });
  const { distribution, converged } = stationaryDistribution(assets, policy.savings, transition, {
    tolerance: 1e-13,
    ...(last && { start: last.distribution }),
  });
  const aggregates = new Float64Array(3);
  for (let i = 0; i < distribution.length; i++) {
    const m = distribution[i];
    aggregates[0] += m * policy.savings[i];
    aggregates[1] += m * policy.consumption[i];
    aggregates[2] += m * efficiency[Math.floor(i / assets.length)] * policy.labour[i];
  }
  return { ...policy, converged: policy.converged && converged, distribution, aggregates };
}
