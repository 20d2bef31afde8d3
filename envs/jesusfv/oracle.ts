import type { Oracle, StatePolicy } from '../../core/capabilities.ts';
import { MIDDLE_PRODUCTIVITY } from './chain.ts';
import {
  consumption,
  type GrowthModel,
  type GrowthState,
  grossReturn,
  quantityOf,
  referenceCapital,
  resources,
} from './model.ts';
import { RESET_RANGE } from './setup.ts';
import { solveGrowth } from './solution.ts';
import { growthSuccessors } from './successors.ts';

/** Points of capital in the evaluation states. */
const CAPITAL_POINTS = 11;

/** Rates of depreciation in the evaluation states of the static process, evenly spread over its range. */
const DEPRECIATION_POINTS = 5;

/**
 * The optimal policy: closed form at d = 1, else an endogenous grid in float64, with what is needed to compare others to it.
 * Quantities are consumption shares or levels, as the calibration's action, within what the household can choose. Solved when
 * called: a few milliseconds for `jesusfv`, a tenth of a second for `jesusfv-extended`.
 * Invariant: the quantities lie in the action space's range of shares.
 */
export function growthOracle(model: GrowthModel): Oracle<GrowthState, 'household'> {
  const optimum = solveGrowth(model);
  const { discountFactor: beta, rewardScale } = model;
  return {
    method: optimum.method,
    solution: optimum.solution,
    act(state, actions) {
      const share = Math.min(Math.max(optimum.share(state), model.lowestShare), model.highestShare);
      actions.household[0] = quantityOf(model, resources(model, state), share);
    },
    evaluationStates: evaluationStates(model),
    steadyState: stateAt(model, model.depreciation.mean, MIDDLE_PRODUCTIVITY, 1),
    ...(optimum.method === 'closed form' && model.transitionRows === 'stochastic'
      ? {}
      : { steadyStateDrift: drift(model) }),
    steadyStatePrices: { grossReturn: 1 / beta },
    value: (state) => rewardScale * optimum.value(state),
    welfareLossPercent: ({ policy, optimum: best }) =>
      100 * (1 - Math.exp(((1 - beta) / rewardScale) * (policy.household - best.household))),
    eulerErrors(policy, states) {
      const { consumed, implied } = eulerEquation(model, policy, states);
      return consumed.map((c, i) => Math.abs(1 - implied[i] / c));
    },
    eulerResiduals(policy, states) {
      const { consumed, implied } = eulerEquation(model, policy, states);
      return consumed.map((c, i) => c / implied[i] - 1);
    },
  };
}

/** Of capital, per period, from an endogenous grid (3e-7), and with rows that sum to 1.0001 and so make households patient (1e-4). */
const LEAST_DRIFT = 1e-3;

/** By the square of the range of a depreciation that moves, over its mean: 1.4e-4 from 0.8 to 1, 0.015 from 0 to 1. */
const RISK_DRIFT = 0.01;

/** How far the optimum may move capital in a quiet period away from the steady state without risk: households save against risk. */
function drift({ depreciation: { kind, low, high, mean } }: GrowthModel): number {
  return LEAST_DRIFT + (kind === 'markov' ? RISK_DRIFT * ((high - low) / mean) ** 2 : 0);
}

/** Capital at `ratio` times its steady state. */
function stateAt(model: GrowthModel, depreciation: number, productivity: number, ratio: number): GrowthState {
  const capital = ratio * referenceCapital(model, depreciation);
  return model.depreciation.kind === 'fixed'
    ? { capital, productivity }
    : { capital, depreciation, productivity };
}

/** Capital from 0.5 to 1.5 times its steady state, at every productivity and over the range of depreciation. */
function evaluationStates(model: GrowthModel): readonly GrowthState[] {
  const [low, high] = RESET_RANGE;
  const ratios = spread(low, high, CAPITAL_POINTS);
  return evaluationRates(model).flatMap((d) =>
    Array.from(model.productivity.keys()).flatMap((z) => ratios.map((ratio) => stateAt(model, d, z, ratio))),
  );
}

function evaluationRates({ depreciation }: GrowthModel): readonly number[] {
  if (depreciation.kind === 'fixed') return [depreciation.mean];
  if (depreciation.kind === 'markov') return [...depreciation.levels];
  return spread(depreciation.low, depreciation.high, DEPRECIATION_POINTS);
}

/** n points from low to high, both exact. */
function spread(low: number, high: number, n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => (i === n - 1 ? high : low + ((high - low) * i) / (n - 1)));
}

/**
 * Both sides of the Euler equation, [n]: consumption c, and the consumption implied by what is expected of the next period,
 *
 *     1 / c_implied = beta sum P(s, s') R(s') / c(s'),      R(s') = alpha z' k'^(alpha - 1) + 1 - d'
 *
 * over the successors s' of each state under the policy: d' is the rate that depreciates k'. The residual of marginal utilities is
 * eps = c / c_implied - 1, and the unit-free error |1 - c_implied / c| (Judd 1992, J. Econ. Theory 58) is |eps / (1 + eps)|. The policy
 * is asked twice, for the states and for all their successors.
 */
function eulerEquation(
  model: GrowthModel,
  policy: StatePolicy<GrowthState, 'household'>,
  states: readonly GrowthState[],
): { readonly consumed: Float64Array; readonly implied: Float64Array } {
  const { successors } = growthSuccessors(model);
  const chosen = policy(states).household;
  const branches = states.map((state, i) => successors(state, { household: chosen.subarray(i, i + 1) }));
  const next = branches.flat().map((branch) => branch.state);
  const chosenNext = policy(next).household;
  let at = 0;
  const implied = Float64Array.from(branches, (reached) => {
    let expected = 0;
    for (const { probability, state: to } of reached) {
      expected +=
        (probability * grossReturn(model, to)) / consumption(model, resources(model, to), chosenNext[at]);
      at++;
    }
    return 1 / (model.discountFactor * expected);
  });
  const consumed = Float64Array.from(states, (state, i) =>
    consumption(model, resources(model, state), chosen[i]),
  );
  return { consumed, implied };
}
