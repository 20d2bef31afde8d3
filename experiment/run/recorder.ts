/** What a run writes while it trains: metrics, timing, checkpoints. */

import { firstReason } from '../../core/callbacks.ts';
import {
  type AnyMethod,
  type Backend,
  type CommonSettings,
  type Economy,
  haveConverged,
  type Oracle,
  type PolicyMonitor,
  type Progress,
  policyMonitor,
  type Saved,
  type StopRule,
  saveStatistics,
} from '../../core/index.ts';
import type { SettingsByOwner } from '../cli/settings.ts';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import { writeFramed } from './framed-file.ts';
import { MemorySegments } from './memory-segments.ts';
import { MetricsLog } from './metrics-log.ts';
import { backendNames, type Pipeline, updatesIn, validationSeed } from './pipeline.ts';
import type { RunFolder } from './run-folder.ts';
import { RunLogs } from './run-logs.ts';
import { type Schedule, scheduleOf, stopRules, type Watch, watchOf } from './schedule.ts';

/** What is trained on what. */
export interface RunPlan {
  readonly economy: Economy;
  /** Changes to the economy's calibration and to the method's settings, as given. */
  readonly set: SettingsByOwner;
  /** File that defines the economy; null for the suite's own. */
  readonly module: string | null;
  readonly oracle: Oracle | undefined;
  readonly method: AnyMethod;
  readonly settings: CommonSettings;
  readonly seed: number;
  readonly steps: number;
  readonly backend: Backend;
  readonly watch?: Watch;
}

export interface RecorderOptions {
  readonly plan: RunPlan;
  readonly pipeline: Pipeline;
  readonly folder: RunFolder;
  /** Where the run goes on; the pipeline has been restored to it. */
  readonly resumed?: Checkpoint | undefined;
}

/** What a checkpoint keeps for the recorder. */
interface SavedRecorder {
  readonly bestScore: number;
  readonly updates: number;
  readonly stopped: string | null;
  readonly rules: Readonly<Record<string, Saved>>;
  readonly metrics: Saved;
  readonly lengths: Saved;
}

/**
 * Records a run in its folder, step by step. Metrics and checkpoints are functions of the plan alone; the clock goes to
 * `timing.jsonl`. The best checkpoint is the one among those due whose policy is closest to the oracle's, without an oracle the one with
 * the highest return in evaluations.
 */
export class Recorder {
  readonly #plan: RunPlan;
  readonly #pipeline: Pipeline;
  readonly #folder: RunFolder;
  readonly #schedule: Schedule;
  readonly #rules: Readonly<Record<string, StopRule>>;
  readonly #monitor: PolicyMonitor;
  readonly #segments: MemorySegments;
  readonly #metrics: MetricsLog;
  readonly #logs: RunLogs;
  #measured: { readonly step: number; readonly gap: number | undefined } = { step: -1, gap: undefined };
  #bestScore = Number.NEGATIVE_INFINITY;
  #savedAt: number | undefined;
  #updates = 0;
  #stopped: string | undefined;

  /** Throws a RestoreError if the folder does not hold what the checkpoint says. */
  constructor({ plan, pipeline, folder, resumed }: RecorderOptions) {
    this.#plan = plan;
    this.#pipeline = pipeline;
    this.#folder = folder;
    this.#schedule = scheduleOf(plan.steps, plan.watch ?? {});
    this.#rules = stopRules(plan.watch ?? {});
    const { economy, oracle } = plan;
    this.#monitor = policyMonitor({
      ...pipeline,
      economy,
      oracle,
      seed: validationSeed(),
    });
    this.#segments = new MemorySegments(folder.memory);
    this.#metrics = new MetricsLog(pipeline.env);
    this.#logs = new RunLogs(folder);
    if (resumed !== undefined) this.#resume(resumed);
  }

  /** Updates that each agent has made. */
  get updates(): number {
    return this.#updates;
  }

  /** The policy gap when last measured; undefined before, and without an oracle. */
  get policyGap(): number | undefined {
    return this.#measured.gap;
  }

  /** Why training ends before its last step; undefined if it does not. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** Step of the last checkpoint; undefined before the first. */
  get savedAt(): number | undefined {
    return this.#savedAt;
  }

  /** Takes in one step. */
  step({ step, metrics }: Progress): void {
    this.#metrics.add(metrics);
    this.#updates += updatesIn(metrics, this.#plan.settings);
    if (haveConverged(this.#pipeline.agents)) this.#stopped ??= 'converged';
    if (this.#schedule.isRecord(step) || this.#stopped !== undefined) this.#record(step);
    if (this.#schedule.isCheckpoint(step) || this.#stopped !== undefined) this.#save(step, 'due');
  }

  /** Writes the checkpoint of the last step done, if it is not written yet: the run was interrupted there. */
  interrupt(step: number): void {
    if (this.#savedAt !== step) this.#save(step, 'extra');
  }

  #record(step: number): void {
    const record = this.#metrics.take(step, this.#gap(step));
    if (this.#schedule.isEvaluation(step) || this.#stopped !== undefined) {
      const measurement = { step, policyGap: this.#gap(step), return: this.#monitor.return() };
      record.evaluationReturn = measurement.return;
      const reason = firstReason(Object.values(this.#rules), measurement);
      if (step < this.#plan.steps) this.#stopped ??= reason;
    }
    this.#logs.append(record);
  }

  /** An extra checkpoint is none among which the best is sought: a run that was never interrupted has the same best one. */
  #save(step: number, occasion: 'due' | 'extra'): void {
    const isBest = occasion === 'due' && this.#isBest(step);
    this.#logs.sync();
    const checkpoint = this.#checkpoint(step);
    // The last one comes last: if the run dies before, it goes on from an older one and comes by here again.
    if (isBest) writeFramed(this.#folder.bestCheckpoint, encodeCheckpoint({ ...checkpoint, memory: null }));
    // What is over needs its policy alone: nobody learns from the memory again.
    const memory = this.#segments.save(this.#isOver(step) ? {} : this.#pipeline.agents);
    writeFramed(this.#folder.lastCheckpoint, encodeCheckpoint({ ...checkpoint, memory }));
    this.#segments.prune();
    this.#savedAt = step;
  }

  /** By the policy gap, without an oracle by the return; a new best is remembered. */
  #isBest(step: number): boolean {
    const gap = this.#gap(step);
    const score = gap === undefined ? this.#monitor.return() : -gap;
    if (score <= this.#bestScore) return false;
    this.#bestScore = score;
    return true;
  }

  #isOver(step: number): boolean {
    return step === this.#plan.steps || this.#stopped !== undefined;
  }

  #gap(step: number): number | undefined {
    if (this.#measured.step !== step) this.#measured = { step, gap: this.#monitor.policyGap() };
    return this.#measured.gap;
  }

  #checkpoint(step: number): Omit<Checkpoint, 'memory'> {
    const { economy, set, module, method, settings, seed, steps, backend, watch } = this.#plan;
    const { env, agents, statistics } = this.#pipeline;
    const log: SavedRecorder = {
      bestScore: this.#bestScore,
      updates: this.#updates,
      stopped: this.#stopped ?? null,
      rules: Object.fromEntries(Object.entries(this.#rules).map(([name, rule]) => [name, rule.save()])),
      metrics: this.#metrics.save(),
      lengths: this.#logs.save(),
    };
    return {
      method: method.name,
      settings: { ...settings },
      set: set.method,
      environment: {
        id: economy.id,
        version: economy.version,
        set: set.env,
        calibration: { ...economy.calibration },
        module,
      },
      seed,
      step,
      steps,
      watch: watchOf(watch),
      ...backendNames(backend),
      agents: Object.fromEntries(Object.entries(agents).map(([type, agent]) => [type, agent.save()])),
      env: env.save(),
      statistics: statistics === undefined ? null : { ...saveStatistics(statistics) },
      log: { ...log },
    };
  }

  #resume(checkpoint: Checkpoint): void {
    const { agents } = this.#pipeline;
    const log = checkpoint.log as unknown as SavedRecorder;
    this.#stopped = log.stopped ?? undefined;
    if (!this.#isOver(checkpoint.step)) this.#segments.restore(agents, checkpoint.memory ?? {});
    for (const [name, rule] of Object.entries(this.#rules)) rule.load(log.rules[name] ?? {});
    this.#metrics.load(log.metrics);
    this.#logs.load(log.lengths, checkpoint.step);
    this.#bestScore = log.bestScore;
    this.#updates = log.updates;
    this.#savedAt = checkpoint.step;
  }
}
