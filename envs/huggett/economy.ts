import { type AgentType, defineEconomy, type EconomyDefinition, type Shock } from '../../core/economy.ts';
import { levelShock } from '../../core/shocks.ts';
import { unitBox } from '../../core/spaces.ts';
import { standardDeviation } from '../../numerics/statistics.ts';
import { huggettAccounts } from './accounts.ts';
import { type HuggettCalibration, huggettCalibration, huggettCalibrations } from './calibration.ts';
import { SHARE_BOUNDS, trade } from './market.ts';
import { netReturn, utility } from './model.ts';
import { observationSpace, observe } from './observation.ts';
import { huggettOracle } from './oracle.ts';
import { type HuggettModel, huggettModel } from './setup.ts';
import { drawShocks, firstState, type HuggettState, resetOptions } from './state.ts';
import { huggettStructural } from './structural.ts';
import { huggettSuccessors } from './successors.ts';
import { huggettTensors } from './tensor.ts';

export type HuggettDefinition = EconomyDefinition<
  HuggettCalibration,
  HuggettModel,
  HuggettState,
  'household'
>;

/**
 * `huggett`: households with uninsurable income risk borrow from and lend to each other in a bond under aggregate income shocks (Huggett 1993; with shocks Yang, Wang, Schaab
 * and Moll 2025). A sample of n households stands for the continuum. Timing: everyone sees b, y and z, and bids a share of what it could spend; the
 * price clears the market for the bids; then z' is drawn for all, and every y'. Invariant: c > 0 and b' >= limit in every step. See README.md in this folder.
 */
export const huggett: HuggettDefinition = defineEconomy({
  id: 'huggett',
  version: 1,
  title:
    'Households that lend to each other under income risk, own and aggregate; the price of bonds clears (b, y; z).',
  agentSetting: 'households',
  calibration: huggettCalibration,
  calibrations: huggettCalibrations,
  resetOptions,
  model: huggettModel,
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: (model) => ({ household: household(model) }),
  init: ({ model, rng, options }) => firstState(model, rng, options),
  observe({ model, state }, observations) {
    observe(model, state, observations.household);
  },
  step({ model, state, actions, rewards, rng }) {
    const price = trade(model, state, actions.household, rewards.household, utility);
    state.price = price;
    drawShocks(model, state, rng);
  },
  info: ({ model, state }) => ({
    productivity: model.productivityLevels.levels[state.productivity],
    interestRate: netReturn(model.timing, state.price),
    meanBonds: state.bonds.reduce((sum, b) => sum + b, 0) / state.bonds.length,
    bondsDeviation: state.bonds.length > 1 ? standardDeviation(state.bonds) : 0,
  }),
  periodsPerYear: () => 1,
  variables: () => VARIABLES,
  shocks: huggettShocks,
  enumerable: huggettSuccessors,
  tensor: huggettTensors,
  accounts: huggettAccounts,
  structural: huggettStructural,
  oracle: huggettOracle,
});

function household(model: HuggettModel): AgentType {
  return {
    count: model.households,
    observationSpace: observationSpace(model),
    actionSpace: unitBox({ consumptionShare: SHARE_BOUNDS }),
  };
}

const GOOD = 'units of the good';

const VARIABLES = {
  bonds: { label: 'bonds', unit: GOOD },
  meanBonds: { label: 'mean bonds', unit: GOOD },
  bondsDeviation: { label: 'standard deviation of bonds', unit: GOOD },
  productivity: { label: 'productivity', unit: 'level' },
  output: { label: 'output', unit: GOOD },
  consumption: { label: 'consumption', unit: GOOD },
  government: { label: 'paid to the outside', unit: GOOD },
  interestRate: { label: 'interest rate', unit: 'per period' },
  price: { label: 'price of bonds, or their rate', unit: '' },
  income: { label: 'own income', unit: GOOD },
  return: { label: 'return on bonds, from the usual', unit: '% per period' },
  consumptionShare: { label: 'consumption share', unit: 'of what can be spent' },
} as const;

function huggettShocks({ productivityLevels }: HuggettModel): Record<string, Shock<HuggettState>> {
  const last = productivityLevels.n - 1;
  if (last === 0) return {};
  return { productivity: levelShock('productivity', last) };
}
