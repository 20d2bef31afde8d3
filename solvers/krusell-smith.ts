/**
 * The approximate equilibrium of Krusell and Smith (1998, J. Political Economy 106): households forecast capital by a law of motion in few moments,
 * and the law is the regression on the path of the economy in which they all do. One outer iteration is
 *
 *     law -> policies (Euler equation or values) -> path of the cross-section (Young 2010) -> regression -> law,
 *
 * on one sequence of aggregate states throughout, so that the fixed point is one of a smooth function.
 */
import { requirePositive, requireWhole } from '../numerics/checks.ts';
import { simulate } from '../numerics/markov.ts';
import { createRng } from '../numerics/random.ts';
import { type Chains, capitalProblem, chainsOf } from './capital-tables.ts';
import { type CapitalPolicy, type SimulatedPath, simulateCapital } from './capital-walk.ts';
import { movement, normalise, placeSavings } from './histogram.ts';
import {
  type CapitalEconomy,
  type Convergence,
  checkPreferences,
  type HouseholdPolicy,
} from './household.ts';
import { savingsOf, solveByEuler } from './household-euler.ts';
import { solveByValues } from './household-values.ts';
import {
  fitLaw,
  forecast,
  type LawFit,
  type LawForm,
  type LawOfMotion,
  standingStill,
} from './law-of-motion.ts';
import type { NodeInterpolation } from './node-weights.ts';
import type { HouseholdMethod } from './stationary.ts';

export interface LawOfMotionOptions {
  /** Asset grid [A] from the borrowing limit on. */
  readonly assets: Float64Array;
  /** Nodes of capital per head, [N]; the path should stay among them. */
  readonly capital: Float64Array;
  /** Default: 'by-state' with two aggregate states, 'log-linear' with more. */
  readonly form?: LawForm;
  /** Between capital nodes; default 'cubic' with the Euler equation; values are mixed linearly. */
  readonly interpolation?: NodeInterpolation;
  /** Default 'euler'. */
  readonly method?: HouseholdMethod;
  /** Periods in the regression; default 10,000. */
  readonly periods?: number;
  /** Periods before them; default 1,000. */
  readonly discard?: number;
  /** Of the aggregate states; default 0. */
  readonly seed?: number;
  /** Weight of the regression in the next law, in (0, 1], at the start; halved whenever the law moves away. Default 0.7. */
  readonly relaxation?: number;
  /** Largest change, over states and nodes within the path's range, of the forecast of log K'; default 1e-6. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
  /** Of the household problem; default 1e-8. */
  readonly householdTolerance?: number;
}

/** Where the iteration stands: plain data, all that the next iteration needs. */
export interface LawOfMotionState {
  readonly iteration: number;
  /** The law that households go by next. */
  readonly law: LawOfMotion;
  /** Consumption ('euler') or values ('values') to start from, [Z, N, E, A]; null before the first iteration. */
  readonly policy: Float64Array | null;
  /** The cross-section that the next path starts from, [E, A]. */
  readonly distribution: Float64Array;
  /** Weight of the regression in the next law. */
  readonly relaxation: number;
  readonly residual: number;
  readonly converged: boolean;
  /** Of the last regression; null before the first. */
  readonly fit: LawFit | null;
  /** Did the household problem of the last iteration converge, and in how many steps? */
  readonly household: Convergence | null;
}

/** A solution as plain data. */
export interface LawOfMotionSolution extends Convergence {
  /** The law that households went by. */
  readonly law: LawOfMotion;
  /** The regression on the path of `law`. */
  readonly fit: LawFit;
  readonly policy: CapitalPolicy;
  /** c(z, n, e, a), [Z, N, E, A]. */
  readonly consumption: Float64Array;
  readonly chains: Chains;
  /** The regression's path, with the periods before it; its cross-section after the last period. */
  readonly path: SimulatedPath;
  /** First period of the regression. */
  readonly from: number;
}

/**
 * The state before the first iteration: capital expected to stay as it is, and every household with the capital of the middle node.
 * Throws on options and economies that cannot be solved. Invariant: deterministic.
 */
export function startLawOfMotion(economy: CapitalEconomy, options: LawOfMotionOptions): LawOfMotionState {
  const { assets, capital } = options;
  const { form, relaxation } = read(economy, options);
  const middle = capital[Math.floor(capital.length / 2)];
  const cells = economy.ownStates * assets.length;
  const place = movement(1);
  placeSavings(assets, Float64Array.of(middle), place);
  const distribution = new Float64Array(cells);
  for (let e = 0; e < economy.ownStates; e++) {
    distribution[e * assets.length + place.lower[0]] = 1 - place.upperWeight[0];
    distribution[e * assets.length + place.lower[0] + 1] = place.upperWeight[0];
  }
  normalise(distribution);
  return {
    iteration: 0,
    law: standingStill(form, economy.productivity.length),
    policy: null,
    distribution,
    relaxation,
    residual: Infinity,
    converged: false,
    fit: null,
    household: null,
  };
}

/**
 * One outer iteration: the state after it. Throws what `startLawOfMotion` throws. Invariant: the same state gives the same state, so that a
 * run that was cut off goes on as if it had not been.
 */
export function advanceLawOfMotion(
  economy: CapitalEconomy,
  options: LawOfMotionOptions,
  state: LawOfMotionState,
): LawOfMotionState {
  return iterate(economy, options, state).after;
}

/**
 * Policies, law and path, iterated until the law is the one that its own path shows.
 *
 * `converged` says that the law did and that the last household problem did; callers look at it. `from` goes on from a state.
 * Throws what `startLawOfMotion` throws, and what `fitLaw` throws. Invariants: deterministic, and independent of how often it was cut off.
 */
export function solveLawOfMotion(
  economy: CapitalEconomy,
  options: LawOfMotionOptions,
  from?: LawOfMotionState,
): LawOfMotionSolution {
  const { maxIterations } = read(economy, options);
  let state = from ?? startLawOfMotion(economy, options);
  while (!state.converged && state.iteration < maxIterations) {
    state = advanceLawOfMotion(economy, options, state);
  }
  return finishLawOfMotion(economy, options, state);
}

/** The solution that a state stands for: policies and path under its law. */
export function finishLawOfMotion(
  economy: CapitalEconomy,
  options: LawOfMotionOptions,
  state: LawOfMotionState,
): LawOfMotionSolution {
  const { discard } = read(economy, options);
  const { after, ...found } = iterate(economy, options, state);
  return {
    converged: state.converged && after.household?.converged === true,
    iterations: state.iteration,
    residual: after.residual,
    law: state.law,
    from: discard,
    ...found,
  };
}

/** Tolerance of the household problem while the law still moves: this share of its last change, and at most this. */
const FINER_THAN_LAW = 1e-3;
const COARSEST = 1e-5;

/** Smaller steps would pass for convergence. */
const LEAST_RELAXATION = 0.05;

type Iteration = Omit<LawOfMotionSolution, keyof Convergence | 'law' | 'from'> & {
  readonly after: LawOfMotionState;
};

function iterate(economy: CapitalEconomy, options: LawOfMotionOptions, state: LawOfMotionState): Iteration {
  const { form, interpolation, method, periods, discard, seed, tolerance, householdTolerance } = read(
    economy,
    options,
  );
  const { assets, capital } = options;
  const chains = chainsOf(economy);
  const problem = capitalProblem(economy, chains, { assets, capital, interpolation }, state.law);
  // Policies need not be finer than the law that they answer to.
  const coarse = Math.min(COARSEST, FINER_THAN_LAW * state.residual);
  const accuracy = Math.max(householdTolerance, coarse);
  const solved: HouseholdPolicy & { readonly values?: Float64Array } =
    method === 'euler'
      ? solveByEuler(problem, { tolerance: accuracy, ...(state.policy && { consumption: state.policy }) })
      : solveByValues(problem, { tolerance: accuracy, ...(state.policy && { values: state.policy }) });
  const policy = {
    problem,
    savings: savingsOf(problem, solved.consumption),
    logCapital: capital.map(Math.log),
  };
  const states = aggregatePath(economy, chains, { periods: discard + periods, seed });
  const path = simulateCapital(economy, policy, chains, { states, start: state.distribution });
  const logProductivity = economy.productivity.map(Math.log);
  const fit = fitLaw(form, { logCapital: path.capital.map(Math.log), states, logProductivity }, discard);
  const residual = largestChange(
    state.law,
    fit.law,
    capital,
    path.capital.subarray(discard),
    logProductivity,
  );
  const { consumption, converged, iterations } = solved;
  // The first law is no forecast of anything; later, a law that moves away overshoots.
  const isAway = state.iteration > 1 && residual > state.residual;
  const relaxation = isAway ? Math.max(0.5 * state.relaxation, LEAST_RELAXATION) : state.relaxation;
  return {
    fit,
    policy,
    consumption,
    chains,
    path,
    after: {
      iteration: state.iteration + 1,
      law: mix(state.law, fit.law, state.iteration === 0 ? 1 : relaxation),
      policy: solved.values ?? consumption,
      distribution: path.distribution,
      relaxation,
      residual,
      converged: residual <= tolerance && converged,
      fit,
      household: { converged, iterations, residual: solved.residual },
    },
  };
}

/** Draws the aggregate states of `periods` periods and one more, from the stationary distribution on. */
export function aggregatePath(
  economy: CapitalEconomy,
  { aggregate }: Chains,
  { periods, seed }: { readonly periods: number; readonly seed: number },
): Int32Array {
  const chain = { levels: economy.productivity, transition: aggregate, n: economy.productivity.length };
  return simulate(chain, { steps: periods, start: 'stationary', rng: createRng(seed).split('aggregate') });
}

function mix(law: LawOfMotion, fitted: LawOfMotion, weight: number): LawOfMotion {
  const coefficients = law.coefficients.map((c, i) => (1 - weight) * c + weight * fitted.coefficients[i]);
  return { form: law.form, coefficients };
}

/** Largest |difference of log K'| between two laws at the nodes within the path's range and at its ends. */
function largestChange(
  before: LawOfMotion,
  after: LawOfMotion,
  nodes: Float64Array,
  path: Float64Array,
  logProductivity: Float64Array,
): number {
  const low = path.reduce((a, b) => Math.min(a, b));
  const high = path.reduce((a, b) => Math.max(a, b));
  const points = [low, ...nodes.filter((K) => K > low && K < high), high];
  let largest = 0;
  for (const K of points) {
    const k = Math.log(K);
    for (let z = 0; z < logProductivity.length; z++) {
      const l = logProductivity[z];
      largest = Math.max(largest, Math.abs(forecast(before, k, z, l) - forecast(after, k, z, l)));
    }
  }
  return largest;
}

function read(economy: CapitalEconomy, options: LawOfMotionOptions) {
  const where = 'solveLawOfMotion';
  checkPreferences(where, economy);
  const { method = 'euler', periods = 10_000, discard = 1_000, seed = 0, relaxation = 0.7 } = options;
  const { tolerance = 1e-6, maxIterations = 100, householdTolerance = 1e-8 } = options;
  requireWhole(where, 'periods', periods, 1, 1e8);
  requireWhole(where, 'discard', discard, 0, 1e8);
  requireWhole(where, 'maxIterations', maxIterations, 1, 1e6);
  requirePositive(where, 'the tolerance', tolerance);
  if (!(relaxation > 0 && relaxation <= 1)) {
    throw new Error(`${where}: relaxation is ${relaxation}; give a weight in (0, 1].`);
  }
  const interpolation = method === 'values' ? 'linear' : (options.interpolation ?? 'cubic');
  const form = options.form ?? (economy.productivity.length <= 2 ? 'by-state' : 'log-linear');
  return {
    form,
    method,
    interpolation,
    periods,
    discard,
    seed,
    relaxation,
    tolerance,
    maxIterations,
    householdTolerance,
  } as const;
}
