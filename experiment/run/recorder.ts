/** What a run writes while it trains: metrics, timing, checkpoints. */
import {
  type AnyMethod,
  type Backend,
  type CommonSettings,
  type Economy,
  type Oracle,
  type Progress,
  policyDistance,
  type StatePolicy,
  saveStatistics,
  statePolicy,
} from '../../core/index.ts';
import type { SettingsByOwner } from '../cli/settings.ts';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import { writeFramed } from './framed-file.ts';
import { appendLine, MetricsLog } from './metrics-log.ts';
import { backendNames, type Pipeline, updatesIn } from './pipeline.ts';
import type { RunFolder } from './run-folder.ts';

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
}

/** A run writes this many lines of metrics, and this many checkpoints unless they would come too thick. */
const RECORDS = 100;
const CHECKPOINTS = 10;
const FEWEST_STEPS_PER_CHECKPOINT = 1000;

/**
 * Records a run in its folder, step by step. Metrics and checkpoints are functions of the plan alone; the clock goes to
 * `timing.jsonl`. The best checkpoint is the one among those written whose policy is closest to the oracle's.
 */
export class Recorder {
  readonly #plan: RunPlan;
  readonly #pipeline: Pipeline;
  readonly #folder: RunFolder;
  readonly #log: MetricsLog;
  readonly #policy: StatePolicy;
  readonly #recordEvery: number;
  readonly #saveEvery: number;
  readonly #start = performance.now();
  #last = { step: 0, milliseconds: this.#start };
  #measured = { step: 0, gap: Number.NaN };
  #bestGap = Number.POSITIVE_INFINITY;
  #savedAt = -1;
  #updates = 0;

  constructor(options: { readonly plan: RunPlan; readonly pipeline: Pipeline; readonly folder: RunFolder }) {
    const { plan, pipeline, folder } = options;
    this.#plan = plan;
    this.#pipeline = pipeline;
    this.#folder = folder;
    this.#log = new MetricsLog(pipeline.env);
    this.#policy = statePolicy(pipeline);
    this.#recordEvery = Math.ceil(plan.steps / RECORDS);
    this.#saveEvery = Math.max(FEWEST_STEPS_PER_CHECKPOINT, Math.ceil(plan.steps / CHECKPOINTS));
  }

  /** Updates that each agent has made. */
  get updates(): number {
    return this.#updates;
  }

  /** The policy gap when last measured; undefined before, and without an oracle. */
  get policyGap(): number | undefined {
    return Number.isNaN(this.#measured.gap) ? undefined : this.#measured.gap;
  }

  /** Takes in one step. */
  step({ step, metrics }: Progress): void {
    this.#log.add(metrics);
    this.#updates += updatesIn(metrics, this.#plan.settings);
    if (step % this.#recordEvery === 0 || step === this.#plan.steps) this.#record(step);
    if (step % this.#saveEvery === 0) this.#save(step);
  }

  /** Writes the checkpoint of the last step, if it is not written yet. */
  finish(step: number): void {
    if (this.#savedAt !== step) this.#save(step);
  }

  #record(step: number): void {
    appendLine(this.#folder.metrics, this.#log.take(step, this.#gap(step)));
    const now = performance.now();
    const stepsPerSecond = (1000 * (step - this.#last.step)) / Math.max(1e-3, now - this.#last.milliseconds);
    appendLine(this.#folder.timing, { step, seconds: (now - this.#start) / 1000, stepsPerSecond });
    this.#last = { step, milliseconds: now };
  }

  #save(step: number): void {
    const gap = this.#gap(step);
    const isBest = gap !== undefined && gap < this.#bestGap;
    if (isBest) this.#bestGap = gap;
    const bytes = encodeCheckpoint(this.#checkpoint(step));
    writeFramed(this.#folder.lastCheckpoint, bytes);
    if (isBest) writeFramed(this.#folder.bestCheckpoint, bytes);
    this.#savedAt = step;
  }

  #gap(step: number): number | undefined {
    const { economy, oracle } = this.#plan;
    if (oracle === undefined) return undefined;
    if (this.#measured.step !== step) {
      this.#measured = { step, gap: policyDistance(economy, oracle, this.#policy).policyGap };
    }
    return this.#measured.gap;
  }

  #checkpoint(step: number): Checkpoint {
    const { economy, set, module, method, settings, seed, steps, backend } = this.#plan;
    const { env, agents, statistics } = this.#pipeline;
    return {
      method: method.name,
      settings: { ...settings },
      set: set.method,
      environment: { id: economy.id, version: economy.version, set: set.env, module },
      seed,
      step,
      steps,
      ...backendNames(backend),
      agents: Object.fromEntries(Object.entries(agents).map(([type, agent]) => [type, agent.save()])),
      env: env.save(),
      statistics: statistics === undefined ? null : { ...saveStatistics(statistics) },
      log: { ...this.#log.save(), bestGap: this.#bestGap },
    };
  }
}
