import { type AgentType, defineEconomy, type EconomyDefinition, type Shock } from '../../core/economy.ts';
import { levelShock } from '../../core/shocks.ts';
import { unitBox } from '../../core/spaces.ts';
import { gini } from '../../numerics/statistics.ts';
import { krusellSmithAccounts } from './accounts.ts';
import { advice } from './advice.ts';
import {
  type KrusellSmithCalibration,
  krusellSmithCalibration,
  krusellSmithCalibrations,
} from './calibration.ts';
import { krusellSmithClassical } from './classical.ts';
import { drawShocks, eat, type KrusellSmithState, payments } from './dynamics.ts';
import { firstState, resetOptions } from './first-state.ts';
import { newPayments } from './model.ts';
import { observationSpace, observe } from './observation.ts';
import { krusellSmithOracle } from './oracle.ts';
import { type KrusellSmithModel, krusellSmithModel, SHARE_BOUNDS } from './setup.ts';
import { krusellSmithStructural } from './structural.ts';
import { krusellSmithSuccessors } from './successors.ts';
import { krusellSmithTensors } from './tensor.ts';

export type KrusellSmithDefinition = EconomyDefinition<
  KrusellSmithCalibration,
  KrusellSmithModel,
  KrusellSmithState,
  'household'
>;

/**
 * `krusell-smith`: households with uninsurable income risk save in capital, which a firm rents, under aggregate productivity shocks
 * (Krusell and Smith 1998). A sample of n households stands for the continuum. Timing: everyone sees k, e, K and z, and chooses the
 * share of cash on hand to eat; then z' is drawn once for all, then every e' given (z, z'). Throws what `defineEconomy` throws.
 * Invariant: 0 < c < a in every step. See README.md in this folder.
 */
export const krusellSmith: KrusellSmithDefinition = defineEconomy({
  id: 'krusell-smith',
  version: 1,
  title:
    'Heterogeneous households, uninsured income or job risk, aggregate productivity shocks (k, e; K, z).',
  agentSetting: 'households',
  calibration: krusellSmithCalibration,
  calibrations: krusellSmithCalibrations,
  resetOptions,
  model: krusellSmithModel,
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: (model) => ({ household: household(model) }),
  init: ({ model, rng, options }) => firstState(model, rng, options),
  observe({ model, state }, observations) {
    observe(model, state, payments(model, state, model.payments), observations.household);
  },
  step({ model, state, actions, rewards, rng }) {
    eat(model, state, payments(model, state, model.payments), actions.household, rewards.household);
    drawShocks(model, state, rng);
  },
  info: ({ model, state }) => krusellSmithInfo(model, state),
  periodsPerYear: (model) => model.periodsPerYear,
  variables: () => VARIABLES,
  shocks: krusellSmithShocks,
  enumerable: krusellSmithSuccessors,
  tensor: krusellSmithTensors,
  classical: krusellSmithClassical,
  structural: krusellSmithStructural,
  oracle: krusellSmithOracle,
  accounts: krusellSmithAccounts,
  crossSection: ({ exposure: { productivity } }) => ({
    capital: (state) => state.capital,
    ...(productivity.length > 1 ? { times: { index: (state) => state.productivity, productivity } } : {}),
  }),
  advice,
});

function household(model: KrusellSmithModel): AgentType {
  return {
    count: model.households,
    observationSpace: observationSpace(model),
    actionSpace: unitBox({ consumptionShare: SHARE_BOUNDS }),
  };
}

/** Of the state reached: mean capital, z, prices, output, labour, the Gini index of capital and, with jobs, the share that has none. */
function krusellSmithInfo(model: KrusellSmithModel, state: KrusellSmithState): Record<string, number> {
  const { capital, labour, output, r, w } = payments(model, state, newPayments());
  const { exposure, risk } = model;
  const info = {
    capital,
    productivity: exposure.productivity[state.productivity],
    output,
    labour,
    interestRate: r,
    wage: w,
    gini: gini(state.capital),
  };
  if (risk === 'income') return info;
  const employed = state.status.reduce((sum, e) => sum + e, 0);
  return { ...info, employment: employed / model.households };
}

const GOOD = 'units of the good';

const VARIABLES = {
  capital: { label: 'capital', unit: GOOD },
  meanCapital: { label: 'mean capital', unit: GOOD },
  nextCapital: { label: "next period's capital", unit: GOOD },
  productivity: { label: 'productivity', unit: 'level' },
  output: { label: 'output', unit: GOOD },
  labour: { label: 'labour', unit: 'units of labour' },
  consumption: { label: 'consumption', unit: GOOD },
  investment: { label: 'investment', unit: GOOD },
  government: { label: 'income from outside, with the opposite sign', unit: GOOD },
  interestRate: { label: 'interest rate', unit: 'per period' },
  wage: { label: 'wage', unit: GOOD },
  gini: { label: 'Gini index of capital', unit: '' },
  employment: { label: 'employment', unit: 'share of households' },
  income: { label: 'own income', unit: 'of the mean' },
  cash: { label: 'cash on hand', unit: 'log of the usual' },
  consumptionShare: { label: 'consumption share', unit: 'of cash on hand' },
} as const;

function krusellSmithShocks({ exposure }: KrusellSmithModel): Record<string, Shock<KrusellSmithState>> {
  const last = exposure.productivity.length - 1;
  const productivity = levelShock('productivity', last);
  const capital: Shock<KrusellSmithState> = {
    label: 'capital of every household',
    unit: 'share of what there is',
    size: -0.1,
    apply(state, size) {
      for (let i = 0; i < state.capital.length; i++) state.capital[i] *= 1 + size;
    },
  };
  return last > 0 ? { productivity, capital } : { capital };
}
