import type { Classical, NodeRange, Sample } from '../../core/classical.ts';
import type { KrusellSmithState } from './dynamics.ts';
import { householdProblem } from './household.ts';
import { factorPrices, meanOf } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy, stationaryEconomy } from './solver-inputs.ts';

/** Grid of own assets: those of the richest over the usual capital, more where incomes alone are risky and may be very. */
const ASSETS = {
  income: { richest: 21, nodes: 200 },
  employment: { richest: 25, nodes: 300 },
  stationary: { richest: 40, nodes: 300 },
} as const;

/** Range of log mean capital around the usual one, at the standard deviation of log z of the named calibration; it grows with that. */
const CAPITAL = {
  income: { low: -0.55, high: 0.75, nodes: 10, deviation: 0.0731 },
  employment: { low: -0.26, high: 0.26, nodes: 8, deviation: 0.01 },
} as const;

/** Log distance of capital nodes at most: cubics between nodes farther apart overshoot. */
const WIDEST_STEP = 0.4;

/** The net return is sought between this share of -depreciation, where firms want hundreds of times the usual capital, and just below impatience. */
const LOWEST_RETURN = 0.9;
const BELOW_IMPATIENCE = 1e-6;

/** What classical solvers are told: the continuum whose sample the households are. */
export function krusellSmithClassical(model: KrusellSmithModel): Classical<KrusellSmithState, 'household'> {
  const { risk, usualCapital, exposure, depreciation, discountFactor } = model;
  const isStationary = exposure.productivity.length === 1;
  const grid = ASSETS[isStationary ? 'stationary' : risk];
  const sample: { assets: Float64Array; ownStates: Uint8Array; capital: number; aggregate: number } = {
    assets: new Float64Array(0),
    ownStates: new Uint8Array(0),
    capital: 0,
    aggregate: 0,
  };
  const common = {
    type: 'household' as const,
    assets: { low: 0, high: grid.richest * usualCapital, nodes: grid.nodes },
    periodsPerYear: model.periodsPerYear,
    sample(state: KrusellSmithState): Sample {
      sample.assets = state.capital;
      sample.ownStates = state.status;
      sample.capital = meanOf(state.capital);
      sample.aggregate = state.productivity;
      return sample;
    },
    quantities(
      _state: KrusellSmithState,
      { savings, cash }: { readonly savings: Float64Array; readonly cash: Float64Array },
      { household }: { readonly household: Float64Array },
    ) {
      // Who has nothing eats all of it.
      for (let i = 0; i < household.length; i++) household[i] = cash[i] > 0 ? 1 - savings[i] / cash[i] : 1;
    },
  };
  if (!isStationary) {
    const { low, high, nodes, deviation } = CAPITAL[risk];
    const wider = Math.max(1, logDeviation(exposure) / deviation);
    const range = {
      low: usualCapital * Math.exp(low * wider),
      high: usualCapital * Math.exp(high * wider),
      nodes,
    };
    return {
      ...common,
      kind: 'law-of-motion',
      economy: capitalEconomy(model),
      capital: { ...range, nodes: capitalNodes(range) },
    };
  }
  const problem = householdProblem(model);
  const [labour, z] = [problem.labour[0], problem.productivity[0]];
  const economy = stationaryEconomy(model);
  return {
    ...common,
    kind: 'stationary',
    economy,
    price: {
      name: 'interestRate',
      lower: -LOWEST_RETURN * depreciation,
      upper: 1 / discountFactor - 1 - BELOW_IMPATIENCE,
    },
    depreciation,
    output: (r) => {
      const capital = economy.assetSupply(r);
      return factorPrices(problem, { productivity: z, capital, labour }).output;
    },
  };
}

/** Nodes of a range of mean capital: as many as asked for, or as many as cubics between them need. */
export function capitalNodes({ low, high, nodes }: NodeRange): number {
  return Math.max(nodes, Math.ceil(Math.log(high / low) / WIDEST_STEP) + 1);
}

/** Standard deviation of log z in the long run. */
function logDeviation({ productivity, stationary }: KrusellSmithModel['exposure']): number {
  const logs = productivity.map(Math.log);
  const mean = logs.reduce((sum, l, z) => sum + stationary[z] * l, 0);
  return Math.sqrt(logs.reduce((sum, l, z) => sum + stationary[z] * (l - mean) ** 2, 0));
}
