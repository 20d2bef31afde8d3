/** The files that a run adds a line to as it goes: metrics, timing, TensorBoard events. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { RestoreError } from '../../core/errors.ts';
import type { Saved } from '../../core/index.ts';
import { isRecord } from '../records.ts';
import { appendBytes, cutFile, syncFile, syncFolder, writeFileAtomic } from './files.ts';
import type { LogRecord } from './metrics-log.ts';
import type { RunFolder } from './run-folder.ts';
import { openEvents } from './tensorboard.ts';

/** Appends to the logs of a run, and cuts them back to where a checkpoint was taken. Clock times go to timing and events alone. */
export class RunLogs {
  readonly #folder: RunFolder;
  readonly #events: ReturnType<typeof openEvents>;
  #start = performance.now();
  #last = { step: 0, milliseconds: this.#start };

  constructor(folder: RunFolder) {
    this.#folder = folder;
    this.#events = openEvents({ file: folder.events, wallTime: wallTime() });
  }

  append(record: LogRecord): void {
    const { step, ...values } = record;
    if (step === null) throw new TypeError('a record of metrics has no step');
    appendLine(this.#folder.metrics, record);
    const now = performance.now();
    const stepsPerSecond = (1000 * (step - this.#last.step)) / Math.max(1e-3, now - this.#last.milliseconds);
    appendLine(this.#folder.timing, { step, seconds: (now - this.#start) / 1000, stepsPerSecond });
    this.#events.appendScalars({ step, values, wallTime: wallTime() });
    this.#last = { step, milliseconds: now };
  }

  /** Makes what was appended last, whatever happens to the machine. */
  sync(): void {
    const { folder, tensorboard, metrics, events } = this.#folder;
    for (const file of [metrics, events]) syncFile(file);
    for (const place of [tensorboard, folder]) syncFolder(place);
  }

  /** Lengths of the files whose bytes do not depend on the clock, for a checkpoint. */
  save(): Saved {
    return { metrics: lengthOf(this.#folder.metrics), events: lengthOf(this.#folder.events) };
  }

  /** Cuts the files back to a checkpoint's step. Throws a RestoreError if they are shorter than they were, or not ours. */
  load(saved: Saved, step: number): void {
    const { metrics, events } = saved;
    if (typeof metrics !== 'number' || typeof events !== 'number')
      throw new RestoreError('the checkpoint does not say how long the logs were.');
    cutFile(this.#folder.metrics, metrics);
    cutFile(this.#folder.events, events);
    const timing = cutTiming(this.#folder.timing, step);
    const now = performance.now();
    this.#start = now - 1000 * timing;
    this.#last = { step, milliseconds: now };
  }
}

/** Seconds since 1970. */
function wallTime(): number {
  return Date.now() / 1000;
}

/** Appends a value as one line of JSON. */
function appendLine(file: string, value: object): void {
  appendBytes(file, `${JSON.stringify(value)}\n`);
}

function lengthOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Keeps the lines up to a step, and gives the seconds that the run had taken by then. A line cut off by a kill goes too. */
function cutTiming(file: string, step: number): number {
  if (!existsSync(file)) return 0;
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => stepOf(line) <= step);
  writeFileAtomic(file, kept.map((line) => `${line}\n`).join(''));
  const last: unknown = kept.length === 0 ? {} : JSON.parse(kept[kept.length - 1]);
  return isRecord(last) && typeof last.seconds === 'number' ? last.seconds : 0;
}

function stepOf(line: string): number {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && typeof value.step === 'number' ? value.step : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
