/** What is done in the course of a run, and when. */
import { show, UsageError } from '../../core/errors.ts';
import { type StopRule, stopAtGap, stopWithoutImprovement } from '../../core/index.ts';

/** Wishes; what is left out follows from the number of steps. */
export interface Watch {
  /** Steps between evaluations by deterministic episodes. Default: a twentieth of all. */
  readonly evaluateEvery?: number | undefined;
  /** Steps between checkpoints. Default: a tenth of all, and no less than 1000. */
  readonly checkpointEvery?: number | undefined;
  /** Stop once an evaluation finds a policy gap no larger. */
  readonly stopAtGap?: number | undefined;
  /** Stop after that many evaluations in a row without a better policy gap (without an oracle: return). */
  readonly patience?: number | undefined;
}

const RECORDS = 100;
const RECORDS_PER_EVALUATION = 5;
const CHECKPOINTS = 10;
const FEWEST_STEPS_PER_CHECKPOINT = 1000;

/** Tells, step by step, what is due. Invariant: the answers depend on the step alone. */
export interface Schedule {
  /** A line of metrics. */
  isRecord(step: number): boolean;
  isEvaluation(step: number): boolean;
  isCheckpoint(step: number): boolean;
}

/** Throws a UsageError for intervals that are not positive whole numbers. */
export function scheduleOf(steps: number, watch: Watch): Schedule {
  for (const name of ['evaluateEvery', 'checkpointEvery'] as const) {
    const value = watch[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new UsageError(`${name} is ${show(value)}; give a positive whole number of steps.`);
  }
  const recordEvery = Math.ceil(steps / RECORDS);
  const evaluateEvery = watch.evaluateEvery ?? RECORDS_PER_EVALUATION * recordEvery;
  const checkpointEvery =
    watch.checkpointEvery ?? Math.max(FEWEST_STEPS_PER_CHECKPOINT, Math.ceil(steps / CHECKPOINTS));
  const isEvaluation = (step: number) => step % evaluateEvery === 0 || step === steps;
  return {
    isRecord: (step) => step % recordEvery === 0 || isEvaluation(step),
    isEvaluation,
    isCheckpoint: (step) => step % checkpointEvery === 0 || step === steps,
  };
}

/** The rules that the wishes ask for, by name. */
export function stopRules({ stopAtGap: gap, patience }: Watch): Readonly<Record<string, StopRule>> {
  return {
    ...(gap === undefined ? {} : { stopAtGap: stopAtGap(gap) }),
    ...(patience === undefined ? {} : { patience: stopWithoutImprovement(patience) }),
  };
}

/** The wishes alone, as plain data: what a run must be resumed with. */
export function watchOf(watch: Watch = {}): Record<string, number> {
  const { evaluateEvery, checkpointEvery, stopAtGap: gap, patience } = watch;
  const wishes = Object.entries({ evaluateEvery, checkpointEvery, stopAtGap: gap, patience });
  return Object.fromEntries(wishes.filter((entry): entry is [string, number] => entry[1] !== undefined));
}
