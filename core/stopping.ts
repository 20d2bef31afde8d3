/** When training has gone on long enough: rules that look at each evaluation. */
import type { Saved } from './agent.ts';
import { RestoreError, show, UsageError } from './errors.ts';

/** What an evaluation in the course of training has measured. */
export interface Measurement {
  readonly step: number;
  /** Distance to the oracle's policy; undefined without an oracle. */
  readonly policyGap: number | undefined;
  /** Mean undiscounted return of deterministic episodes per agent. */
  readonly return: number;
}

export interface StopRule {
  /** Why training should end now; undefined if it should not. Called once for each evaluation, in order. */
  check(measurement: Measurement): string | undefined;
  save(): Saved;
  load(saved: Saved): void;
}

/** Stops once the policy gap is no larger than `gap`. Throws a UsageError for a gap that no policy can be under, and, when asked, without an oracle. */
export function stopAtGap(gap: number): StopRule {
  if (!(gap > 0)) throw new UsageError(`stop at a gap of ${show(gap)}: give a positive number, e.g. 0.005.`);
  return {
    check({ policyGap }) {
      if (policyGap === undefined)
        throw new UsageError('stop at a policy gap: this economy has no oracle to measure a gap to.');
      return policyGap <= gap ? `the policy gap ${show(policyGap)} is at most ${gap}` : undefined;
    },
    save: () => ({}),
    load: () => {},
  };
}

/**
 * Stops when the policy gap (without an oracle: the return) has not been better than its best for `patience` evaluations in a row.
 * Throws a UsageError unless patience is a positive whole number.
 */
export function stopWithoutImprovement(patience: number): StopRule {
  if (!Number.isInteger(patience) || patience < 1)
    throw new UsageError(`patience is ${show(patience)}; give a positive whole number of evaluations.`);
  let best = Number.NEGATIVE_INFINITY;
  let waited = 0;
  return {
    check({ policyGap, return: value }) {
      const score = policyGap === undefined ? value : -policyGap;
      waited = score > best ? 0 : waited + 1;
      best = Math.max(best, score);
      if (waited < patience) return undefined;
      const what = policyGap === undefined ? 'return' : 'policy gap';
      return `the ${what} has not improved in ${patience} evaluations`;
    },
    save: () => ({ best, waited }),
    load(saved) {
      if (typeof saved.best !== 'number' || typeof saved.waited !== 'number')
        throw new RestoreError('stopping without improvement: the saved state is not one of it.');
      best = saved.best;
      waited = saved.waited;
    },
  };
}
