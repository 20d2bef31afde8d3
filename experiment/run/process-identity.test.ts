import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { lifeOf, parseStat, processExists, stateFromPs, thisProcess } from './process-identity.ts';

const isLinux = process.platform === 'linux';
const isSuperuser = process.getuid?.() === 0;
const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
afterAll(() => sleeper.kill('SIGKILL'));

/** A process that is over. */
const gone = spawnSync(process.execPath, ['--version']).pid;

describe('a process', () => {
  it('that runs is alive: this one, its parent, its child', () => {
    const me = thisProcess();
    expect(me.pid).toBe(process.pid);
    expect(lifeOf(me)).toBe('alive');
    for (const pid of [process.ppid, sleeper.pid ?? 0]) {
      expect(lifeOf({ ...me, pid, started: null })).toBe('alive');
    }
  });

  it('that is over is dead', () => {
    expect(processExists(gone)).toBe(false);
    expect(lifeOf({ ...thisProcess(), pid: gone })).toBe('dead');
    expect(lifeOf({ ...thisProcess(), pid: gone, started: null, boot: null, pidNamespace: null })).toBe(
      'dead',
    );
  });

  it.skipIf(process.platform === 'win32')(
    'is dead if its number now belongs to one that started later',
    () => {
      const me = thisProcess();
      expect(me.started).not.toBe(null);
      expect(lifeOf({ ...me, started: `${me.started}0` })).toBe('dead');
      expect(lifeOf({ ...me, pid: sleeper.pid ?? 0 })).toBe('dead');
    },
  );

  it.skipIf(!isLinux)('is dead once the system was started again', () => {
    expect(lifeOf({ ...thisProcess(), boot: '00000000-0000-0000-0000-000000000000' })).toBe('dead');
  });

  it('of another host or container may run, whatever its number', () => {
    for (const pid of [process.pid, gone]) {
      expect(lifeOf({ ...thisProcess(), pid, host: 'another-host.example' })).toBe('unknown');
      if (isLinux) expect(lifeOf({ ...thisProcess(), pid, pidNamespace: 'pid:[1]' })).toBe('unknown');
    }
  });

  it.skipIf(!isLinux)('that has ended but was not yet noticed by its parent is dead', async () => {
    // The shell's child ends once the shell has become `sleep`, which never asks for it.
    const child = '(until grep -q sleep /proc/$$/comm; do sleep 0.01; done)';
    const parent = spawn('sh', ['-c', `${child} & echo $!; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line]: Buffer[] = await once(parent.stdout, 'data');
      const pid = Number(line.toString());
      const owner = { ...thisProcess(), pid, started: null };
      await expect.poll(() => lifeOf(owner), { timeout: 20_000 }).toBe('dead');
      expect(processExists(pid)).toBe(true);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it.skipIf(!isLinux)('of another user is alive though it may not be signalled', async () => {
    const other = isSuperuser ? spawn('sleep', ['60'], { uid: 1, stdio: 'ignore' }) : undefined;
    const pid = other?.pid ?? 1;
    try {
      if (isSuperuser) process.seteuid?.(65534);
      expect(() => process.kill(pid, 0)).toThrow('EPERM');
      expect(processExists(pid)).toBe(true);
      expect(lifeOf({ ...thisProcess(), pid, started: null })).toBe('alive');
    } finally {
      if (isSuperuser) process.seteuid?.(0);
      other?.kill('SIGKILL');
    }
  });
});

describe('the start of a process', () => {
  it.skipIf(!isLinux)('is field 22 of its line, whatever its name', () => {
    const rest = (state: string) =>
      `${state} 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 1101444 3133440 381`;
    for (const name of ['node', 'a b', 'a) R 1 (b', '))', '']) {
      expect(parseStat(`25376 (${name}) ${rest('S')}\n`)).toEqual({ started: '1101444', ended: false });
    }
    expect(parseStat(`1 (x) ${rest('Z')}`)).toEqual({ started: '1101444', ended: true });
    expect(parseStat('1 (x) S 1')).toBe(undefined);
    expect(parseStat('')).toBe(undefined);
  });

  it.skipIf(spawnSync('ps', ['-p', '1']).error !== undefined)(
    'is told by ps, the same each time, in whatever language and zone',
    () => {
      const told = stateFromPs(process.ppid);
      expect(told?.started).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d+ \d\d:\d\d:\d\d \d{4}$/);
      expect(told?.ended).toBe(false);
      const { TZ } = process.env;
      process.env.TZ = 'Asia/Kathmandu';
      expect(stateFromPs(process.ppid)).toEqual(told);
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
      expect(stateFromPs(gone)).toBe(undefined);
    },
  );
});
