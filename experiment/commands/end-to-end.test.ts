import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../run/checkpoint.ts';
import { command, type Ended } from './processes-fixture.ts';

const base = mkdtempSync(path.join(tmpdir(), 'end-to-end-'));
afterAll(() => rmSync(base, { recursive: true }));

const hex = (file: string) => readFileSync(file).toString('hex');

const run = path.join(base, 'run');
const checkpoint = path.join(run, 'checkpoints', 'last.msgpack');
const short = ['--steps', '200', '--set', 'warmup=1600', '--set', 'hidden=8x8', '--set', 'batchSize=16'];
let trained: Ended = { code: null, signal: null, out: '', err: '' };

beforeAll(async () => {
  trained = await command(['train/sac.ts', ...short, '--json', '--out', run]);
});

describe('train/sac.ts', () => {
  it('trains, and prints one line of JSON on standard output', () => {
    expect(trained.err).toContain('100 %');
    expect(trained.code).toBe(0);
    const result = JSON.parse(trained.out);
    expect(trained.out.trimEnd().split('\n')).toHaveLength(1);
    expect(result).toMatchObject({
      command: 'train/sac.ts',
      env: 'jesusfv',
      agent: 'sac',
      steps: 200,
      run,
      converged: true,
    });
    expect(result.oracle.policyGap).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThan(0.1);
  });

  it('gives the same bytes for the same seed', async () => {
    const again = path.join(base, 'again');
    await command(['train/sac.ts', ...short, '--quiet', '--out', again]);
    for (const file of ['metrics.jsonl', 'checkpoints/last.msgpack']) {
      expect(hex(path.join(again, file)), file).toBe(hex(path.join(run, file)));
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s writes a checkpoint that can be evaluated, says where, and ends with its code',
    async (signal) => {
      const out = path.join(base, signal);
      let sent = false;
      const {
        code,
        err,
        out: printed,
      } = await command(
        [
          'train/sac.ts',
          '--steps',
          '20000',
          '--json',
          '--set',
          'hidden=8x8',
          '--set',
          'warmup=320000',
          '--out',
          out,
        ],
        (text, child) => {
          if (sent || !text.includes('10 %')) return;
          sent = true;
          child.kill(signal);
        },
      );
      const file = path.join(out, 'checkpoints', 'last.msgpack');
      expect(err).toContain(signal);
      expect(err).toContain(file);
      expect({ code, printed }).toEqual({ code: signal === 'SIGINT' ? 130 : 143, printed: '' });
      const { step } = readCheckpoint(file);
      expect(step).toBeGreaterThanOrEqual(2000);
      expect(step).toBeLessThan(20_000);
    },
  );

  it.each([
    [['--env', 'jesusvf'], 'unknown environment "jesusvf". Did you mean "jesusfv"?'],
    [['--stepz', '3'], 'unknown option "--stepz". Did you mean "--steps"?'],
    [['--set', 'discountFactor=1.5'], 'discountFactor'],
  ])('%j ends with exit code 2 and writes nothing', async (args, words) => {
    const out = path.join(base, 'refused');
    const { code, err, out: printed } = await command(['train/sac.ts', '--json', '--out', out, ...args]);
    expect(err).toContain(words);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(existsSync(out)).toBe(false);
  });

  it('runs several seeds in processes of their own', async () => {
    const out = path.join(base, 'seeds');
    const { code, out: printed } = await command([
      'train/sac.ts',
      ...short,
      '--seeds',
      '1-2',
      '--json',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    const { runs, summary, seeds } = JSON.parse(printed);
    expect(seeds).toEqual([1, 2]);
    expect(runs[0].oracle).toEqual(JSON.parse(trained.out).oracle);
    expect(runs[1].oracle.policyGap).not.toBe(runs[0].oracle.policyGap);
    expect(summary.policyGap.median).toBeCloseTo(
      (runs[0].oracle.policyGap + runs[1].oracle.policyGap) / 2,
      12,
    );
    expect(existsSync(path.join(out, 's2', 'checkpoints', 'last.msgpack'))).toBe(true);
  });
});

describe('train/eval.ts', () => {
  it('finds the distances that training found', async () => {
    const { code, out } = await command(['train/eval.ts', '--run', run, '--seed', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).oracle).toEqual(JSON.parse(trained.out).oracle);
  });

  it('refuses a truncated checkpoint and one of another economy with exit code 1, and leaves the file as it is', async () => {
    const cut = path.join(base, 'cut.msgpack');
    copyFileSync(checkpoint, cut);
    truncateSync(cut, 5000);
    const before = hex(checkpoint);
    const [truncated, other] = await Promise.all([
      command(['train/eval.ts', '--checkpoint', cut]),
      command(['train/eval.ts', '--checkpoint', checkpoint, '--env', 'jesusfv/annual']),
    ]);
    expect(truncated).toMatchObject({ code: 1, err: expect.stringContaining('truncated') });
    expect(other).toMatchObject({
      code: 1,
      err: expect.stringContaining('of the economy "jesusfv", not of "jesusfv/annual"'),
    });
    expect(hex(checkpoint)).toBe(before);
  });
});
