/** The economy of households that work if they have a job: times, jobs and their draws are krusell-smith's. */
import type { Shock } from '../../core/economy.ts';
import { UsageError } from '../../core/errors.ts';
import { gini } from '../../numerics/statistics.ts';
import { drawShocks, type KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { krusellSmith } from '../krusell-smith/economy.ts';
import { firstState } from '../krusell-smith/first-state.ts';
import { meanOf } from '../krusell-smith/model.ts';
import { marlBcAccounts } from './accounts.ts';
import { employmentClassical, employmentOracle } from './employment-oracle.ts';
import { firstCapital } from './first-capital.ts';
import { newFactors, weightedMean } from './model.ts';
import { observe } from './observation.ts';
import type { Part } from './part.ts';
import { earnAndEat, employmentFactors, suppliedLabour } from './period.ts';
import type { EmploymentModel } from './setup.ts';
import { employmentSuccessors } from './successors.ts';
import { employmentTensors } from './tensor.ts';

export const employment: Part<EmploymentModel, KrusellSmithState> = {
  init({ model, rng, options }) {
    const { capital, productivity, logProductivity } = options;
    if (logProductivity !== undefined) {
      throw new UsageError(
        'marl-bc: reset got logProductivity, but times are good or bad here; give productivity, 0 or 1.',
      );
    }
    const drawn = firstCapital(model, rng, typeof capital === 'number' ? capital : undefined);
    const first = firstState(model.base, rng, productivity === undefined ? {} : { productivity });
    return { ...first, capital: drawn };
  },
  observe({ model, state }, observations) {
    const { base, productivities, sight } = model;
    const labour = suppliedLabour(model, state.status, sight.labour);
    sight.meanLabour = weightedMean(productivities.labour, labour, 0, 1);
    sight.meanCapital = meanOf(state.capital);
    const level = base.exposure.productivity[state.productivity];
    sight.productivity = model.normalise === 'none' ? level : 2 * state.productivity - 1;
    observe(model, state.capital, labour, observations.household);
  },
  step({ model, state, actions, rewards, rng }) {
    if (model.timing === 'act-first') drawShocks(model.base, state, rng);
    earnAndEat(model, state, actions.household, model.sight.labour, rewards.household);
    if (model.timing === 'observe-first') drawShocks(model.base, state, rng);
  },
  info({ model, state }) {
    const labour = suppliedLabour(model, state.status, new Float64Array(state.status.length));
    const factors = employmentFactors(model, state, labour, newFactors());
    const info = {
      capital: meanOf(state.capital),
      effectiveCapital: factors.capital,
      productivity: model.base.exposure.productivity[state.productivity],
      gini: gini(state.capital),
      employment: meanOf(state.status),
    };
    // Under `act-first`, what is produced in the period to come is not known yet.
    if (model.timing === 'act-first') return info;
    return { ...info, output: factors.output, rent: factors.rent, wage: factors.wage };
  },
  shocks: ({ base }): Readonly<Record<string, Shock<KrusellSmithState>>> => krusellSmith.shocks?.(base) ?? {},
  enumerable: employmentSuccessors,
  tensor: employmentTensors,
  classical: employmentClassical,
  oracle: employmentOracle,
  accounts: (model) =>
    marlBcAccounts<KrusellSmithState>(model, {
      of(before, after) {
        const { status, productivity } = model.timing === 'act-first' ? after : before;
        return {
          productivity: model.base.exposure.productivity[productivity],
          labour: suppliedLabour(model, status, new Float64Array(status.length)),
        };
      },
    }),
  crossSection: ({ base }) => krusellSmith.crossSection?.(base),
};
