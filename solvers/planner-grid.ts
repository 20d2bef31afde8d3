/**
 * The grid of a planner's problem: states (log k, x) at Chebyshev nodes, and where the next x lead from there. What is stored at the nodes is up to who
 * solves (planner.ts, planner-ahead.ts).
 */
import { requirePositive, requireWhole } from '../numerics/checks.ts';
import { gaussHermite } from '../numerics/quadrature.ts';
import { chebyshevRoots, chebyshevValues, placeIn, type Span, spanOf } from './chebyshev.ts';

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

/** Nodes of the expectation over eps while solving, and of Euler errors. */
export const QUADRATURE = { solving: 7, errors: 11 } as const;

/** Grids reach at least this far in x, so that large impulses lie within; and no farther than so many stationary deviations. */
const LEAST_PRODUCTIVITY = 0.15;
const MOST_DEVIATIONS = 10;

/** Numbers of one problem and its nodes, [N] of capital, [M] of productivity, [Q] of the expectation. */
export interface PlannerGrid extends PlannerProblem {
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

/** Throws an Error for a parameter that is no number of its kind. */
export function checkPlanner(problem: PlannerProblem, N: number, M: number, maxIterations: number): void {
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
export function plannerGrid(problem: PlannerProblem, N: number, M: number): PlannerGrid {
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
export function aheadValues({ nextX, productivity, M }: PlannerGrid): Float64Array {
  const values = new Float64Array(nextX.length * M);
  for (let i = 0; i < nextX.length; i++) {
    chebyshevValues(placeIn(productivity, nextX[i]), M, values, i * M);
  }
  return values;
}

/** The policy's polynomials in log k' at every x' that follows a node. */
export function lookAhead(
  { ahead, N, M }: PlannerGrid,
  coefficients: Float64Array,
  values: Float64Array,
): void {
  for (let i = 0; i < ahead.length; i++) {
    const at = Math.floor(i / N) * M;
    const row = (i % N) * M;
    let sum = 0;
    for (let l = 0; l < M; l++) sum += coefficients[row + l] * values[at + l];
    ahead[i] = sum;
  }
}

/** log(l) of a share l with log odds log(l / (1 - l)). Invariant: log(1 - l) is that less the odds. */
export function logOfShare(odds: number): number {
  return odds > 0 ? -Math.log1p(Math.exp(-odds)) : odds - Math.log1p(Math.exp(odds));
}
