import type { Oracle, StatePolicy } from '../../core/capabilities.ts';
import { gaussHermite } from '../../numerics/quadrature.ts';
import { type PlannerProblem, planner } from '../../solvers/planner.ts';
import { plannerAhead } from '../../solvers/planner-ahead.ts';
import { type PlannerPolicy, restingCapital } from '../../solvers/planner-path.ts';
import { meanOf } from '../krusell-smith/model.ts';
import { within } from './budgets.ts';
import { closedForm, hire, newFactors, wealth, weightedMean } from './model.ts';
import type { ChosenState } from './part.ts';
import { type ChosenModel, RESET_RANGE } from './setup.ts';

/** Evaluation states: capital over its steady state, the same for all, by log A. */
const CAPITAL_POINTS = 11;
const PRODUCTIVITY_POINTS = 5;
const LARGEST_LOG_PRODUCTIVITY = 0.05;

/** Nodes of the expectation in Euler errors. */
const NODES = 7;

/** Saving against risk moves the steady state by something of the order of the variance of innovations: 1e-4 of capital and prices at 0.01. */
const DRIFT_OF_VARIANCE = 20;

/** A fixed point that is found numerically. */
const LEAST_DRIFT = 1e-8;

/** An optimum, and how it was found. */
export interface ChosenOptimum {
  readonly method: string;
  readonly solution: { readonly converged: boolean; readonly iterations: number; readonly residual: number };
  readonly policy: PlannerPolicy;
}

/** The planner's problem of an economy of identical households. */
export function plannerProblem(model: ChosenModel): PlannerProblem {
  const { capitalShare, depreciation, discountFactor, riskAversion, leisureWeight, persistence, deviation } =
    model;
  return {
    capitalShare,
    depreciation,
    discountFactor,
    riskAversion,
    leisureWeight,
    persistence,
    deviation,
    steadyState: { capital: model.usual.capital, labour: model.usual.labour },
  };
}

/**
 * The planner's optimum: the closed form with full depreciation and log utility, under either timing; else by time iteration, with A seen before
 * (solvers/planner.ts) or after it is chosen (solvers/planner-ahead.ts). Look at `solution.converged`.
 */
export function chosenOptimum(model: ChosenModel): ChosenOptimum {
  if (model.depreciation === 1 && model.riskAversion === 1) {
    const { share, labour } = closedForm(model);
    return {
      method: 'closed form',
      solution: { converged: true, iterations: 0, residual: 0 },
      policy: { share: () => share, labour: () => labour },
    };
  }
  const problem = plannerProblem(model);
  const isAhead = model.timing === 'act-first';
  const solved = isAhead ? plannerAhead(problem) : planner(problem);
  const order = isAhead ? ', before the shock' : '';
  return {
    method: `planner's Euler equation${order}, ${solved.nodes} nodes`,
    solution: solved,
    policy: solved,
  };
}

/**
 * What is optimal for identical households that have the same capital: symmetric Nash, competitive and planner's allocations coincide for every
 * n, since a household's own share of either factor is then 1/n of the whole and its effects on its two prices cancel. Where capital differs, `act`
 * gives everyone the planner's choice at mean capital, which brings them together; it is not claimed to be optimal on the way.
 *
 * Undefined for households of different productivity. Welfare is that of the mean household: exact in percent of
 * consumption with log utility, to first order at the steady state otherwise. Invariant: quantities lie in the action space's range.
 */
export function chosenOracle(model: ChosenModel): Oracle<ChosenState, 'household'> | undefined {
  const { productivities, discountFactor: beta, households, lowest, highest, usual, riskAversion } = model;
  if (productivities.differ.capital || productivities.differ.labour) return undefined;
  const optimum = chosenOptimum(model);
  const { policy } = optimum;
  const isExact = optimum.method === 'closed form';
  const resting = isExact ? usual.capital : restingCapital(plannerProblem(model), policy);
  const marginal = usual.consumption ** (1 - riskAversion);
  const drift = LEAST_DRIFT + (isExact ? 0 : DRIFT_OF_VARIANCE * model.deviation ** 2);
  return {
    method: optimum.method,
    solution: optimum.solution,
    act(state, { household }) {
      const capital = meanOf(state.capital);
      const share = within(lowest, highest, policy.share(capital, state.logProductivity));
      const labour = within(lowest, highest, policy.labour(capital, state.logProductivity));
      for (let i = 0; i < households; i++) {
        household[2 * i] = share;
        household[2 * i + 1] = labour;
      }
    },
    evaluationStates: evaluationStates(model),
    steadyState: alike(model, resting, 0, policy.labour(resting, 0)),
    steadyStateDrift: drift,
    steadyStatePrices: { rent: usual.rent, wage: usual.wage },
    welfareLossPercent: ({ policy: own, optimum: best }) =>
      100 * (1 - Math.exp(((1 - beta) / marginal) * (own.household - best.household))),
    ...(model.timing === 'observe-first'
      ? { eulerErrors: (own, states) => eulerErrors(model, own, states) }
      : {}),
  };
}

/** Every household with the same capital, and the labour of the last period. */
function alike(
  { households, usual }: ChosenModel,
  capital: number,
  logProductivity: number,
  labour = usual.labour,
): ChosenState {
  return {
    capital: new Float64Array(households).fill(capital),
    lastLabour: new Float64Array(households).fill(labour),
    logProductivity,
  };
}

function evaluationStates(model: ChosenModel): readonly ChosenState[] {
  const [low, high] = RESET_RANGE;
  return spread(-LARGEST_LOG_PRODUCTIVITY, LARGEST_LOG_PRODUCTIVITY, PRODUCTIVITY_POINTS).flatMap((x) =>
    spread(low, high, CAPITAL_POINTS).map((ratio) => alike(model, ratio * model.usual.capital, x)),
  );
}

/** n points from low to high, both exact. */
function spread(low: number, high: number, n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => (i === n - 1 ? high : low + ((high - low) * i) / (n - 1)));
}

/**
 * Unit-free Euler errors |1 - implied c / c| (Judd 1992), means over households, [n]: u'(implied c_i) = beta E[(r_i' + 1 - delta) u'(c_i')] at
 * the prices that follow if everybody keeps to the policy. The policy is asked for the states and for all their successors at seven nodes.
 */
function eulerErrors(
  model: ChosenModel,
  policy: StatePolicy<ChosenState, 'household'>,
  states: readonly ChosenState[],
): Float64Array {
  const {
    households: n,
    persistence,
    deviation,
    depreciation,
    discountFactor: beta,
    riskAversion: sigma,
  } = model;
  const { nodes, weights } = gaussHermite(deviation > 0 ? NODES : 1);
  const chosen = policy(states).household;
  const now = states.map((state, s) => outcome(model, state, chosen.subarray(2 * n * s, 2 * n * (s + 1))));
  const next = states.flatMap((state, s) =>
    Array.from(nodes, (node) => ({
      capital: now[s].nextCapital,
      lastLabour: now[s].labour,
      logProductivity: persistence * state.logProductivity + deviation * node,
    })),
  );
  const chosenNext = policy(next).household;
  const then = next.map((state, s) => outcome(model, state, chosenNext.subarray(2 * n * s, 2 * n * (s + 1))));
  return Float64Array.from(states, (_, s) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let expected = 0;
      for (let q = 0; q < nodes.length; q++) {
        const { rent, consumption } = then[s * nodes.length + q];
        expected += weights[q] * (rent + 1 - depreciation) * consumption[i] ** -sigma;
      }
      const implied = (beta * expected) ** (-1 / sigma);
      sum += Math.abs(1 - implied / now[s].consumption[i]) / n;
    }
    return sum;
  });
}

/** What a period brings every household, [n]. */
function outcome(model: ChosenModel, state: ChosenState, actions: Float64Array) {
  const { productivities, lowest, highest, depreciation } = model;
  const labour = state.capital.map((_, i) => within(lowest, highest, actions[2 * i + 1]));
  const factors = hire(
    model,
    Math.exp(state.logProductivity),
    weightedMean(productivities.capital, state.capital, 0, 1),
    weightedMean(productivities.labour, labour, 0, 1),
    newFactors(),
  );
  const share = (i: number) => within(lowest, highest, actions[2 * i]);
  const all = state.capital.map((k, i) => wealth(factors, depreciation, 1, k, labour[i]));
  return {
    rent: factors.rent,
    labour,
    consumption: all.map((a, i) => share(i) * a),
    nextCapital: all.map((a, i) => (1 - share(i)) * a),
  };
}
