import { describe, expect, it } from 'vitest';
import { scheduleOf, stopRules } from './schedule.ts';

const due = (
  steps: number,
  watch: Parameters<typeof scheduleOf>[1],
  what: 'isRecord' | 'isEvaluation' | 'isCheckpoint',
) => {
  const schedule = scheduleOf(steps, watch);
  return Array.from({ length: steps }, (_, i) => i + 1).filter((step) => schedule[what](step));
};

describe('the schedule of a run', () => {
  it('has a hundred records, twenty evaluations and ten checkpoints, the last of each at the end', () => {
    expect(due(20_000, {}, 'isRecord')).toHaveLength(100);
    expect(due(20_000, {}, 'isEvaluation')).toHaveLength(20);
    expect(due(20_000, {}, 'isCheckpoint')).toEqual(Array.from({ length: 10 }, (_, i) => 2000 * (i + 1)));
    expect(due(1234, {}, 'isRecord').at(-1)).toBe(1234);
    expect(due(50, {}, 'isCheckpoint')).toEqual([50]);
  });

  it('follows what is asked for, and writes a record with every evaluation', () => {
    expect(due(1000, { evaluateEvery: 333, checkpointEvery: 400 }, 'isEvaluation')).toEqual([
      333, 666, 999, 1000,
    ]);
    expect(due(1000, { checkpointEvery: 400 }, 'isCheckpoint')).toEqual([400, 800, 1000]);
    expect(due(1000, { evaluateEvery: 333 }, 'isRecord')).toEqual(expect.arrayContaining([333, 666, 999]));
  });

  it('has the rules that are asked for', () => {
    expect(Object.keys(stopRules({}))).toEqual([]);
    expect(Object.keys(stopRules({ stopAtGap: 0.1, patience: 3 }))).toEqual(['stopAtGap', 'patience']);
  });
});
