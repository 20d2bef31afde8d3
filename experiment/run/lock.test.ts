import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { acquireLock, describeOwner, LOCK } from './lock.ts';
import { thisProcess } from './process-identity.ts';

const base = mkdtempSync(path.join(tmpdir(), 'lock-'));
chmodSync(base, 0o755);
afterAll(() => rmSync(base, { recursive: true }));

let folders = 0;
function newFolder(): string {
  const folder = path.join(base, `run-${folders++}`);
  mkdirSync(folder);
  return folder;
}

/** A process that is over. */
const gone = spawnSync(process.execPath, ['--version']).pid;
const dead = { ...thisProcess(), pid: gone };

function place(folder: string, content: object | string, name = LOCK): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path.join(folder, name), text);
}

function failure(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing failed');
}

const SINCE = /since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

describe("a run's folder", () => {
  it('has one owner, who is told, until it is given back', () => {
    const folder = newFolder();
    expect(describeOwner(folder)).toBe(undefined);
    const lock = acquireLock(folder);
    expect(lock.file).toBe(path.join(folder, 'run.lock'));
    expect(JSON.parse(readFileSync(lock.file, 'utf8'))).toMatchObject({ ...thisProcess() });
    expect(describeOwner(folder)).toMatch(`this process (${process.pid}), since `);
    expect(readdirSync(folder)).toEqual([LOCK]);
    const error = failure(() => acquireLock(folder));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`${folder}: this process (${process.pid}) has held this folder since `);
    expect(error.message).toMatch(SINCE);
    expect(error.message).toContain(
      'and still runs. Wait until it ends or stop it, then try again, or give another folder with --out.',
    );
    expect(readdirSync(folder)).toEqual([LOCK]);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    acquireLock(folder).release();
  });

  it('held by another process that runs is refused, with its number', () => {
    const folder = newFolder();
    place(folder, { ...thisProcess(), pid: process.ppid, started: null });
    expect(failure(() => acquireLock(folder)).message).toContain(
      `${folder}: process ${process.ppid} has held`,
    );
    expect(describeOwner(folder)).toMatch(SINCE);
    expect(readdirSync(folder)).toEqual([LOCK]);
  });

  it('held from another host or container is refused, with the remedy if that run is dead', () => {
    const folder = newFolder();
    place(folder, { ...dead, host: 'far-away' });
    const error = failure(() => acquireLock(folder));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`process ${gone} of the computer "far-away" has held this folder since`);
    expect(error.message).toContain(`If it does not, remove ${path.join(folder, LOCK)} and try again`);
    expect(describeOwner(folder)).toContain('far-away');
    if (process.platform !== 'linux') return;
    place(folder, { ...dead, pidNamespace: 'pid:[1]' });
    expect(failure(() => acquireLock(folder)).message).toContain(
      `process ${gone} of another container has held`,
    );
  });

  it.each([
    ['whose owner is over', dead],
    ['whose owner wrote no more than host and number', { host: dead.host, pid: gone }],
    ["whose owner's number has another process now", { ...thisProcess(), started: '1' }],
  ])('%s is free', (_, owner) => {
    const folder = newFolder();
    place(folder, owner);
    expect(describeOwner(folder)).toBe(undefined);
    const lock = acquireLock(folder);
    expect(readdirSync(folder)).toEqual([LOCK]);
    expect(describeOwner(folder)).toContain('this process');
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['', '{"host": "', `{"host":"${dead.host}","pid":-1}`, '\0\0\0'])(
    'is free if its lock stays unreadable: %j',
    (content) => {
      const folder = newFolder();
      place(folder, content);
      expect(describeOwner(folder)).toBe(undefined);
      acquireLock(folder).release();
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'is not taken from one who is still writing the lock, on a disk without links',
    async () => {
      const folder = newFolder();
      place(folder, '');
      const content = JSON.stringify({ ...thisProcess(), pid: process.ppid, started: null });
      const write = 'sleep 0.05; printf %s "$1" > "$0"';
      const writer = spawn('sh', ['-c', write, path.join(folder, LOCK), content]);
      const ended = once(writer, 'exit');
      expect(() => acquireLock(folder)).toThrow(`process ${process.ppid} has held`);
      await ended;
    },
  );

  it('can be taken though every process that tried to take it over was killed on the way', () => {
    const folder = newFolder();
    place(folder, { ...dead, id: 'a' });
    place(folder, { ...dead, id: 'b' }, `${LOCK}.after-a`);
    place(folder, { ...dead, id: 'c' }, `${LOCK}.after-b`);
    place(folder, { ...dead, id: 'e' }, `${LOCK}.after-d`);
    const lock = acquireLock(folder);
    expect(readdirSync(folder)).toEqual([LOCK]);
    lock.release();
  });

  it('is not taken over past one who is at it and has stopped', () => {
    const folder = newFolder();
    const [lock, claim, claimOnClaim] = [LOCK, `${LOCK}.after-a`, `${LOCK}.after-b`];
    const stopped = { ...thisProcess(), pid: process.ppid, started: null };
    place(folder, { ...dead, id: 'a' });
    place(folder, { ...stopped, id: 'b' }, claim);
    expect(() => acquireLock(folder)).toThrow(`process ${process.ppid} has held`);
    expect(readdirSync(folder)).toEqual([lock, claim]);
    place(folder, { ...dead, id: 'b' }, claim);
    place(folder, { ...stopped, id: 'c' }, claimOnClaim);
    expect(() => acquireLock(folder)).toThrow(`process ${process.ppid} has held`);
    expect(readdirSync(folder)).toEqual([lock, claim, claimOnClaim]);
  });

  it('given back by one who has lost it stays with the one who has it now', () => {
    const folder = newFolder();
    const lost = acquireLock(folder);
    rmSync(lost.file);
    const lock = acquireLock(folder);
    lost.release();
    expect(existsSync(lock.file)).toBe(true);
    lock.release();
    lock.release();
    rmSync(folder, { recursive: true });
    lock.release();
  });

  it('that is not there, or may not be written in, is an error that names the lock', () => {
    const folder = path.join(base, 'none');
    expect(() => acquireLock(folder)).toThrow(
      `${path.join(folder, LOCK)}: cannot be written, the folder is gone`,
    );
    if (process.platform === 'win32') return;
    const locked = newFolder();
    chmodSync(locked, 0o555);
    const isSuperuser = process.getuid?.() === 0;
    if (isSuperuser) process.seteuid?.(65534);
    const error = failure(() => acquireLock(locked));
    if (isSuperuser) process.seteuid?.(0);
    expect(error.message).toContain('this process may not write there (EACCES)');
    expect(readdirSync(locked)).toEqual([]);
  });
});

describe('of twenty processes that try at once', () => {
  const COUNT = 20;
  // The usual mistakes (removing or renaming a dead lock, no second look after the claim) show within two.
  const ROUNDS = 8;
  const children: ChildProcess[] = [];

  // Waits for the starting file without rest, so that all set out together.
  const script = `
    import { existsSync } from 'node:fs';
    import { acquireLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)};
    let lock;
    process.on('message', ({ folder, start }) => {
      if (folder === undefined) {
        lock?.release();
        lock = undefined;
        return process.send('released');
      }
      process.send('ready');
      while (!existsSync(start));
      try {
        lock = acquireLock(folder);
        process.send('owner');
      } catch (error) {
        process.send(error.name === 'UsageError' ? 'refused' : error.stack);
      }
    });
    process.send('up');
  `;

  beforeAll(async () => {
    const file = path.join(base, 'contender.mjs');
    writeFileSync(file, script);
    for (let i = 0; i < COUNT; i++) children.push(fork(file, { execArgv: ['--import', 'tsx'] }));
    await answers();
  }, 120_000);

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  async function answers(): Promise<unknown[]> {
    return Promise.all(children.map(async (child) => (await once(child, 'message'))[0]));
  }

  async function race(folder: string): Promise<unknown[]> {
    const start = `${folder}.start`;
    const ready = answers();
    for (const child of children) child.send({ folder, start });
    await ready;
    const outcomes = answers();
    writeFileSync(start, '');
    return outcomes;
  }

  async function release(): Promise<void> {
    const released = answers();
    for (const child of children) child.send({});
    await released;
  }

  it.each([
    ['a free folder', () => {}],
    ["a dead owner's", (folder: string) => place(folder, dead)],
    [
      "a dead owner's that a dead one tried to take over",
      (folder: string) => {
        place(folder, { ...dead, id: 'a' });
        place(folder, { ...dead, id: 'b' }, `${LOCK}.after-a`);
      },
    ],
  ])('exactly one gets %s', async (_, prepare) => {
    for (let round = 0; round < ROUNDS; round++) {
      const folder = newFolder();
      prepare(folder);
      const outcomes = await race(folder);
      expect(outcomes.toSorted(), `round ${round}`).toEqual(['owner', ...Array(COUNT - 1).fill('refused')]);
      expect(readdirSync(folder)).toEqual([LOCK]);
      await release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('exactly one gets the folder of an owner who is killed', async () => {
    const folder = newFolder();
    const child = fork(path.join(base, 'contender.mjs'), { execArgv: ['--import', 'tsx'] });
    await once(child, 'message');
    const start = `${folder}.first`;
    writeFileSync(start, '');
    child.send({ folder, start });
    await once(child, 'message');
    expect(await once(child, 'message')).toEqual(['owner', undefined]);
    expect(new Set(await race(folder))).toEqual(new Set(['refused']));
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(`${folder}.start`);
    expect((await race(folder)).filter((outcome) => outcome === 'owner').length).toBe(1);
    await release();
  });
});
