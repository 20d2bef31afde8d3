/** Where a planner's economy rests, and how it answers to productivity. */
import { brent } from '../numerics/roots.ts';
import type { PlannerProblem, PlannerSolution } from './planner.ts';

/** The parts of a solution that paths need; a closed form has them too. */
export type PlannerPolicy = Pick<PlannerSolution, 'labour' | 'share'>;

/** One entry a period, [T]. */
export interface PlannerPath {
  readonly productivity: Float64Array;
  readonly capital: Float64Array;
  readonly labour: Float64Array;
  readonly output: Float64Array;
  readonly consumption: Float64Array;
  readonly investment: Float64Array;
  /** Consumption over all there is. */
  readonly share: Float64Array;
}

/** k' of a policy at (k, x). */
export function nextCapitalOf(
  { capitalShare: alpha, depreciation }: PlannerProblem,
  policy: PlannerPolicy,
  capital: number,
  logProductivity: number,
): number {
  const labour = policy.labour(capital, logProductivity);
  const output = Math.exp(logProductivity) * capital ** alpha * labour ** (1 - alpha);
  return (1 - policy.share(capital, logProductivity)) * (output + (1 - depreciation) * capital);
}

/**
 * The capital that a policy keeps while x = 0: of the optimum under risk, the risky steady state (Coeurdacier, Rey and Winant 2011). Throws where
 * the policy does not cross there, between a fifth and five times the steady state without risk. Invariant: k'(k, 0) = k to 1e-12.
 */
export function restingCapital(problem: PlannerProblem, policy: PlannerPolicy): number {
  const { capital } = problem.steadyState;
  const growth = (logK: number) => Math.log(nextCapitalOf(problem, policy, Math.exp(logK), 0)) - logK;
  const [lower, upper] = [Math.log(capital / 5), Math.log(capital * 5)];
  return Math.exp(brent(growth, { lower, upper, tolerance: 1e-14 }).root);
}

/**
 * The path from a first capital along given log productivity, [T]: K, L, Y, C, I, per head. An impulse response is the path from the resting
 * capital with x_t = shock rho^t. Throws nothing. Invariant: C + I = Y in every period.
 */
export function plannerPath(
  problem: PlannerProblem,
  policy: PlannerPolicy,
  start: { readonly capital: number; readonly logProductivity: ArrayLike<number> },
): PlannerPath {
  const T = start.logProductivity.length;
  const column = () => new Float64Array(T);
  const path = {
    productivity: column(),
    capital: column(),
    labour: column(),
    output: column(),
    consumption: column(),
    investment: column(),
    share: column(),
  };
  let capital = start.capital;
  for (let t = 0; t < T; t++) {
    const x = start.logProductivity[t];
    const labour = policy.labour(capital, x);
    const share = policy.share(capital, x);
    const output = Math.exp(x) * capital ** problem.capitalShare * labour ** (1 - problem.capitalShare);
    const available = output + (1 - problem.depreciation) * capital;
    path.productivity[t] = Math.exp(x);
    path.capital[t] = capital;
    path.labour[t] = labour;
    path.output[t] = output;
    path.consumption[t] = share * available;
    path.investment[t] = output - share * available;
    path.share[t] = share;
    capital = (1 - share) * available;
  }
  return path;
}

/** x_t = size rho^t, [T]. */
export function fadingImpulse(size: number, persistence: number, periods: number): Float64Array {
  return Float64Array.from({ length: periods }, (_, t) => size * persistence ** t);
}
