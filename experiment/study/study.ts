/** All that is looked at in a policy: paths, moments, responses, distribution, and the policy itself, beside the optimum. */
import { type Chart, type Economy, type Oracle, type Table, UsageError } from '../../core/index.ts';
import { createRng } from '../../numerics/random.ts';
import { type Actors, optimalActors } from './actors.ts';
import { distributionChart, distributionTable, ergodicDistributions } from './distribution.ts';
import { momentTable } from './moment-report.ts';
import { businessCycleMoments, type Moments } from './moments.ts';
import { pathChart, pathsInTable, pathTable } from './path-report.ts';
import { type Paths, simulatePaths } from './paths.ts';
import { policyStudy } from './policy.ts';
import { type ResponsePair, responseChart, responseTable } from './response-report.ts';
import { impulseResponses, type ResponseStart } from './responses.ts';
import { type Impulse, impulseOf, type ShockRequest } from './shocks.ts';

export interface StudyOptions {
  readonly economy: Economy;
  readonly actors: Actors;
  /** Of the actors, in tables and pictures: `sac`, `oracle`. */
  readonly name: string;
  /** Gives the steady state and the states where policies are compared; left out where there is none. */
  readonly oracle?: Oracle | undefined;
  /** Whether the oracle's own numbers stand beside the actors'. Default: if there is one. */
  readonly beside?: 'optimal' | 'nothing';
  readonly seed: number;
  /** Default 200. */
  readonly periods?: number;
  /** Default 100. */
  readonly paths?: number;
  /** Default 200. */
  readonly burnIn?: number;
  /** Default: those that the economy declares, in their own sizes. */
  readonly shocks?: readonly ShockRequest[];
  /** Default: the steady state where there is an oracle. */
  readonly from?: ResponseStart | undefined;
  /** Periods of responses after that of the shock. Default 40. */
  readonly horizon?: number;
  /** Of the Hodrick-Prescott filter; 0: none. Default 1600. */
  readonly lambda?: number;
  /** Default `output`. */
  readonly reference?: string | undefined;
}

export const STUDY_DEFAULTS = { periods: 200, paths: 100, burnIn: 200, horizon: 40, lambda: 1600 } as const;

export interface Study {
  readonly paths: Paths;
  readonly optimalPaths: Paths | undefined;
  readonly moments: Moments;
  readonly optimalMoments: Moments | undefined;
  readonly responses: readonly ResponsePair[];
  /** `paths`, `moments`, `responses`, `distribution`, `policy`. */
  readonly tables: readonly Table[];
  /** `paths`, `response-<shock>`, `distribution`, `policy`, `policy-error`. */
  readonly charts: readonly Chart[];
  /** What a reader must know of them, one sentence each. */
  readonly notes: readonly string[];
}

const ENVIRONMENT_SEEDS = 2 ** 48;

/**
 * Studies a policy, and beside it the optimum under the same shocks. Shocks are checked before anything is simulated. Throws
 * what `impulseOf`, `simulatePaths`, `impulseResponses` and `businessCycleMoments` throw. Invariant: equal options give equal tables and
 * charts, bit for bit, and agents are left as they were.
 */
export function studyPolicy(options: StudyOptions): Study {
  const { economy, actors, name, oracle, seed, reference, from } = options;
  const { periods, paths: count, burnIn, horizon, lambda } = sizesOf(options);
  const impulses = impulsesOf(options);
  const optimum = options.beside === 'nothing' ? undefined : oracle;
  const best = optimum === undefined ? undefined : optimalActors(economy, optimum);

  const simulated = (who: Actors) =>
    simulatePaths({ economy, actors: who, paths: count, periods, burnIn, seed: studySeed(seed, 'paths') });
  const paths = simulated(actors);
  const optimalPaths = best && simulated(best);
  const momentsOf = (found: Paths) => businessCycleMoments({ paths: found, lambda, reference });
  const moments = momentsOf(paths);
  const optimalMoments = optimalPaths && momentsOf(optimalPaths);
  const responses = impulses.map((impulse): ResponsePair => {
    const to = {
      economy,
      oracle,
      impulse,
      from,
      paths: count,
      horizon,
      burnIn,
      seed: studySeed(seed, 'responses'),
    };
    return {
      own: impulseResponses({ ...to, actors }),
      optimal: best && impulseResponses({ ...to, actors: best }),
    };
  });
  const pathReport = { paths, name, optimal: optimalPaths };
  const distributions = ergodicDistributions(pathReport);
  const states = oracle?.evaluationStates ?? paths.states;
  const policy = policyStudy({ economy, actors, name, oracle: optimum, states });
  return {
    paths,
    optimalPaths,
    moments,
    optimalMoments,
    responses,
    tables: [
      pathTable(pathReport),
      momentTable(moments, optimalMoments),
      ...(responses.length === 0 ? [] : [responseTable(responses)]),
      distributionTable(distributions),
      policy.table,
    ],
    charts: [
      ...pathChart(pathReport),
      ...responses.flatMap((pair) => responseChart(pair, name)),
      ...distributionChart(distributions, pathReport),
      ...policy.charts,
    ],
    notes: notesOf(options, { paths, moments, responses }),
  };
}

function sizesOf(options: StudyOptions): Required<Pick<StudyOptions, keyof typeof STUDY_DEFAULTS>> {
  const {
    periods = STUDY_DEFAULTS.periods,
    paths = STUDY_DEFAULTS.paths,
    burnIn = STUDY_DEFAULTS.burnIn,
    horizon = STUDY_DEFAULTS.horizon,
    lambda = STUDY_DEFAULTS.lambda,
  } = options;
  return { periods, paths, burnIn, horizon, lambda };
}

/** The impulses asked for, those of one shock told apart by their sizes. */
function impulsesOf({ economy, shocks }: StudyOptions): readonly Impulse[] {
  const requests = shocks ?? Object.keys(economy.shocks).map((name): ShockRequest => ({ name }));
  const impulses = requests.map((request) => impulseOf(economy, request));
  const named = impulses.map((impulse) => {
    const isAlone = impulses.filter(({ name }) => name === impulse.name).length === 1;
    return isAlone ? impulse : { ...impulse, name: `${impulse.name}=${impulse.size}` };
  });
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new UsageError(`the shock ${twice.name} is asked for twice; give each once.`);
  return named;
}

/** Copies of neighbouring seeds share no stream, and neither do paths and responses. */
function studySeed(seed: number, purpose: 'paths' | 'responses'): number {
  return createRng(seed).split('study').split(purpose).integer(ENVIRONMENT_SEEDS);
}

function notesOf(
  { economy }: StudyOptions,
  { paths, moments, responses }: Pick<Study, 'paths' | 'moments' | 'responses'>,
): readonly string[] {
  const over = paths.ended.filter((end) => end !== null).length;
  const rows = pathsInTable(paths);
  return [
    over > 0 &&
      `The economy ended on ${over} of ${paths.paths} paths; values after that are missing, and moments are those of the other paths.`,
    moments.reference === null &&
      `${economy.id} has no variable "output" and no other reference was asked for: relative deviations and correlations are left out.`,
    responses.length === 0 &&
      `${economy.id} declares no shocks and none was asked for: there are no responses.`,
    rows < paths.paths && `The table of paths holds the first ${rows} of ${paths.paths} paths.`,
  ].filter((note) => note !== false);
}
