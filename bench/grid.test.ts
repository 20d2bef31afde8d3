import { describe, expect, it } from 'vitest';
import { compare, solveBenchmark } from './grid.ts';

describe('the benchmark of value iteration on a grid', () => {
  it('times the problem with 257 sweeps, and the same with a few iterations', () => {
    expect(solveBenchmark('sweep').iterations).toBe(257);
    const { iterations, seconds } = solveBenchmark('accelerated');
    expect(iterations).toBeLessThan(10);
    expect(seconds).toBeGreaterThan(0);
  });

  it('compares medians with the program, and without one with the sweep', () => {
    const ours = [
      ['sweep', [3, 0.6, 0.4]],
      ['sweep', [3, 0.8, 0.6]],
      ['sweep', [3, 0.7, 0.5]],
      ['accelerated', [2, 0.1, 0.02]],
    ] as const;
    const runs = new Map<
      string,
      { process: number; first: number | undefined; later: number | undefined }[]
    >();
    for (const [name, [process, first, later]] of ours)
      runs.set(name, [...(runs.get(name) ?? []), { process, first, later }]);
    const [sweep, accelerated] = compare(runs);
    expect(sweep).toMatchObject({ process: 3, first: 0.7, later: 0.5, ratios: { first: 1, later: 1 } });
    expect(accelerated.ratios.later).toBeCloseTo(0.04, 12);
    const withProgram = compare(
      new Map([['program', [{ process: 0.4, first: undefined, later: undefined }]], ...runs]),
    );
    expect(withProgram.map(({ name }) => name)).toEqual(['program', 'sweep', 'accelerated']);
    expect(withProgram[0].ratios).toEqual({ first: null, later: null });
    expect(withProgram[1].ratios.first).toBeCloseTo(1.75, 12);
    expect(withProgram[2].ratios.later).toBeCloseTo(0.05, 12);
  });
});
