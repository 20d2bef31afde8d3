/** What a run writes down as it goes: one line of numbers for each interval of steps. */
import { appendFileSync } from 'node:fs';
import type { EpisodeStatistics, Metrics, Saved } from '../../core/index.ts';

export interface LogRecord {
  readonly [name: string]: number | null;
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
    const record: Record<string, number | null> = {
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
    return {
      sums: Object.fromEntries([...this.#sums].map(([label, { sum, count }]) => [label, { sum, count }])),
    };
  }

  #label(type: string, name: string): string {
    return Object.keys(this.#env.types).length === 1 ? name : `${type}.${name}`;
  }
}

/** Appends a value as one line of JSON. */
export function appendLine(file: string, value: object): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}
