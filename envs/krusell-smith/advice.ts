import type { KrusellSmithModel } from './setup.ts';

/** Rows, copies times households, that are stepped together: a learner's data per update. */
const ROWS = 100;

/** Periods of uniform actions before learning, for many households: their rows come from few states of the economy. */
const LEAST_WARMUP_PERIODS = 20;
const WARMUP_ROWS = 2000;

/**
 * Settings by method, for households that share a policy. Copies times households stays near a hundred; episodes are short, so that first states, in which
 * capital is spread wide, come back often. Utility is strongly curved in the share eaten, a quarter on average and all of it for the poorest, so that
 * exploration at full width biases what is learned: SAC's target entropy falls by one, DDPG's noise is halved. The poor are few: with one update a step
 * their share stays far too small after 8,000 steps (policy gap 0.064, against 0.027 with three).
 */
export function advice({ households }: KrusellSmithModel) {
  const common = {
    copies: Math.max(1, Math.round(ROWS / households)),
    episodeLength: 100,
    warmup: Math.max(WARMUP_ROWS, LEAST_WARMUP_PERIODS * households),
    updatesPerStep: 3,
  };
  return {
    sac: { ...common, targetEntropyFall: 1 },
    ddpg: { ...common, explorationNoise: 0.1, targetSmoothing: 0.05, actorSmoothing: 0.05 },
  };
}
