import { describe, expect, it } from 'vitest';
import { averageMix, rateAt } from './schedules.ts';

describe('the learning rate', () => {
  it('falls linearly from its start to the share that is left at the end', () => {
    const settings = { learningRate: 0.01, finalLearningRate: 0.2 };
    const rates = [0, 0.25, 0.5, 1].map((progress) => rateAt(settings, progress));
    [0.01, 0.008, 0.006, 0.002].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 15);
    });
  });
});

describe('the weight of the actor in its average', () => {
  it('is ten over the updates at first, so that the initial policy is forgotten, then the one that is set', () => {
    const mix = (updates: number) => averageMix({ weightAverage: 0.001 }, updates);
    expect(mix(10)).toBe(0.5);
    expect(mix(990)).toBe(0.01);
    expect(mix(9990)).toBe(0.001);
    expect(mix(50_000)).toBe(0.001);
    // What is left of the initial policy after 2,000 updates: the product of all 1 - mix.
    const left = Array.from({ length: 2000 }, (_, i) => 1 - mix(i + 1)).reduce((all, one) => all * one, 1);
    expect(left).toBeLessThan(1e-15);
  });
});
