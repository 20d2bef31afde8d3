import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readReference } from '../solvers/reference/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'classical-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Seconds for a run with its report on two cores that have nothing else to do. */
const SECONDS = 120;

interface Law {
  readonly state: number | null;
  readonly constant: number;
  readonly logCapital: number;
  readonly logProductivity: number | null;
}

interface Result {
  readonly seconds: number;
  readonly converged: boolean;
  readonly law: readonly Law[];
  readonly r2: number;
  readonly denHaan: { readonly mean: number; readonly max: number };
  readonly meanCapital: number;
  readonly meanConsumption: number;
  readonly meanNetReturn: number;
  readonly prices: { readonly interestRate: number };
  readonly gini: number;
  readonly outside: number;
  readonly oracle: { readonly policyGap: number; readonly constantGap: number };
}

/** A command of this folder as a user runs it; its last line of output. */
function run<R>(file: string, args: readonly string[]): R {
  const command = ['--import', 'tsx', `train/${file}.ts`, ...args, '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

let runs = 0;
function solved(...args: readonly string[]): Result {
  runs += 1;
  const result = run<Result>('classical', [...args, '--out', join(folder, String(runs))]);
  const { law, r2, denHaan, meanCapital, gini, seconds } = result;
  process.stdout.write(
    `${args.join(' ')}: ${JSON.stringify({ law, r2, denHaan, meanCapital, gini, seconds })}\n`,
  );
  expect(result.converged).toBe(true);
  return result;
}

describe('the classical solution', () => {
  it('of the annual economy has the law of another program within the tolerances of its specification, in two minutes', () => {
    const { coef } = readReference<{ readonly coef: readonly number[] }>('krusell-smith-annual');
    const { law, r2, denHaan, outside, seconds, oracle } = solved();
    const [{ constant, logCapital, logProductivity }] = law;
    expect(Math.abs(constant - coef[0])).toBeLessThan(0.003);
    expect(Math.abs(logCapital - coef[1])).toBeLessThan(0.002);
    expect(Math.abs((logProductivity ?? 0) - coef[2])).toBeLessThan(0.002);
    expect(r2).toBeGreaterThan(0.9999);
    // The reference: .40 % and 3.9 % on its own draw.
    expect(denHaan.mean).toBeLessThan(0.5);
    expect(denHaan.max).toBeLessThan(5);
    expect(outside).toBe(0);
    expect(oracle.policyGap).toBeLessThan(oracle.constantGap / 500);
    expect(seconds).toBeLessThan(SECONDS);
  });

  it('without aggregate risk has the capital of another program within a tenth of a percent', () => {
    const { meanCapital, prices, gini } = solved('--set', 'productivityDeviation=0');
    expect(Math.abs(meanCapital / 5.0845 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(prices.interestRate - 0.047147)).toBeLessThan(1e-4);
    expect(Math.abs(gini - 0.415)).toBeLessThan(3e-3);
  });

  type Lines = { readonly good: readonly number[]; readonly bad: readonly number[] };
  const published = readReference<{ readonly laws_of_motion: readonly Lines[] }>(
    'krusell-smith-quarterly',
  ).laws_of_motion;
  const TIMES = ['bad', 'good'] as const;

  it('of the quarterly economy has lines among the published ones, in two minutes', () => {
    const { law, r2, denHaan, seconds } = solved('--env', 'krusell-smith/quarterly');
    TIMES.forEach((times, state) => {
      const [constants, slopes] = [0, 1].map((i) => published.map((lines) => lines[times][i]));
      expect(law[state].logCapital).toBeGreaterThan(Math.min(...slopes));
      expect(law[state].logCapital).toBeLessThan(Math.max(...slopes));
      expect(law[state].constant).toBeGreaterThan(Math.min(...constants));
      expect(law[state].constant).toBeLessThan(Math.max(...constants));
    });
    expect(r2).toBeGreaterThan(0.99999);
    expect(denHaan.max).toBeLessThan(1);
    expect(seconds).toBeLessThan(SECONDS);
  });

  it('with benefits has the lines of Maliar, Maliar and Valli (2010), but for the draw of good and bad times', () => {
    const { law, r2, seconds } = solved('--env', 'krusell-smith/quarterly-insured');
    const lines = published[published.length - 1];
    TIMES.forEach((times, state) => {
      // Published replications of one economy spread over ten times as much.
      expect(Math.abs(law[state].constant - lines[times][0])).toBeLessThan(0.002);
      expect(Math.abs(law[state].logCapital - lines[times][1])).toBeLessThan(0.0006);
    });
    expect(r2).toBeGreaterThan(0.99999);
    expect(seconds).toBeLessThan(SECONDS);
  });

  it('at the size of papers has the moments of another program over 100,000 periods', () => {
    const { law, r2, meanCapital, meanConsumption, meanNetReturn } = solved(
      '--preset',
      'paper',
      '--report',
      'none',
    );
    // 60 capital nodes and a quadratic law there; sampling errors over 100,000 periods are a third of those over 10,000.
    expect(Math.abs(meanCapital - 5.226)).toBeLessThan(0.07);
    expect(Math.abs(meanConsumption - 1.4008)).toBeLessThan(0.01);
    expect(Math.abs(meanNetReturn - 0.04621)).toBeLessThan(0.001);
    expect(Math.abs(law[0].logCapital - 0.93471)).toBeLessThan(0.002);
    expect(r2).toBeGreaterThan(0.9999);
  });
});

describe("Aiyagari's table", () => {
  it('has the saving rate of its return in every cell, and returns that fall with risk, its persistence and aversion to it', () => {
    interface Cell {
      readonly deviation: number;
      readonly persistence: number;
      readonly riskAversion: number;
      readonly netReturn: number;
      readonly published: number;
    }
    const { ok, cells } = run<{ readonly ok: boolean; readonly cells: readonly Cell[] }>(
      'experiments/aiyagari',
      [],
    );
    expect(ok).toBe(true);
    expect(cells).toHaveLength(24);
    for (const one of cells) {
      // Another chain of seven states; the largest distance is in the riskiest cell.
      expect(Math.abs(one.netReturn - one.published)).toBeLessThan(0.003);
      for (const other of cells) {
        const isRiskier =
          other.deviation >= one.deviation &&
          other.persistence >= one.persistence &&
          other.riskAversion >= one.riskAversion &&
          other !== one;
        if (isRiskier) expect(other.netReturn).toBeLessThan(one.netReturn);
      }
    }
  });
});

describe('soft actor-critic with one policy for a hundred households', () => {
  it('comes near the classical policy of the annual economy', () => {
    const args = ['--env', 'krusell-smith', '--steps', '8000', '--report', 'none'];
    const { oracle } = run<{ readonly oracle: Result['oracle'] & { readonly welfareLossPercent: number } }>(
      'sac',
      [...args, '--out', join(folder, 'sac')],
    );
    process.stdout.write(`sac: ${JSON.stringify(oracle)}\n`);
    expect(oracle.policyGap).toBeLessThan(0.4 * oracle.constantGap);
    expect(oracle.welfareLossPercent).toBeLessThan(4);
  });
});
