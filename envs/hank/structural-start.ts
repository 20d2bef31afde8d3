/** Cross-sections and tables to start from. */
import type { StructuralStart } from '../../core/structural.ts';
import { brent } from '../../numerics/roots.ts';
import { hours, withoutSaving } from '../../solvers/household-labour.ts';
import { marginalUtility } from '../../solvers/preferences.ts';
import type { StructuralSetup } from './structural-core.ts';

const CONSTANT_SHARE = 0.5;
const CONSTANT_WORTH = 1;
/** Nobody starts at the limit. */
const MOST_OF_CASH = 0.98;
const MOST_SHARE = 0.98;
const LEAST_SHARE = 0.002;

/**
 * Bonds exponential above the limit with mean B on these nodes, independent of incomes, which are as in the long run: [E, A]. The tax is interest on B, so that a
 * cross-section with another mean would not clear.
 */
export function exponentialPopulation(
  assets: Float64Array,
  bonds: number,
  incomeStationary: Float64Array,
): Float64Array {
  const limit = assets[0];
  const weights = (mean: number): Float64Array => {
    // The mass of each node's half-way interval.
    const upTo = (b: number) => 1 - Math.exp(-(b - limit) / mean);
    const edges = assets.map((b, i) => (i === assets.length - 1 ? Infinity : 0.5 * (b + assets[i + 1])));
    return edges.map((edge, i) => upTo(edge) - (i === 0 ? 0 : upTo(edges[i - 1])));
  };
  const meanOf = (mean: number) => weights(mean).reduce((sum, m, i) => sum + m * assets[i], 0);
  const span = assets[assets.length - 1] - limit;
  const { root } = brent((log) => meanOf(Math.exp(log)) - bonds, {
    lower: Math.log(1e-3 * (bonds - limit)),
    upper: Math.log(10 * span),
    tolerance: 1e-14,
  });
  const row = weights(Math.exp(root));
  return Float64Array.from(
    { length: incomeStationary.length * assets.length },
    (_, j) => row[j % assets.length] * incomeStationary[Math.floor(j / assets.length)],
  );
}

/**
 * The same at all nodes: who eats, in the proportion that uses all output, what would keep wealth and expected earnings constant at an interest rate of 1 / beta - 1 and the
 * wage of firms without costs of adjustment; worth is marginal utility there, inflation nothing.
 */
export function startTables(
  setup: StructuralSetup,
  nodes: { readonly individual: number; readonly aggregate: number },
  kind: StructuralStart,
): Float64Array[] {
  const { assets, incomes, incidence, population, target, bonds: B } = setup;
  const cells = population.length;
  const repeat = (row: Float64Array) =>
    Float64Array.from({ length: nodes.individual * cells }, (_, i) => row[i % cells]);
  const inflation = new Float64Array(nodes.aggregate);
  if (kind === 'constant') {
    const constant = (x: number) => new Float64Array(nodes.individual * cells).fill(x);
    return [constant(CONSTANT_SHARE), constant(CONSTANT_WORTH), inflation];
  }
  const { consumption, output, wage } = startConsumption(setup);
  const worth = consumption.map((c) => marginalUtility(c, setup.riskAversion));
  const share = consumption.map((c, j) => {
    const e = Math.floor(j / assets.length);
    const pay = wage * incomes[e];
    const earned = pay * hoursAt(setup, c, pay);
    const base =
      target * assets[j % assets.length] + earned + incidence[e] * ((1 - wage) * output - (target - 1) * B);
    return Math.max(LEAST_SHARE, Math.min(MOST_SHARE, c / base));
  });
  return [repeat(share), repeat(worth), inflation];
}

function hoursAt(
  { riskAversion, labourWeight, labourCurvature }: StructuralSetup,
  c: number,
  pay: number,
): number {
  return hours(c, pay, riskAversion, labourWeight, labourCurvature);
}

/** Consumption [J] that uses up what is made, at the wage of flexible prices. */
export function startConsumption(setup: StructuralSetup): {
  readonly consumption: Float64Array;
  readonly output: number;
  readonly wage: number;
} {
  const { assets, incomes, incidence, population, discountFactor, elasticity, bonds: B } = setup;
  const { riskAversion: sigma, labourWeight: chi, labourCurvature: eta } = setup;
  const wage = (elasticity - 1) / elasticity;
  const r = 1 / discountFactor - 1;
  const earnings = incomes.map((y, e) => wage * y + incidence[e] * (1 - wage - r * B));
  const ahead = expectedSums(setup.incomeTransition, earnings, 1 / (1 + r));
  const at = (scale: number) => {
    let [eaten, made] = [0, 0];
    const consumption = population.map((m, j) => {
      const e = Math.floor(j / assets.length);
      const b = assets[j % assets.length];
      const pay = wage * incomes[e];
      const other = (1 + r) * b + incidence[e] * (1 - wage - r * B) - assets[0];
      const most = withoutSaving(other, pay, sigma, chi, eta, 1);
      const wanted = scale * (1 + r) * (1 - discountFactor) * (b + ahead[e] / (1 + r));
      const c = Math.max(setup.consumptionFloor, Math.min(wanted, MOST_OF_CASH * most));
      eaten += m * c;
      made += m * incomes[e] * hoursAt(setup, c, pay);
      return c;
    });
    return { consumption, eaten, made };
  };
  const { root } = brent(
    (log) => {
      const { eaten, made } = at(Math.exp(log));
      return eaten - made;
    },
    { lower: -3, upper: 3, tolerance: 1e-12 },
  );
  const { consumption, made } = at(Math.exp(root));
  return { consumption, output: made, wage };
}

/** (I - P / R)^-1 x, by its series. */
function expectedSums(transition: Float64Array, x: Float64Array, discount: number): Float64Array {
  const sums = x.slice();
  let term = x;
  for (let k = 0; k < 5000; k++) {
    const next = x.map((_, e) => {
      let sum = 0;
      for (let to = 0; to < x.length; to++) sum += discount * transition[e * x.length + to] * term[to];
      return sum;
    });
    next.forEach((value, e) => {
      sums[e] += value;
    });
    if (next.every((value) => Math.abs(value) < 1e-14)) break;
    term = next;
  }
  return sums;
}
