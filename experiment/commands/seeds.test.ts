import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { parseArguments } from '../cli/arguments.ts';
import type { ChildResult, Children } from '../cli/children.ts';
import { type TrainOptions, trainOptions } from '../cli/options.ts';
import { configText } from '../run/config.ts';
import { runPaths } from '../run/run-folder.ts';
import { toyEconomies, toyPlan, transcript, wanderer } from '../test-fixtures.ts';
import { runSeeds } from './seeds.ts';
import { readSweep, runOf, seedsName } from './seeds-folder.ts';
import { seedsRows, summarise } from './seeds-summary.ts';

const base = mkdtempSync(path.join(tmpdir(), 'seeds-'));
afterAll(() => rmSync(base, { recursive: true }));

let folders = 0;
const newPath = () => path.join(base, String(++folders));

type Answer = ChildResult | Error;

interface Given {
  readonly args: readonly string[];
  readonly fake: (seed: number, folder: string) => Answer | Promise<Answer>;
  /** Default: a new one. */
  readonly out?: string;
}

/** Runs seeds with children that answer at once; notes what they were asked and how many ran together. */
async function run({ args, fake, out: place = newPath() }: Given) {
  const asked: TrainOptions[] = [];
  let running = 0;
  let most = 0;
  const children: Children = {
    async run(childArgs, hear) {
      const { options } = parseArguments(trainOptions, childArgs);
      const { seed = Number.NaN, out, resume } = options;
      asked.push(options);
      most = Math.max(most, ++running);
      hear({ step: 1, steps: 2, policyGap: 0.5 });
      await new Promise((resolve) => setTimeout(resolve, 20 * (seed % 2)));
      const answer = await fake(seed, out ?? resume ?? '');
      running -= 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    stop() {},
  };
  const to = args.includes('--resume') ? [] : ['--out', place];
  const { options } = parseArguments(trainOptions, [...args, ...to]);
  const { terminal, out, err } = transcript();
  const { result = {}, exitCode } = await runSeeds({
    command: 'train/x.ts',
    method: wanderer,
    economy: toyEconomies.economy('toy'),
    set: { stepSize: '0.1' },
    options,
    seeds: options.seeds ?? '',
    terminal,
    children,
  });
  return { result, exitCode, asked, most, out: out(), err: err(), folder: place };
}

const result = (seed: number, changes: object = {}) => ({
  seed,
  seconds: 2,
  run: `runs/s${seed}`,
  converged: true,
  return: -seed,
  oracle: { policyGap: seed / 100 },
  ...changes,
});
const line = (seed: number, changes: object = {}) => JSON.stringify(result(seed, changes));
const good = (seed: number) => ({ exitCode: 0, out: `${line(seed)}\n`, err: '' });

/** Leaves behind what a run does. */
function thorough(seed: number, folder: string) {
  const { config, metrics, result: file } = runPaths(folder);
  mkdirSync(folder, { recursive: true });
  const preset = null;
  writeFileSync(config, configText({ plan: toyPlan({ seed }), command: 'train/x.ts', options: {}, preset }));
  const records = [10, 20, 30].map((step) => ({
    step,
    policyGap: (seed * 10) / step,
    evaluationReturn: step - seed,
  }));
  writeFileSync(metrics, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  writeFileSync(file, line(seed));
  return good(seed);
}

const seedsOf = (runs: unknown) => (runs as readonly { seed: number }[]).map(({ seed }) => seed);

describe('several seeds', () => {
  it('run this command for each seed, quietly, with the other options as they are, so many at once', async () => {
    const args = ['--seeds', '1-5', '--threads', '2', '--steps', '9', '--set', 'stepSize=0.1'];
    const { asked, most, folder } = await run({ args, fake: good });
    expect(most).toBe(2);
    expect(asked.map(({ seed }) => seed).sort()).toEqual([1, 2, 3, 4, 5]);
    for (const { seed, ...options } of asked) {
      expect(options).toEqual({
        ...trainOptions.parse({}),
        json: true,
        quiet: true,
        steps: 9,
        set: ['stepSize=0.1'],
        out: path.join(folder, `s${seed}`),
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
    expect(seedsOf(result.runs)).toEqual([5, 1, 2, 3, 4]);
    expect(result).toMatchObject({ runSeconds: 10, seconds: expect.any(Number) });
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
    expect(out).toMatch(/\n5 +0\.05000 +-5\.000 +2\.0 s\n/);
  });

  it('lose only the seeds that fail, say why, and end with exit code 1', async () => {
    const heapDump =
      '<--- Last few GCs --->\n\nFATAL ERROR: Reached heap limit\n----- Native stack trace -----\n';
    const fake = (seed: number): Answer => {
      if (seed === 2) return { exitCode: 1, out: '', err: 'train/x.ts: the actor diverged\n' };
      if (seed === 3) return new Error('spawn ENOMEM');
      if (seed === 4) return { exitCode: 0, out: 'not JSON', err: '' };
      if (seed === 5) return { exitCode: 1, out: line(5, { converged: false }), err: '' };
      if (seed === 7) return { exitCode: 137, signal: 'SIGKILL', out: '', err: '' };
      if (seed === 8) return { exitCode: 134, signal: 'SIGABRT', out: '', err: heapDump };
      return good(seed);
    };
    const { result, exitCode, out, err, folder } = await run({ args: ['--seeds', '1-8'], fake });
    expect(exitCode).toBe(1);
    expect(result.failed).toEqual([
      { seed: 2, failure: 'the actor diverged (exit code 1)' },
      { seed: 3, failure: 'spawn ENOMEM' },
      { seed: 4, failure: 'it printed no JSON line' },
      { seed: 5, failure: 'the solver behind the oracle has not converged' },
      { seed: 7, failure: 'ended by SIGKILL, perhaps for want of memory' },
      { seed: 8, failure: 'ended by SIGABRT: FATAL ERROR: Reached heap limit' },
    ]);
    expect(seedsOf(result.runs)).toEqual([1, 5, 6]);
    expect(result.converged).toBe(false);
    expect(err).toContain('seed 2 failed: the actor diverged');
    expect(out).toContain('failed: spawn ENOMEM');
    expect(out).toContain(`next            npx tsx train/x.ts --resume ${folder}\n`);
    const csv = readFileSync(path.join(folder, 'tables', 'seeds.csv'), 'utf8').split('\r\n');
    expect(csv[0]).toBe('seed,state,policyGap,return,failure');
    expect(csv[1]).toBe('1,finished,0.01,-1,');
    expect(csv[3]).toBe('3,failed,,,spawn ENOMEM');
    expect(csv[5]).toBe('5,failed,0.05,-5,the solver behind the oracle has not converged');
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

describe('the folder of several seeds', () => {
  it('holds what was asked for before any child starts, and afterwards tables, pictures, a page and the result', async () => {
    const fake = (seed: number, folder: string) => {
      expect(readSweep(path.dirname(folder))).toMatchObject({ command: 'train/x.ts', seeds: [1, 2, 3, 4] });
      return thorough(seed, folder);
    };
    const args = ['--seeds', '1-4', '--steps', '30', '--set', 'stepSize=0.1'];
    const { result: printed, folder, out, err } = await run({ args, fake });
    expect(err).not.toContain('failed');
    const files = [
      'tables/seeds.csv',
      'tables/summary.csv',
      'plots/seeds.svg',
      'plots/seeds.png',
      'report.html',
    ].map((file) => path.join(folder, file));
    expect(printed.files).toEqual(files);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(out).toMatch(/files +tables.seeds\.csv\n/);
    expect(JSON.parse(readFileSync(path.join(folder, 'result.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(printed)),
    );
    expect(readdirSync(folder).sort()).toEqual(
      ['plots', 'report.html', 'result.json', 's1', 's2', 's3', 's4', 'sweep.json', 'tables'].sort(),
    );
    const summary = readFileSync(path.join(folder, 'tables', 'summary.csv'), 'utf8').split('\r\n');
    expect(summary[0]).toBe(
      'number,runs,median,medianLow,medianHigh,interquartileMean,interquartileMeanLow,interquartileMeanHigh',
    );
    expect(summary[1]).toMatch(/^policyGap,4,0\.025,/);
    const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
    expect(page).toContain('npx tsx train/x.ts --set=stepSize=0.1 --seeds=1-4 --steps=30');
  });

  it('has the same bytes whatever the order and number at once', async () => {
    const bytes = async (threads: string) => {
      const args = ['--seeds', '1-4', '--threads', threads];
      const { folder } = await run({ args, fake: thorough });
      return ['tables/seeds.csv', 'tables/summary.csv', 'plots/seeds.svg', 'plots/seeds.png'].map((file) =>
        readFileSync(path.join(folder, file)).toString('hex'),
      );
    };
    expect(await bytes('4')).toEqual(await bytes('1'));
  });

  it('goes on: finished runs are read, begun ones resumed, others begun', async () => {
    const killed = (seed: number, folder: string): Answer => {
      if (seed === 1) return thorough(seed, folder);
      if (seed === 2) {
        thorough(seed, folder);
        rmSync(runPaths(folder).result);
      }
      return { exitCode: 137, signal: 'SIGKILL', out: '', err: '' };
    };
    const args = ['--seeds', '1-3', '--threads', '1'];
    const { folder } = await run({ args, fake: killed });
    const place = (seed: number) => path.join(folder, runOf(seed));
    const resumed = await run({ args: [...args, '--resume', folder], fake: thorough });
    expect(resumed.asked.map(({ seed, out, resume }) => ({ seed, out, resume }))).toEqual([
      { seed: 2, out: undefined, resume: place(2) },
      { seed: 3, out: place(3), resume: undefined },
    ]);
    expect(resumed.err).toContain('3 runs, 1 of them finished before, 1 at once');
    expect(seedsOf(resumed.result.runs)).toEqual([1, 2, 3]);
    const again = await run({ args: [...args, '--resume', folder], fake: () => new Error('asked') });
    expect(again.asked).toEqual([]);
    expect(again.exitCode).toBe(0);
    expect(again.result.summary).toEqual(resumed.result.summary);
  });

  it('does not go on as another sweep, and begins where nothing has begun', async () => {
    const { folder } = await run({ args: ['--seeds', '1-2'], fake: good });
    const other = run({ args: ['--seeds', '1-3', '--resume', folder], fake: good });
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow('begun with seeds 1,2, not 1,2,3. Type npx tsx train/x.ts --resume');
    const none = newPath();
    await run({ args: ['--seeds', '1-2', '--resume', none], fake: good });
    expect(readSweep(none).seeds).toEqual([1, 2]);
  });

  it('is named after the seeds, shortly', () => {
    expect(seedsName('1-5', [1, 2, 3, 4, 5])).toBe('1-5');
    const seeds = Array.from({ length: 60 }, (_, i) => 2 * i);
    expect(seedsName(seeds.join(','), seeds)).toBe('0-and-59-more');
  });

  it('that is taken, or cannot be made, is refused before any child starts', async () => {
    const file = newPath();
    writeFileSync(file, 'mine');
    const taken = newPath();
    mkdirSync(path.join(taken, 'old'), { recursive: true });
    let started = 0;
    const fake = (seed: number) => {
      started += 1;
      return good(seed);
    };
    const refusal = (out: string) => run({ args: ['--seeds', '1-3'], fake, out });
    await expect(refusal(taken)).rejects.toThrow(UsageError);
    await expect(refusal(taken)).rejects.toThrow(`${taken}: the folder is not empty; give a new one`);
    await expect(refusal(path.join(file, 'below'))).rejects.toThrow('the folder cannot be made');
    expect(started).toBe(0);
    expect(readdirSync(taken)).toEqual(['old']);
    const { folder } = await run({ args: ['--seeds', '1'], fake: good });
    await expect(refusal(folder)).rejects.toThrow(`go on with the run in it, --resume ${folder}`);
  });

  it('belongs to one command at a time', async () => {
    const out = newPath();
    let second: Promise<unknown> = Promise.resolve();
    const fake = async (seed: number) => {
      second = run({ args: ['--seeds', '1', '--resume', out], fake: good });
      await expect(second).rejects.toThrow('has held this folder since');
      return good(seed);
    };
    const { exitCode } = await run({ args: ['--seeds', '1'], fake, out });
    expect(exitCode).toBe(0);
  });
});

describe('several seeds that cannot be', () => {
  it('are refused once, as a mistake in what was asked, if every child refuses, and leave no folder', async () => {
    const fake = (seed: number) => ({ exitCode: 2, out: '', err: `train/x.ts: no room for ${seed}\n` });
    const out = newPath();
    const refused = run({ args: ['--seeds', '1-3', '--threads', '1'], fake, out });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/^no seed was accepted: no room for 1$/);
    expect(existsSync(out)).toBe(false);
  });

  it('are failures like others if some seeds are accepted', async () => {
    const fake = (seed: number) =>
      seed === 2 ? { exitCode: 2, out: '', err: 'train/x.ts: no room' } : good(seed);
    const { exitCode, result: printed, err } = await run({ args: ['--seeds', '1-3'], fake });
    expect(exitCode).toBe(1);
    expect(printed.failed).toEqual([{ seed: 2, failure: 'no room (exit code 2)' }]);
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
    expect(spread).toEqual({
      return: { median: 1, interquartileMean: 1, medianInterval: [1, 1], interval: [1, 1], runs: 1 },
    });
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
    expect(seedsRows(runs, summary).header).toEqual(['seed', 'policy gap', 'correlation (2 of 3)', 'time']);
  });
});
