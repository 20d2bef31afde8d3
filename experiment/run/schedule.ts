/** What is done in the course of a run, and when. */
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

export function scheduleOf(steps: number, watch: Watch): Schedule {
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
