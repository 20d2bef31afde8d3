import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { execute } from '../experiment/cli/command.ts';
import { benchAll, runJob } from './all.ts';
import { at, COMMANDS, PARTS } from './jobs.ts';
import { describeMachine } from './machine.ts';
import { resultsPage, summarise } from './results.ts';

const round = (first: number, second?: number) => [
  { name: 'a', unit: 'ms', value: first },
  ...(second === undefined ? [] : [{ name: 'b', unit: 's', value: second }]),
];

describe('the numbers of all rounds', () => {
  it('are their median and ends, each over the rounds that have it', () => {
    expect(summarise([round(3, 1), round(1), round(8, 2)])).toEqual([
      { name: 'a', unit: 'ms', median: 3, least: 1, most: 8, rounds: 3 },
      { name: 'b', unit: 's', median: 1.5, least: 1, most: 2, rounds: 2 },
    ]);
  });

  it('are taken from JSON by their path, where they are', () => {
    const json = { timings: [{ engine: 'js', milliseconds: 2 }] };
    expect(at(json, 'timings.0.milliseconds')).toBe(2);
    expect(at(json, 'timings.1.milliseconds')).toBeUndefined();
    const [update] = PARTS.filter(({ name }) => name === 'update');
    const usage = { cpuSeconds: 1, megabytes: 1 };
    const timings = [{ hidden: '64x64', engine: 'wasm', milliseconds: 2, timesJs: 9 }];
    expect(update.figures({ json: { timings }, wallSeconds: 1, usage })).toEqual([
      { name: '64x64, wasm', unit: 'ms', value: 2 },
      { name: '64x64, wasm, against js', unit: 'times', value: 9 },
    ]);
  });

  it('of a whole command are time, memory and the accuracy that it reports', () => {
    const usage = { cpuSeconds: 4, megabytes: 200 };
    const json = { oracle: { policyGap: 0.01, meanPriceGap: 0.002 } };
    const figures = COMMANDS[0].figures({ json, wallSeconds: 3, usage });
    expect(figures.map(({ value }) => value)).toEqual([3, 4, 200, 0.002]);
  });
});

describe('the page of results', () => {
  const machine = describeMachine();
  const failing = { name: 'x', title: 'X', command: 'npx tsx x.ts', results: [], failed: 'no such file' };
  const page = resultsPage({
    machine,
    date: '2026-01-02',
    commit: 'abc',
    command: 'npm run bench',
    rounds: 3,
    parts: [{ name: 'p', title: 'P', command: 'npx tsx p.ts', results: summarise([round(3)]) }],
    commands: [failing],
  });

  it('says day, commit, command and machine, a row for each number, and what failed', () => {
    expect(page).toContain('Written by `npm run bench` on 2026-01-02, commit abc.');
    expect(page).toContain(machine.processor);
    expect(page).toContain('| a | 3.00 | 3.00 | 3.00 | ms |');
    expect(page).toContain('| X | failed: no such file |');
  });
});

describe('the command', () => {
  it('runs a job as a process of its own, whose time and memory it knows', async () => {
    const job = { name: 'x', title: '', command: ['train/sac.ts', '--help'], figures: () => [] };
    const { wallSeconds, usage } = await runJob(job);
    expect(wallSeconds).toBeGreaterThan(0.1);
    expect(usage.cpuSeconds).toBeGreaterThan(0.1);
    expect(usage.megabytes).toBeGreaterThan(30);
    await expect(runJob({ ...job, command: ['train/sac.ts', '--sed', '1'] })).rejects.toThrow('--sed');
  });

  it('refuses a benchmark that there is not', async () => {
    let err = '';
    const out = new Writable({ write: (_chunk, _encoding, done) => done() });
    const errors = new Writable({
      write(chunk: Buffer, _encoding, done) {
        err += chunk.toString();
        done();
      },
    });
    expect(await execute(benchAll, ['--only', 'updat'], { out, err: errors })).toBe(2);
    expect(err).toContain('--only is "updat"; allowed: start, update');
  });
});
