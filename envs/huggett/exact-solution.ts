/** The economy solved by the suite's classical solvers: on the structural agent's own nodes, where only learning separates the two, or finely. */
import { bracket, segmentWeight } from '../../numerics/interpolation.ts';
import { simulate } from '../../numerics/markov.ts';
import { createRng } from '../../numerics/random.ts';
import { simulatePrices } from '../../solvers/forecast-path.ts';
import { type PricedEconomy, policiesUnderRule, solveForecastRule } from '../../solvers/forecast-rule.ts';
import type { Convergence, HouseholdProblem, StationaryEconomy } from '../../solvers/household.ts';
import { solveByEuler } from '../../solvers/household-euler.ts';
import { solveByValues } from '../../solvers/household-values.ts';
import { nodeWeights } from '../../solvers/node-weights.ts';
import {
  type HouseholdMethod,
  type StationaryEquilibrium,
  solveStationary,
} from '../../solvers/stationary.ts';
import { bondPrice, bondWorth } from './model.ts';
import type { PricedPolicy } from './priced-policy.ts';
import type { StructuralSetup } from './structural-core.ts';

/** A solution on some nodes. */
export interface Reference extends Convergence {
  readonly method: HouseholdMethod;
  /** How it was found, in words. */
  readonly description: string;
  readonly policy: PricedPolicy;
  /** With aggregate risk, the policy at prices that the continuum has. */
  readonly near: PricedPolicy | undefined;
  /** The clearing price by z, or of a stationary economy; empty where prices are given. */
  readonly levels: Float64Array;
  readonly persistence: number;
  /** Prices along `states`; empty where they are given. */
  readonly path: Float64Array;
  /** [E, A]; empty where prices are given. */
  readonly distribution: Float64Array;
}

/** Periods of the path that rules are fitted to, and solutions compared on. */
const PERIODS = 4000;
const SEED = 'huggett path';
/** Distance of the first outermost price nodes from the price without risk; a sample's market strays further from the rule than the continuum's. */
const FIRST_WIDTH = 0.02;
const SAMPLE_WIDTH = 0.06;
const SAMPLE_NODES = 9;
const RULE_NODES = 5;
const STATIONARY_TOLERANCE = 1e-9;
/** Net returns between which the price without aggregate risk is sought: up to where patience would hoard. */
const LEAST_RETURN = -0.3;
const CLOSE_TO_PATIENCE = 1e-4;

/** States of z, [4000], the same for every solution of a chain. */
export function pathOfStates({ productivity, productivityTransition }: StructuralSetup): Int32Array {
  const chain = { levels: productivity, transition: productivityTransition, n: productivity.length };
  return simulate(chain, { steps: PERIODS - 1, start: 'stationary', rng: createRng(SEED) });
}

export function pricedEconomy(setup: StructuralSetup): PricedEconomy {
  const { timing } = setup;
  return {
    discountFactor: setup.discountFactor,
    riskAversion: setup.riskAversion,
    borrowingLimit: setup.borrowingLimit,
    ownTransition: setup.incomeTransition,
    transition: setup.productivityTransition,
    ownShares: setup.incomeStationary,
    grossReturn: (price) => bondWorth(timing, price),
    assetPrice: (price) => bondPrice(timing, price),
    income: (z, e) => setup.productivity[z] * setup.incomes[e],
    assetSupply: setup.bondSupply,
  };
}

/** The economy with z at its middle for ever. */
export function stationaryEconomy(setup: StructuralSetup): StationaryEconomy {
  const priced = pricedEconomy(setup);
  const middle = setup.productivity.length >> 1;
  return {
    discountFactor: priced.discountFactor,
    riskAversion: priced.riskAversion,
    borrowingLimit: priced.borrowingLimit,
    ownStates: setup.incomes.length,
    transition: priced.ownTransition,
    grossReturn: priced.grossReturn,
    assetPrice: priced.assetPrice,
    income: (_price, e) => priced.income(middle, e),
    assetSupply: () => priced.assetSupply,
  };
}

/** Throws where no return below patience's clears the market. */
export function solveWithoutRisk(setup: StructuralSetup, method: HouseholdMethod): StationaryEquilibrium {
  const { timing, discountFactor, borrowingLimit, productivity, incomes } = setup;
  const highest = 1 / discountFactor - 1 - CLOSE_TO_PATIENCE;
  // Debtors at the limit must eat: |limit| r < least income.
  const least = productivity[productivity.length >> 1] * incomes[0];
  const most = borrowingLimit < 0 ? Math.min(highest, (0.99 * least) / -borrowingLimit) : highest;
  const ends = [LEAST_RETURN, most].map((r) => (timing === 'price' ? 1 / (1 + r) : r));
  return solveStationary(stationaryEconomy(setup), {
    assets: setup.assets,
    lower: Math.min(...ends),
    upper: Math.max(...ends),
    method,
    tolerance: STATIONARY_TOLERANCE,
    householdTolerance: 1e-9,
    distributionTolerance: 1e-11,
  });
}

/**
 * The solution on the setup's asset nodes and chains. `prices`: 'close' keeps the nodes around the rule, for the continuum; 'wide' adds prices that only a sample of households
 * reaches. Throws what the solvers throw.
 */
export function solveReference(
  setup: StructuralSetup,
  options: { readonly method: HouseholdMethod; readonly prices: 'close' | 'wide' },
): Reference {
  if (setup.market === 'given') return solveGivenPrices(setup, options.method);
  const { method } = options;
  const rested = solveWithoutRisk(setup, method);
  const priced = pricedEconomy(setup);
  const hasRisk = setup.productivity.length > 1;
  const found = hasRisk
    ? solveForecastRule(priced, {
        assets: setup.assets,
        method,
        price: rested.price,
        halfWidth: FIRST_WIDTH,
        nodes: RULE_NODES,
        states: pathOfStates(setup),
      })
    : { ...rested, levels: Float64Array.of(rested.price), persistence: 0, path: new Float64Array(0) };
  const { levels, persistence } = found;
  const near = 'prices' in found ? policyAt(setup, levels.length, found) : undefined;
  const start =
    'prices' in found ? atTheRule(found.consumption, levels.length, found.nodes) : found.consumption;
  const around = (): { readonly policy: PricedPolicy; readonly converged: boolean } => {
    if (options.prices === 'close' && near !== undefined) return { policy: near, converged: true };
    const rule = { levels, persistence, halfWidth: SAMPLE_WIDTH, nodes: SAMPLE_NODES, consumption: start };
    const wide = policiesUnderRule(priced, setup.assets, rule, method);
    return { policy: policyAt(setup, levels.length, wide), converged: wide.converged };
  };
  const { policy, converged } = around();
  const how = method === 'euler' ? 'endogenous grid' : 'values linear between nodes';
  return {
    method,
    description: `${hasRisk ? 'forecast rule in the price and z' : 'stationary equilibrium'}, ${how}, ${setup.assets.length} nodes`,
    converged: rested.converged && found.converged && converged,
    iterations: found.iterations,
    residual: found.residual,
    policy,
    near,
    levels,
    persistence,
    path: found.path,
    distribution: found.distribution,
  };
}

function policyAt(
  { assets, productivity }: StructuralSetup,
  Z: number,
  { prices, consumption }: { readonly prices: Float64Array; readonly consumption: Float64Array },
): PricedPolicy {
  return { assets, productivity, prices, nodes: prices.length / Z, consumption };
}

/** The middle of an odd number of price nodes is the rule itself: [Z, N, E, A] to [Z, E, A]. */
function atTheRule(table: Float64Array, Z: number, N: number): Float64Array {
  const block = table.length / (Z * N);
  const out = new Float64Array(Z * block);
  for (let z = 0; z < Z; z++) {
    const from = (z * N + (N >> 1)) * block;
    out.set(table.subarray(from, from + block), z * block);
  }
  return out;
}

/**
 * Prices along the path of `setup`'s own chain of z if households followed a solution that may know another one: policies and prices are linear between its levels of z. Shape [T].
 * Invariant: for the solution's own chain and nodes its own path, within what its last iteration changed.
 */
export function pathUnder(solution: Reference, setup: StructuralSetup): Float64Array {
  const { near, path } = solution;
  if (near === undefined || near.productivity.length === setup.productivity.length) return path;
  const { assets, prices, nodes, consumption, productivity } = near;
  const cells = assets.length * setup.incomes.length;
  const Z = setup.productivity.length;
  const priceTable = new Float64Array(Z * nodes);
  const savings = new Float64Array(Z * nodes * cells);
  for (let z = 0; z < Z; z++) {
    const level = setup.productivity[z];
    const below = bracket(productivity, level);
    const w = Math.max(0, Math.min(1, segmentWeight(productivity, below, level)));
    const mix = (values: Float64Array, i: number, stride: number) =>
      (1 - w) * values[i] + w * values[i + nodes * stride];
    for (let k = 0; k < nodes; k++) {
      const price = mix(prices, below * nodes + k, 1);
      priceTable[z * nodes + k] = price;
      const [p, g] = [bondPrice(setup.timing, price), bondWorth(setup.timing, price)];
      for (let j = 0; j < cells; j++) {
        const c = mix(consumption, (below * nodes + k) * cells + j, cells);
        const cash = g * assets[j % assets.length] + level * setup.incomes[Math.floor(j / assets.length)];
        savings[(z * nodes + k) * cells + j] = Math.max(setup.borrowingLimit, (cash - c) / p);
      }
    }
  }
  const market = {
    assets,
    prices: priceTable,
    nodes,
    savings,
    ownTransition: setup.incomeTransition,
    ownShares: setup.incomeStationary,
    assetSupply: setup.bondSupply,
  };
  return simulatePrices(market, pathOfStates(setup), solution.distribution).path;
}

/** z and y are one chain of a household's own then, z E + e, beside that of the price: expectations are taken over one after the other. */
function solveGivenPrices(setup: StructuralSetup, method: HouseholdMethod): Reference {
  const { productivity, prices, productivityTransition, priceTransition, incomes, incomeTransition, assets } =
    setup;
  const [Z, P, E, A] = [productivity.length, prices.length, incomes.length, assets.length];
  const factors = { aggregate: priceTransition, own: product(productivityTransition, incomeTransition) };
  const problem: HouseholdProblem = {
    discountFactor: setup.discountFactor,
    riskAversion: setup.riskAversion,
    assets,
    aggregateStates: P,
    nodes: 1,
    ownStates: Z * E,
    transition: product(factors.aggregate, factors.own),
    factors,
    grossReturn: prices.map((price) => bondWorth(setup.timing, price)),
    assetPrice: prices.map((price) => bondPrice(setup.timing, price)),
    income: Float64Array.from(
      { length: P * Z * E },
      (_, i) => productivity[Math.floor(i / E) % Z] * incomes[i % E],
    ),
    next: nodeWeights(P * P, 1, 'linear'),
  };
  const { converged, iterations, residual, consumption } =
    method === 'values' ? solveByValues(problem) : solveByEuler(problem);
  // [P, Z, E, A] to [Z, P, E, A].
  const byProductivity = new Float64Array(consumption.length);
  for (let i = 0; i < P * Z; i++) {
    const [k, z] = [Math.floor(i / Z), i % Z];
    byProductivity.set(consumption.subarray(i * E * A, (i + 1) * E * A), (z * P + k) * E * A);
  }
  const how = method === 'euler' ? 'endogenous grid' : 'value iteration, linear between nodes';
  return {
    method,
    description: `${how}, ${assets.length} nodes`,
    converged,
    iterations,
    residual,
    policy: {
      assets,
      productivity,
      prices: Float64Array.from({ length: Z * P }, (_, i) => prices[i % P]),
      nodes: P,
      consumption: byProductivity,
    },
    near: undefined,
    levels: new Float64Array(0),
    persistence: 0,
    path: new Float64Array(0),
    distribution: new Float64Array(0),
  };
}

/** The chain of pairs of two that move independently, the second fastest. */
function product(first: Float64Array, second: Float64Array): Float64Array {
  const [m, n] = [Math.round(Math.sqrt(first.length)), Math.round(Math.sqrt(second.length))];
  return Float64Array.from({ length: (m * n) ** 2 }, (_, i) => {
    const [from, to] = [Math.floor(i / (m * n)), i % (m * n)];
    return first[Math.floor(from / n) * m + Math.floor(to / n)] * second[(from % n) * n + (to % n)];
  });
}
