import { describe, expect, it } from 'vitest';
import { outcome } from '../experiment/test-fixtures.ts';
import { marlBcBench, timeSteps } from './marl-bc.ts';

describe('the speed of marl-bc', () => {
  it('is that of a batch of at least 64 households, and more than a hundred thousand household-steps a second', () => {
    for (const [agents, copies] of [
      [1, 64],
      [10, 7],
      [500, 1],
    ]) {
      const found = timeSteps('rbc-typical', agents, 0.02);
      expect(found.copies).toBe(copies);
      expect(found.householdStepsPerSecond).toBeGreaterThan(1e5);
    }
  });

  it('is told for every economy and number, with the time of learning beside the published one', async () => {
    const args =
      '--calibration ks --agents 10 --seconds 0.01 --updates 2 --hidden 8x8 --kernels js --json --quiet';
    const { code, out } = await outcome(marlBcBench, ...args.split(' '));
    const result = JSON.parse(out.trim().split('\n').at(-1) ?? '');
    expect(code).toBe(0);
    expect(result.steps).toHaveLength(1);
    expect(result.learning[0]).toMatchObject({ agents: 10, publishedHours: 0.69 });
    expect(result.learning[0].hours).toBeGreaterThan(0);
  });
});
