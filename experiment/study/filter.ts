/** Which filter tells business cycles from trends, and why that one. */
import type { Economy } from '../../core/index.ts';

export interface Filter {
  /** Of Hodrick and Prescott; 0: none. */
  readonly lambda: number;
  /** Where it comes from; empty for one that was asked for. */
  readonly reason: string;
}

/** For quarters, Hodrick and Prescott (1997). */
const QUARTERLY = 1600;

/**
 * The filter asked for, else that of the length of the economy's period: lambda = 1600 (n / 4)^4 with n periods a year, which takes the
 * same swings for trends whatever the period is; 6.25 for years, 129600 for months. 1600 where the economy does not say.
 * Source: Ravn and Uhlig (2002), Review of Economics and Statistics 84, pp. 371-376.
 */
export function filterOf({ id, periodsPerYear: n }: Economy, lambda: number | undefined): Filter {
  if (lambda !== undefined) return { lambda, reason: '' };
  if (n === undefined)
    return { lambda: QUARTERLY, reason: `as for quarters: ${id} does not say how long a period is` };
  return {
    lambda: QUARTERLY * (n / 4) ** 4,
    reason: `for ${periodText(n)}: 1600 (${n} / 4)^4, Ravn and Uhlig 2002`,
  };
}

function periodText(periodsPerYear: number): string {
  const named = new Map([
    [1, 'years'],
    [4, 'quarters'],
    [12, 'months'],
  ]);
  return named.get(periodsPerYear) ?? `periods of which ${periodsPerYear} make a year`;
}

/** `HP filter, lambda 6.25, for years: 1600 (1 / 4)^4, Ravn and Uhlig 2002`. */
export function filterText({ lambda, reason }: Filter): string {
  if (lambda === 0) return 'no filter';
  return `HP filter, lambda ${lambda}${reason === '' ? '' : `, ${reason}`}`;
}
