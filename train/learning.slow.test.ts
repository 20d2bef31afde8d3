import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { median } from '../numerics/statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'learning-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = 5;

/** A number over the seeds that have it. */
interface Spread {
  readonly median: number;
  readonly runs: number;
}

interface Result {
  readonly runs: readonly { readonly seconds: number }[];
  readonly summary: Readonly<
    Record<'policyGap' | 'welfareLossPercent', Spread> &
      Partial<Record<'gapOverConstant' | 'correlation', Spread>>
  >;
}

/** A command of this folder with five seeds, as a user runs it. */
function fiveSeeds(method: string, name: string, args: readonly string[]): Result {
  const command = [
    '--import',
    'tsx',
    `train/${method}.ts`,
    '--seeds',
    `1-${SEEDS}`,
    '--json',
    '--out',
    join(folder, `${method}-${name}`),
    ...args,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** Prints what was found; a number that a seed lacks counts as NaN, which passes no test. */
function report(method: string, name: string, { runs, summary }: Result) {
  const whole = (spread: Spread | undefined) => (spread?.runs === SEEDS ? spread.median : Number.NaN);
  const found = {
    gap: whole(summary.policyGap),
    loss: whole(summary.welfareLossPercent),
    share: whole(summary.gapOverConstant),
    correlation: whole(summary.correlation),
  };
  const seconds = median(runs.map((run) => run.seconds)).toFixed(0);
  process.stdout.write(
    `${method}, ${name}: gap ${found.gap}, loss ${found.loss} %, gap over a constant's ${found.share}, correlation ${found.correlation}, ${seconds} s a run\n`,
  );
  return found;
}

/** What the median of five seeds keeps to. */
const METHODS = [
  {
    method: 'sac',
    title: 'soft actor-critic',
    optimum: { gap: 0.005, loss: 0.02 },
    response: { share: 0.4, correlation: 0.9 },
  },
  {
    method: 'ddpg',
    title: 'deep deterministic policy gradient',
    optimum: { gap: 0.01, loss: 0.05 },
    // Smoothing biases the share, and an actor climbs the ripples of its critic.
    response: { share: 0.8, correlation: 0.85 },
  },
] as const;

describe.each(METHODS)('$title, in the median of five seeds,', ({ method, optimum, response }) => {
  it.each([
    ['full depreciation', []],
    ['full depreciation and a discount factor of 0.9', ['--set', 'discountFactor=0.9']],
  ])('finds the optimal share under %s', (name, args) => {
    const { gap, loss } = report(method, name, fiveSeeds(method, name.replaceAll(' ', '-'), args));
    expect(gap).toBeLessThanOrEqual(optimum.gap);
    expect(loss).toBeLessThanOrEqual(optimum.loss);
  });

  it.each([['jesusfv/annual'], ['jesusfv-extended'], ['jesusfv-extended/markov']])(
    'finds how the optimal share depends on the state of %s',
    (env) => {
      const found = fiveSeeds(method, env.replace('/', '-'), ['--env', env]);
      const { share, correlation } = report(method, env, found);
      expect(share).toBeLessThanOrEqual(response.share);
      expect(correlation).toBeGreaterThanOrEqual(response.correlation);
    },
  );
});
