import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../../core/calibration.ts';
import { createRegistry } from '../../core/index.ts';
import { configText } from '../run/config.ts';
import { runPaths } from '../run/run-folder.ts';
import { outcome, toy, toyEconomies, toyPlan, wanderer } from '../test-fixtures.ts';
import { compareCommand } from './compare-command.ts';
import { type ComparedConfig, labelsOf } from './compare-runs.ts';
import { sweepPaths, writeSweep } from './seeds-folder.ts';

const base = mkdtempSync(path.join(tmpdir(), 'compare-'));
afterAll(() => rmSync(base, { recursive: true }));

const compareToy = compareCommand({
  methods: { wanderer },
  environments: toyEconomies,
  file: 'train/compare.ts',
});

let count = 0;
const newPath = () => path.join(base, `out-${++count}`);

interface Run {
  readonly name: string;
  readonly seed?: number;
  readonly gap?: number;
  readonly env?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly state?: 'finished' | 'unfinished';
}

/** A folder as a run leaves it. */
function run({ name, seed = 1, gap = 0.1, env = 'toy', set = {}, state = 'finished' }: Run): string {
  const folder = path.join(base, name);
  const { config, metrics, result } = runPaths(folder);
  mkdirSync(folder, { recursive: true });
  const economy = toyEconomies.economy(env);
  const settings = parseSettings({ schema: wanderer.settings, settings: set, where: 'wanderer' });
  const plan = toyPlan({ economy, settings, seed });
  writeFileSync(config, configText({ plan, command: 'train/x.ts', options: {}, preset: null }));
  for (const step of [20, 40, 60]) {
    appendFileSync(
      metrics,
      `${JSON.stringify({ step, policyGap: (60 * gap) / step, evaluationReturn: -gap })}\n`,
    );
  }
  if (state === 'unfinished') return folder;
  const oracle = { policyGap: gap, constantGap: 0.25, welfareLossPercent: 10 * gap, eulerError: null };
  writeFileSync(
    result,
    JSON.stringify({ seed, steps: 60, seconds: 3, return: -gap, converged: true, oracle }),
  );
  return folder;
}

const runsArgs = (...folders: string[]) => folders.flatMap((folder) => ['--run', folder]);

describe('the comparison', () => {
  it('puts together what differs in the seed alone, and names the rest by what differs', async () => {
    const slow = [1, 2, 3].map((seed) => run({ name: `slow${seed}`, seed, gap: seed / 10 }));
    const fast = [1, 2].map((seed) =>
      run({ name: `fast${seed}`, seed, gap: seed / 50, set: { stepSize: 0.5 } }),
    );
    const out = newPath();
    const printed = await outcome(compareToy, ...runsArgs(...slow, ...fast), '--json', '--out', out);
    expect(printed.code, printed.err).toBe(0);
    const { command, env, groups, baselines, files } = JSON.parse(printed.out);
    expect({ command, env, baselines }).toEqual({ command: 'train/compare.ts', env: 'toy', baselines: [] });
    expect(groups.map(({ label }: { label: string }) => label)).toEqual(['stepSize=0.05', 'stepSize=0.5']);
    expect(groups[0]).toMatchObject({
      agent: 'wanderer',
      seeds: [1, 2, 3],
      runs: slow,
      unfinished: [],
      steps: [60, 60],
      seconds: 3,
      summary: { policyGap: { median: 0.2, runs: 3 }, gapOverConstant: { median: 0.8 } },
    });
    expect(printed.err).toMatch(
      /steps +policy gap +95 % interval +gap \/ constant's +welfare loss % +return +seconds\n/,
    );
    expect(printed.err).toMatch(
      /\nstepSize=0\.05 +3 +60 +0\.2000 +0\.100 \.\. 0\.300 +0\.8000 +2\.000 +-0\.2000 +3\.0\n/,
    );
    expect(files).toEqual(
      ['tables/compare.csv', 'tables/runs.csv', 'plots/compare.svg', 'plots/compare.png'].map((file) =>
        path.join(out, file),
      ),
    );
    const rows = readFileSync(path.join(out, 'tables', 'runs.csv'), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(rows).toHaveLength(6);
    expect(rows[5]).toBe(`stepSize=0.5,${fast[1]},toy,wanderer,2,finished,60,0.04,0.16,0.4,-0.04,3`);
    const svg = readFileSync(path.join(out, 'plots', 'compare.svg'), 'utf8');
    for (const text of ['stepSize=0.05', 'stepSize=0.5', 'policy gap', 'return in evaluations']) {
      expect(svg).toContain(text);
    }
  });

  it('holds baselines against them, on their economy and seeds', async () => {
    const folders = [1, 2].map((seed) => run({ name: `base${seed}`, seed }));
    const args = [...runsArgs(...folders), '--json', '--quiet', '--out', newPath()];
    const named = ['--baseline', 'random', '--baseline', 'constant', '--baseline', 'oracle'];
    const { out } = await outcome(compareToy, ...args, ...named);
    const { baselines } = JSON.parse(out);
    const gaps = Object.fromEntries(
      baselines.map((row: { label: string; seeds: number[]; summary: { policyGap: { median: number } } }) => {
        expect(row.seeds).toEqual([1, 2]);
        return [row.label, row.summary.policyGap.median];
      }),
    );
    // Optimal spending at wealth -1, 0 and 1 is -0.4, 0.1 and 0.6: the median misses it by 1/3 on average.
    expect(gaps.constant).toBeCloseTo(1 / 3, 12);
    expect(gaps.oracle).toBe(0);
    // Uniform on [-5, 5] its mean distance is about 2.5, that of the middle, 0, would be 0.37.
    expect(gaps.random).toBeGreaterThan(0.8);
    const again = await outcome(compareToy, ...args.slice(0, -1), newPath(), ...named);
    expect(JSON.parse(again.out).baselines).toEqual(baselines);
  });

  it('refuses baselines that need an oracle where there is none, and takes random', async () => {
    const { oracle: _, ...blind } = toy;
    const compareBlind = compareCommand({
      methods: { wanderer },
      environments: createRegistry([blind]),
      file: 'train/compare.ts',
    });
    const args = [...runsArgs(run({ name: 'blind' })), '--json', '--quiet'];
    for (const baseline of ['constant', 'oracle']) {
      const out = newPath();
      const refused = await outcome(compareBlind, ...args, '--baseline', baseline, '--out', out);
      expect(refused.code).toBe(2);
      expect(refused.err).toContain('toy has no oracle');
      expect(refused.err).toContain(`--baseline ${baseline} needs one, --baseline random none`);
      expect(existsSync(out)).toBe(false);
    }
    const { code } = await outcome(compareBlind, ...args, '--baseline', 'random', '--out', newPath());
    expect(code).toBe(0);
    const { out: help } = await outcome(compareBlind, '--help');
    expect(help.replaceAll(/\s+/g, ' ')).toContain(
      "constant, the median of the oracle's actions, and oracle need an economy with an oracle",
    );
  });

  it('says which file it loads because a run names it', async () => {
    const folder = run({ name: 'named' });
    const { config } = runPaths(folder);
    const file = path.join(base, 'mine.mjs');
    const fixtures = fileURLToPath(new URL('../test-fixtures.ts', import.meta.url));
    writeFileSync(
      file,
      `import { toy } from ${JSON.stringify(fixtures)}; export default { ...toy, calibrations: {}, id: 'mine' };`,
    );
    const known = JSON.parse(readFileSync(config, 'utf8'));
    const environment = { ...known.environment, id: 'mine', module: file };
    writeFileSync(config, JSON.stringify({ ...known, environment }));
    const args = ['--run', folder, '--baseline', 'random'];
    const { code, err } = await outcome(compareToy, ...args, '--out', newPath());
    expect(code, err).toBe(0);
    expect(err).toContain(`loads ${file}, which ${config} names`);
    const named = await outcome(compareToy, ...args, '--module', file, '--out', newPath());
    expect(named.err).not.toContain('loads ');
  });

  it('takes the folder of several seeds for its runs, and shows an unfinished one in the figure only', async () => {
    const folder = path.join(base, 'sweep');
    for (const seed of [1, 2]) run({ name: `sweep/s${seed}`, seed, gap: seed / 10 });
    const unfinished = run({ name: 'sweep/s3', seed: 3, gap: 0.9, state: 'unfinished' });
    writeSweep(sweepPaths(folder), {
      command: 'train/x.ts',
      method: 'wanderer',
      env: 'toy',
      version: 2,
      seeds: [1, 2, 3, 4],
      options: {},
    });
    const { out, err } = await outcome(compareToy, '--run', folder, '--json', '--out', newPath());
    expect(err).toContain(
      `${unfinished} is not finished (step 60 of 60): it is in the figure, not in the table. Finish it with: npx tsx train/x.ts --resume ${unfinished}`,
    );
    expect(err).toMatch(/\nwanderer +2 of 3 +60 +0\.1500 /);
    expect(JSON.parse(out).groups).toMatchObject([
      { label: 'wanderer', unfinished: [unfinished], summary: { policyGap: { runs: 2 } } },
    ]);
  });

  it('counts a run once, and of two runs of one seed the finished one', async () => {
    const first = run({ name: 'same', seed: 5, state: 'unfinished' });
    const second = run({ name: 'same-2', seed: 5, gap: 0.3 });
    const args = runsArgs(first, second, second);
    const { out, err } = await outcome(compareToy, ...args, '--json', '--out', newPath());
    expect(err).toContain(`${first} and ${second} are the same run, of seed 5: ${second} counts`);
    expect(err.match(/are the same run/g)).toHaveLength(1);
    expect(JSON.parse(out).groups).toMatchObject([
      { runs: [second], summary: { policyGap: { median: 0.3 } } },
    ]);
  });

  it('refuses different economies, saying what differs, unless it is asked to go across', async () => {
    const folders = [run({ name: 'calm' }), run({ name: 'restless', env: 'toy/restless' })];
    const refused = await outcome(compareToy, ...runsArgs(...folders), '--out', newPath());
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(
      'not of one economy: persistence 0.9 and 0.1. Give runs of one economy, or --across',
    );
    const out = newPath();
    const across = ['--across', '--baseline', 'constant', '--out', out];
    const { code, out: table } = await outcome(compareToy, ...runsArgs(...folders), ...across);
    expect(code).toBe(0);
    expect(table).toMatch(/\ntoy\/restless +toy\/restless +1 +60 /);
    expect(table).toMatch(/\nconstant toy +toy +0\.3333 /);
    expect(table).toMatch(/\nconstant toy\/restless +toy\/restless +0\.3333 /);
  });

  it('takes labels in the order of the runs', async () => {
    const folders = [
      run({ name: 'l1' }),
      run({ name: 'l2', seed: 2 }),
      run({ name: 'l3', set: { copies: 5 } }),
    ];
    const labels = async (...names: string[]) =>
      outcome(
        compareToy,
        ...runsArgs(...folders),
        ...names.flatMap((name) => ['--label', name]),
        '--json',
        '--quiet',
        '--out',
        newPath(),
      );
    const named = async (...names: string[]) =>
      JSON.parse((await labels(...names)).out).groups.map(({ label }: { label: string }) => label);
    expect(await named('few', 'few', 'many')).toEqual(['few', 'many']);
    expect(await named('few', 'many')).toEqual(['few', 'many']);
    for (const wrong of [['one'], ['one', 'two', 'three'], ['one', 'one', 'one']]) {
      const { code, err } = await labels(...wrong);
      expect(code).toBe(2);
      expect(err).toContain('--label');
    }
  });

  it.each([
    [[], 'what is to be compared? Give --run FOLDER'],
    [['--run', path.join(base, 'nowhere')], 'there is no such folder'],
    [['--run', base], 'there is no config.json in it'],
    [['--baseline', 'best'], '--baseline is ["best"]; allowed: random, constant, oracle'],
  ])('%j is refused with exit code 2, and nothing is written', async (args, words) => {
    const out = newPath();
    const { code, err } = await outcome(compareToy, ...args, '--out', out);
    expect(err).toContain(words);
    expect(code).toBe(2);
  });
});

describe('the labels of compared runs', () => {
  const config = (changes: object = {}): ComparedConfig => ({
    command: 'train/x.ts',
    environment: { id: 'toy', version: 1, module: null, set: {}, calibration: { persistence: 0.9 } },
    method: 'sac',
    settings: { hidden: '64x64', copies: 32 },
    seed: 1,
    steps: 100,
    backend: 'kernels',
    kernels: 'wasm',
    ...changes,
  });

  it('name the agent where agents differ, and its settings where those of its kind differ', () => {
    const wide = { settings: { hidden: '256x256', copies: 32 } };
    const ddpg = { method: 'ddpg', settings: { noise: 0.1 } };
    expect(labelsOf([config()])).toEqual(['sac']);
    expect(labelsOf([config(), config(wide)])).toEqual(['hidden=64x64', 'hidden=256x256']);
    expect(labelsOf([config(), config(wide), config(ddpg)])).toEqual([
      'sac hidden=64x64',
      'sac hidden=256x256',
      'ddpg',
    ]);
    expect(labelsOf([config(), config({ steps: 200 }), config({ kernels: 'native' })])).toEqual([
      'steps=100 wasm',
      'steps=200 wasm',
      'steps=100 native',
    ]);
    // The most iterations of a solver tell it from nothing else.
    expect(labelsOf([config(), config({ method: 'grid', settings: {}, steps: 2000 })])).toEqual([
      'sac',
      'grid',
    ]);
  });

  it('stay short where much differs, and never are the same', () => {
    const many = (value: number) =>
      config({ settings: { a: value, b: value, c: value, d: value, e: value === 3 ? 2 : value } });
    expect(labelsOf([many(1), many(2)])[0]).toBe('a=1 b=1 c=1 and 2 more');
    const alike = [1, 2].map((d) => config({ settings: { a: 1, b: 1, c: 1, d, e: d } }));
    const other = config({ settings: { a: 2, b: 2, c: 2, d: 3, e: 3 } });
    expect(labelsOf([...alike, other])).toEqual([
      'a=1 b=1 c=1 and 2 more',
      'a=1 b=1 c=1 and 2 more (2)',
      'a=2 b=2 c=2 and 2 more',
    ]);
  });
});
