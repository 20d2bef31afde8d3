/** What researchers hang onto training: evaluations on the way, and a stop when they have seen enough. */
import type { Oracle } from './capabilities.ts';
import { show, UsageError } from './errors.ts';
import { type PolicyMonitor, policyMonitor } from './evaluate.ts';
import type { Measurement, StopRule } from './stopping.ts';
import type { Callback } from './train.ts';

/** Calls `callback` after every n-th step, or those that `n` picks. Throws a UsageError unless a number n is positive and whole. */
export function everySteps(n: number | ((step: number) => boolean), callback: Callback): Callback {
  if (typeof n === 'function') return (progress) => (n(progress.step) ? callback(progress) : undefined);
  if (!Number.isInteger(n) || n < 1)
    throw new UsageError(`every ${show(n)} steps: give a positive whole number.`);
  return (progress) => (progress.step % n === 0 ? callback(progress) : undefined);
}

export interface EvaluationOptions {
  /** Steps between evaluations, or which steps have one. */
  readonly every: number | ((step: number) => boolean);
  /** To measure the policy gap to; default: the economy's own. */
  readonly oracle?: Oracle | undefined;
  /** Deterministic episodes of the mean return, the same at every evaluation. Default 16. */
  readonly episodes?: number;
  /** Of those episodes. Default 0. */
  readonly seed?: number;
  /** Each sees every evaluation; the first with a reason ends the training. */
  readonly rules?: readonly StopRule[];
  /** Takes in what was measured and, at the end, why training stops. */
  readonly onEvaluation?: (measurement: Measurement, reason: string | undefined) => void;
}

/**
 * Evaluates the agents in the course of training, on copies of the economy behind the same wrappers, and stops when a rule says so.
 * Invariant: training goes on as if it had not been looked at.
 */
export function evaluation(options: EvaluationOptions): Callback {
  const { every, episodes, seed = 0, rules = [], onEvaluation } = options;
  let monitor: PolicyMonitor | undefined;
  return everySteps(every, ({ step, agents, env }) => {
    monitor ??= policyMonitor({
      economy: env.economy,
      agents,
      makeBatch: (batch) => env.fresh(batch),
      oracle: 'oracle' in options ? options.oracle : env.economy.oracle(),
      seed,
      ...(episodes === undefined ? {} : { episodes }),
    });
    const measurement = { step, policyGap: monitor.policyGap(), return: monitor.return() };
    const reason = firstReason(rules, measurement);
    onEvaluation?.(measurement, reason);
    return reason === undefined ? undefined : 'stop';
  });
}

/** Every rule sees the measurement; the reason is that of the first that has one. */
export function firstReason(rules: readonly StopRule[], measurement: Measurement): string | undefined {
  return rules.map((rule) => rule.check(measurement)).find((reason) => reason !== undefined);
}
