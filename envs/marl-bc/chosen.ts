/** The economy of households that choose their labour: a real business cycle. */
import type { Shock } from '../../core/economy.ts';
import { UsageError } from '../../core/errors.ts';
import { gini } from '../../numerics/statistics.ts';
import { meanOf } from '../krusell-smith/model.ts';
import { marlBcAccounts } from './accounts.ts';
import { firstCapital } from './first-capital.ts';
import { weightedMean } from './model.ts';
import { observe } from './observation.ts';
import { chosenOracle } from './oracle.ts';
import type { ChosenState, Part } from './part.ts';
import { produceAndEat } from './period.ts';
import { type ChosenModel, RESET_DEVIATIONS } from './setup.ts';
import { certainSuccessor } from './successors.ts';
import { chosenTensors } from './tensor.ts';

/** log A' = rho log A + sigma eps; where nothing is drawn the generator stays where it is. */
function drawProductivity(model: ChosenModel, state: ChosenState, rng: { normal(): number }): void {
  const fading = model.persistence * state.logProductivity;
  state.logProductivity = model.deviation > 0 ? fading + model.deviation * rng.normal() : fading;
}

export const chosenLabour: Part<ChosenModel, ChosenState> = {
  init({ model, rng, options }) {
    const { capital: given, logProductivity, productivity } = options;
    if (productivity !== undefined) {
      throw new UsageError(
        'marl-bc: reset got productivity, the index of good and bad times; where labour is chosen give logProductivity.',
      );
    }
    const drawn =
      model.stationaryDeviation *
      (model.resetProductivity === 'uniform'
        ? rng.between(-RESET_DEVIATIONS, RESET_DEVIATIONS)
        : rng.normal());
    return {
      capital: firstCapital(model, rng, typeof given === 'number' ? given : undefined),
      lastLabour: new Float64Array(model.households).fill(model.usual.labour),
      logProductivity: typeof logProductivity === 'number' ? logProductivity : drawn,
    };
  },
  observe({ model, state }, observations) {
    const { sight } = model;
    sight.meanLabour = weightedMean(model.productivities.labour, state.lastLabour, 0, 1);
    sight.meanCapital = meanOf(state.capital);
    sight.productivity = seenProductivity(model, state.logProductivity);
    observe(model, state.capital, state.lastLabour, observations.household);
  },
  step({ model, state, actions, rewards, rng }) {
    if (model.timing === 'act-first') drawProductivity(model, state, rng);
    produceAndEat(model, state, actions.household, rewards.household);
    if (model.timing === 'observe-first') drawProductivity(model, state, rng);
  },
  info({ model, state }) {
    return {
      capital: meanOf(state.capital),
      effectiveCapital: weightedMean(model.productivities.capital, state.capital, 0, 1),
      productivity: Math.exp(state.logProductivity),
      gini: gini(state.capital),
    };
  },
  shocks: () => CHOSEN_SHOCKS,
  enumerable: certainSuccessor,
  tensor: chosenTensors,
  classical: () => undefined,
  oracle: chosenOracle,
  accounts: (model) =>
    marlBcAccounts<ChosenState>(model, {
      of(before, after) {
        const { logProductivity } = model.timing === 'act-first' ? after : before;
        return { productivity: Math.exp(logProductivity), labour: after.lastLabour };
      },
    }),
  crossSection: () => ({ capital: (state) => state.capital }),
};

/** log A over its stationary deviation, or in units of 0.01 where nothing is drawn; A itself where numbers are as they are. */
function seenProductivity(model: ChosenModel, logProductivity: number): number {
  if (model.normalise === 'none') return Math.exp(logProductivity);
  return logProductivity / (model.stationaryDeviation > 0 ? model.stationaryDeviation : 0.01);
}

/** One of every household's capital, and one of log A: the usual innovation, or any size. */
const CHOSEN_SHOCKS: Readonly<Record<string, Shock<ChosenState>>> = {
  productivity: {
    label: 'productivity',
    unit: 'log points',
    size: 0.01,
    apply(state, size) {
      state.logProductivity += size;
    },
    applied: (before, after) => after.logProductivity - before.logProductivity,
  },
  capital: {
    label: 'capital of every household',
    unit: 'share of what there is',
    size: -0.1,
    apply(state, size) {
      for (let i = 0; i < state.capital.length; i++) state.capital[i] *= 1 + size;
    },
  },
};
