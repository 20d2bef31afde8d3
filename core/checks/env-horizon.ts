/** Whether episodes end as a time limit says: by truncation, at the horizon; only the economy itself terminates. */
import type { CheckContext, Found } from './env-context.ts';

/** One agent's end. */
export interface End {
  readonly agent: string;
  readonly copy: number;
  /** Episodes of the copy before this one. */
  readonly episode: number;
  /** Steps of its episode. */
  readonly step: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** So many episodes that all terminate after as many steps are a time limit in disguise. */
const SUSPICIOUS = 3;

const BOOTSTRAP =
  'A time limit is truncation: learners bootstrap through it, and stop at termination. Set truncated, not terminated.';

/** What is wrong with how episodes ended; without horizon and `endings`, only what cannot be chance. */
export function judgeEnds(
  ends: readonly End[],
  { horizon, endings }: Pick<CheckContext, 'horizon' | 'endings'>,
): readonly Found[] {
  const single = ends.flatMap((end) => wrongEnd(end, { horizon, endings }));
  const limit = endings === 'termination' || single.length > 0 ? undefined : disguisedLimit(ends, horizon);
  return limit === undefined ? single : [...single, limit];
}

function wrongEnd(
  { agent, step, terminated, truncated }: End,
  { horizon, endings }: Pick<CheckContext, 'horizon' | 'endings'>,
): readonly Found[] {
  const place = { agent, step };
  const actual = `terminated is ${terminated} and truncated ${truncated} at step ${step}`;
  if (endings === 'truncation' && terminated)
    return [
      { ...place, expected: 'truncation only: this economy goes on for ever', actual, hint: BOOTSTRAP },
    ];
  if (endings === 'termination' && truncated) {
    return [
      {
        ...place,
        expected: 'termination only',
        actual,
        hint: 'Leave truncated false, or say endings: "both".',
      },
    ];
  }
  if (horizon === undefined) return [];
  if (truncated && step !== horizon) {
    return [
      {
        ...place,
        expected: `truncation at step ${horizon}`,
        actual,
        hint: 'Count the steps since reset, in every episode anew; or correct the horizon given to checkEnv.',
      },
    ];
  }
  if (terminated && step === horizon && endings === undefined) {
    return [
      {
        ...place,
        expected: `truncation at the horizon, step ${horizon}`,
        actual,
        hint: `${BOOTSTRAP} If the economy truly ends there, say endings: "both".`,
      },
    ];
  }
  return [];
}

/** All episodes that reached one and the same step terminated there. */
function disguisedLimit(ends: readonly End[], horizon: number | undefined): Found | undefined {
  const last = horizon ?? ends[0].step;
  const there = horizon === undefined ? ends : ends.filter(({ step }) => step === last);
  const episodes = new Set(there.map(({ copy, episode }) => `${copy} ${episode}`)).size;
  if (episodes < SUSPICIOUS || last === 1) return undefined;
  if (!there.every(({ step, terminated }) => terminated && step === last)) return undefined;
  return {
    agent: there[0].agent,
    step: last,
    expected: 'an end by truncation, if it is a time limit',
    actual: `all ${episodes} episodes that were seen terminated after exactly ${last} steps`,
    hint: `${BOOTSTRAP} If the economy truly ends after ${last} steps, say endings: "termination".`,
  };
}
