/**
 * Equilibrium with aggregate risk where one price clears the market for an asset in fixed supply (Huggett 1993 with aggregate shocks): households forecast the price by a rule,
 *
 *     x_{t+1} = Q(z_{t+1}) + rho (x_t - Q(z_t)),
 *
 * and the rule is the one that prices of a simulated cross-section follow, as in Krusell and Smith (1998, J. Political Economy 106). With rho = 0 it is a rule in next z alone. The price
 * is known to households at nodes Q(z) + delta_n around the rule, so that few nodes are fine ones.
 */
import { requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { linspace } from '../numerics/grids.ts';
import { type FittedRule, fitRule, type PricePath, simulatePrices } from './forecast-path.ts';
import { type Convergence, type HouseholdProblem, type Preferences, stochasticRows } from './household.ts';
import { savingsOf, solveByEuler } from './household-euler.ts';
import { solveByValues } from './household-values.ts';
import { nodeWeights, placeAmongNodes } from './node-weights.ts';
import type { HouseholdMethod } from './stationary.ts';

/** Own states move apart from the aggregate one. */
export interface PricedEconomy extends Preferences {
  readonly borrowingLimit: number;
  /** P[e, e'], [E * E]. */
  readonly ownTransition: Float64Array;
  /** P[z, z'], [Z * Z]. */
  readonly transition: Float64Array;
  /** Long-run shares of own states, [E]. */
  readonly ownShares: Float64Array;
  /** R(x) and q(x), as in `StationaryEconomy`. */
  readonly grossReturn: (price: number) => number;
  readonly assetPrice: (price: number) => number;
  /** y(z, e), indices. */
  readonly income: (z: number, e: number) => number;
  /** What there is to hold, per household. */
  readonly assetSupply: number;
}

export interface ForecastOptions {
  /** Asset grid [A] from the borrowing limit on. */
  readonly assets: Float64Array;
  readonly method: HouseholdMethod;
  /** Price to start from in every state. */
  readonly price: number;
  /** Distance of the outermost nodes from the start; narrowed later. */
  readonly halfWidth: number;
  /** States of z of the path that the rule is fitted to; its first tenth is not used. */
  readonly states: Int32Array;
  /** N; default 5. */
  readonly nodes?: number;
  /** `both`: Q and rho; `next`: rho = 0. Default `both`. */
  readonly rule?: 'both' | 'next';
  /** Largest change of Q where it was visited, in the price; default 5e-6. */
  readonly tolerance?: number;
  /** Default 60. */
  readonly maxIterations?: number;
}

/** Tables are [Z, N, E, A], asset fastest. */
export interface ForecastEquilibrium extends Convergence {
  /** Q, [Z]. */
  readonly levels: Float64Array;
  readonly persistence: number;
  /** The price at every node, [Z, N]. */
  readonly prices: Float64Array;
  readonly nodes: number;
  readonly assets: Float64Array;
  readonly consumption: Float64Array;
  readonly savings: Float64Array;
  /** Prices along the path of `states`, [T]. */
  readonly path: Float64Array;
  /** Share of the variance of prices that Q(z) explains, and that the rule does. */
  readonly rSquaredOfLevels: number;
  readonly rSquared: number;
  /** The cross-section at the end of the path, [E, A]. */
  readonly distribution: Float64Array;
}

/** Transitions less likely than this are left out. */
const NEGLIGIBLE = 1e-8;
/** Share of the way to the fitted rule that is gone: more while that works. */
const START_DAMPING = 0.4;
const SLOWEST = 0.1;
const FASTER = 1.2;
/** The nodes are drawn closer when the rule has settled this far, to so many times the largest deviation. */
const SETTLED = 2e-3;
const MARGIN = 2;
const NARROWEST = 2e-4;
/** Of household problems in the end, in their own measures. */
const ACCURACY: Readonly<Record<HouseholdMethod, number>> = { values: 1e-7, euler: 1e-6 };

/**
 * The rule that fulfils itself along the path, and the policies under it.
 *
 * `converged` says that rule and policies both did; callers look at it. Throws on an infeasible problem and on sizes that do not fit. Invariants: deterministic; the
 * market clears exactly in every period whose price lies between the nodes.
 */
export function solveForecastRule(economy: PricedEconomy, options: ForecastOptions): ForecastEquilibrium {
  const { assets, states, nodes = 5, tolerance = 5e-6, maxIterations = 60, rule = 'both' } = options;
  const where = 'solveForecastRule';
  const Z = Math.round(Math.sqrt(economy.transition.length));
  requireWhole(where, 'nodes', nodes, 2, 1000);
  requirePositive(where, 'the half width', options.halfWidth);
  requirePositive(where, 'the tolerance', tolerance);
  const joint = jointChain(economy, Z);
  const levels = new Float64Array(Z).fill(options.price);
  let persistence = 0;
  let halfWidth = options.halfWidth;
  let isNarrow = false;
  let damping = START_DAMPING;
  let solved: Solved | undefined;
  let simulated: PricePath | undefined;
  let residual = Infinity;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const deltas = linspace(-halfWidth, halfWidth, nodes);
    const priced = problemAt(economy, assets, joint, levels, deltas, persistence);
    const accuracy = Math.max(ACCURACY[options.method], Math.min(1e-4, residual * 1e-2));
    solved = solve(priced.problem, options.method, accuracy, solved?.start);
    const market = { ...economy, assets, prices: priced.prices, nodes, savings: solved.savings };
    simulated = simulatePrices(market, states, simulated?.distribution);
    const fitted = fitRule(simulated.path, states, levels, rule);
    const isDone = fitted.change <= tolerance && isNarrow;
    if (isDone || iterations === maxIterations) {
      const converged = isDone && solved.converged;
      return result(priced, solved, simulated, fitted, { converged, iterations, residual: fitted.change });
    }
    if (!isNarrow && fitted.change <= SETTLED) {
      isNarrow = true;
      halfWidth = Math.max(NARROWEST, Math.min(halfWidth, MARGIN * fitted.largest));
    } else if (isNarrow && fitted.largest > halfWidth) halfWidth = MARGIN * fitted.largest;
    damping = Math.max(SLOWEST, fitted.change < residual ? Math.min(1, FASTER * damping) : 0.5 * damping);
    residual = fitted.change;
    for (let z = 0; z < Z; z++) levels[z] += damping * (fitted.levels[z] - levels[z]);
    persistence += damping * (fitted.persistence - persistence);
  }
  throw new Error(`${where}: maxIterations is ${maxIterations}; give 1 or more.`);
}

interface Solved {
  readonly converged: boolean;
  readonly consumption: Float64Array;
  readonly savings: Float64Array;
  /** What the next solution starts from: values, or consumption. */
  readonly start: Float64Array;
}

function solve(
  problem: HouseholdProblem,
  method: HouseholdMethod,
  tolerance: number,
  start: Float64Array | undefined,
): Solved {
  if (method === 'values') {
    const { converged, consumption, savings, values } = solveByValues(problem, {
      tolerance,
      ...(start && { values: start }),
    });
    return { converged, consumption, savings, start: values };
  }
  const { converged, consumption } = solveByEuler(problem, {
    tolerance,
    ...(start && { consumption: start }),
  });
  return { converged, consumption, savings: savingsOf(problem, consumption), start: consumption };
}

/** P[(z, e), (z', e')] = P[z, z'] P[e, e'] without what is negligible, and its factors. */
interface JointChain {
  readonly transition: Float64Array;
  readonly factors: { readonly aggregate: Float64Array; readonly own: Float64Array };
}

function jointChain({ transition, ownTransition }: PricedEconomy, Z: number): JointChain {
  const E = Math.round(Math.sqrt(ownTransition.length));
  const kept = stochasticRows(
    'solveForecastRule',
    transition.map((p) => (p < NEGLIGIBLE ? 0 : p)),
    Z,
  );
  const own = stochasticRows('solveForecastRule', ownTransition, E);
  const joint = Float64Array.from({ length: (Z * E) ** 2 }, (_, i) => {
    const from = Math.floor(i / (Z * E));
    const to = i % (Z * E);
    return kept[Math.floor(from / E) * Z + Math.floor(to / E)] * own[(from % E) * E + (to % E)];
  });
  return { transition: joint, factors: { aggregate: kept, own } };
}

/** A household problem, and the price at each of its nodes, [Z, N]. */
interface PricedProblem {
  readonly problem: HouseholdProblem;
  readonly prices: Float64Array;
}

/** Nodes of the price around a rule. */
export interface RuleNodes {
  readonly levels: Float64Array;
  readonly persistence: number;
  readonly halfWidth: number;
  readonly nodes: number;
  /** Consumption at the rule itself to start from, [Z, E, A]; used by the endogenous grid. */
  readonly consumption?: Float64Array;
}

/**
 * Policies of households who forecast by a given rule, at any prices within `halfWidth` of it: what they would do in a market that surprises them.
 * Shapes: prices [Z, N]; tables [Z, N, E, A]. Throws on an infeasible problem. Invariant: at the rule's own nodes, those of `solveForecastRule`.
 */
export function policiesUnderRule(
  economy: PricedEconomy,
  assets: Float64Array,
  { levels, persistence, halfWidth, nodes, consumption: known }: RuleNodes,
  method: HouseholdMethod,
): Convergence & { readonly prices: Float64Array; readonly consumption: Float64Array } {
  const joint = jointChain(economy, levels.length);
  const deltas = linspace(-halfWidth, halfWidth, nodes);
  const { problem, prices } = problemAt(economy, assets, joint, levels, deltas, persistence);
  const options = { tolerance: ACCURACY[method] };
  const start = known === undefined ? {} : { consumption: atEveryNode(known, levels.length, nodes) };
  const solved =
    method === 'values' ? solveByValues(problem, options) : solveByEuler(problem, { ...options, ...start });
  const { converged, iterations, residual, consumption } = solved;
  return { converged, iterations, residual, prices, consumption };
}

/** [Z, E, A] to [Z, N, E, A]. */
function atEveryNode(table: Float64Array, Z: number, N: number): Float64Array {
  const block = table.length / Z;
  const out = new Float64Array(Z * N * block);
  for (let i = 0; i < Z * N; i++) {
    const z = Math.floor(i / N);
    out.set(table.subarray(z * block, (z + 1) * block), i * block);
  }
  return out;
}

function problemAt(
  economy: PricedEconomy,
  assets: Float64Array,
  joint: JointChain,
  levels: Float64Array,
  deltas: Float64Array,
  persistence: number,
): PricedProblem {
  const { discountFactor, riskAversion, ownTransition, grossReturn, assetPrice, income } = economy;
  const E = Math.round(Math.sqrt(ownTransition.length));
  const Z = levels.length;
  const N = deltas.length;
  requireLength('solveForecastRule', 'the first asset', assets.subarray(0, 1), 1, 'the grid');
  const prices = Float64Array.from({ length: Z * N }, (_, i) => levels[Math.floor(i / N)] + deltas[i % N]);
  const next = nodeWeights(Z * N * Z, N, 'linear');
  for (let i = 0; i < Z * N * Z; i++) {
    placeAmongNodes(next, i, deltas, persistence * deltas[Math.floor(i / Z) % N]);
  }
  const problem: HouseholdProblem = {
    discountFactor,
    riskAversion,
    assets,
    aggregateStates: Z,
    nodes: N,
    ownStates: E,
    ...joint,
    grossReturn: prices.map(grossReturn),
    assetPrice: prices.map(assetPrice),
    income: Float64Array.from({ length: Z * N * E }, (_, i) => income(Math.floor(i / (N * E)), i % E)),
    next,
  };
  return { problem, prices };
}

function result(
  { problem, prices }: PricedProblem,
  { consumption, savings }: Solved,
  { path, distribution }: PricePath,
  { levels, persistence, rSquaredOfLevels, rSquared }: FittedRule,
  convergence: Convergence,
): ForecastEquilibrium {
  return {
    ...convergence,
    levels,
    persistence,
    prices,
    nodes: problem.nodes,
    assets: problem.assets,
    consumption,
    savings,
    path,
    rSquaredOfLevels,
    rSquared,
    distribution,
  };
}
