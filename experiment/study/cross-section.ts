/** What the commands say of households as a whole: mean capital, inequality, actions at their bounds, the law of motion. */
import type { Economy } from '../../core/index.ts';
import { mean } from '../../numerics/statistics.ts';
import type { ForecastError, LawLine } from '../../solvers/law-of-motion.ts';
import { lawLines } from '../../solvers/law-of-motion.ts';
import type { Actors } from './actors.ts';
import { lawOfPath, type SamplePath, samplePath } from './sample-path.ts';

/** Blocks of a command's JSON; the names are those of classical solutions. */
export interface CrossSectionBlocks {
  readonly distribution: {
    /** Mean over households and periods, in units of the good. */
    readonly meanCapital: number;
    /** Mean over looks at the cross-section. */
    readonly gini: number;
    /** Share of actions within a thousandth of an end of their range. */
    readonly saturatedShare: number;
    /** Of the path: periods looked at, after so many others since the reset. */
    readonly periods: number;
    readonly burnIn: number;
  };
  readonly law?: readonly LawLine[];
  readonly r2?: number;
  readonly denHaan?: ForecastError;
}

/** Wealth forgets where it began in some hundred periods. */
const BURN_IN = 500;
const PERIODS = 1000;
const LEAST_PERIODS = 200;
/** Household-steps that are worth a final table. */
const WORK = 1_000_000;
const EVERY = 20;

/**
 * Follows the actors along one path without resets, of fewer periods the more households there are. `law`, `r2` and `denHaan` come where times are
 * one of a few and both have come often enough. Undefined without a cross-section. Throws what the economy throws. Invariant: equal options give
 * equal blocks.
 */
export function crossSectionBlocks(options: {
  readonly economy: Economy;
  readonly actors: Actors;
  readonly seed: number;
}): CrossSectionBlocks | undefined {
  const section = options.economy.crossSection();
  if (section === undefined) return undefined;
  const households = agentCount(options.economy);
  const periods = Math.max(LEAST_PERIODS, Math.min(PERIODS, Math.round(WORK / households) - BURN_IN));
  const path = samplePath({ ...options, periods, burnIn: BURN_IN, every: EVERY });
  const settled = path.snapshots.filter(({ period }) => period >= BURN_IN);
  return {
    distribution: {
      meanCapital: mean(path.capital),
      // Rounding puts equals a little below none.
      gini: Math.max(0, mean(settled.map(({ gini }) => gini))),
      saturatedShare: path.saturatedShare,
      periods,
      burnIn: BURN_IN,
    },
    ...(section.times === undefined ? {} : lawBlocks(path, section.times.productivity)),
  };
}

/** Regressions need some periods of every kind of times. */
const FEWEST_OF_A_KIND = 10;

function lawBlocks(
  path: SamplePath,
  productivity: Float64Array,
): Pick<CrossSectionBlocks, 'law' | 'r2' | 'denHaan'> {
  const counts = new Int32Array(productivity.length);
  for (const state of path.states) counts[state] += 1;
  if (counts.some((count) => count < FEWEST_OF_A_KIND)) return {};
  // Capital that is gone, or does not move, follows no law.
  const moved = path.capital.some((k) => k !== path.capital[0]);
  if (!moved || path.capital.some((k) => !(k > 0))) return {};
  const { law, rSquared, denHaan } = lawOfPath(path, productivity);
  return { law: lawLines(law), r2: rSquared, denHaan };
}

/** Agents of all types in one copy of an economy. */
export function agentCount({ types }: Pick<Economy, 'types'>): number {
  return Object.values(types).reduce((sum, { count }) => sum + count, 0);
}
