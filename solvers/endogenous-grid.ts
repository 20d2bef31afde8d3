/**
 * The endogenous-grid method of Carroll (2006, Economics Letters 91) for one asset, log utility and a Markov chain of exogenous
 * states, with Barillas and Fernández-Villaverde's (2007, JEDC 31) change of variable: the policy is solved as a function of
 * available resources m, so that no equation has a root to be found.
 *
 *     1 / c(a, e) = beta sum_e' P(e, e') R(a', e') / c(a', e'),        a' = m(a, e) - c(a, e)
 *
 * What is stored and interpolated is the share c / m over log a, which is smooth, of order one, and constant where the
 * closed form is: cubic interpolation then is exact to nine digits on a few hundred nodes, and exact at the closed form.
 */
import { requireFiniteArray, requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import { lagrange, type UniformGrid, uniformLagrange } from './cubic.ts';
import { envelopeValue } from './envelope.ts';

/** One household with log utility, one asset a > 0 and E exogenous states e. */
export interface SavingProblem {
  readonly discountFactor: number;
  /** P(e, e'), row-major, [E * E]; rows need not sum to one, and are used as they are. */
  readonly transition: Float64Array;
  /** m(a, e) > 0, increasing in a: resources before consumption, units of the good. */
  readonly resources: (asset: number, exogenous: number) => number;
  /** R(a, e) > 0, decreasing in a: what one more unit of a adds to resources. */
  readonly grossReturn: (asset: number, exogenous: number) => number;
  /**
   * Ends of the grid; the optimum must lead from both into the grid. Beyond them the share stays as it is at the end.
   */
  readonly low: number;
  readonly high: number;
}

export interface EndogenousGridOptions {
  /** Distance of nodes in log a; default 0.05. */
  readonly spacing?: number;
  /** Largest relative change of consumption in the last iteration; default 1e-12. */
  readonly tolerance?: number;
  /** Default 20,000. */
  readonly maxIterations?: number;
  /** Share of resources that the first guess eats everywhere; default 0.5. */
  readonly guess?: number;
}

export interface SavingSolution {
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest relative change of consumption in the last iteration. */
  readonly residual: number;
  /** Nodes of the asset grid. */
  readonly nodes: number;
  /** c(a, e) / m(a, e). */
  share(asset: number, exogenous: number): number;
  /** Expected discounted sum of log c under the policy, from (a, e) on. */
  value(asset: number, exogenous: number): number;
}

/** Arrays of one solve; [E * N] are row-major by exogenous state. */
interface Work {
  readonly states: number;
  readonly nodes: number;
  readonly assets: Float64Array;
  readonly resources: Float64Array;
  readonly logResources: Float64Array;
  readonly returns: Float64Array;
  /** R / c at each node: the marginal value of the asset. */
  readonly marginal: Float64Array;
  /** log m and c / m where the Euler equation was solved, [N], for one exogenous state at a time. */
  readonly endogenous: Float64Array;
  readonly endogenousShare: Float64Array;
}

/**
 * Solves a saving problem by time iteration on the Euler equation, in float64.
 *
 * Shapes: P [E * E]. The solution's `share` is within about 1e-9 of the truth at the default spacing; it says whether it
 * converged, and callers look at it. Throws on a discount factor outside (0, 1), a range or a spacing that is no range, and
 * resources or returns that are not positive numbers. Invariant: deterministic, and 0 < share < 1 at every node.
 */
export function endogenousGrid(problem: SavingProblem, options: EndogenousGridOptions = {}): SavingSolution {
  const { spacing = 0.05, tolerance = 1e-12, maxIterations = 20_000, guess = 0.5 } = options;
  checkProblem(problem, spacing, maxIterations);
  const { discountFactor, transition } = problem;
  const grid = logGrid(problem, spacing);
  const work = workspace(problem, grid);
  let share = new Float64Array(work.states * work.nodes).fill(guess);
  let next = new Float64Array(share.length);
  let residual = Infinity;
  let iterations = 0;
  while (residual > tolerance && iterations < maxIterations) {
    marginalValues(share, work.resources, work.returns, work.marginal);
    residual = 0;
    for (let e = 0; e < work.states; e++) {
      solveEuler(work, transition, discountFactor, e);
      residual = Math.max(residual, resample(work, share, next, e));
    }
    [share, next] = [next, share];
    iterations++;
  }
  const policy = (asset: number, e: number) => uniformLagrange(share, e * grid.nodes, grid, Math.log(asset));
  return {
    converged: residual <= tolerance,
    iterations,
    residual,
    nodes: grid.nodes,
    share: policy,
    value: envelopeValue({ problem, grid, share, resources: work.resources, returns: work.returns }),
  };
}

function checkProblem(
  { discountFactor, transition, low, high }: SavingProblem,
  spacing: number,
  maxIterations: number,
): void {
  const where = 'endogenousGrid';
  if (!(discountFactor > 0 && discountFactor < 1)) {
    throw new Error(`${where}: the discount factor is ${discountFactor}; it lies strictly between 0 and 1.`);
  }
  requireFiniteArray(where, 'the transition', transition);
  const states = Math.round(Math.sqrt(transition.length));
  requireLength(where, 'the transition', transition, states * states, 'a square matrix');
  requirePositive(where, 'the lowest asset', low);
  requirePositive(where, 'the spacing', spacing);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
  if (!(high > low && Number.isFinite(high))) {
    throw new Error(
      `${where}: the assets range from ${low} to ${high}; the highest must be above the lowest.`,
    );
  }
}

/** Log-spaced nodes, at most `spacing` apart, at least the four of a cubic. */
function logGrid({ low, high }: SavingProblem, spacing: number): UniformGrid {
  const [first, last] = [Math.log(low), Math.log(high)];
  const nodes = Math.max(4, Math.ceil((last - first) / spacing) + 1);
  return { first, step: (last - first) / (nodes - 1), nodes };
}

function workspace(problem: SavingProblem, { first, step, nodes }: UniformGrid): Work {
  const states = Math.round(Math.sqrt(problem.transition.length));
  const assets = Float64Array.from({ length: nodes }, (_, j) => Math.exp(first + step * j));
  const at = (f: (asset: number, exogenous: number) => number) =>
    Float64Array.from({ length: states * nodes }, (_, i) => f(assets[i % nodes], Math.floor(i / nodes)));
  const resources = at(problem.resources);
  const returns = at(problem.grossReturn);
  for (const [what, values] of Object.entries({ resources, returns })) {
    const bad = values.findIndex((v) => !(v > 0 && v < Infinity));
    if (bad >= 0) {
      throw new Error(
        `endogenousGrid: ${what} at asset ${assets[bad % nodes]} in state ${Math.floor(bad / nodes)} are ${values[bad]}; ` +
          'they must be positive numbers on the whole grid.',
      );
    }
  }
  return {
    states,
    nodes,
    assets,
    resources,
    logResources: resources.map(Math.log),
    returns,
    marginal: new Float64Array(states * nodes),
    endogenous: new Float64Array(nodes),
    endogenousShare: new Float64Array(nodes),
  };
}

function marginalValues(
  share: Float64Array,
  resources: Float64Array,
  returns: Float64Array,
  marginal: Float64Array,
): void {
  for (let i = 0; i < share.length; i++) marginal[i] = returns[i] / (share[i] * resources[i]);
}

/** For each next asset a', the consumption that the Euler equation wants now, and the resources that it implies. */
function solveEuler(work: Work, transition: Float64Array, discountFactor: number, e: number): void {
  const { states, nodes, assets, marginal, endogenous, endogenousShare } = work;
  for (let j = 0; j < nodes; j++) {
    let expected = 0;
    for (let next = 0; next < states; next++) {
      const p = transition[e * states + next];
      if (p !== 0) expected += p * marginal[next * nodes + j];
    }
    const consumption = 1 / (discountFactor * expected);
    const resources = consumption + assets[j];
    endogenous[j] = Math.log(resources);
    endogenousShare[j] = consumption / resources;
  }
}

/** The policy back on the asset grid; returns the largest relative change of consumption. */
function resample(work: Work, share: Float64Array, next: Float64Array, e: number): number {
  const { nodes, logResources, endogenous, endogenousShare } = work;
  let change = 0;
  let left = 0;
  for (let j = 0; j < nodes; j++) {
    const i = e * nodes + j;
    const x = logResources[i];
    while (left < nodes - 2 && endogenous[left + 1] <= x) left++;
    const value = lagrange(endogenous, endogenousShare, Math.min(Math.max(left - 1, 0), nodes - 4), x);
    next[i] = Math.min(Math.max(value, SMALLEST_SHARE), 1 - SMALLEST_SHARE);
    change = Math.max(change, Math.abs(next[i] / share[i] - 1));
  }
  return change;
}

/** Keeps early iterations, whose endogenous nodes may end inside the grid, between nothing and everything. */
const SMALLEST_SHARE = 1e-6;
