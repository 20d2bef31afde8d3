/** Economies and one household's worth of arrays, for the tests of this folder. */
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { marlBc } from './economy.ts';
import type { ChosenState, MarlBcState } from './part.ts';
import type { ChosenModel, EmploymentModel, MarlBcModel } from './setup.ts';

export type Settings = Readonly<Record<string, unknown>>;
export type MarlBc = Economy<MarlBcState, 'household'>;

export function economyOf(calibration: string, set: Settings = {}): MarlBc {
  return instantiate(marlBc, { calibration, set });
}

export function chosenModelOf(economy: MarlBc): ChosenModel {
  const model = economy.model as MarlBcModel;
  if (model.kind !== 'chosen') throw new Error(`${economy.id} has jobs`);
  return model;
}

export function employmentModelOf(economy: MarlBc): EmploymentModel {
  const model = economy.model as MarlBcModel;
  if (model.kind !== 'employment') throw new Error(`${economy.id} has no jobs`);
  return model;
}

export function isChosen(state: MarlBcState): state is ChosenState {
  return 'logProductivity' in state;
}

export function hasJobs(state: MarlBcState): state is KrusellSmithState {
  return 'status' in state;
}

/** An economy that is stepped on by hand; everybody chooses the same unless told otherwise. */
export function walk(
  economy: MarlBc,
  choice: readonly number[],
  { seed = 3, options = {} }: { readonly seed?: number; readonly options?: Settings } = {},
) {
  const { model, definition } = economy;
  const rng = createRng(seed);
  const state = definition.init({ model, rng, options });
  const count = economy.types.household.count;
  const actions = {
    household: Float64Array.from({ length: count * choice.length }, (_, i) => choice[i % choice.length]),
  };
  const rewards = { household: new Float64Array(count) };
  const step = () => definition.step({ model, state, actions, rewards, rng });
  return { model, state, actions, rewards, rng, step };
}
