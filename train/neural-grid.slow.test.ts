import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { median } from '../numerics/statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'neural-grid-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEEDS = 5;
/** Seconds for a run on two cores that have nothing else to do. */
const SECONDS = 120;

interface Run {
  readonly seconds: number;
  readonly oracle: {
    readonly policyGap: number;
    readonly constantGap: number;
    readonly eulerError: { readonly mean: number };
  };
  readonly wide: { readonly policyGap: number; readonly range: Readonly<Record<string, readonly number[]>> };
}

/** The command with five seeds, one after the other, as a user runs it. */
function fiveSeeds(env: string): readonly Run[] {
  const out = join(folder, env.replace('/', '-'));
  const args = ['--env', env, '--seeds', `1-${SEEDS}`, '--threads', '1', '--report', 'none', '--json'];
  const command = ['--import', 'tsx', 'train/neural-grid.ts', ...args, '--out', out];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status, stderr).toBe(0);
  const { runs } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { runs: readonly Run[] };
  expect(runs).toHaveLength(SEEDS);
  const of = (value: (run: Run) => number) => median(runs.map(value));
  process.stdout.write(
    `${env}: gap ${of((r) => r.oracle.policyGap)}, a constant's ${of((r) => r.oracle.constantGap)}, all states drawn ` +
      `${of((r) => r.wide.policyGap)}, Euler error ${of((r) => r.oracle.eulerError.mean)}, ${of((r) => r.seconds)} s a run\n`,
  );
  return runs;
}

describe('the neural grid, in the median of five seeds,', () => {
  it('finds the optimal share of full depreciation from a twentieth of a unit of capital to one', () => {
    const runs = fiveSeeds('jesusfv');
    for (const { wide } of runs) {
      expect(wide.range.capital[0]).toBeLessThanOrEqual(0.05);
      expect(wide.range.capital[1]).toBeGreaterThanOrEqual(1);
    }
    expect(median(runs.map(({ wide }) => wide.policyGap))).toBeLessThanOrEqual(0.005);
    // The specification of the method asks for 1 % on the mean Euler error.
    expect(median(runs.map(({ oracle }) => oracle.eulerError.mean))).toBeLessThanOrEqual(-2);
    expect(median(runs.map(({ seconds }) => seconds))).toBeLessThanOrEqual(SECONDS);
  });

  it.each([['jesusfv/annual'], ['jesusfv-extended'], ['jesusfv-extended/markov']])(
    'is at most a quarter as far from the optimum in %s as the best constant',
    (env) => {
      const runs = fiveSeeds(env);
      const share = median(runs.map(({ oracle }) => oracle.policyGap / oracle.constantGap));
      expect(share).toBeLessThanOrEqual(0.25);
      expect(median(runs.map(({ seconds }) => seconds))).toBeLessThanOrEqual(SECONDS);
    },
  );
});
