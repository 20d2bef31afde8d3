import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import type { CommonSettings } from '../../core/method.ts';

const REVENGE = 'public project Bellmans Revenge';
const trials = 'our trials on the growth economies of this suite';

/** Settings of the neural grid; one set of defaults serves every economy. */
export const neuralGridSettings = z.strictObject({
  hidden: parameter(z.string().regex(/^[1-9]\d{0,3}(x[1-9]\d{0,3})*$/), '64x64', {
    description: 'widths of the hidden layers of actor and critic',
    unit: 'units',
    source: `${trials}; 256x256 is ${REVENGE}`,
  }),
  activation: parameter(z.enum(['relu', 'tanh']), 'tanh', {
    description:
      'activation of the hidden layers; the actor climbs the slope of the critic, which should be smooth',
    unit: '',
    source: trials,
  }),
  inputs: parameter(z.enum(['logs', 'levels']), 'logs', {
    description: 'how the networks see coordinates whose range is above zero: in logs, or as they are',
    unit: '',
    source: `${trials}; levels are ${REVENGE}`,
  }),
  sampling: parameter(z.enum(['uniform', 'log-uniform']), 'uniform', {
    description: 'how states are drawn in coordinates whose range is above zero',
    unit: '',
    source: REVENGE,
  }),
  batchSize: parameter(z.int().min(1).max(65536), 256, {
    description: 'states drawn for each update',
    unit: 'states',
    source: `${trials}; 512 is ${REVENGE}`,
  }),
  learningRate: parameter(z.number().gt(0).max(1), 3e-3, {
    description: 'Adam rate of actor and critic at the start',
    unit: 'per update',
    source: `${trials}; 0.001 is ${REVENGE}`,
  }),
  finalLearningRate: parameter(z.number().min(0).max(1), 0.01, {
    description: 'share of the rate left at the last update; the decay is linear',
    unit: 'share',
    source: trials,
  }),
  targetMix: parameter(z.number().gt(0).max(1), 0.5, {
    description: 'weight of the critic in each soft update of its target',
    unit: 'per update',
    source: `${trials}; 0.01 is ${REVENGE}`,
  }),
  weightAverage: parameter(z.number().gt(0).max(1), 0.01, {
    description:
      'rate of the exponential average of the actor, which evaluation uses; 1 takes the actor itself',
    unit: 'per update',
    source: trials,
  }),
  huberThreshold: parameter(z.number().gt(0), 1, {
    description: 'critic errors beyond this count linearly',
    unit: "standard deviations of the first states' rewards",
    source: trials,
  }),
  rangePenalty: parameter(z.number().min(0), 10, {
    description: 'weight of the squared distance of actions beyond 5 % to 95 % of what is possible, at first',
    unit: "standard deviations of the first states' rewards",
    source: REVENGE,
  }),
  rangePenaltyDecay: parameter(z.number().min(0).max(1), 0.99, {
    description: 'factor of that weight from one actor step to the next',
    unit: 'per update',
    source: REVENGE,
  }),
  coldStart: parameter(z.enum(['none', 'half', 'oracle']), 'half', {
    description:
      "policy from which learning starts: half of what there is (where nobody saves, the middle of the actions' range), the " +
      "oracle's, or that of the networks as drawn",
    unit: '',
    source: REVENGE,
  }),
  coldStartActor: parameter(z.int().min(0), 100, {
    description: 'first updates, in which the actor is fitted to that policy; none without a cold start',
    unit: 'updates',
    source: REVENGE,
  }),
  coldStartCritic: parameter(z.int().min(0), 250, {
    description:
      'next updates, in which the critic learns the value of that policy, its target following at once',
    unit: 'updates',
    source: REVENGE,
  }),
});

export type NeuralGridSettings = z.output<typeof neuralGridSettings> & CommonSettings;
