import type { MarlBcModel } from './setup.ts';

type Settings = Readonly<Record<string, unknown>>;
type Advice = Readonly<Record<string, Settings>>;

/** Copies times households that are stepped together, about; with many households there are two copies all the same. */
const ROWS = { few: 64, many: 256 } as const;
const LEAST_COPIES = { few: 1, many: 2 } as const;

/** Transitions of a step that are kept, out of many: a buffer of this size then holds more than 60,000 steps. */
const KEPT = { keptPerStep: 64, bufferSize: 4_000_000 } as const;

/** Periods of uniform actions before learning, for many households: their rows come from few states of the economy. */
const LEAST_WARMUP_PERIODS = 20;
const WARMUP_ROWS = 1000;

/** Periods of an episode: states start wide and converge, at different speeds. */
const EPISODES = { alike: 50, apart: 100 } as const;

/** Noise of DDPG where little is eaten: at full width it biases the share upwards. */
const QUIET = { explorationNoise: 0.1, targetSmoothing: 0.05, actorSmoothing: 0.05 } as const;

/** Below this steady-state share full exploration biases the share upwards: utility is strongly curved there. */
const SMALL_SHARE = 0.5;

/**
 * Settings by method. Where actions run through shares in logs, what matters is how they answer to the state. That takes more copies, a buffer that holds
 * the whole run, critics whose errors are not cut, and for SAC targets that follow sooner and wide exploration (the target entropy falls from 0 to -2 per
 * action). Where wealth stays apart, by jobs or productivities, the share's slope in own wealth decides who ends up with what: episodes are longer then, and
 * SAC's exploration does not count as risk in the future. See "Learning" in README.md.
 */
export function advice(model: MarlBcModel): Advice {
  const { kind, households, productivities, depreciation, actionScale } = model;
  const apart = kind === 'employment' || productivities.differ.capital || productivities.differ.labour;
  const rows = actionScale === 'log' ? 'many' : 'few';
  const copies = Math.max(LEAST_COPIES[rows], Math.round(ROWS[rows] / households));
  const common = {
    copies,
    episodeLength: depreciation === 1 || !apart ? EPISODES.alike : EPISODES.apart,
    warmup: Math.max(WARMUP_ROWS, LEAST_WARMUP_PERIODS * households * copies),
  };
  if (actionScale === 'linear') return linearAdvice(model, common);
  const slopes = { ...common, ...KEPT, huberThreshold: 10 };
  const futureActions = apart ? 'mean' : 'drawn';
  return {
    sac: { ...slopes, targetMix: 0.02, futureActions, targetEntropy: 0, targetEntropyFall: 2 },
    ddpg: { ...slopes, ...QUIET },
  };
}

/** With shares in equal steps: SAC's target entropy falls from -1 to -2.5 where little is eaten. */
function linearAdvice({ usual }: MarlBcModel, common: Settings): Advice {
  if (usual.share >= SMALL_SHARE) return { sac: common, ddpg: common };
  return { sac: { ...common, targetEntropyFall: 1.5 }, ddpg: { ...common, ...QUIET } };
}
