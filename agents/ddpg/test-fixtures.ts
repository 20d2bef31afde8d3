/** What the tests of deep deterministic policy gradient share. */
import type { DdpgShape } from './program.ts';

/** Phases and the groups they train. */
export const TRAINED = [
  { phase: 'critic', group: 'critic' },
  { phase: 'actor', group: 'actor' },
] as const;

export const SMALL: DdpgShape = {
  observationSize: 3,
  actionSize: 2,
  hidden: [7, 5],
  activation: 'tanh',
  batchSize: 6,
  critics: 1,
  targetSmoothing: 0.1,
  actorSmoothing: 0.1,
  explorationNoise: 0.1,
  smoothingClip: 0.5,
  saturationPenalty: 1,
  huberThreshold: 1,
  discountFactor: 0.9,
};

/** As published: DDPG without smoothing, TD3 with that of the target alone. */
export const VARIANTS = [
  { variant: 'ddpg with smoothing', critics: 1, targetSmoothing: 0.1, actorSmoothing: 0.1 },
  { variant: 'ddpg without', critics: 1, targetSmoothing: 0, actorSmoothing: 0 },
  { variant: 'td3', critics: 2, targetSmoothing: 0.2, actorSmoothing: 0 },
] as const;
