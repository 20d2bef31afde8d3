/** What a reader must know of a study, one sentence each. */
import type { Economy } from '../../core/index.ts';
import { mean } from '../../numerics/statistics.ts';
import type { Filter } from './filter.ts';
import type { Moments } from './moments.ts';
import type { Failure } from './parts.ts';
import { livesOf, type Paths } from './paths.ts';
import type { PossibleStates } from './possible.ts';
import { appliedText, endedText, type ResponsePair } from './response-report.ts';
import type { Responses } from './responses.ts';
import { shortNumber } from './slices.ts';

/** Of the actors, or of the optimum. */
export interface Simulated {
  readonly paths: Paths | undefined;
  readonly moments: Moments | undefined;
}

export interface NotesOptions {
  readonly economy: Economy;
  readonly filter: Filter;
  readonly own: Simulated;
  readonly optimal: Simulated;
  readonly responses: readonly ResponsePair[];
  /** How many were asked for, or declared, and can be. */
  readonly shocks: number;
  /** Where the policy was looked at, if at visited states. */
  readonly visited: PossibleStates | undefined;
  readonly failures: readonly Failure[];
}

/** Sentences on what is missing, left out, or not what one would take it for; none of a study that is what it seems. */
export function studyNotes(options: NotesOptions): readonly string[] {
  const { economy, filter, own, optimal, responses, shocks, visited, failures } = options;
  const hasShocks = shocks > 0 || failures.some(({ part }) => part.startsWith('responses'));
  return [
    ...failures.map(failureText),
    ...endedTexts(own, ''),
    ...endedTexts(optimal, 'Under the optimal policy '),
    own.moments?.reference === null &&
      `${economy.id} has no variable "output" and no other reference was asked for: relative deviations and correlations are left out.`,
    own.moments !== undefined &&
      filter.reason !== '' &&
      economy.periodsPerYear === undefined &&
      `${economy.id} does not say how long a period is: moments are filtered as those of quarters are. periodsPerYear in its definition says it.`,
    !hasShocks && `${economy.id} declares no shocks and none was asked for: there are no responses.`,
    ...responses.flatMap((pair) => responseTexts(pair)),
    ...visitedTexts(visited),
  ].filter((note) => note !== false);
}

/** What is taken from paths and goes with them. */
const TAKEN_FROM_PATHS = ', and with them moments and distribution';

function failureText({ part, reason }: Failure): string {
  const also = part === 'paths' ? TAKEN_FROM_PATHS : '';
  return `The ${part} could not be made${also}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
}

function endedTexts({ paths, moments }: Simulated, who: string): readonly string[] {
  if (paths === undefined) return [];
  const over = paths.ended.filter((end) => end !== null).length;
  const the = who === '' ? 'The' : `${who}the`;
  const counted =
    moments === undefined
      ? ''
      : moments.paths === 0
        ? ` No path lasts ${moments.fewestPeriods} periods: there are no moments but means.`
        : ` Moments are of the ${moments.paths} paths of at least ${moments.fewestPeriods} periods, each until its end.`;
  const endings =
    over === 0
      ? []
      : [
          `${the} economy ended on ${over} of ${paths.paths} paths, whose mean length is ${shortNumber(mean(livesOf(paths)))} periods; ` +
            `values after that are missing.${counted}`,
        ];
  return paths.reborn === 0
    ? endings
    : [
        ...endings,
        `${the} economy ended in the burn-in of ${paths.reborn} of ${paths.paths} paths, and began anew there.`,
      ];
}

function responseTexts({ own, optimal }: ResponsePair): readonly string[] {
  const of = (responses: Responses, whose: string) =>
    [appliedText(responses), endedText(responses), leftOutText(responses)]
      .filter((text) => text !== '')
      .map((text) => `${whose} to ${responses.impulse.name}: ${text}`);
  return [...of(own, 'Responses'), ...(optimal === undefined ? [] : of(optimal, "The optimum's responses"))];
}

function leftOutText({ leftOut, paths, reason }: Responses): string {
  if (leftOut === 0) return '';
  return `${leftOut} of ${leftOut + paths} visited states are left out, where no environment can be put: ${reason}`;
}

function visitedTexts(visited: PossibleStates | undefined): readonly string[] {
  if (visited === undefined || visited.leftOut === 0) return [];
  const { states, leftOut, reason } = visited;
  return [
    `The policy is looked at in ${states.length} of ${states.length + leftOut} visited states; the others are outside of what ` +
      `agents may observe: ${reason}`,
  ];
}
