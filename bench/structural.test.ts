import { describe, expect, it } from 'vitest';
import { outcome } from '../experiment/test-fixtures.ts';
import { structuralHankBench } from './structural-hank.ts';
import { structuralKsBench } from './structural-ks.ts';

const json = (out: string) => JSON.parse(out.trim().split('\n').at(-1) ?? '');

describe('the benchmarks of the structural agent', () => {
  it('tell gaps and times of a run in krusell-smith', async () => {
    const { code, out } = await outcome(
      structuralKsBench,
      ...'--epochs 2 --threads 1 --json --quiet'.split(' '),
    );
    expect(code).toBe(0);
    const { part, runs } = json(out);
    expect(part).toBe('speed');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ name: 'quick scaled', epochs: 2, converged: false });
    expect(runs[0].maxGap).toBeGreaterThan(runs[0].meanGap);
    expect(runs[0].cpuSeconds).toBeGreaterThan(0);
  });

  it('tell where hank rests without shocks', async () => {
    const { code, out } = await outcome(
      structuralHankBench,
      ...'--part rest --steps 2 --seeds 3 --threads 1 --json --quiet'.split(' '),
    );
    expect(code).toBe(0);
    const { runs } = json(out);
    expect(runs.map(({ name }: { name: string }) => name)).toEqual(['seed 3']);
    expect(runs[0].rest.wage).toBeGreaterThan(0);
  });

  it('refuse what they do not know', async () => {
    const { code, err } = await outcome(structuralHankBench, '--part', 'everything');
    expect(code).not.toBe(0);
    expect(err).toMatch(/--part/);
  });
});
