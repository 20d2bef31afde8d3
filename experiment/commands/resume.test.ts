import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../run/checkpoint.ts';
import { command, contents, type Ended, root } from './processes-fixture.ts';

const base = mkdtempSync(path.join(tmpdir(), 'resume-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const train = (args: readonly string[], watch?: Parameters<typeof command>[1]) =>
  command(['train/sac.ts', ...args], watch);

/** Learning starts at step 200 of 400; the replay of 4000 transitions overflows at step 63. */
const options = [
  ...['--steps', '400', '--checkpoint-every', '60', '--set', 'warmup=12800'],
  ...['--set', 'hidden=8x8', '--set', 'batchSize=16', '--set', 'bufferSize=4000'],
];

const whole = path.join(base, 'whole');
let wholeResult: Record<string, unknown> = {};

beforeAll(async () => {
  const { code, out } = await train([...options, '--json', '--quiet', '--out', whole]);
  expect(code).toBe(0);
  wholeResult = JSON.parse(out);
  expect(Object.keys(contents(whole))).toEqual(
    expect.arrayContaining(['plots/learning-policy-gap.png', 'plots/policy.svg', 'tables/paths.csv']),
  );
}, 60_000);

function expectWhole(folder: string, report: 'full' | 'none' = 'full'): void {
  const drawn = /^(tables|plots)/;
  const expected = Object.fromEntries(
    Object.entries(contents(whole)).filter(([name]) => report === 'full' || !drawn.test(name)),
  );
  const found = contents(folder);
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, hex] of Object.entries(expected)) expect(found[name] === hex, name).toBe(true);
  const events = (place: string) => statSync(path.join(place, 'tensorboard', 'events.out.tfevents.0')).size;
  expect(events(folder)).toBe(events(whole));
}

/** Runs in `folder`, stopped by the signal when the words are seen; how it ended. */
function stopped(folder: string, signal: NodeJS.Signals, words: string, args = options): Promise<Ended> {
  let sent = false;
  return train([...args, folder], (text, child) => {
    if (sent || !text.includes(words)) return;
    sent = true;
    child.kill(signal);
  });
}

describe('a run that was stopped and resumed', () => {
  it.each([
    ['SIGKILL', 'in ', 'none'], // The first line: nothing has been done.
    ['SIGKILL', '20 %', 'none'],
    ['SIGKILL', '70 %', 'full'],
    ['SIGINT', '30 %', 'none'],
    ['SIGTERM', '80 %', 'full'],
  ] as const)(
    'by %s at "%s" ends with the bytes of one that was not, report %s',
    async (signal, words, report) => {
      const folder = path.join(base, `${signal}-${words.trim().replace(' %', '')}`);
      const first = await stopped(folder, signal, words, [...options, '--report', report, '--out']);
      expect(signal === 'SIGKILL' ? first.signal : first.code).toBe(
        { SIGKILL: 'SIGKILL', SIGINT: 130, SIGTERM: 143 }[signal],
      );
      if (signal !== 'SIGKILL') expect(first.err).toContain(`--resume ${folder}`);
      const { code, out, err } = await train(['--resume', folder, '--json']);
      expect(code).toBe(0);
      expect(err).toContain(words === 'in ' ? 'starts anew' : 'on from step');
      const result = JSON.parse(out);
      expect(result).toMatchObject({ oracle: wholeResult.oracle, return: wholeResult.return, steps: 400 });
      expect(result.updates).toBe(wholeResult.updates);
      expectWhole(folder, report);
    },
  );

  it('and stopped and resumed again still ends with them', async () => {
    const folder = path.join(base, 'again');
    await stopped(folder, 'SIGKILL', '30 %', [...options, '--out']);
    await stopped(folder, 'SIGTERM', '60 %', ['--resume']);
    await stopped(folder, 'SIGKILL', '90 %', ['--resume']);
    expect((await train(['--resume', folder, '--quiet'])).code).toBe(0);
    expectWhole(folder);
  });
});

describe('a run whose memory fills several files and forgets, with two types of agents and no oracle', () => {
  // 25 bytes or so a row and 2 x 64 rows a step: 8 segments of a megabyte are written, and only the last ones kept.
  const args = [
    ...['--module', path.join(root, 'experiment/commands/two-types-fixture.ts')],
    ...['--steps', '2400', '--checkpoint-every', '400', '--patience', '30', '--report', 'none'],
    ...[
      '--set',
      'hidden=4x4',
      '--set',
      'batchSize=8',
      '--set',
      'bufferSize=100000',
      '--set',
      'sac.copies=64',
    ],
  ];

  it('ends with the same bytes, whenever it was killed', async () => {
    const [straight, killed] = ['straight', 'killed'].map((name) => path.join(base, `segments-${name}`));
    expect((await train([...args, '--quiet', '--out', straight])).code).toBe(0);
    await stopped(killed, 'SIGKILL', '50 %', [...args, '--out']);
    const memory = readdirSync(path.join(killed, 'checkpoints', 'memory'));
    expect(memory.filter((name) => name.startsWith('buyer')).length).toBeGreaterThanOrEqual(1);
    await stopped(killed, 'SIGKILL', '90 %', ['--resume']);
    expect((await train(['--resume', killed, '--quiet'])).code).toBe(0);
    expect(contents(killed)).toEqual(contents(straight));
    expect(Object.keys(contents(straight))).toContain('checkpoints/best.msgpack');
  });
});

describe('--resume', () => {
  const copyOf = (name: string) => {
    const folder = path.join(base, name);
    cpSync(whole, folder, { recursive: true });
    return folder;
  };

  it('of a finished run shows its result again', async () => {
    const folder = copyOf('finished');
    const { out } = await train(['--resume', folder, '--json', '--quiet']);
    expect(JSON.parse(out)).toMatchObject({ oracle: wholeResult.oracle, updates: wholeResult.updates });
    expectWhole(folder);
  });

  it('of a folder that is not there starts anew with the options given, and says so', async () => {
    const folder = path.join(base, 'new');
    const { code, err } = await train([...options, '--resume', folder]);
    expect(code).toBe(0);
    expect(err).toContain('starts anew');
    expectWhole(folder);
  });

  it.each([
    [['--steps', '500'], /--steps=500.*begun with --steps=400/],
    [['--seed', '2'], /--seed=2.*begun with no such option/],
    [['--checkpoint-every', '61'], /--checkpoint-every=61.*begun with --checkpoint-every=60/],
    [['--out', 'elsewhere'], /give one of them/],
  ])('with %j is refused: it would be another run', async (more, words) => {
    const folder = copyOf(`other-${more[0].slice(2)}`);
    const { code, err } = await train(['--resume', folder, ...more]);
    expect(code).toBe(2);
    expect(err).toMatch(words);
    expectWhole(folder);
  });

  it('of a folder in which nothing was begun must say what is to begin there', async () => {
    const folder = path.join(base, 'typo');
    const { code, err } = await train(['--resume', folder, '--quiet']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/no run was begun there/) });
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['a folder of the user', 'notes.txt'],
    ['a folder with a config.json of the user', 'config.json'],
    ['a file', ''],
  ])('of %s is refused, and nothing in it is touched', async (name, file) => {
    const place = path.join(base, name.replaceAll(' ', '-'));
    if (file === '') writeFileSync(place, 'mine');
    else {
      mkdirSync(path.join(place, 'tables'), { recursive: true });
      writeFileSync(path.join(place, 'tables', 'mine.csv'), '1');
      writeFileSync(path.join(place, file), '{"my":"own"}');
    }
    const before = file === '' ? 'mine' : contents(place);
    const { code, err } = await train(['--steps', '10', '--resume', place]);
    expect(code, err).not.toBe(0);
    expect(err).toContain(place);
    expect(file === '' ? readFileSync(place, 'utf8') : contents(place)).toEqual(before);
    if (file === 'config.json') expect(readFileSync(path.join(place, file), 'utf8')).toBe('{"my":"own"}');
  });

  it('may ask for the report that a run was begun without', async () => {
    const folder = path.join(base, 'report');
    expect(
      (await train(['--steps', '20', '--set', 'hidden=4x4', '--report', 'none', '--quiet', '--out', folder]))
        .code,
    ).toBe(0);
    expect(existsSync(path.join(folder, 'report.html'))).toBe(false);
    expect((await train(['--resume', folder, '--report', 'full', '--quiet'])).code).toBe(0);
    expect(existsSync(path.join(folder, 'report.html'))).toBe(true);
  });

  it('is refused while the run is alive, and so is a second one', async () => {
    const folder = path.join(base, 'alive');
    let second: Promise<Ended> | undefined;
    const first = await train(
      ['--steps', '40000', '--set', 'warmup=2560000', '--out', folder],
      (text, child) => {
        if (second !== undefined || !text.includes('in ')) return;
        second = train(['--resume', folder]);
        second.finally(() => child.kill('SIGTERM'));
      },
    );
    expect(first.code).toBe(143);
    expect(await second).toMatchObject({ code: 2, err: expect.stringMatching(/process \d+/) });
  });

  it('names what does not fit, and leaves it as it is', async () => {
    const short = copyOf('short');
    truncateSync(path.join(short, 'metrics.jsonl'), 1000);
    const damaged = copyOf('damaged');
    const file = path.join(damaged, 'checkpoints', 'last.msgpack');
    const bytes = Uint8Array.from(readFileSync(file));
    bytes[bytes.length - 100] ^= 1;
    writeFileSync(file, bytes);
    const [cut, flipped] = await Promise.all([short, damaged].map((folder) => train(['--resume', folder])));
    expect(cut).toMatchObject({ code: 1, err: expect.stringMatching(/metrics\.jsonl.*1000/) });
    expect(flipped).toMatchObject({ code: 1, err: expect.stringMatching(/last\.msgpack.*checksum/) });
    expect(Uint8Array.from(readFileSync(file))).toEqual(bytes);
  });
});

describe('early stopping', () => {
  it('ends at the evaluation that has the reason, and the same after a kill', async () => {
    const [straight, killed] = ['straight', 'killed'].map((name) => path.join(base, `patience-${name}`));
    // Nothing is learned before step 200, so two evaluations without improvement come soon.
    const args = [...options, '--patience', '2', '--evaluate-every', '50', '--report', 'none'];
    const { out, err } = await train([...args, '--json', '--out', straight]);
    const { steps, stopped: reason } = JSON.parse(out);
    expect({ steps, reason }).toEqual({
      steps: 150,
      reason: 'the policy gap has not improved in 2 evaluations',
    });
    expect(err).toContain(reason);
    await stopped(killed, 'SIGKILL', '20 %', [...args, '--out']);
    const again = await train(['--resume', killed, '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ steps: 150, stopped: reason });
    expect(contents(killed)).toEqual(contents(straight));
    expect(readCheckpoint(path.join(killed, 'checkpoints', 'last.msgpack')).step).toBe(150);
  });

  it('at a gap needs an oracle', async () => {
    const { code, err } = await train(['--stop-at-gap', '0']);
    expect(code).toBe(2);
    expect(err).toContain('--stop-at-gap is 0');
  });
});

/** A disk of its own that fills up; only root can make one. */
const disk = path.join(base, 'disk');
mkdirSync(disk);
const isMounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk], { stdio: 'ignore' }).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [disk], { stdio: 'ignore' });
});

describe.skipIf(!isMounted)('a full disk', () => {
  it('ends the run with a clear error and the last good checkpoint intact, from which it goes on', async () => {
    const folder = path.join(disk, 'run');
    // 28 bytes a transition and 64 of them a step: the checkpoint of step 360 does not fit.
    const args = [...options, '--set', 'bufferSize=100000', '--report', 'none'];
    const { code, err } = await train([...args, '--out', folder]);
    expect(code).toBe(1);
    expect(err).toMatch(/the disk is full \(ENOSPC\)\. The last checkpoint, of step \d+, is whole/);
    const step = Number(/of step (\d+), is whole/.exec(err)?.[1]);
    expect(readCheckpoint(path.join(folder, 'checkpoints', 'last.msgpack')).step).toBe(step);
    expect(readdirSync(path.join(folder, 'checkpoints')).filter((name) => name.includes('tmp'))).toEqual([]);
    expect(existsSync(path.join(folder, 'run.lock'))).toBe(false);

    const [moved, reference] = [path.join(base, 'moved'), path.join(base, 'roomy')];
    cpSync(folder, moved, { recursive: true });
    expect((await train(['--resume', moved, '--quiet'])).code).toBe(0);
    expect((await train([...args, '--quiet', '--out', reference])).code).toBe(0);
    expect(contents(moved)).toEqual(contents(reference));
  });
});
