/**
 * The planner of the stochastic growth model with a choice of labour (Hansen 1985, J. Monetary Economics 16, with divisible labour), by
 * time iteration on the Euler equation:
 *
 *     max E sum beta^t [u(c) + b log(1 - l)]      c + k' = y + (1 - delta) k      y = e^x k^alpha l^(1-alpha)      x' = rho x + s eps
 *     b / (1 - l) = u'(c) (1 - alpha) y / l                                u'(c) = beta E[(alpha y' / k' + 1 - delta) u'(c')]
 *
 * What is stored is the log odds of labour, log(l / (1 - l)), a smooth function of (log k, x), as a polynomial: consumption then follows from
 * the first condition without a root to be found, u'(c) = b l^alpha / ((1 - alpha) e^x k^alpha (1 - l)). With full depreciation and log
 * utility the odds are constant, and the polynomial is exact.
 */
import { requirePositive, requireWhole } from '../numerics/checks.ts';
import { gaussHermite } from '../numerics/quadrature.ts';
import {
  chebyshevFit,
  chebyshevRoots,
  chebyshevSum,
  chebyshevValues,
  placeIn,
  type Span,
  spanOf,
} from './chebyshev.ts';

export interface PlannerProblem {
  /** alpha, delta, beta. */
  readonly capitalShare: number;
  readonly depreciation: number;
  readonly discountFactor: number;
  /** g in u(c) = (c^(1-g) - 1) / (1 - g); log at 1. */
  readonly riskAversion: number;
  /** b. */
  readonly leisureWeight: number;
  /** rho, and the standard deviation s of the innovations of x, log productivity. */
  readonly persistence: number;
  readonly deviation: number;
  /** Where capital rests without shocks, at x = 0, and labour there. */
  readonly steadyState: { readonly capital: number; readonly labour: number };
}

export interface PlannerOptions {
  /** Polynomials in log k and in x; default 18 and 10. */
  readonly capitalNodes?: number;
  readonly productivityNodes?: number;
  /** Largest change of the log odds of labour in the last iteration; default 1e-11. */
  readonly tolerance?: number;
  /** Default 5,000. */
  readonly maxIterations?: number;
}

export interface PlannerSolution {
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest change of the log odds of labour in the last iteration. */
  readonly residual: number;
  readonly nodes: number;
  /** Where the polynomial was fitted; beyond, choices are those at the edge. */
  readonly capitalRange: readonly [low: number, high: number];
  readonly productivityRange: readonly [low: number, high: number];
  /** l at capital k and log productivity x. */
  labour(capital: number, logProductivity: number): number;
  /** c over all there is, y + (1 - delta) k. */
  share(capital: number, logProductivity: number): number;
  /** |1 - implied c / c|, where the implied consumption makes the Euler equation hold. */
  eulerError(capital: number, logProductivity: number): number;
}

/** Nodes of the expectation over eps while solving, and of Euler errors. */
const QUADRATURE = { solving: 7, errors: 11 } as const;

/** Grids reach at least this far in x, so that large impulses lie within; and no farther than so many stationary deviations. */
const LEAST_PRODUCTIVITY = 0.15;
const MOST_DEVIATIONS = 10;

/** Log odds of labour that are searched: from 1e-11 to 1 - 1e-11. */
const ODDS = 25;

/** Numbers of one problem and its nodes, [N] of capital, [M] of productivity, [Q] of the expectation. */
interface Work extends PlannerProblem {
  readonly capital: Span;
  readonly productivity: Span;
  readonly N: number;
  readonly M: number;
  readonly logCapital: Float64Array;
  readonly x: Float64Array;
  readonly Q: number;
  readonly weights: Float64Array;
  /** x' by node of productivity and of the expectation, [M * Q]. */
  readonly nextX: Float64Array;
  /** Polynomials in log k' at each x', [M * Q * N]. */
  readonly ahead: Float64Array;
}

/**
 * Solves a planner's problem in float64. The answer's Euler errors are below 1e-7 in the usual calibrations; look at `converged`.
 * Shapes: nodes N x M. Throws on parameters that are no number of their kind. Invariant: deterministic, 0 < l < 1 and 0 < share < 1.
 */
export function planner(problem: PlannerProblem, options: PlannerOptions = {}): PlannerSolution {
  const { capitalNodes = 18, productivityNodes = 10, tolerance = 1e-11, maxIterations = 5000 } = options;
  check(problem, capitalNodes, productivityNodes, maxIterations);
  const work = workspace(problem, capitalNodes, productivityNodes);
  const { N, M } = work;
  const { labour } = problem.steadyState;
  const odds = new Float64Array(N * M).fill(Math.log(labour / (1 - labour)));
  const [coefficients, scratch] = [new Float64Array(N * M), new Float64Array(N * M)];
  const values = aheadValues(work);
  let residual = Infinity;
  let iterations = 0;
  chebyshevFit(odds, N, M, scratch, coefficients);
  while (residual > tolerance && iterations < maxIterations) {
    lookAhead(work, coefficients, values);
    residual = 0;
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < M; j++) {
        const at = i * M + j;
        const before = odds[at];
        odds[at] = solveNode(work, i, j, before);
        residual = Math.max(residual, Math.abs(odds[at] - before));
      }
    }
    chebyshevFit(odds, N, M, scratch, coefficients);
    iterations++;
  }
  return solution(work, coefficients, { converged: residual <= tolerance, iterations, residual });
}

function check(problem: PlannerProblem, N: number, M: number, maxIterations: number): void {
  const where = 'planner';
  const { steadyState, discountFactor: beta, persistence: rho, deviation } = problem;
  for (const [name, value] of Object.entries({
    'the capital share': problem.capitalShare,
    'the risk aversion': problem.riskAversion,
    'the weight of leisure': problem.leisureWeight,
    'steady-state capital': steadyState.capital,
    'steady-state labour': steadyState.labour,
  })) {
    requirePositive(where, name, value);
  }
  if (!(beta > 0 && beta < 1))
    throw new Error(`${where}: the discount factor is ${beta}; give one in (0, 1).`);
  if (!(rho >= 0 && rho < 1)) throw new Error(`${where}: the persistence is ${rho}; give one in [0, 1).`);
  if (!(deviation >= 0 && deviation < Infinity))
    throw new Error(`${where}: the deviation is ${deviation}; give a number of at least 0.`);
  requireWhole(where, 'the nodes of capital', N, 2, 100);
  requireWhole(where, 'the nodes of productivity', M, 1, 100);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, Number.MAX_SAFE_INTEGER);
}

/** The rectangle: x as far as the outermost draws lead, capital as far as it follows and somewhat more. */
function workspace(problem: PlannerProblem, N: number, M: number): Work {
  const { persistence: rho, deviation, capitalShare: alpha, steadyState } = problem;
  const { nodes, weights } = gaussHermite(QUADRATURE.solving);
  const Q = nodes.length;
  const reach = (nodes[Q - 1] * deviation) / (1 - rho);
  const limit = (MOST_DEVIATIONS * deviation) / Math.sqrt(1 - rho * rho);
  const far = Math.max(LEAST_PRODUCTIVITY, Math.min(reach, limit));
  const productivity = spanOf(-far, far);
  const ratio = Math.exp(far / (1 - alpha));
  const logSteady = Math.log(steadyState.capital);
  const capital = spanOf(
    logSteady - Math.log(Math.max(10, 2 * ratio)),
    logSteady + Math.log(Math.max(4, 1.5 * ratio)),
  );
  const x = chebyshevRoots(M).map((root) => productivity.middle + productivity.half * root);
  const nextX = new Float64Array(M * Q);
  for (let j = 0; j < M; j++) {
    for (let q = 0; q < Q; q++) nextX[j * Q + q] = rho * x[j] + deviation * nodes[q];
  }
  return {
    ...problem,
    capital,
    productivity,
    N,
    M,
    logCapital: chebyshevRoots(N).map((root) => capital.middle + capital.half * root),
    x,
    Q,
    weights,
    nextX,
    ahead: new Float64Array(M * Q * N),
  };
}

/** T_l(x') for every x', [M * Q * M]. */
function aheadValues({ nextX, productivity, M }: Work): Float64Array {
  const values = new Float64Array(nextX.length * M);
  for (let i = 0; i < nextX.length; i++) {
    chebyshevValues(placeIn(productivity, nextX[i]), M, values, i * M);
  }
  return values;
}

/** The policy's polynomials in log k' at every x' that follows a node. */
function lookAhead({ ahead, N, M }: Work, coefficients: Float64Array, values: Float64Array): void {
  for (let i = 0; i < ahead.length; i++) {
    const at = Math.floor(i / N) * M;
    const row = (i % N) * M;
    let sum = 0;
    for (let l = 0; l < M; l++) sum += coefficients[row + l] * values[at + l];
    ahead[i] = sum;
  }
}

/** log u'(c) by the condition of labour. Hot. */
function logMarginal(work: PlannerProblem, logK: number, x: number, logLabour: number, odds: number): number {
  const alpha = work.capitalShare;
  // log(1 - l) = log l - odds.
  const constant = Math.log(work.leisureWeight / (1 - alpha));
  return constant + alpha * logLabour - x - alpha * logK - (logLabour - odds);
}

function logLabourAt(odds: number): number {
  return odds > 0 ? -Math.log1p(Math.exp(-odds)) : odds - Math.log1p(Math.exp(odds));
}

/** k' where labour has the given odds; not positive where consumption is more than there is. */
function nextCapital(
  work: PlannerProblem,
  logK: number,
  x: number,
  logLabour: number,
  marginal: number,
): number {
  const alpha = work.capitalShare;
  const output = Math.exp(x + alpha * logK + (1 - alpha) * logLabour);
  return output + (1 - work.depreciation) * Math.exp(logK) - Math.exp(-marginal / work.riskAversion);
}

/** log u'(c) - log beta E[R' u'(c')] at a node, increasing in the odds of labour. Hot. */
function eulerGap(work: Work, i: number, j: number, odds: number): number {
  const logK = work.logCapital[i];
  const x = work.x[j];
  const logLabour = logLabourAt(odds);
  const marginal = logMarginal(work, logK, x, logLabour, odds);
  const next = nextCapital(work, logK, x, logLabour, marginal);
  if (!(next > 0)) return -Infinity;
  const alpha = work.capitalShare;
  const logNext = Math.log(next);
  const place = placeIn(work.capital, logNext);
  let expected = 0;
  for (let q = 0; q < work.Q; q++) {
    const at = j * work.Q + q;
    const nextX = work.nextX[at];
    const nextOdds = chebyshevSum(work.ahead, at * work.N, work.N, place);
    const nextLabour = logLabourAt(nextOdds);
    const rent = alpha * Math.exp(nextX + (1 - alpha) * (nextLabour - logNext));
    const nextMarginal = logMarginal(work, logNext, nextX, nextLabour, nextOdds);
    expected += work.weights[q] * (rent + 1 - work.depreciation) * Math.exp(nextMarginal);
  }
  return marginal - Math.log(work.discountFactor * expected);
}

/** Steps of the search, the secant's or halvings. */
const MOST_SEARCHES = 200;
/** Of the log odds: below what iterations are to agree to. */
const SEARCH_TOLERANCE = 1e-13;

/** The odds at which the Euler equation holds at a node: secant steps from the last ones, halving where they leave the bracket. */
function solveNode(work: Work, i: number, j: number, start: number): number {
  let low = -ODDS;
  let high = ODDS;
  let at = start;
  let gap = eulerGap(work, i, j, at);
  let slope = 1;
  for (let n = 0; n < MOST_SEARCHES; n++) {
    if (gap === 0) return at;
    if (gap < 0) low = at;
    else high = at;
    let next = at - gap / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - at) <= SEARCH_TOLERANCE || next === low || next === high) return next;
    const nextGap = eulerGap(work, i, j, next);
    const found = (nextGap - gap) / (next - at);
    // Far from the root a step may land where nothing is left for the next period.
    slope = found > 0 && found < Infinity ? found : 1;
    at = next;
    gap = nextGap;
  }
  return at;
}

function solution(
  work: Work,
  coefficients: Float64Array,
  state: Pick<PlannerSolution, 'converged' | 'iterations' | 'residual'>,
): PlannerSolution {
  const { N, M, capital, productivity } = work;
  const [rows, values] = [new Float64Array(N), new Float64Array(M)];
  const oddsAt = (logK: number, x: number) => {
    chebyshevValues(placeIn(productivity, x), M, values, 0);
    for (let i = 0; i < N; i++) {
      let sum = 0;
      for (let l = 0; l < M; l++) sum += coefficients[i * M + l] * values[l];
      rows[i] = sum;
    }
    return chebyshevSum(rows, 0, N, placeIn(capital, logK));
  };
  /** Beyond the nodes both choices are those at the edge, so that they stay within what there is. */
  const inside = (logK: number) => capital.middle + capital.half * placeIn(capital, logK);
  const allOf = (logK: number, x: number) => {
    const odds = oddsAt(logK, x);
    const logLabour = logLabourAt(odds);
    const marginal = logMarginal(work, logK, x, logLabour, odds);
    return { marginal, logLabour, next: nextCapital(work, logK, x, logLabour, marginal) };
  };
  const share = (k: number, x: number) => {
    const { marginal, next } = allOf(inside(Math.log(k)), x);
    const consumption = Math.exp(-marginal / work.riskAversion);
    return consumption / (consumption + next);
  };
  const finer = gaussHermite(QUADRATURE.errors);
  return {
    ...state,
    nodes: N * M,
    capitalRange: [Math.exp(capital.middle - capital.half), Math.exp(capital.middle + capital.half)],
    productivityRange: [productivity.middle - productivity.half, productivity.middle + productivity.half],
    labour: (k, x) => Math.exp(logLabourAt(oddsAt(inside(Math.log(k)), x))),
    share,
    eulerError(k, x) {
      const { marginal, next } = allOf(Math.log(k), x);
      const logNext = Math.log(next);
      let expected = 0;
      for (let q = 0; q < finer.nodes.length; q++) {
        const nextX = work.persistence * x + work.deviation * finer.nodes[q];
        const { marginal: then, logLabour } = allOf(logNext, nextX);
        const rent = work.capitalShare * Math.exp(nextX + (1 - work.capitalShare) * (logLabour - logNext));
        expected += finer.weights[q] * (rent + 1 - work.depreciation) * Math.exp(then);
      }
      const implied = Math.log(work.discountFactor * expected);
      return Math.abs(1 - Math.exp((marginal - implied) / work.riskAversion));
    },
  };
}
