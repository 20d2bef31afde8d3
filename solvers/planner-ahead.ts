/**
 * The planner of planner.ts who chooses before the period's productivity is known: the share s of what there will be that is eaten, and labour, from
 * (k, x) with x the log productivity of the last period. With x' = rho x + s eps, a' = e^x' k^alpha l^(1-alpha) + (1 - delta) k and V the value,
 *
 *     max E[u(s a') + b log(1 - l) + beta V((1 - s) a', x')]
 *     E[u'(c) a'] = beta E[V_k(k', x') a']                                                        of the share
 *     b / (1 - l) = E[(s u'(c) + (1 - s) beta V_k(k', x')) (1 - alpha) y' / l]                    of labour
 *     V_k(k, x) = E[(s u'(c) + (1 - s) beta V_k(k', x')) (alpha y' / k + 1 - delta)]              what capital is worth
 *
 * by time iteration: V_k, whose log is a polynomial in (log k, x), gives both choices at every node by Newton's method, and these a new V_k.
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

export interface PlannerAheadSolution {
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest change of the log odds of either choice in the last iteration. */
  readonly residual: number;
  readonly nodes: number;
  /** l, and c over all there is, at capital k and the log productivity x of the last period. */
  labour(capital: number, logProductivity: number): number;
  share(capital: number, logProductivity: number): number;
  /** |1 - s' / s|, where the share s' makes its condition hold at what capital is worth one period later. */
  eulerError(capital: number, logProductivity: number): number;
}

/** Newton's method: steps of the log odds, their length, and where they end. */
const MOST_STEPS = 60;
const LONGEST_STEP = 1;
const STEP_TOLERANCE = 1e-13;
/** Of the log odds in difference quotients. */
const NUDGE = 1e-6;

/** Where the choices of one node are found; rewritten again and again. */
interface Place {
  logK: number;
  /** x' and its weights, [Q]. */
  readonly x: Float64Array;
  readonly weights: Float64Array;
  /** log V_k at the place `placeIn` of log k' and the q-th x'. */
  worth(place: number, q: number): number;
}

/** What the conditions lack in logs, and log V_k. */
interface Gaps {
  share: number;
  labour: number;
  worth: number;
}

/**
 * Solves in float64. Euler errors are below 1e-7 in the usual calibrations; look at `converged`. Shapes: nodes N x M. Throws on parameters that are no
 * number of their kind. Invariant: deterministic, 0 < l < 1 and 0 < share < 1; without shocks the choices are those of `planner` at rho x.
 */
export function plannerAhead(problem: PlannerProblem, options: PlannerOptions = {}): PlannerAheadSolution {
  const { capitalNodes = 18, productivityNodes = 10, tolerance = 1e-11, maxIterations = 5000 } = options;
  checkPlanner(problem, capitalNodes, productivityNodes, maxIterations);
  const grid = plannerGrid(problem, capitalNodes, productivityNodes);
  const { N, M, Q } = grid;
  const values = aheadValues(grid);
  const column = () => new Float64Array(N * M);
  const [shares, labours, worth] = [column(), column(), column()];
  const [coefficients, scratch] = [column(), column()];
  const rest = restingOdds(problem);
  shares.fill(rest.share);
  labours.fill(rest.labour);
  worth.set(Float64Array.from(worth, (_, at) => firstWorth(problem, grid.logCapital[Math.floor(at / M)])));
  chebyshevFit(worth, N, M, scratch, coefficients);
  let [residual, iterations] = [Infinity, 0];
  const gaps: Gaps = { share: 0, labour: 0, worth: 0 };
  while (residual > tolerance && iterations < maxIterations) {
    lookAhead(grid, coefficients, values);
    residual = 0;
    for (let j = 0; j < M; j++) {
      const place: Place = {
        logK: 0,
        x: grid.nextX.subarray(j * Q, (j + 1) * Q),
        weights: grid.weights,
        worth: (at, q) => chebyshevSum(grid.ahead, (j * Q + q) * N, N, at),
      };
      for (let i = 0; i < N; i++) {
        const at = i * M + j;
        place.logK = grid.logCapital[i];
        const [share, labour] = choose(grid, place, shares[at], labours[at], gaps);
        residual = Math.max(residual, Math.abs(share - shares[at]), Math.abs(labour - labours[at]));
        [shares[at], labours[at], worth[at]] = [share, labour, gaps.worth];
      }
    }
    chebyshevFit(worth, N, M, scratch, coefficients);
    iterations++;
  }
  const fitted = (of: Float64Array) => {
    const out = column();
    chebyshevFit(of, N, M, scratch, out);
    return out;
  };
  return solution(
    grid,
    { worth: coefficients, shares: fitted(shares), labours: fitted(labours) },
    { converged: residual <= tolerance, iterations, residual },
  );
}

/** Log odds of the choices in the steady state. */
function restingOdds({ capitalShare, depreciation, steadyState: { capital, labour } }: PlannerProblem) {
  const output = capital ** capitalShare * labour ** (1 - capitalShare);
  const consumption = output - depreciation * capital;
  const kept = capital;
  return { share: Math.log(consumption / kept), labour: Math.log(labour / (1 - labour)) };
}

/** log of what capital is worth to those who always choose as in the steady state. */
function firstWorth(problem: PlannerProblem, logK: number): number {
  const { capitalShare: alpha, depreciation, riskAversion, steadyState } = problem;
  const { share } = restingOdds(problem);
  const output = Math.exp(alpha * logK) * steadyState.labour ** (1 - alpha);
  const all = output + (1 - depreciation) * Math.exp(logK);
  const consumption = all / (1 + Math.exp(-share));
  return (
    -riskAversion * Math.log(consumption) + Math.log(alpha * output * Math.exp(-logK) + 1 - depreciation)
  );
}

/** The conditions at given log odds, into `out`. Hot. */
function measure(grid: PlannerGrid, place: Place, shareOdds: number, labourOdds: number, out: Gaps): void {
  const alpha = grid.capitalShare;
  const kept = 1 - grid.depreciation;
  const logEaten = logOfShare(shareOdds);
  const logSaved = logEaten - shareOdds;
  const logLabour = logOfShare(labourOdds);
  const k = Math.exp(place.logK);
  const [eaten, saved] = [Math.exp(logEaten), Math.exp(logSaved)];
  let [now, later, earned, worth] = [0, 0, 0, 0];
  for (let q = 0; q < place.x.length; q++) {
    const output = Math.exp(place.x[q] + alpha * place.logK + (1 - alpha) * logLabour);
    const all = output + kept * k;
    const logAll = Math.log(all);
    const marginal = Math.exp(-grid.riskAversion * (logEaten + logAll));
    const ahead = grid.discountFactor * Math.exp(place.worth(placeIn(grid.capital, logSaved + logAll), q));
    const unit = place.weights[q] * (eaten * marginal + saved * ahead);
    now += place.weights[q] * marginal * all;
    later += place.weights[q] * ahead * all;
    earned += unit * (1 - alpha) * output;
    worth += unit * ((alpha * output) / k + kept);
  }
  // Both increase in their own odds: eating more, working more is worth less.
  out.share = Math.log(later / now);
  // b l / (1 - l) = E[...] (1 - alpha) y', and l / (1 - l) is e^odds.
  out.labour = Math.log(grid.leisureWeight) + labourOdds - Math.log(earned);
  out.worth = Math.log(worth);
}

/** Log odds at which both conditions hold, by Newton's method from the last ones; `gaps` are then those there. */
function choose(
  grid: PlannerGrid,
  place: Place,
  share: number,
  labour: number,
  gaps: Gaps,
): readonly [share: number, labour: number] {
  for (let n = 0; n < MOST_STEPS; n++) {
    measure(grid, place, share + NUDGE, labour, gaps);
    const [ss, ls] = [gaps.share, gaps.labour];
    measure(grid, place, share, labour + NUDGE, gaps);
    const [sl, ll] = [gaps.share, gaps.labour];
    measure(grid, place, share, labour, gaps);
    const { share: s, labour: l } = gaps;
    const [a, b, c, d] = [(ss - s) / NUDGE, (sl - s) / NUDGE, (ls - l) / NUDGE, (ll - l) / NUDGE];
    const determinant = a * d - b * c;
    const [ds, dl] = [(d * s - b * l) / determinant, (a * l - c * s) / determinant];
    const length = Math.max(Math.abs(ds), Math.abs(dl));
    if (!(length > STEP_TOLERANCE)) break;
    const shorter = Math.min(1, LONGEST_STEP / length);
    share -= shorter * ds;
    labour -= shorter * dl;
  }
  measure(grid, place, share, labour, gaps);
  return [share, labour];
}

function solution(
  grid: PlannerGrid,
  found: { readonly worth: Float64Array; readonly shares: Float64Array; readonly labours: Float64Array },
  state: Pick<PlannerAheadSolution, 'converged' | 'iterations' | 'residual'>,
): PlannerAheadSolution {
  const { N, M, capital, productivity, persistence, deviation } = grid;
  const [rows, values] = [new Float64Array(N), new Float64Array(M)];
  const at = (coefficients: Float64Array, place: number, x: number) => {
    chebyshevValues(placeIn(productivity, x), M, values, 0);
    for (let i = 0; i < N; i++) {
      let sum = 0;
      for (let l = 0; l < M; l++) sum += coefficients[i * M + l] * values[l];
      rows[i] = sum;
    }
    return chebyshevSum(rows, 0, N, place);
  };
  const oddsAt = (coefficients: Float64Array, logK: number, x: number) =>
    at(coefficients, placeIn(capital, logK), x);
  const { nodes, weights } = gaussHermite(QUADRATURE.errors);
  const gaps: Gaps = { share: 0, labour: 0, worth: 0 };
  const nextX = (x: number) => nodes.map((node) => persistence * x + deviation * node);
  /** log V_k at (k, x) of the choices there, one period before the stored one. */
  const worthAt = (logK: number, x: number) => {
    const then = nextX(x);
    const worth = (place: number, q: number) => at(found.worth, place, then[q]);
    const own = [oddsAt(found.shares, logK, x), oddsAt(found.labours, logK, x)];
    measure(grid, { logK, x: then, weights, worth }, own[0], own[1], gaps);
    return gaps.worth;
  };
  return {
    ...state,
    nodes: N * M,
    labour: (k, x) => Math.exp(logOfShare(oddsAt(found.labours, Math.log(k), x))),
    share: (k, x) => Math.exp(logOfShare(oddsAt(found.shares, Math.log(k), x))),
    eulerError(k, x) {
      const then = nextX(x);
      const worth = (place: number, q: number) => worthAt(capital.middle + capital.half * place, then[q]);
      const logK = Math.log(k);
      const own = [oddsAt(found.shares, logK, x), oddsAt(found.labours, logK, x)];
      const here: Gaps = { share: 0, labour: 0, worth: 0 };
      measure(grid, { logK, x: then, weights, worth }, own[0], own[1], here);
      return Math.abs(1 - Math.exp(here.share / grid.riskAversion));
    },
  };
}
