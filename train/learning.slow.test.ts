import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'learning-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly seconds: number;
  readonly oracle: {
    readonly policyGap: number;
    readonly constantGap: number;
    readonly correlations: Readonly<Record<string, number | null>>;
    readonly welfareLossPercent: number;
  };
}

/** The main command with five seeds, as a user runs it. */
function fiveSeeds(name: string, args: readonly string[]): readonly Run[] {
  const command = [
    '--import',
    'tsx',
    'train/sac.ts',
    '--seeds',
    '1-5',
    '--json',
    '--out',
    join(folder, name),
    ...args,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').runs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function report(name: string, runs: readonly Run[]) {
  const column = (value: (run: Run) => number) => runs.map(value);
  const gap = median(column((run) => run.oracle.policyGap));
  const loss = median(column((run) => run.oracle.welfareLossPercent));
  const share = median(column((run) => run.oracle.policyGap / run.oracle.constantGap));
  const correlation = median(column((run) => run.oracle.correlations.consumptionShare ?? 0));
  process.stdout.write(
    `${name}: gap ${gap} (${share} of a constant's), loss ${loss} %, correlation ${correlation}\n`,
  );
  return { gap, loss, share, correlation };
}

describe('soft actor-critic, in the median of five seeds,', () => {
  it.each([
    ['full depreciation', []],
    ['full depreciation and a discount factor of 0.9', ['--set', 'discountFactor=0.9']],
  ])('finds the optimal share under %s', (name, args) => {
    const { gap, loss } = report(name, fiveSeeds(name.replaceAll(' ', '-'), args));
    expect(gap).toBeLessThanOrEqual(0.005);
    expect(loss).toBeLessThanOrEqual(0.02);
  });

  it.each([['jesusfv/annual'], ['jesusfv-extended'], ['jesusfv-extended/markov']])(
    'finds how the optimal share depends on the state of %s',
    (env) => {
      const { share, correlation } = report(env, fiveSeeds(env.replace('/', '-'), ['--env', env]));
      expect(share).toBeLessThanOrEqual(0.4);
      expect(correlation).toBeGreaterThanOrEqual(0.9);
    },
  );
});
