import { type AgentType, defineEconomy, type EconomyDefinition, type Shock } from '../../core/economy.ts';
import { levelShock } from '../../core/shocks.ts';
import { unitBox } from '../../core/spaces.ts';
import { standardDeviation } from '../../numerics/statistics.ts';
import { hankAccounts } from './accounts.ts';
import { type HankCalibration, hankCalibration, hankCalibrations } from './calibration.ts';
import { clearPeriod, type PeriodWork, periodWork, profitOf, SHARE_BOUNDS, WORTH_BOUNDS } from './market.ts';
import { nominalRate, utility } from './model.ts';
import { firmSpace, householdSpace, observe } from './observation.ts';
import { hankOracle } from './oracle.ts';
import { type HankModel, hankSetup } from './setup.ts';
import { drawShocks, firstState, type HankState, resetOptions } from './state.ts';
import { hankStructural } from './structural.ts';

/** The model and scratch for its periods. */
interface HankWorld extends HankModel {
  readonly work: PeriodWork;
}

export type HankDefinition = EconomyDefinition<HankCalibration, HankWorld, HankState, 'household' | 'firm'>;

/**
 * `hank`: households with uninsurable income risk save in government bonds and choose how much to work; firms pay for changing prices; a central bank sets the
 * nominal rate by inflation (Yang, Wang, Schaab and Moll 2025). Timing: everyone sees z, e and the nominal rate on bonds held; firms set their prices, households
 * choose a share to eat and what a unit of the good is worth to them; the wage clears the market for bonds; the next nominal rate follows from inflation and
 * e; then z', e' and every y' are drawn. Invariant: c > 0 and b' >= limit in every step. See README.md in this folder.
 */
export const hank: HankDefinition = defineEconomy<
  HankCalibration,
  HankWorld,
  HankState,
  'household' | 'firm'
>({
  id: 'hank',
  version: 1,
  title:
    'Households that save and work, firms that pay for changing prices, a central bank (HANK); the wage clears (b, y; z, e, i).',
  calibration: hankCalibration,
  calibrations: hankCalibrations,
  resetOptions,
  model: (calibration) => {
    const model = hankSetup(calibration);
    return { ...model, work: periodWork(model) };
  },
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: (model) => ({ household: households(model), firm: firms(model) }),
  init: ({ model, rng, options }) => firstState(model, rng, options),
  observe({ model, state }, { household, firm }) {
    observe(model, state, household, firm);
  },
  step({ model, state, actions, rewards, rng }) {
    const { work } = model;
    clearPeriod(model, state, actions.household, actions.firm, work);
    for (let i = 0; i < model.households; i++) {
      rewards.household[i] = utility(model, work.consumption[i], work.hours[i]);
    }
    for (let j = 0; j < model.firms; j++) rewards.firm[j] = profitOf(model, state, work, j);
    state.bonds.set(work.savings);
    state.relativePrices.set(work.prices);
    state.nominalRate = nominalRate(model, work.inflation, model.monetary.levels[state.monetary]);
    state.wage = work.wage;
    drawShocks(model, state, rng);
  },
  info: ({ model, state }) => ({
    productivity: model.productivities.levels[state.productivity],
    monetary: model.monetary.levels[state.monetary],
    nominalRate: state.nominalRate - 1,
    wage: state.wage,
    meanBonds: state.bonds.reduce((sum, b) => sum + b, 0) / state.bonds.length,
    bondsDeviation: standardDeviation(state.bonds),
  }),
  periodsPerYear: (model) => (model.target < 1.01 ? 4 : 1),
  variables: () => VARIABLES,
  shocks: hankShocks,
  accounts: hankAccounts,
  structural: hankStructural,
  oracle: hankOracle,
});

function households(model: HankModel): AgentType {
  return {
    count: model.households,
    observationSpace: householdSpace(model),
    actionSpace: unitBox({ consumptionShare: SHARE_BOUNDS, worth: WORTH_BOUNDS }),
  };
}

function firms(model: HankModel): AgentType {
  const { largestInflation } = model;
  return {
    count: model.firms,
    observationSpace: firmSpace(model),
    actionSpace: unitBox({ priceChange: [-largestInflation, largestInflation] }),
  };
}

const GOOD = 'units of the good';

const VARIABLES = {
  bonds: { label: 'bonds', unit: GOOD },
  meanBonds: { label: 'mean bonds', unit: GOOD },
  bondsDeviation: { label: 'standard deviation of bonds', unit: GOOD },
  productivity: { label: 'productivity', unit: 'level' },
  monetary: { label: 'monetary shock', unit: 'per period' },
  nominalRate: { label: 'nominal rate', unit: 'per period' },
  relativePrices: { label: 'relative prices', unit: 'of the index' },
  wage: { label: 'wage', unit: GOOD },
  output: { label: 'output', unit: GOOD },
  consumption: { label: 'consumption', unit: GOOD },
  adjustmentCost: { label: 'cost of changing prices', unit: GOOD },
  government: { label: 'paid to the outside', unit: GOOD },
  consumptionShare: { label: 'consumption share', unit: 'of what can usually be spent' },
  worth: { label: 'worth of the good', unit: 'utility' },
  priceChange: { label: 'price change', unit: 'per period' },
  income: { label: 'own income', unit: 'place in its chain' },
  price: { label: 'own relative price', unit: 'log' },
} as const;

function hankShocks({ productivities, monetary }: HankModel): Record<string, Shock<HankState>> {
  return {
    ...(productivities.n > 1 ? { productivity: levelShock('productivity', productivities.n - 1) } : {}),
    ...(monetary.n > 1 ? { monetary: levelShock('monetary', monetary.n - 1, 'monetary shock') } : {}),
  };
}
