import type { MarlBcModel } from './setup.ts';

/** Rows, copies times households, that are stepped together: a learner's data per update. */
const ROWS = 64;

/** Periods of uniform actions before learning, for many households: their rows come from few states of the economy. */
const LEAST_WARMUP_PERIODS = 20;
const WARMUP_ROWS = 1000;

/** With jobs, what matters is how the share falls with own wealth: it is seen where wealth is spread, as just after a reset, and while actions are too. */
const JOBS = {
  episodeLength: 25,
  sac: { targetEntropy: 0, targetEntropyFall: 1.5, bufferSize: 4_000_000 },
};

/** Below this steady-state share the target entropy falls: utility is strongly curved there. */
const SMALL_SHARE = 0.5;

/**
 * Settings by method. Copies times households stays near 64, and the warm-up has at least 20 periods. Episodes are 50 periods with full
 * depreciation and 100 otherwise; states start wide and converge. Where little of wealth is eaten (0.16 in `rbc-typical`), exploration at full width
 * biases the share upwards: SAC's target entropy falls from -1 to -2.5 per action, and DDPG's noise is halved. With jobs episodes are 25 periods, and the
 * target entropy falls from 0 to -1.5.
 */
export function advice(model: MarlBcModel) {
  const { households, usual, depreciation } = model;
  const jobs = model.kind === 'employment';
  const common = {
    copies: Math.max(1, Math.round(ROWS / households)),
    episodeLength: jobs ? JOBS.episodeLength : depreciation === 1 ? 50 : 100,
    warmup: Math.max(WARMUP_ROWS, LEAST_WARMUP_PERIODS * households),
  };
  if (usual.share >= SMALL_SHARE) return { sac: common, ddpg: common };
  return {
    sac: { ...common, ...(jobs ? JOBS.sac : { targetEntropyFall: 1.5 }) },
    ddpg: { ...common, explorationNoise: 0.1, targetSmoothing: 0.05, actorSmoothing: 0.05 },
  };
}
