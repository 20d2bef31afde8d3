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
import { gaussHermite } from '../numerics/quadrature.ts';
import { chebyshevFit, chebyshevSum, chebyshevValues, placeIn } from './chebyshev.ts';
import {
  aheadValues,
  checkPlanner,
  logOfShare,
  lookAhead,
  type PlannerGrid,
  type PlannerOptions,
  type PlannerProblem,
  plannerGrid,
  QUADRATURE,
} from './planner-grid.ts';

export type { PlannerOptions, PlannerProblem } from './planner-grid.ts';

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

/** Log odds of labour that are searched: from 1e-11 to 1 - 1e-11. */
const ODDS = 25;

/**
 * Solves a planner's problem in float64. The answer's Euler errors are below 1e-7 in the usual calibrations; look at `converged`.
 * Shapes: nodes N x M. Throws on parameters that are no number of their kind. Invariant: deterministic, 0 < l < 1 and 0 < share < 1.
 */
export function planner(problem: PlannerProblem, options: PlannerOptions = {}): PlannerSolution {
  const { capitalNodes = 18, productivityNodes = 10, tolerance = 1e-11, maxIterations = 5000 } = options;
  checkPlanner(problem, capitalNodes, productivityNodes, maxIterations);
  const work = plannerGrid(problem, capitalNodes, productivityNodes);
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

/** log u'(c) by the condition of labour. Hot. */
function logMarginal(work: PlannerProblem, logK: number, x: number, logLabour: number, odds: number): number {
  const alpha = work.capitalShare;
  // log(1 - l) = log l - odds.
  const constant = Math.log(work.leisureWeight / (1 - alpha));
  return constant + alpha * logLabour - x - alpha * logK - (logLabour - odds);
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
function eulerGap(work: PlannerGrid, i: number, j: number, odds: number): number {
  const logK = work.logCapital[i];
  const x = work.x[j];
  const logLabour = logOfShare(odds);
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
    const nextLabour = logOfShare(nextOdds);
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
function solveNode(work: PlannerGrid, i: number, j: number, start: number): number {
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
  work: PlannerGrid,
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
    const logLabour = logOfShare(odds);
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
    labour: (k, x) => Math.exp(logOfShare(oddsAt(inside(Math.log(k)), x))),
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
