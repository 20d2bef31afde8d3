import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { parseArguments } from '../cli/arguments.ts';
import type { Children } from '../cli/children.ts';
import { type TrainOptions, trainOptions } from '../cli/options.ts';
import { toyEconomies, transcript, wanderer } from '../test-fixtures.ts';
import { runSeeds } from './seeds.ts';
import { seedsReport, summarise } from './seeds-summary.ts';

interface Given {
  readonly args: readonly string[];
  readonly fake: (seed: number) => { exitCode: number; out: string; err: string } | Error;
}

/** Runs seeds with children that answer at once; notes what they were asked and how many ran together. */
async function run({ args, fake }: Given) {
  const asked: TrainOptions[] = [];
  let running = 0;
  let most = 0;
  const children: Children = {
    async run(childArgs) {
      const { options } = parseArguments(trainOptions, childArgs);
      const { seed = Number.NaN } = options;
      asked.push(options);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20 * (seed % 2)));
      running -= 1;
      const answer = fake(seed);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    stop() {},
  };
  const { options } = parseArguments(trainOptions, args);
  const { terminal, out, err } = transcript();
  const economy = toyEconomies.economy('toy');
  const seeds = options.seeds ?? '';
  const { result = {}, exitCode } = await runSeeds({
    command: 'train/x.ts',
    method: wanderer,
    economy,
    set: { stepSize: '0.1' },
    options,
    seeds,
    terminal,
    children,
  });
  return { result, exitCode, asked, most, out: out(), err: err() };
}

const line = (seed: number, changes: object = {}) =>
  JSON.stringify({
    seed,
    seconds: 2,
    run: `runs/s${seed}`,
    converged: true,
    return: -seed,
    oracle: { policyGap: seed / 100 },
    ...changes,
  });
const good = (seed: number) => ({ exitCode: 0, out: `${line(seed)}\n`, err: '' });

describe('several seeds', () => {
  it('run this command for each seed, quietly, with the other options as they are, so many at once', async () => {
    const args = [
      '--seeds',
      '1-5',
      '--threads',
      '2',
      '--steps',
      '9',
      '--set',
      'stepSize=0.1',
      '--out',
      'here',
    ];
    const { asked, most } = await run({ args, fake: good });
    expect(most).toBe(2);
    expect(asked.map(({ seed }) => seed).sort()).toEqual([1, 2, 3, 4, 5]);
    for (const { seed, ...options } of asked) {
      expect(options).toEqual({
        json: true,
        quiet: true,
        steps: 9,
        set: ['stepSize=0.1'],
        out: expect.stringMatching(new RegExp(`^here.s${seed}$`)),
        kernels: 'auto',
        backend: 'kernels',
      });
    }
  });

  it('give median, interquartile mean and an interval, in the order of the seeds', async () => {
    const { result, exitCode, out } = await run({ args: ['--seeds', '5,1-4', '--threads', '5'], fake: good });
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      command: 'train/x.ts',
      env: 'toy',
      version: 2,
      agent: 'wanderer',
      set: { stepSize: '0.1' },
      seeds: [5, 1, 2, 3, 4],
      converged: true,
      failed: [],
    });
    expect((result.runs as { seed: number }[]).map(({ seed }) => seed)).toEqual([5, 1, 2, 3, 4]);
    expect(out).toContain('wanderer on toy, seeds 5,1-4, stepSize=0.1: A household');
    const { policyGap } = result.summary as ReturnType<typeof summarise>;
    expect(policyGap.median).toBeCloseTo(0.03, 12);
    expect(policyGap.interquartileMean).toBeCloseTo(0.03, 12);
    const [low, high] = policyGap.interval;
    expect(low).toBeGreaterThanOrEqual(0.01);
    expect(low).toBeLessThan(0.03);
    expect(high).toBeGreaterThan(0.03);
    expect(high).toBeLessThanOrEqual(0.05);
    expect(out).toContain('interquartile mean');
    expect(out).toMatch(/\n5 +-5\.000 +0\.05000 +2\.0 s {2}runs\/s5\n/);
  });

  it('lose only the seeds that fail, say why, and end with exit code 1', async () => {
    const fake = (seed: number) => {
      if (seed === 2) return { exitCode: 1, out: '', err: 'train/x.ts: the actor diverged\n' };
      if (seed === 3) return new Error('spawn ENOMEM');
      if (seed === 4) return { exitCode: 0, out: 'not JSON', err: '' };
      if (seed === 5) return { exitCode: 1, out: line(5, { converged: false }), err: '' };
      return good(seed);
    };
    const { result, exitCode, out, err } = await run({ args: ['--seeds', '1-6'], fake });
    expect(exitCode).toBe(1);
    expect(result.failed).toEqual([
      { seed: 2, failure: 'train/x.ts: the actor diverged (exit code 1)' },
      { seed: 3, failure: 'spawn ENOMEM' },
      { seed: 4, failure: 'it printed no JSON line' },
      { seed: 5, failure: 'not converged (exit code 1)' },
    ]);
    expect((result.runs as { seed: number }[]).map(({ seed }) => seed)).toEqual([1, 5, 6]);
    expect(result.converged).toBe(false);
    expect(err).toContain('seed 2 failed: train/x.ts: the actor diverged');
    expect(out).toContain('failed: spawn ENOMEM');
  });

  it('that all fail still give a table and a line', async () => {
    const { result, exitCode, out } = await run({
      args: ['--seeds', '1,2'],
      fake: (seed) => (seed === 1 ? new Error('no luck') : { exitCode: 2, out: '', err: 'train/x.ts: no' }),
    });
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ runs: [], summary: {} });
    expect(out).toContain('no luck');
  });
});

describe('several seeds that cannot be', () => {
  it('start no child if a folder is taken or cannot be made', async () => {
    const base = mkdtempSync(path.join(tmpdir(), 'seeds-'));
    try {
      const file = path.join(base, 'file');
      writeFileSync(file, 'mine');
      mkdirSync(path.join(base, 's2', 'old'), { recursive: true });
      let started = 0;
      const fake = (seed: number) => {
        started += 1;
        return good(seed);
      };
      const refusal = (out: string) => run({ args: ['--seeds', '1-3', '--out', out], fake });
      await expect(refusal(base)).rejects.toThrow(UsageError);
      await expect(refusal(base)).rejects.toThrow(`${path.join(base, 's2')}: the folder is not empty`);
      await expect(refusal(path.join(file, 'below'))).rejects.toThrow('the folder cannot be made');
      expect(started).toBe(0);
      expect(readdirSync(base).sort()).toEqual(['file', 's2']);
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  it('are refused once, as a mistake in what was asked, if every child refuses', async () => {
    const fake = (seed: number) => ({ exitCode: 2, out: '', err: `train/x.ts: no room for ${seed}\n` });
    const refused = run({ args: ['--seeds', '1-3', '--threads', '1'], fake });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/^no seed was accepted: no room for 1$/);
  });

  it('are failures like others if some seeds are accepted', async () => {
    const fake = (seed: number) =>
      seed === 2 ? { exitCode: 2, out: '', err: 'train/x.ts: no room' } : good(seed);
    const { exitCode, result, err } = await run({ args: ['--seeds', '1-3'], fake });
    expect(exitCode).toBe(1);
    expect(result.failed).toEqual([{ seed: 2, failure: 'no room (exit code 2)' }]);
    expect(err.match(/no room/g)).toHaveLength(1);
  });
});

describe('the summary over seeds', () => {
  it('leaves out what no run has, and what is not a number', () => {
    expect(summarise([])).toEqual({});
    const spread = summarise([
      { return: 1, oracle: null },
      { return: null, oracle: { policyGap: 'x' } },
    ]);
    expect(spread).toEqual({ return: { median: 1, interquartileMean: 1, interval: [1, 1], runs: 1 } });
  });

  it("has the policy gap as a share of the best constant's, but for an optimum that is constant up to rounding", () => {
    const run = (policyGap: number, constantGap: number) => ({ oracle: { policyGap, constantGap } });
    expect(summarise([run(0.1, 0.2), run(0.3, 0.2), run(0.2, 0.2)]).gapOverConstant.median).toBeCloseTo(
      1,
      12,
    );
    expect(summarise([run(0.1, 1e-10), run(0.1, 0)])).not.toHaveProperty('gapOverConstant');
    expect(summarise([run(0.1, 0.2), run(0.1, 0)]).gapOverConstant).toMatchObject({ median: 0.5, runs: 1 });
  });

  it('has the smallest correlation over actions, and says how many runs have one', () => {
    const run = (correlations: Record<string, number | null>) => ({
      seconds: 1,
      oracle: { policyGap: 0.1, correlations },
    });
    const results = [run({ a: 0.9, b: 0.5 }), run({ a: 0.7, b: null }), run({ a: null, b: null })];
    const summary = summarise(results);
    expect(summary.correlation).toMatchObject({ median: 0.6, runs: 2 });
    expect(summarise(results.slice(2))).not.toHaveProperty('correlation');
    const runs = results.map((result, i) => ({ seed: i, result, failure: undefined }));
    expect(seedsReport(runs, summary)).toMatch(/seed +policy gap +correlation \(2 of 3\)/);
  });
});
