/** The village with one thing changed, each by what it touches. */
import type { Accounts, AccountsEntry, Enumerable, Oracle, TensorTwin } from '../capabilities.ts';
import type { StepContext } from '../economy.ts';
import { box, unitBox } from '../spaces.ts';
import { type VillageDefinition, type VillageModel, type VillageState, village } from './village.ts';

type Context = StepContext<VillageModel, VillageState, 'household'>;
type VillageAccounts = Accounts<VillageState, 'household'>;
type VillageChain = Enumerable<VillageState, 'household'>;

export function given<X>(capability: X | undefined): X {
  if (capability === undefined) throw new Error('the village has every capability');
  return capability;
}

/** The village after whose steps something else happens. */
export function afterStep(change: (context: Context, before: VillageState) => void): VillageDefinition {
  return {
    ...village,
    step(context) {
      const before = { ...context.state, capital: context.state.capital.slice() };
      village.step(context);
      change(context, before);
    },
  };
}

export function withEntry(
  change: (entry: AccountsEntry, after: VillageState) => AccountsEntry,
): VillageDefinition {
  return {
    ...village,
    accounts(model): VillageAccounts {
      const accounts = given(village.accounts?.(model));
      return {
        entry: (before, actions, after) => change(accounts.entry(before, actions, after), after),
      };
    },
  };
}

export function withChain(change: (chain: VillageChain) => Partial<VillageChain>): VillageDefinition {
  return {
    ...village,
    enumerable(model): VillageChain {
      const chain = given(village.enumerable?.(model));
      return { ...chain, ...change(chain) };
    },
  };
}

export function withOracle(change: (oracle: Oracle<VillageState, 'household'>) => object): VillageDefinition {
  return {
    ...village,
    oracle(model) {
      const oracle = given(village.oracle?.(model));
      return { ...oracle, ...change(oracle) };
    },
  };
}

export function withTensors(
  change: (model: VillageModel) => TensorTwin<VillageState>,
  base: VillageDefinition = village,
): VillageDefinition {
  return { ...base, tensor: change };
}

export const twin = (model: VillageModel) => given(village.tensor?.(model));

/** Actions in another range. */
export function withShares(low: number, high: number): VillageDefinition {
  return {
    ...village,
    types: () => ({
      household: {
        count: 2,
        observationSpace: box({ capital: [-Infinity, Infinity], productivity: [0, 2] }),
        actionSpace: unitBox({ consumptionShare: [low, high] }),
      },
    }),
  };
}

/** The village whose first household is paid no number in the 17th period of every path. */
export function unpaidAtLast(): VillageDefinition {
  let periods = 0;
  return {
    ...village,
    init(context) {
      periods = 0;
      return village.init(context);
    },
    step(context) {
      village.step(context);
      periods += 1;
      if (periods === 17) context.rewards.household[0] = Number.NaN;
    },
  };
}
