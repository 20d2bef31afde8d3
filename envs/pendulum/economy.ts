import { z } from 'zod';
import type { Enumerable } from '../../core/capabilities.ts';
import { defineEconomy } from '../../core/economy.ts';
import { show, UsageError } from '../../core/errors.ts';
import { box } from '../../core/spaces.ts';
import type { Rng } from '../../numerics/random.ts';
import { pendulumCalibration } from './calibration.ts';
import { energy, fromUpright, move, type PendulumModel, type PendulumState, reward } from './model.ts';
import { pendulumTensors } from './tensor.ts';

/** Of a solver's grid along both coordinates; whole turns are left out of it. */
const GRID_NODES = 201;

/** Limits of the first state's uniform draws, in rad and rad / s: Gymnasium's `DEFAULT_X` and `DEFAULT_Y`. */
const FIRST_ANGLE = Math.PI;
const FIRST_VELOCITY = 1;

/**
 * What `reset` takes: the state itself, or how far from rest upright it is drawn at most, which Gymnasium calls `x_init` (angle) and `y_init`
 * (angular velocity). What is given moves no other draw.
 */
const resetOptions = z.strictObject({
  angle: z.number().optional(),
  angularVelocity: z.number().optional(),
  angleLimit: z.number().min(0).max(Math.PI).optional(),
  angularVelocityLimit: z.number().min(0).optional(),
});

/**
 * `pendulum`: Gymnasium's Pendulum-v1, swinging up a rod with a torque too weak to lift it. A control benchmark, no economy: there is no
 * oracle and there are no accounts. Timing: the reward belongs to the state that is left and to the torque there. See README.md in this folder.
 */
export const pendulum = defineEconomy({
  id: 'pendulum',
  version: 1,
  title: "Pendulum swing-up, the control benchmark of Gymnasium's Pendulum-v1: not an economy.",
  calibration: pendulumCalibration,
  resetOptions,
  model: (calibration): PendulumModel => calibration,
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: ({ maxSpeed, maxTorque }) => ({
    controller: {
      count: 1,
      observationSpace: box({
        cosine: [-1, 1],
        sine: [-1, 1],
        angularVelocity: [-maxSpeed, maxSpeed],
      }),
      actionSpace: box({ torque: [-maxTorque, maxTorque] }),
    },
  }),
  init: ({ model, rng, options }) => firstState(model, rng, options),
  observe({ state }, { controller }) {
    controller[0] = Math.cos(state.angle);
    controller[1] = Math.sin(state.angle);
    controller[2] = state.angularVelocity;
  },
  step({ model, state, actions, rewards }) {
    const torque = actions.controller[0];
    rewards.controller[0] = reward(model, state, torque);
    move(model, state, torque);
  },
  info: ({ model, state }) => ({ angle: fromUpright(state.angle), energy: energy(model, state) }),
  variables: () => ({
    angle: { label: 'angle from upright', unit: 'rad' },
    angularVelocity: { label: 'angular velocity', unit: 'rad / s' },
    energy: { label: 'energy', unit: 'J' },
    torque: { label: 'torque', unit: 'N m' },
  }),
  shocks: ({ maxSpeed }) => ({
    push: {
      label: 'a push',
      unit: 'rad / s',
      size: 1,
      apply(state: PendulumState, size: number) {
        state.angularVelocity = Math.max(-maxSpeed, Math.min(maxSpeed, state.angularVelocity + size));
      },
      applied: (before: PendulumState, after: PendulumState) =>
        after.angularVelocity - before.angularVelocity,
    },
  }),
  enumerable: pendulumSuccessors,
  tensor: pendulumTensors,
  domain: ({ maxSpeed }) => ({
    axes: [
      { kind: 'continuous', name: 'angle', low: -Math.PI, high: Math.PI, nodes: GRID_NODES },
      { kind: 'continuous', name: 'angularVelocity', low: -maxSpeed, high: maxSpeed, nodes: GRID_NODES },
    ],
    toCoordinates: ({ angle, angularVelocity }) => [fromUpright(angle), angularVelocity],
    fromCoordinates: ({ 0: angle, 1: angularVelocity }) => ({ angle, angularVelocity }),
  }),
  // One environment and one update after each of its steps, as in published results.
  advice: () => ({ sac: { copies: 1 }, ddpg: { copies: 1 } }),
});

/** The one successor, certain. Rewards [1]. Invariant: equal to `step` bit for bit. */
function pendulumSuccessors(model: PendulumModel): Enumerable<PendulumState, 'controller'> {
  return {
    rewards: (state, { controller }) => ({
      controller: Float64Array.of(reward(model, state, controller[0])),
    }),
    successors(state, { controller }) {
      const next = { ...state };
      move(model, next, controller[0]);
      return [{ probability: 1, state: next }];
    },
  };
}

function firstState(
  { maxSpeed }: PendulumModel,
  rng: Rng,
  options: z.output<typeof resetOptions>,
): PendulumState {
  const { angleLimit = FIRST_ANGLE, angularVelocityLimit = FIRST_VELOCITY } = options;
  for (const [name, value] of Object.entries({
    angularVelocityLimit,
    angularVelocity: options.angularVelocity ?? 0,
  })) {
    if (Math.abs(value) > maxSpeed)
      throw new UsageError(
        `reset: ${name} is ${show(value)}; this calibration's speed goes up to ${maxSpeed} (maxSpeed).`,
      );
  }
  const angle = rng.between(-angleLimit, angleLimit);
  const angularVelocity = rng.between(-angularVelocityLimit, angularVelocityLimit);
  return { angle: options.angle ?? angle, angularVelocity: options.angularVelocity ?? angularVelocity };
}
