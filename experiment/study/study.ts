/** All that is looked at in a policy: paths, moments, responses, distribution, and the policy itself, beside the optimum. */
import { type Chart, type Economy, type Oracle, type Table, UsageError } from '../../core/index.ts';
import { createRng } from '../../numerics/random.ts';
import { ENVIRONMENT_SEEDS } from '../run/pipeline.ts';
import { type Actors, optimalActors } from './actors.ts';
import { distributionChart, distributionTable, ergodicDistributions } from './distribution.ts';
import { type Filter, filterOf } from './filter.ts';
import { momentTable } from './moment-report.ts';
import { businessCycleMoments, checkReference, type Moments } from './moments.ts';
import { studyNotes } from './notes.ts';
import { type Failure, type Parts, partsOfWork } from './parts.ts';
import { pathChart, pathTable } from './path-report.ts';
import { checkSizes, type Paths, simulatePaths } from './paths.ts';
import { policyStudy } from './policy.ts';
import { possibleStates } from './possible.ts';
import { type ResponsePair, responseChart, responseTable } from './response-report.ts';
import { checkStart, ImpulseError, impulseResponses, type ResponseStart } from './responses.ts';
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
  /** Of the Hodrick-Prescott filter; 0: none. Default: by the length of the economy's period (`filterOf`). */
  readonly lambda?: number | undefined;
  /** Default `output`. */
  readonly reference?: string | undefined;
}

export const STUDY_DEFAULTS = { periods: 200, paths: 100, burnIn: 200, horizon: 40 } as const;

export type StudySizes = Readonly<Record<keyof typeof STUDY_DEFAULTS, number>>;

export interface Study {
  readonly sizes: StudySizes;
  readonly filter: Filter;
  /** Undefined, as the others, where it could not be made: `failures` say why. */
  readonly paths: Paths | undefined;
  readonly optimalPaths: Paths | undefined;
  readonly moments: Moments | undefined;
  readonly optimalMoments: Moments | undefined;
  readonly responses: readonly ResponsePair[];
  /** `paths`, `moments`, `responses`, `distribution`, `policy`. */
  readonly tables: readonly Table[];
  /** `paths`, `response-<shock>`, `distribution`, `policy`, `policy-error`. */
  readonly charts: readonly Chart[];
  /** What a reader must know of them, one sentence each. */
  readonly notes: readonly string[];
  /** Parts that could not be made; the notes tell of them too. */
  readonly failures: readonly Failure[];
}

/**
 * Studies a policy, and beside it the optimum under the same shocks. Each part fails alone: what an economy throws costs that part, and is
 * told in the notes. Throws a UsageError for what was asked for and cannot be: sizes, shocks (`impulseOf`, `impulseResponses`), the start
 * of responses, the reference; and what `partsOfWork` lets through. Sizes and names are checked before anything is simulated.
 * Invariant: equal options give equal tables and charts, bit for bit, and agents are left as they were.
 */
export function studyPolicy(options: StudyOptions): Study {
  const { economy, actors, name, oracle, seed, reference, from } = options;
  const sizes = sizesOf(options);
  checkSizes(sizes);
  checkSizes({ ...sizes, periods: sizes.horizon + 1 });
  checkStart({ economy, oracle, from });
  const parts = partsOfWork({ loud: options.shocks === undefined ? [] : [ImpulseError] });
  const impulses = impulsesOf(options, parts);
  const filter = filterOf(economy, options.lambda);
  const optimum = options.beside === 'nothing' ? undefined : oracle;
  const best = optimum === undefined ? undefined : optimalActors(economy, optimum);

  const simulated = (part: string, who: Actors) =>
    parts.attempt(part, () =>
      simulatePaths({ ...sizes, economy, actors: who, seed: studySeed(seed, 'paths') }),
    );
  const paths = simulated('paths', actors);
  if (paths !== undefined) checkReference(paths, reference);
  const optimalPaths = best && simulated("optimum's paths", best);

  const momentsOf = (part: string, found: Paths | undefined) =>
    found &&
    parts.attempt(part, () => businessCycleMoments({ paths: found, lambda: filter.lambda, reference }));
  const moments = momentsOf('moments', paths);
  const optimalMoments = moments && momentsOf("optimum's moments", optimalPaths);

  const responses = responsesOf(options, { impulses, sizes, parts, best });
  const report = paths && { paths, name, optimal: optimalPaths };
  const distributions = report && parts.attempt('ergodic distribution', () => ergodicDistributions(report));
  const policy = parts.attempt('policy by state', () => {
    const visited = oracle === undefined && paths ? possibleStates(economy, paths.states) : undefined;
    const states = oracle?.evaluationStates ?? visited?.states ?? [];
    if (states.length === 0) throw new UsageError(noStates(visited?.reason));
    return { visited, ...policyStudy({ economy, actors, name, oracle: optimum, states }) };
  });
  const { failures } = parts;
  return {
    sizes,
    filter,
    paths,
    optimalPaths,
    moments,
    optimalMoments,
    responses,
    tables: [
      ...(report === undefined ? [] : [pathTable(report)]),
      ...(moments === undefined ? [] : [momentTable({ own: moments, optimal: optimalMoments, filter })]),
      ...(responses.length === 0 ? [] : [responseTable(responses)]),
      ...(distributions === undefined ? [] : [distributionTable(distributions)]),
      ...(policy === undefined ? [] : [policy.table]),
    ],
    charts: [
      ...(report === undefined ? [] : pathChart(report)),
      ...responses.flatMap((pair) => responseChart(pair, name)),
      ...(report === undefined || distributions === undefined
        ? []
        : distributionChart(distributions, report)),
      ...(policy?.charts ?? []),
    ],
    notes: studyNotes({
      economy,
      filter,
      own: { paths, moments },
      optimal: { paths: optimalPaths, moments: optimalMoments },
      responses,
      shocks: impulses.length,
      visited: policy?.visited,
      failures,
    }),
    failures,
  };
}

function sizesOf(options: StudyOptions): StudySizes {
  const {
    periods = STUDY_DEFAULTS.periods,
    paths = STUDY_DEFAULTS.paths,
    burnIn = STUDY_DEFAULTS.burnIn,
    horizon = STUDY_DEFAULTS.horizon,
  } = options;
  return { periods, paths, burnIn, horizon };
}

function noStates(reason: string | undefined): string {
  return reason === undefined
    ? 'there is neither an oracle nor a path to take states from.'
    : `no visited state can be looked at: ${reason}`;
}

/** The impulses asked for, those of one shock told apart by their sizes; of the economy's own, those that can be. */
function impulsesOf({ economy, shocks }: StudyOptions, parts: Parts): readonly Impulse[] {
  if (shocks === undefined) {
    return Object.keys(economy.shocks).flatMap(
      (name) => parts.attempt(`responses to ${name}`, () => impulseOf(economy, { name })) ?? [],
    );
  }
  const impulses = shocks.map((request) => impulseOf(economy, request));
  const named = impulses.map((impulse) => {
    const isAlone = impulses.filter(({ name }) => name === impulse.name).length === 1;
    return isAlone ? impulse : { ...impulse, name: `${impulse.name}=${impulse.size}` };
  });
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined)
    throw new UsageError(`the shock ${twice.name} is asked for twice; give each once.`);
  return named;
}

function responsesOf(
  { economy, oracle, actors, from, seed }: StudyOptions,
  plan: {
    readonly impulses: readonly Impulse[];
    readonly sizes: StudySizes;
    readonly parts: Parts;
    readonly best: Actors | undefined;
  },
): readonly ResponsePair[] {
  const { impulses, sizes, parts, best } = plan;
  const responses = (part: string, impulse: Impulse, who: Actors) =>
    parts.attempt(part, () =>
      impulseResponses({
        ...sizes,
        economy,
        oracle,
        impulse,
        from,
        actors: who,
        seed: studySeed(seed, 'responses'),
      }),
    );
  try {
    return impulses.flatMap((impulse) => {
      const own = responses(`responses to ${impulse.name}`, impulse, actors);
      if (own === undefined) return [];
      return { own, optimal: best && responses(`optimum's responses to ${impulse.name}`, impulse, best) };
    });
  } catch (error) {
    // Of a shock that was asked for: the others are loud.
    throw error instanceof ImpulseError ? new UsageError(error.message) : error;
  }
}

/** Copies of neighbouring seeds share no stream, and neither do paths and responses. */
function studySeed(seed: number, purpose: 'paths' | 'responses'): number {
  return createRng(seed).split('study').split(purpose).integer(ENVIRONMENT_SEEDS);
}
