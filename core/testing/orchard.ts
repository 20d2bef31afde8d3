/**
 * A small economy for the tests of core/: two growers of one type and a trader of another, with numbers that can be followed
 * by hand. Fruit f' = f - picked + 1 + noise; growers are paid what they pick, the trader a fee on all that is picked.
 */
import { z } from 'zod';
import { parameter } from '../calibration.ts';
import { defineEconomy } from '../economy.ts';
import { box, unitBox } from '../spaces.ts';

const note = { description: 'for tests', unit: '', source: 'none' };

export const orchard = defineEconomy({
  id: 'orchard',
  version: 3,
  title: 'Two growers and a trader',
  calibration: z.strictObject({
    noise: parameter(z.number().min(0).max(1), 0, note),
    discountFactor: parameter(z.number().gt(0).lt(1), 0.9, note),
    season: parameter(z.enum(['dry', 'wet']), 'dry', note),
  }),
  calibrations: { stormy: { noise: 0.5 } },
  resetOptions: z.strictObject({ fruit: z.number().min(1).max(9).optional() }),
  model: (calibration) => calibration,
  discountFactor: (model) => model.discountFactor,
  horizon: () => 5,
  types: () => ({
    grower: {
      count: 2,
      observationSpace: box({ fruit: [-Infinity, Infinity], own: [0, 10] }),
      actionSpace: unitBox({ picked: [0, 2] }),
    },
    trader: {
      count: 1,
      observationSpace: box({ fruit: [-Infinity, Infinity] }),
      actionSpace: box({ fee: [0, 0.5] }),
    },
  }),
  init: ({ rng, options }) => ({
    fruit: typeof options.fruit === 'number' ? options.fruit : rng.between(2, 4),
    stock: new Float64Array(2),
  }),
  observe({ state }, { grower, trader }) {
    for (let i = 0; i < 2; i++) {
      grower[2 * i] = state.fruit;
      grower[2 * i + 1] = state.stock[i];
    }
    trader[0] = state.fruit;
  },
  step({ model, state, actions, rewards, rng }) {
    let picked = 0;
    for (let i = 0; i < 2; i++) {
      picked += actions.grower[i];
      state.stock[i] = actions.grower[i];
      rewards.grower[i] = actions.grower[i] * (1 - actions.trader[0]);
    }
    rewards.trader[0] = picked * actions.trader[0];
    state.fruit += 1 - picked + model.noise * rng.normal();
  },
  info: ({ state }) => ({ fruit: state.fruit, picked: state.stock[0] + state.stock[1] }),
});
