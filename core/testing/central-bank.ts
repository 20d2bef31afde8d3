/**
 * A small economy whose optimum is known in closed form, which every way of learning should find in seconds: a central bank
 * brings inflation back to its target (Svensson 1997, "Inflation forecast targeting", European Economic Review 41, in one lag).
 *
 * Inflation p, in points above target, follows p' = rho p - i + e, e = +-sigma with equal chances: today's rate i acts on the next
 * period's inflation. The bank pays p^2 + lambda i^2 each period. The rule is i = k p, and the value of a state
 *
 *     V(p) = -P p^2 - beta P sigma^2 / (1 - beta),   P = 1 + beta rho^2 lambda P / (lambda + beta P),   k = beta rho P / (lambda + beta P).
 *
 * Who does not look beyond the period never raises the rate, i = 0: its cost is today's, its effect tomorrow's. So, with
 * episodes of one period, whoever takes the time limit for an end learns nothing at all.
 */
import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { parameter } from '../calibration.ts';
import type { TensorTwin } from '../capabilities.ts';
import { defineEconomy } from '../economy.ts';
import { box } from '../spaces.ts';

const note = { unit: '', source: 'for tests: a rule halfway between doing nothing and undoing all' };

/** Points of inflation from which the rule is compared; first states are drawn from a little further. */
export const WITHIN = 1;
const DRAWN_WITHIN = 2;

const calibration = z.strictObject({
  discountFactor: parameter(z.number().gt(0).lt(1), 0.8, { ...note, description: 'beta' }),
  persistence: parameter(z.number().min(0).max(1), 1, { ...note, description: 'rho' }),
  rateWeight: parameter(z.number().gt(0), 1, { ...note, description: 'lambda' }),
  shockStd: parameter(z.number().min(0).max(1), 0.2, { ...note, description: 'sigma' }),
  horizon: parameter(z.int().min(1), 1, { ...note, description: 'periods until an episode is cut' }),
});

type Calibration = z.output<typeof calibration>;

export interface Inflation {
  readonly [name: string]: number;
  inflation: number;
}

/**
 * k and P. P is the positive root of beta P^2 + (lambda - beta - beta rho^2 lambda) P - lambda = 0; at the default calibration
 * 0.8 P^2 - 0.6 P - 1 = 0, P = (0.6 + sqrt(3.56)) / 1.6 = 1.554248 and k = 0.8 P / (1 + 0.8 P) = 0.554248.
 */
export function optimalRule(model: Calibration): { readonly response: number; readonly cost: number } {
  const { discountFactor: beta, persistence: rho, rateWeight: lambda } = model;
  const b = lambda - beta - beta * rho ** 2 * lambda;
  const P = (-b + Math.sqrt(b ** 2 + 4 * beta * lambda)) / (2 * beta);
  return { response: (beta * rho * P) / (lambda + beta * P), cost: P };
}

export const centralBank = defineEconomy({
  id: 'central-bank',
  version: 1,
  title: 'A central bank brings inflation back to its target',
  calibration,
  model: (parameters) => parameters,
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: () => ({
    bank: {
      count: 1,
      observationSpace: box({ inflation: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }),
      actionSpace: box({ rate: [-2, 2] }),
    },
  }),
  init: ({ rng }): Inflation => ({ inflation: rng.between(-DRAWN_WITHIN, DRAWN_WITHIN) }),
  observe({ state }, { bank }) {
    bank[0] = state.inflation;
  },
  step({ model, state, actions, rewards, rng }) {
    const { persistence: rho, rateWeight: lambda, shockStd: sigma } = model;
    const p = state.inflation;
    const i = actions.bank[0];
    rewards.bank[0] = -(p ** 2) - lambda * i ** 2;
    state.inflation = rho * p - i + (rng.uniform() < 0.5 ? sigma : -sigma);
  },
  enumerable: ({ persistence: rho, rateWeight: lambda, shockStd: sigma }) => ({
    rewards: ({ inflation: p }, { bank: [i] }) => ({ bank: Float64Array.of(-(p ** 2) - lambda * i ** 2) }),
    successors: ({ inflation: p }, { bank: [i] }) =>
      [sigma, -sigma].map((e) => ({ probability: 0.5, state: { inflation: rho * p - i + e } })),
  }),
  tensor: bankTensors,
  domain: () => ({
    axes: [{ kind: 'continuous', name: 'inflation', low: -DRAWN_WITHIN, high: DRAWN_WITHIN, nodes: 401 }],
    toCoordinates: ({ inflation }) => [inflation],
    fromCoordinates: (row) => ({ inflation: row[0] }),
  }),
  oracle(model) {
    const { discountFactor: beta, shockStd: sigma } = model;
    const { response: k, cost: P } = optimalRule(model);
    return {
      method: 'closed form',
      solution: { converged: true, iterations: 0, residual: 0 },
      act(state, { bank }) {
        bank[0] = k * state.inflation;
      },
      evaluationStates: [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].map((share) => ({
        inflation: share * WITHIN,
      })),
      steadyState: { inflation: 0 },
      value: ({ inflation: p }) => -P * p ** 2 - (beta * P * sigma ** 2) / (1 - beta),
      // There is no consumption here: the share by which the losses are larger.
      welfareLossPercent: ({ policy, optimum }) => 100 * (policy.bank / optimum.bank - 1),
    };
  },
});

/** The bank on tensors: what it sees is inflation as it is. */
function bankTensors(model: Calibration): TensorTwin<Inflation> {
  const { discountFactor: beta, persistence: rho, rateWeight: lambda, shockStd: sigma } = model;
  const twin: TensorTwin<Inflation> = {
    coordinates: ['inflation'],
    scales: [2 * DRAWN_WITHIN],
    toCoordinates: ({ inflation }) => [inflation],
    fromCoordinates: (row) => ({ inflation: row[0] }),
    normalise: (tensors, rows) => tensors.clone(rows),
    normaliseState: (row) => [...row],
    denormaliseState: (row) => [...row],
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const expected = tensors.sub<tf.Tensor2D>(tensors.mul(states, rho), actions);
        const next = tensors.concat([tensors.add(expected, sigma), tensors.sub(expected, sigma)], 1);
        const cost = tensors.add(tensors.square(states), tensors.mul(tensors.square(actions), lambda));
        return {
          next: tensors.reshape(next, [-1, 2, 1]) as tf.Tensor3D,
          probabilities: tensors.fill([states.shape[0], 2], 0.5) as tf.Tensor2D,
          rewards: tensors.neg(cost) as tf.Tensor2D,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const values = tensors.reshape(value(tensors.reshape(next, [-1, 1]) as tf.Tensor2D), [-1, 2]);
        const expected = tensors.sum(tensors.mul(probabilities, values), 1, true);
        return tensors.add(rewards, tensors.mul(expected, beta)) as tf.Tensor2D;
      }),
  };
  return twin;
}
