import { describe, expect, it } from 'vitest';
import { type StopRule, stopAtGap, stopWithoutImprovement } from './stopping.ts';

const reasons = (rule: StopRule, gaps: readonly (number | undefined)[], returns: readonly number[] = []) =>
  gaps.map((policyGap, i) => rule.check({ step: i + 1, policyGap, return: returns[i] ?? 0 }));

describe('stopping at a gap', () => {
  it('ends with the first gap that is small enough, and not before', () => {
    expect(reasons(stopAtGap(0.01), [0.5, 0.011, 0.01])).toEqual([
      undefined,
      undefined,
      expect.stringContaining('at most 0.01'),
    ]);
  });

  it('is refused for a gap that nothing can be under, and without an oracle', () => {
    for (const gap of [0, -1, Number.NaN]) expect(() => stopAtGap(gap)).toThrow(/positive/);
    expect(() => reasons(stopAtGap(0.1), [undefined])).toThrow(/no oracle/);
  });
});

describe('stopping without improvement', () => {
  it('waits for so many evaluations in a row that are not better than the best', () => {
    const found = reasons(stopWithoutImprovement(3), [0.5, 0.4, 0.45, 0.41, 0.39, 0.39, 0.5, 0.4]);
    expect(found.map((reason) => reason !== undefined)).toEqual([...Array(7).fill(false), true]);
    expect(found[7]).toBe('the policy gap has not improved in 3 evaluations');
  });

  it('looks at the return where there is no gap', () => {
    const found = reasons(stopWithoutImprovement(2), Array(4).fill(undefined), [-3, -2, -2, -2.5]);
    expect(found).toEqual([undefined, undefined, undefined, expect.stringContaining('return')]);
  });

  it('goes on after save and load as if it had not stopped', () => {
    const gaps = [0.5, 0.4, 0.45, 0.46];
    const whole = reasons(stopWithoutImprovement(2), gaps);
    const first = stopWithoutImprovement(2);
    reasons(first, gaps.slice(0, 3));
    const second = stopWithoutImprovement(2);
    second.load(structuredClone(first.save()));
    expect(reasons(second, gaps.slice(3))).toEqual(whole.slice(3));
    expect(() => second.load({})).toThrow(/saved state/);
  });

  it('needs a positive whole number', () => {
    for (const patience of [0, 1.5, Number.NaN])
      expect(() => stopWithoutImprovement(patience)).toThrow(/patience/);
  });
});
