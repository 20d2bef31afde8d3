/** Economies that end, and that do what their authors did not expect. */
import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import { box, defineEconomy } from '../../core/index.ts';

const note = { description: 'for tests', unit: 'per period', source: 'none' };

interface Frail {
  [name: string]: number;
  wealth: number;
  /** 1, or 0 after the end. */
  alive: number;
}

/**
 * Log wealth follows an autoregression, log w' = 0.9 log w + 0.1 e, until the household dies, with the same probability in every period.
 * A step after that throws.
 */
export const frail = defineEconomy({
  id: 'frail',
  version: 1,
  title: 'A household that may die in any period.',
  calibration: z.strictObject({
    hazard: parameter(z.number().min(0).max(1), 0.05, note),
    highestSeen: parameter(z.number(), 1000, note),
  }),
  model: (calibration) => calibration,
  discountFactor: () => 0.9,
  horizon: () => 10,
  types: ({ highestSeen }) => ({
    household: {
      count: 1,
      observationSpace: box({ wealth: [0, highestSeen] }),
      actionSpace: box({ spending: [0, 1] }),
    },
  }),
  init: ({ rng }): Frail => ({ wealth: Math.exp(0.2 * rng.normal()), alive: 1 }),
  observe({ state }, { household }) {
    household[0] = state.wealth;
  },
  step({ model, state, actions, rewards, rng }) {
    if (state.alive === 0) throw new Error('frail: stepped on after its end');
    rewards.household[0] = Math.log(state.wealth * (0.1 + actions.household[0]));
    state.wealth = Math.exp(0.9 * Math.log(state.wealth) + 0.1 * rng.normal());
    if (rng.uniform() < model.hazard) state.alive = 0;
  },
  terminated: ({ state }) => state.alive === 0,
  shocks: () => ({
    wealth: {
      label: 'wealth',
      unit: 'share of what there is',
      size: 0.1,
      apply(state: Frail, size: number) {
        state.wealth *= 1 + size;
      },
    },
  }),
});
