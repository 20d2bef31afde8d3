/** Numbers gathered from step to step until they are written down. */
import { RestoreError } from '../../core/errors.ts';
import type { EpisodeStatistics, Metrics, Saved } from '../../core/index.ts';
import { isRecord } from '../records.ts';

/** One line of metrics. */
export interface LogRecord {
  [name: string]: number | null;
}

/** Means of the agents' metrics over the steps since the last record. With one agent type names are plain, else `type.name`. */
export class MetricsLog {
  readonly #env: EpisodeStatistics;
  readonly #sums = new Map<string, { sum: number; count: number }>();

  constructor(env: EpisodeStatistics) {
    this.#env = env;
  }

  /** Takes in the metrics of one step, by type; undefined where an agent did not learn. */
  add(metrics: Readonly<Record<string, Metrics | undefined>>): void {
    for (const [type, values] of Object.entries(metrics)) {
      if (values === undefined) continue;
      for (const [name, value] of Object.entries(values)) {
        const label = this.#label(type, name);
        const entry = this.#sums.get(label) ?? { sum: 0, count: 0 };
        entry.sum += value;
        entry.count += 1;
        this.#sums.set(label, entry);
      }
    }
  }

  /** The record of the interval that ends at this step; the next one starts empty. Numbers alone, no clock. */
  take(step: number, policyGap: number | undefined): LogRecord {
    const { finished, meanReturn, meanLength } = this.#env.episodes;
    const record: LogRecord = {
      step,
      episodes: finished,
      episodeLength: finished === 0 ? null : meanLength,
    };
    for (const [type, value] of Object.entries(meanReturn)) {
      record[this.#label(type, 'episodeReturn')] = finished === 0 ? null : value;
    }
    for (const [label, { sum, count }] of this.#sums) record[label] = sum / count;
    if (policyGap !== undefined) record.policyGap = policyGap;
    this.#sums.clear();
    return record;
  }

  /** The interval so far, for a checkpoint. */
  save(): Saved {
    return Object.fromEntries([...this.#sums].map(([label, { sum, count }]) => [label, { sum, count }]));
  }

  /** Throws a RestoreError for what `save` does not give. */
  load(saved: Saved): void {
    this.#sums.clear();
    for (const [label, entry] of Object.entries(saved)) {
      if (!isRecord(entry) || typeof entry.sum !== 'number' || typeof entry.count !== 'number')
        throw new RestoreError(`the log of the checkpoint has no sum and count of ${label}.`);
      this.#sums.set(label, { sum: entry.sum, count: entry.count });
    }
  }

  #label(type: string, name: string): string {
    return Object.keys(this.#env.types).length === 1 ? name : `${type}.${name}`;
  }
}
