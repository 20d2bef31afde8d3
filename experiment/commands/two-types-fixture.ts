/** Buyers and sellers who agree on a price, with spaces of different sizes and no oracle, for the tests of this folder. */
import { z } from 'zod';
import { box, defineEconomy, parameter, unitBox } from '../../core/index.ts';

const note = { unit: '', source: 'the tests' };

export default defineEconomy({
  id: 'two-types',
  version: 1,
  title: 'Buyers and sellers.',
  calibration: z.strictObject({
    taste: parameter(z.number(), 1, { ...note, description: 'what a buyer likes' }),
  }),
  model: (calibration) => calibration,
  discountFactor: () => 0.9,
  horizon: () => 20,
  types: () => ({
    buyer: {
      count: 2,
      observationSpace: box({ price: [0, 2], taste: [-10, 10] }),
      actionSpace: unitBox({ bid: [0, 2] }),
    },
    seller: {
      count: 1,
      observationSpace: box({ price: [0, 2] }),
      actionSpace: unitBox({ ask: [0, 2], effort: [0, 1] }),
    },
  }),
  init: ({ rng }) => ({ price: rng.between(0.5, 1.5) }),
  observe({ model, state }, { buyer, seller }) {
    for (let i = 0; i < 2; i++) buyer.set([state.price, model.taste], 2 * i);
    seller[0] = state.price;
  },
  step({ model, state, actions, rewards, rng }) {
    const [first, second] = actions.buyer;
    const [ask, effort] = actions.seller;
    for (let i = 0; i < 2; i++) rewards.buyer[i] = -((actions.buyer[i] - model.taste * state.price) ** 2);
    rewards.seller[0] = ask - effort ** 2 - (ask - (first + second) / 2) ** 2;
    state.price = Math.max(0, Math.min(2, (first + second + ask) / 3 + 0.1 * rng.normal()));
  },
});
