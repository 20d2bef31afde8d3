/** From a method and an economy to what is trained: environment, agents, and the batches they are evaluated on. */
import {
  type Agent,
  type AnyMethod,
  type Backend,
  type BatchFactory,
  type CommonSettings,
  type Economy,
  EpisodeStatistics,
  type Metrics,
  NormaliseObservations,
  type ObservationStatistics,
  observationStatistics,
  Simulation,
} from '../../core/index.ts';
import { createRng } from '../../numerics/random.ts';

export interface PipelineOptions {
  readonly economy: Economy;
  readonly method: AnyMethod;
  readonly settings: CommonSettings;
  /** Planned steps; schedules end there. */
  readonly steps: number;
  readonly seed: number;
  readonly backend: Backend;
}

export interface Pipeline {
  /** Copies of the economy, wrapped; not yet reset. */
  readonly env: EpisodeStatistics;
  /** One agent for each type, new. */
  readonly agents: Readonly<Record<string, Agent>>;
  /** Running moments of the observations; undefined if they are taken as they come. */
  readonly statistics: ObservationStatistics | undefined;
  /** Batches as the agents see them, the statistics left as they are. */
  readonly makeBatch: BatchFactory;
}

/** By then the moments hardly move, and replayed observations should mean what new ones mean. */
const OBSERVATIONS_TO_NORMALISE_BY = 100_000;
/** Seeds drawn for environments leave room for `seed + copy`. */
export const ENVIRONMENT_SEEDS = 2 ** 48;

/**
 * The pipeline at the start of training: as `buildPipeline`, with the environment reset. Throws what that and the economy's `init`
 * throw.
 */
export function startPipeline(options: PipelineOptions): Pipeline {
  const pipeline = buildPipeline(options);
  pipeline.env.reset({ seed: environmentSeed(options.seed, 'training') });
  return pipeline;
}

/**
 * Builds environment and agents. Everything random comes from splits of the seed by name: agents, the training environment and
 * evaluation share no stream. Throws what the economy, the method's `create` and the wrappers throw.
 */
export function buildPipeline(options: PipelineOptions): Pipeline {
  const { economy, method, settings, steps, seed, backend } = options;
  const { copies = 1, episodeLength = 0, observationNormalisation = 'none' } = settings;
  const statistics = observationNormalisation === 'running' ? observationStatistics(economy) : undefined;
  const horizon = episodeLength === 0 ? economy.horizon : episodeLength;
  const simulation = new Simulation(economy, { copies, horizon, clocks: 'staggered' });
  const env = new EpisodeStatistics(
    statistics === undefined
      ? simulation
      : new NormaliseObservations(simulation, { statistics, until: OBSERVATIONS_TO_NORMALISE_BY }),
  );
  const rng = createRng(seed).split('agent');
  const agents: Record<string, Agent> = {};
  for (const [type, { count, observationSpace, actionSpace }] of Object.entries(env.types)) {
    agents[type] = method.create({
      observationSpace,
      actionSpace,
      rows: copies * count,
      discountFactor: economy.discountFactors[type],
      steps,
      settings,
      rng: rng.split(type),
      backend,
      economy,
      type,
      others: { ...agents },
    });
  }
  return {
    env,
    agents,
    statistics,
    makeBatch: (batch) => env.fresh(batch),
  };
}

/** Updates of each agent in a step that measured `metrics`: none if it learned nothing, else as many as its settings say. */
export function updatesIn(
  metrics: Readonly<Record<string, Metrics | undefined>>,
  settings: CommonSettings & { readonly updatesPerStep?: number },
): number {
  const hasLearned = Object.values(metrics).some((values) => values !== undefined);
  return hasLearned ? (settings.updatesPerStep ?? 1) : 0;
}

/** Seed of an environment's streams: copies of neighbouring seeds' runs share none. */
export function environmentSeed(seed: number, purpose: 'training' | 'evaluation'): number {
  return createRng(seed).split('environment').split(purpose).integer(ENVIRONMENT_SEEDS);
}

/**
 * Seed of the episodes that learners are looked at in the course of training: the same for every run, so that curves of different seeds
 * and methods differ by what was learned, not by the luck of the episodes.
 */
export function validationSeed(): number {
  return createRng('validation').integer(ENVIRONMENT_SEEDS);
}

/** `kernels` and the set's name, or `tensor:<tfjs backend>` and `none`, as results and checkpoints say it. */
export function backendNames(backend: Backend): { readonly backend: string; readonly kernels: string } {
  const { kind, name } = backend;
  return kind === 'kernels'
    ? { backend: kind, kernels: name }
    : { backend: `${kind}:${name}`, kernels: 'none' };
}
