/** Villages that break one law each: what `checkEconomy` must find, by the checks that find it. */
import { ECONOMY_CHECKS as E, type EconomyCheck } from '../checks/economy-names.ts';
import { type VillageDefinition, type VillageState, village } from './village.ts';
import {
  afterStep,
  twin,
  unpaidAtLast,
  withChain,
  withEntry,
  withOracle,
  withShares,
  withTensors,
} from './village-changes.ts';

export interface BrokenVillage {
  readonly name: string;
  readonly definition: VillageDefinition;
  /** All checks that must fail, and no other. */
  readonly fails: readonly EconomyCheck[];
  /** What the first failure of the first of these checks says, of expected and actual. */
  readonly says: RegExp;
}

export const brokenVillages: readonly BrokenVillage[] = [
  {
    name: 'income that does not add up: households are paid what friction costs',
    definition: { ...village, model: (c) => ({ ...c, net: 1 - c.tax }) },
    fails: [E.resources, E.markets, E.walras],
    says: /consumption \+ investment \+ government \+ adjustmentCost = output.*2\.0e-2/,
  },
  {
    name: 'a use of output that the accounts forget',
    definition: withEntry(({ government: _, ...entry }) => entry),
    fails: [E.resources],
    says: /consumption \+ investment \+ adjustmentCost = output/,
  },
  {
    name: 'capital that leaks',
    definition: afterStep(({ state }) => {
      state.capital[0] *= 0.999;
    }),
    fails: [E.capital, E.successors, E.frequencies],
    says: /investment = nextCapital: next period's capital/,
  },
  {
    name: 'depreciation applied twice',
    definition: afterStep(({ model: { depreciation: d }, state, actions }, { capital }) => {
      for (let i = 0; i < 2; i++) state.capital[i] -= (1 - actions.household[i]) * d * (1 - d) * capital[i];
    }),
    fails: [E.capital, E.successors, E.frequencies],
    says: /next period's capital/,
  },
  {
    name: 'float32 state drift',
    definition: afterStep(({ state }) => {
      state.capital = Float64Array.from(state.capital, Math.fround);
    }),
    fails: [E.capital, E.successors, E.frequencies],
    says: /e-8 of the scale/,
  },
  {
    name: 'a price that does not clear',
    definition: afterStep(({ state }) => {
      state.rent *= 1.01;
    }),
    fails: [E.markets, E.walras, E.factors, E.resources, E.capital, E.utility, E.successors, E.frequencies],
    says: /demand = supply: demand for capital/,
  },
  {
    name: 'a market that calls a wide miss its tolerance',
    definition: withEntry(({ markets = {}, ...entry }) => ({
      ...entry,
      markets: { bonds: { supply: 1, demand: 1.01, tolerance: 0.1 }, goods: markets.goods },
    })),
    fails: [E.markets],
    says: /demand for bonds 1, to 1e-3 of 1/,
  },
  {
    name: 'transfers that nobody pays',
    definition: withEntry(({ markets = {}, ...entry }) => ({
      ...entry,
      markets: { ...markets, bonds: { supply: 0, demand: 0.01, price: 0.98 } },
    })),
    fails: [E.markets, E.walras],
    says: /demand for bonds 0/,
  },
  {
    name: 'a distribution that does not sum to one',
    definition: withEntry((entry, { groups }) => ({
      ...entry,
      distributions: { groups: groups.map((mass) => mass * (1 - 1e-9)) },
    })),
    fails: [E.distributions],
    says: /masses sum to one: sum of groups 1.*1\.0e-9/,
  },
  {
    name: 'a distribution with a negative mass',
    definition: withEntry((entry) => ({
      ...entry,
      distributions: { groups: [-1e-18, 1] },
    })),
    fails: [E.distributions],
    says: /not negative.*mass 0 is -1e-18/,
  },
  {
    name: 'mass lost in the state itself',
    definition: afterStep(({ state }) => {
      state.groups[1] *= 0.9999;
    }),
    fails: [E.distributions, E.successors, E.frequencies],
    says: /sum of groups/,
  },
  {
    name: 'negative consumption',
    definition: withShares(-0.1, 0.9),
    fails: [E.consumption, E.runs, E.utility, E.successors],
    says: /consumption of all above zero.*-/,
  },
  {
    name: 'negative consumption of one household while the mean is positive',
    definition: withEntry((entry) => ({ ...entry, consumptions: { household: [1, -0.1] } })),
    fails: [E.consumption],
    says: /consumption of household above zero.*-0\.1 at place 1/,
  },
  {
    name: 'borrowing below the limit',
    definition: withEntry((entry, { capital }) => ({
      ...entry,
      borrowing: { household: { assets: capital, limit: 1 } },
    })),
    fails: [E.borrowing],
    says: /assets of household of at least 1/,
  },
  {
    name: 'factor payments that exceed output',
    definition: withEntry((entry) => ({
      ...entry,
      factorPayments: { capital: 0.4 * (entry.output ?? 0), labour: 0.64 * (entry.output ?? 0) },
    })),
    fails: [E.factors],
    says: /capital \+ labour \+ profits = output.*4\.0e-2|3\.8e-2/,
  },
  {
    name: 'means and totals mixed up: payments carry a factor 1/n',
    definition: withEntry(
      ({ factorPayments: { capital, labour } = { capital: 0, labour: 0 }, ...entry }) => ({
        ...entry,
        factorPayments: { capital: capital / 2, labour: labour / 2 },
      }),
    ),
    fails: [E.factors],
    says: /off by .* 5\.0e-1 of the scale/,
  },
  {
    name: 'a Markov row that sums to 1.1',
    definition: withTensors(
      (model) => ({
        ...twin(model),
        transition: (tensors, states, actions) => {
          const found = twin(model).transition(tensors, states, actions);
          return { ...found, probabilities: tensors.mul(found.probabilities, 1.1) };
        },
      }),
      withChain(({ successors }) => ({
        successors: (state, actions) =>
          successors(state, actions).map((one) => ({ ...one, probability: 1.1 * one.probability })),
      })),
    ),
    fails: [E.rows],
    says: /sum to one: sum of probabilities 1, to 1e-12.*1\.1/,
  },
  {
    name: 'a probability that is negative',
    definition: withChain(({ successors }) => ({
      successors: (state, actions) =>
        successors(state, actions).map((one, i) => ({
          ...one,
          probability: i === 0 ? -0.1 : one.probability,
        })),
    })),
    fails: [E.rows, E.frequencies, E.tensors],
    says: /not negative.*-0\.1/,
  },
  {
    name: 'sampling that does not follow the rows',
    definition: afterStep(({ state, rng }, before) => {
      state.productivity = rng.uniform() < 0.85 ? before.productivity : 1;
    }),
    fails: [E.frequencies],
    says: /shares \[.*chi-square .* degrees of freedom, p = /,
  },
  {
    name: 'an enumeration that forgets the rare successor',
    definition: withChain(({ successors }) => ({
      successors: (state, actions) =>
        successors(state, actions)
          .filter(({ probability }) => probability > 0.5)
          .map((one) => ({ ...one, probability: 1 })),
    })),
    fails: [E.successors, E.frequencies, E.tensors],
    says: /one of the 1 successors; the nearest has productivity/,
  },
  {
    name: 'a reward that is not the utility of the reported consumption',
    definition: afterStep(({ rewards }) => {
      rewards.household[1] += 1e-6;
    }),
    fails: [E.utility, E.successors],
    says: /reward = u\(consumption\): reward of household.*1\.0e-6/,
  },
  {
    name: 'a steady state that is none',
    definition: withOracle(({ steadyState }) => ({
      steadyState: { ...steadyState, capital: steadyState.capital.map((k) => 1.001 * k) },
    })),
    fails: [E.steadyState, E.prices],
    says: /next state = steady state: rent .*6\.4e-4 of the scale/,
  },
  {
    name: 'a steady state that allows itself any drift',
    definition: withOracle(({ steadyState }) => ({
      steadyState: { ...steadyState, capital: steadyState.capital.map((k) => 3 * k) },
      steadyStateDrift: 100,
    })),
    fails: [E.steadyState, E.prices],
    says: /to 5e-2 of/,
  },
  {
    name: 'an analytical price of another unit: net of depreciation',
    definition: withOracle(({ steadyStatePrices: { rent = 0, ...others } = {} }) => ({
      steadyStatePrices: { ...others, rent: rent - 0.1 },
    })),
    fails: [E.prices],
    says: /price = its value in the steady state: rent/,
  },
  {
    name: 'a price that the accounts do not have',
    definition: withOracle(() => ({ steadyStatePrices: { interest: 0.02 } })),
    fails: [E.prices],
    says: /interest 0\.02.*NaN/,
  },
  {
    name: 'a tensor twin with a wrong parameter',
    definition: withTensors((model) => twin({ ...model, depreciation: 0.101 })),
    fails: [E.tensors],
    says: /next capital 0 as the loop has it, to 1e-5/,
  },
  {
    name: 'a tensor twin whose groups stand still',
    definition: withTensors((model) => ({
      ...twin(model),
      transition: (tensors, states, actions) => {
        const found = twin(model).transition(tensors, states, actions);
        const still = states.slice([0, 2], [-1, 2]).reshape([states.shape[0], 1, 2]).tile([1, 3, 1]);
        const parts = [
          found.next.slice([0, 0, 0], [-1, -1, 2]),
          still,
          found.next.slice([0, 0, 4], [-1, -1, 3]),
        ];
        return { ...found, next: tensors.concat(parts, 2) as typeof found.next };
      },
    })),
    fails: [E.tensors],
    says: /next unskilled/,
  },
  {
    name: 'prices found in other brackets',
    definition: withTensors(
      (model) => ({
        ...twin(model),
        transition: (tensors, states, actions) => ({
          ...twin(model).transition(tensors, states, actions),
          brackets: tensors.ones([states.shape[0], 1]),
        }),
      }),
      withChain(() => ({ brackets: ({ capital }) => [capital[0] > 1.1 ? 2 : 1] })),
    ),
    fails: [E.tensors],
    says: /the same brackets of prices in all but a share 0\.01 of 128 rows.*another bracket in a share 0\.\d+ of rows/,
  },
  {
    name: 'a reward that is no number at step 17',
    definition: unpaidAtLast(),
    fails: [E.runs, E.utility, E.successors],
    says: /reward of household_0 is NaN at step 17/,
  },
  {
    name: 'accounts that throw',
    definition: withEntry(() => {
      throw new Error('no books were kept');
    }),
    fails: [E.runs],
    says: /no books were kept/,
  },
  {
    name: 'an oracle that acts outside of what can be',
    definition: withOracle(() => ({
      act: (_: VillageState, { household }: { household: Float64Array }) => void household.fill(Number.NaN),
    })),
    fails: [E.runs, E.steadyState],
    says: /action "consumptionShare" of household_0 is NaN/,
  },
];
