import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const source = 'our trials on the economies of this suite';

/** Settings that every off-policy method has, with the defaults that served all economies tried. */
export const offPolicySettings = {
  copies: parameter(z.int().min(1).max(4096), 64, {
    description: 'copies of the economy stepped together',
    unit: 'copies',
    source,
  }),
  episodeLength: parameter(z.int().min(0), 0, {
    description: "periods until an episode is truncated; 0: the economy's horizon",
    unit: 'periods',
    source,
  }),
  observationNormalisation: parameter(z.enum(['none', 'running']), 'none', {
    description: 'standardise observations by running statistics, for economies with raw observations',
    unit: '',
    source,
  }),
  hidden: parameter(z.string().regex(/^[1-9]\d{0,3}(x[1-9]\d{0,3})*$/), '64x64', {
    description: 'widths of the hidden layers of actor and critics',
    unit: 'units',
    source,
  }),
  activation: parameter(z.enum(['relu', 'tanh']), 'tanh', {
    description:
      'activation of the hidden layers; a smooth critic has a smooth slope, which is what the actor climbs',
    unit: '',
    source: `${source}; relu is Haarnoja et al. 2018`,
  }),
  learningRate: parameter(z.number().gt(0).max(1), 1e-3, {
    description: 'Adam rate of actor and critics at the start',
    unit: 'per update',
    source,
  }),
  finalLearningRate: parameter(z.number().min(0).max(1), 0.01, {
    description: 'share of the rate left at the last update; the decay is linear',
    unit: 'share',
    source,
  }),
  batchSize: parameter(z.int().min(1).max(65536), 256, {
    description: 'transitions in a batch',
    unit: 'transitions',
    source: 'Haarnoja et al. 2018, table 1',
  }),
  targetMix: parameter(z.number().gt(0).max(1), 0.005, {
    description: 'weight of the critics in each soft update of their targets',
    unit: 'per update',
    source: 'Haarnoja et al. 2018, table 1',
  }),
  weightAverage: parameter(z.number().gt(0).max(1), 0.001, {
    description:
      'rate of the exponential average of the actor, which evaluation uses, once 10 / rate updates are done (faster before); ' +
      '1 takes the actor itself',
    unit: 'per update',
    source,
  }),
  discountFactor: parameter(z.number().gt(0).lt(1).nullable(), null, {
    description: "discount factor of the learner; null: the economy's own",
    unit: 'per period',
    source: 'any other value finds another optimum',
  }),
  huberThreshold: parameter(z.number().gt(0), 1, {
    description: 'critic errors beyond this count linearly',
    unit: 'reward',
    source,
  }),
  rewards: parameter(z.enum(['centred', 'raw']), 'centred', {
    description: 'centred: less their mean over the warm-up',
    unit: '',
    source,
  }),
  warmup: parameter(z.int().min(1).max(100_000_000), 1000, {
    description: 'transitions of uniform actions before learning starts',
    unit: 'transitions',
    source,
  }),
  bufferSize: parameter(z.int().min(1).max(100_000_000), 2_000_000, {
    description: 'transitions kept; large enough that the wide early data stay',
    unit: 'transitions',
    source,
  }),
  keptPerStep: parameter(z.int().min(1).max(1_000_000).nullable(), null, {
    description:
      'transitions of each step that the buffer keeps, drawn at random; null: all. Where many agents are stepped together a few of a step tell ' +
      'what all do, and the buffer holds a longer run',
    unit: 'transitions',
    source,
  }),
  updatesPerStep: parameter(z.int().min(1), 1, {
    description: 'updates after each step of all copies',
    unit: 'updates',
    source,
  }),
};

/** `64x64` to [64, 64]. */
export function hiddenWidths(text: string): readonly number[] {
  return text.split('x').map(Number);
}
