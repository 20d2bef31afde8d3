import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { median } from '../numerics/statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'marl-bc-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An experiment's JSON, as a user runs it. */
function experiment(name: string, args: readonly string[]): Record<string, unknown> {
  const out = join(folder, [name, ...args].join('-').replaceAll(/[^a-z0-9-]/g, ''));
  const command = ['--import', 'tsx', `train/experiments/${name}.ts`, '--json', '--out', out, ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** Medians over seeds, by action: consumption share, labour. */
interface Row {
  readonly seeds: number;
  readonly gaps: readonly number[];
  readonly meanErrors: readonly number[];
  readonly welfareLossPercent: number;
  readonly seconds: number;
}

function textbook(name: string, method: string, seeds: string): Row {
  const { rows } = experiment('textbook', ['--case', name, '--method', method, '--seeds', seeds]);
  const [row] = rows as readonly Row[];
  const { gaps, meanErrors, welfareLossPercent, seconds } = row;
  const text = (values: readonly number[]) => values.map((value) => value.toFixed(4)).join(', ');
  process.stdout.write(
    `${method}, ${name}: gaps ${text(gaps)}, errors of path means ${text(meanErrors)}, loss ${welfareLossPercent.toFixed(3)} %, ${seconds.toFixed(0)} s a run\n`,
  );
  return row;
}

/** Consumption share and labour, in the median of seeds; of DDPG and TD3 no more is asked than was found (envs/marl-bc/README.md), with some room. */
const ROWS = [
  { method: 'sac', seeds: '1-5', name: 'textbook-1', gaps: [0.008, 0.004], means: null },
  { method: 'sac', seeds: '1-5', name: 'textbook-4', gaps: [0.012, 0.004], means: null },
  { method: 'sac', seeds: '1-5', name: 'typical-1', gaps: null, means: [0.005, 0.005] },
  { method: 'ddpg', seeds: '1-3', name: 'textbook-4', gaps: [0.012, 0.006], means: null },
  { method: 'td3', seeds: '1-3', name: 'textbook-4', gaps: [0.02, 0.008], means: null },
] as const;

describe('households alike that learn', () => {
  it.each(ROWS)('by $method come near the optimum of $name', ({ method, seeds, name, gaps, means }) => {
    const row = textbook(name, method, seeds);
    gaps?.forEach((most, j) => {
      expect(row.gaps[j]).toBeLessThanOrEqual(most);
    });
    means?.forEach((most, j) => {
      expect(row.meanErrors[j]).toBeLessThanOrEqual(most);
    });
  });
});

describe('a hundred households with jobs', () => {
  it('hold, in the median of three seeds, capital within a twentieth of that of the continuum, and share it as unequally within .05', () => {
    const { findings, limit } = experiment('many-households', ['--agents', '100']) as unknown as {
      readonly findings: readonly Readonly<Record<string, string | number>>[];
      readonly limit: { readonly meanCapital: number; readonly gini: number };
    };
    const own = findings.filter(({ name }) => name === 'sac');
    const middle = (key: string) => median(own.map((one) => Number(one[key])));
    const found = ['meanCapital', 'gini', 'rSquared', 'denHaanMax', 'saturatedShare'].map(middle);
    process.stdout.write(
      `sac, 100 households: capital ${found[0].toFixed(3)}, Gini index ${found[1].toFixed(4)}, R2 ${found[2].toFixed(5)}, Den Haan ${found[3].toFixed(2)} %\n`,
    );
    expect(own).toHaveLength(3);
    expect(Math.abs(found[0] / limit.meanCapital - 1)).toBeLessThan(0.05);
    expect(Math.abs(found[1] - limit.gini)).toBeLessThan(0.05);
    expect(found[2]).toBeGreaterThan(0.999);
    expect(found[4]).toBeLessThan(0.01);
  });
});

describe('nine households of different productivity', () => {
  it('hold the more capital the more productive it is, about as unequally as in the open-loop steady state', () => {
    const { findings } = experiment('heterogeneity', ['--grids', '3', '--seeds', '1-3']) as unknown as {
      readonly findings: readonly {
        readonly spread: string;
        readonly ginis: readonly number[];
        readonly predictedGini: number;
        readonly capitalByKappa: readonly number[];
      }[];
    };
    // Where productivities hardly differ, a return wrong by one percent moves a household by 14 percent of the mean.
    const allowed = { narrow: 0.15, medium: 0.1, wide: 0.05 };
    for (const [spread, most] of Object.entries(allowed)) {
      const own = findings.filter((one) => one.spread === spread);
      const last = median(own.map(({ ginis }) => ginis[ginis.length - 1]));
      const [low, middle, high] = [0, 1, 2].map((j) => median(own.map((one) => one.capitalByKappa[j])));
      const { predictedGini } = own[0];
      process.stdout.write(
        `sac, 9 households, ${spread}: Gini index ${last.toFixed(3)} (${predictedGini.toFixed(3)}), capital ${[low, middle, high].map((k) => k.toFixed(2)).join(', ')}\n`,
      );
      expect(own).toHaveLength(3);
      expect(low).toBeLessThan(middle);
      expect(middle).toBeLessThan(high);
      expect(Math.abs(last - predictedGini)).toBeLessThan(most);
    }
  });
});
