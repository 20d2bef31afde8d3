/** What the households of a sample do under a policy that was solved for the continuum they are drawn from. */
import type { CapitalEconomy, Sample, StationaryEconomy } from '../core/classical.ts';
import { type CapitalPolicy, savingsAt } from './capital-walk.ts';
import { nodeWeights } from './node-weights.ts';

/**
 * Savings and cash on hand of a sample's households, [n] each; they hold until the next call. Both are those of the continuum with the sample's mean
 * capital, or with the nearest that the policy was solved for.
 */
export interface SamplePlan {
  readonly savings: Float64Array;
  readonly cash: Float64Array;
}

export type SamplePolicy = (sample: Sample) => SamplePlan;

/**
 * The policy of an economy with capital: savings between nodes of capital as in its own simulation, straight between asset nodes and beyond
 * the last. Capital beyond its nodes is taken at the end node, cash on hand too, so that the share saved stays one that was solved for. Invariant: a household on a node saves what the table says.
 */
export function capitalSamplePolicy(economy: CapitalEconomy, policy: CapitalPolicy): SamplePolicy {
  const { assets, ownStates, nodes, next } = policy.problem;
  const [lowest, highest] = [policy.logCapital[0], policy.logCapital[nodes - 1]].map(Math.exp);
  const at = nodeWeights(1, nodes, next.width === 4 ? 'cubic' : 'linear');
  const table = new Float64Array(ownStates * assets.length);
  const memory = planMemory();
  return (sample) => {
    const { aggregate } = sample;
    const capital = Math.min(Math.max(sample.capital, lowest), highest);
    savingsAt(policy, aggregate, Math.log(capital), at, table);
    const plan = memory(sample.assets.length);
    const grossReturn = economy.grossReturn(capital, aggregate);
    const incomes = Float64Array.from({ length: ownStates }, (_, e) => economy.income(capital, aggregate, e));
    readSample(sample, assets, table, grossReturn, incomes, 1, plan);
    return plan;
  };
}

/** The policy of a stationary equilibrium at its price, `savings` [E, A], whatever the sample's own capital. */
export function stationarySamplePolicy(
  economy: StationaryEconomy,
  solution: { readonly price: number; readonly assets: Float64Array; readonly savings: Float64Array },
): SamplePolicy {
  const { price, assets, savings } = solution;
  const memory = planMemory();
  const grossReturn = economy.grossReturn(price);
  const assetPrice = economy.assetPrice?.(price) ?? 1;
  const incomes = Float64Array.from({ length: economy.ownStates }, (_, e) => economy.income(price, e));
  return (sample) => {
    const plan = memory(sample.assets.length);
    readSample(sample, assets, savings, grossReturn, incomes, assetPrice, plan);
    return plan;
  };
}

function planMemory(): (n: number) => SamplePlan {
  let plan: SamplePlan = { savings: new Float64Array(0), cash: new Float64Array(0) };
  return (n) => {
    if (plan.savings.length !== n) plan = { savings: new Float64Array(n), cash: new Float64Array(n) };
    return plan;
  };
}

/** Hot. `table` is [E, A]; nobody saves less than the lowest node or more than cash buys. */
function readSample(
  sample: Sample,
  assets: Float64Array,
  table: Float64Array,
  grossReturn: number,
  incomes: Float64Array,
  assetPrice: number,
  out: SamplePlan,
): void {
  const own = sample.assets;
  const states = sample.ownStates;
  const A = assets.length;
  for (let i = 0; i < own.length; i++) {
    const a = own[i];
    const e = states[i];
    let low = 0;
    let high = A - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (assets[middle] <= a) low = middle;
      else high = middle;
    }
    const j = e * A + low;
    const share = (a - assets[low]) / (assets[low + 1] - assets[low]);
    const saved = table[j] + share * (table[j + 1] - table[j]);
    const cash = grossReturn * a + incomes[e];
    out.cash[i] = cash;
    out.savings[i] = Math.min(Math.max(saved, assets[0]), cash / assetPrice);
  }
}
