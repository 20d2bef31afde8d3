/**
 * An economy with everything that `checkEconomy` can look at, to be broken one law at a time: two households, skilled and unskilled
 * labour, a firm that pays both factors, a government. Not an optimum: the "oracle" eats a constant share.
 *
 *     y = z K^alpha L^(1-alpha)     a_i = (1 - tax - friction) (r k_i + w L) + (1 - d) k_i     c_i = x_i a_i     k_i' = a_i - c_i
 *
 * K is the mean of k_i, L the mean efficiency of the groups; r = alpha y / K and w = (1 - alpha) y / L.
 */
import { z } from 'zod';
import { parameter } from '../calibration.ts';
import type { AccountsEntry, Enumerable, Oracle } from '../capabilities.ts';
import { defineEconomy, type EconomyDefinition } from '../economy.ts';
import { box, unitBox } from '../spaces.ts';
import { villageTensors } from './village-tensors.ts';

export type VillageState = {
  /** k_i, [2]. */
  capital: Float64Array;
  /** Shares of unskilled and skilled, [2]. */
  groups: Float64Array;
  /** 0, 1, 2. */
  productivity: number;
  /** Prices that the last step paid. */
  rent: number;
  wage: number;
};

const note = { description: 'for tests', unit: '', source: 'none' };

const calibration = z.strictObject({
  capitalShare: parameter(z.number().gt(0).lt(1), 0.36, note),
  depreciation: parameter(z.number().min(0).max(1), 0.1, note),
  tax: parameter(z.number().min(0).max(0.5), 0.2, note),
  friction: parameter(z.number().min(0).max(0.5), 0.02, note),
  kept: parameter(z.number().gt(0).lt(1), 0.85, note),
});

export type VillageModel = Readonly<z.output<typeof calibration>> & {
  /** What households receive of a unit of income. */
  readonly net: number;
};

export type VillageDefinition = EconomyDefinition<
  z.output<typeof calibration>,
  VillageModel,
  VillageState,
  'household'
>;

export const LEVELS = [0.98, 1, 1.02];
export const CHAIN = [
  [0.9, 0.1, 0],
  [0.05, 0.9, 0.05],
  [0, 0.1, 0.9],
];
export const EFFICIENCY = [0.5, 1.25];
/** From group to group; stationary at (1/3, 2/3), where L = 1. */
export const TRAINING = [
  [0.9, 0.1],
  [0.05, 0.95],
];

export const village: VillageDefinition = defineEconomy({
  id: 'village',
  version: 1,
  title: 'Two households, a firm and a government',
  calibration,
  model: (given): VillageModel => ({ ...given, net: 1 - given.tax - given.friction }),
  discountFactor: () => 0.95,
  horizon: () => 60,
  types: () => ({
    household: {
      count: 2,
      observationSpace: box({ capital: [0, Infinity], productivity: [0, 2] }),
      actionSpace: unitBox({ consumptionShare: [0.02, 0.9] }),
    },
  }),
  init: ({ rng }): VillageState => {
    const low = rng.between(0.3, 0.6);
    return {
      capital: Float64Array.of(rng.between(0.5, 2), rng.between(0.5, 2)),
      groups: Float64Array.of(low, 1 - low),
      productivity: rng.integer(3),
      rent: 0,
      wage: 0,
    };
  },
  observe({ state }, { household }) {
    for (let i = 0; i < 2; i++) {
      household[2 * i] = state.capital[i];
      household[2 * i + 1] = state.productivity;
    }
  },
  step({ model, state, actions, rewards, rng }) {
    const resources = receive(model, state);
    for (let i = 0; i < 2; i++) {
      const consumed = actions.household[i] * resources[i];
      rewards.household[i] = Math.log(consumed);
      state.capital[i] = resources[i] - consumed;
    }
    state.groups = nextGroups(state);
    state.productivity = rng.categorical(CHAIN[state.productivity]);
  },
  enumerable: (model): Enumerable<VillageState, 'household'> => ({
    rewards(state, { household }) {
      const resources = receive(model, { ...state });
      return { household: resources.map((a, i) => Math.log(household[i] * a)) };
    },
    successors(state, { household }) {
      const paid = { ...state };
      const resources = receive(model, paid);
      const capital = resources.map((a, i) => a - household[i] * a);
      return CHAIN[state.productivity].flatMap((probability, productivity) =>
        probability === 0
          ? []
          : [{ probability, state: { ...paid, capital, groups: nextGroups(state), productivity } }],
      );
    },
  }),
  tensor: villageTensors,
  oracle: (model): Oracle<VillageState, 'household'> => ({
    method: 'a constant share',
    solution: { converged: true, iterations: 0, residual: 0 },
    act: (_state, { household }) => {
      household.fill(1 - model.kept);
    },
    evaluationStates: [steadyState(model)],
    steadyState: steadyState(model),
    steadyStatePrices: { rent: steadyState(model).rent, wage: steadyState(model).wage },
    welfareLossPercent: () => 0,
  }),
  accounts: (model) => ({
    entry: (before, { household }, after) => villageAccounts(model, { before, shares: household, after }),
  }),
});

/** Pays the factors, and returns what each household then has, [2]. */
function receive({ capitalShare: alpha, depreciation: d, net }: VillageModel, state: VillageState) {
  const { capital, labour, output } = production(alpha, state);
  state.rent = (alpha * output) / capital;
  state.wage = ((1 - alpha) * output) / labour;
  return state.capital.map((k) => net * (state.rent * k + state.wage * labour) + (1 - d) * k);
}

function production(alpha: number, state: VillageState) {
  const capital = (state.capital[0] + state.capital[1]) / 2;
  const labour = state.groups[0] * EFFICIENCY[0] + state.groups[1] * EFFICIENCY[1];
  return { capital, labour, output: LEVELS[state.productivity] * capital ** alpha * labour ** (1 - alpha) };
}

function nextGroups({ groups: [low, high] }: VillageState): Float64Array {
  return Float64Array.of(
    low * TRAINING[0][0] + high * TRAINING[1][0],
    low * TRAINING[0][1] + high * TRAINING[1][1],
  );
}

/** K = s (net K^alpha + (1 - d) K) at z = L = 1, s the share kept. */
function steadyState({ capitalShare: alpha, depreciation: d, net, kept: s }: VillageModel): VillageState {
  const capital = ((s * net) / (1 - s * (1 - d))) ** (1 / (1 - alpha));
  return {
    capital: Float64Array.of(capital, capital),
    groups: Float64Array.of(1 / 3, 2 / 3),
    productivity: 1,
    rent: alpha * capital ** (alpha - 1),
    wage: (1 - alpha) * capital ** alpha,
  };
}

/** Demands from the prices paid, by the firm's first-order conditions. */
function villageAccounts(
  model: VillageModel,
  step: { readonly before: VillageState; readonly shares: Float64Array; readonly after: VillageState },
): AccountsEntry {
  const { capitalShare: alpha, depreciation, tax, friction, net } = model;
  const { before, shares, after } = step;
  const { rent, wage } = after;
  const level = LEVELS[before.productivity];
  const { capital, labour, output } = production(alpha, before);
  const resources = Array.from(
    before.capital,
    (k) => net * (rent * k + wage * labour) + (1 - depreciation) * k,
  );
  const eaten = resources.map((a, i) => shares[i] * a);
  const consumption = (eaten[0] + eaten[1]) / 2;
  const investment = (resources[0] + resources[1]) / 2 - consumption - (1 - depreciation) * capital;
  const government = tax * output;
  const adjustmentCost = friction * output;
  return {
    output,
    consumption,
    investment,
    government,
    adjustmentCost,
    capital,
    nextCapital: (after.capital[0] + after.capital[1]) / 2,
    depreciation,
    utility: { household: eaten.map((c) => Math.log(c)) },
    consumptions: { household: eaten },
    borrowing: { household: { assets: after.capital, limit: 0 } },
    distributions: { groups: after.groups },
    factorPayments: { capital: rent * capital, labour: wage * labour },
    markets: {
      capital: {
        supply: capital,
        demand: labour * ((alpha * level) / rent) ** (1 / (1 - alpha)),
        price: rent,
      },
      labour: {
        supply: labour,
        demand: capital * (((1 - alpha) * level) / wage) ** (1 / alpha),
        price: wage,
      },
      goods: { supply: output, demand: consumption + investment + government + adjustmentCost, price: 1 },
    },
    prices: { rent, wage },
  };
}
