import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RestoreError, UsageError } from '../../core/errors.ts';
import {
  appendBytes,
  cutFile,
  FileError,
  fileError,
  removeLeftovers,
  syncFile,
  temporaryName,
  writeFileAtomic,
} from './files.ts';

const base = mkdtempSync(path.join(tmpdir(), 'files-'));
const isSuperuser = process.getuid?.() === 0;
// For `asNobody`.
chmodSync(base, 0o755);

/** A disk of 64 KiB; undefined where this process may not make one. */
const smallDisk = mountSmall(path.join(base, 'disk'));
afterAll(() => {
  if (smallDisk !== undefined) execFileSync('umount', [smallDisk]);
  rmSync(base, { recursive: true });
});

function mountSmall(folder: string): string | undefined {
  if (process.platform !== 'linux' || !isSuperuser) return undefined;
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  return status === 0 ? folder : undefined;
}

/** Acts without a superuser's rights. */
function asNobody<T>(act: () => T): T {
  if (!isSuperuser) return act();
  process.seteuid?.(65534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

/** The error of what must fail. */
function failure(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

let folders = 0;
function newFolder(): string {
  const folder = path.join(base, `case-${folders++}`);
  mkdirSync(folder);
  return folder;
}

const text = (file: string) => readFileSync(file, 'utf8');

describe('a file written atomically', () => {
  it('holds text or bytes, replaces what was there, and leaves nothing beside it', () => {
    const folder = newFolder();
    const file = path.join(folder, 'a');
    writeFileAtomic(file, 'größer\n');
    expect(text(file)).toBe('größer\n');
    writeFileAtomic(file, Uint8Array.of(0, 255));
    expect([...readFileSync(file)]).toEqual([0, 255]);
    writeFileAtomic(file, '');
    expect(text(file)).toBe('');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('that cannot take its name leaves nothing behind, and the system’s own error where there is no remedy', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'taken', 'below'), { recursive: true });
    expect(() => writeFileAtomic(path.join(folder, 'taken'), 'x')).toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/);
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(failure(() => writeFileAtomic(path.join(folder, 'none', 'a'), 'x'))).toMatchObject({
      name: 'FileError',
      message: `${path.join(folder, 'none', 'a')}: cannot be written, the folder is gone (ENOENT). Put it back, or start anew in another one.`,
    });
  });

  it.skipIf(smallDisk === undefined)('on a full disk is what it was, and so is the folder', () => {
    const folder = smallDisk ?? '';
    const file = path.join(folder, 'last');
    const old = new Uint8Array(20_000).fill(7);
    writeFileAtomic(file, old);
    const error = failure(() => writeFileAtomic(file, new Uint8Array(60_000)));
    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject({ file, code: 'ENOSPC' });
    expect(readFileSync(file).equals(old)).toBe(true);
    expect(readdirSync(folder)).toEqual(['last']);
    // The room of the failed attempt is free again.
    writeFileAtomic(path.join(folder, 'other'), new Uint8Array(30_000));
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    expect(() => writeFileAtomic(file, 'x')).toThrow('the disk is read-only (EROFS)');
    expect(() => cutFile(file, 1)).toThrow('the disk is read-only (EROFS)');
    expect(readFileSync(file).equals(old)).toBe(true);
    execFileSync('mount', ['-o', 'remount,rw', folder]);
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  });

  it.skipIf(process.platform === 'win32')('in a read-only folder is what it was', () => {
    const folder = newFolder();
    const file = path.join(folder, 'a');
    writeFileSync(file, 'old');
    chmodSync(folder, 0o555);
    const error = asNobody(() => failure(() => writeFileAtomic(file, 'new')));
    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject({
      message: `${file}: cannot be written, this process may not write there (EACCES). Change the permissions of file and folder, then go on.`,
    });
    chmodSync(folder, 0o755);
    expect(text(file)).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('a file added to', () => {
  it('is made, grows by what is added, and can be cut back to any length it had', () => {
    const file = path.join(newFolder(), 'log');
    expect(syncFile(file)).toBe(0);
    appendBytes(file, 'one\n');
    const length = syncFile(file);
    expect(length).toBe(4);
    appendBytes(file, Uint8Array.of(50, 10));
    expect(text(file)).toBe('one\n2\n');
    cutFile(file, 6);
    expect(text(file)).toBe('one\n2\n');
    cutFile(file, length);
    expect(text(file)).toBe('one\n');
    appendBytes(file, 'three\n');
    expect(text(file)).toBe('one\nthree\n');
    cutFile(file, 0);
    expect(text(file)).toBe('');
  });

  it('and shortened since is not lengthened with zeros: both numbers and the remedy are told', () => {
    const file = path.join(newFolder(), 'log');
    cutFile(file, 0);
    expect(existsSync(file)).toBe(false);
    expect(() => cutFile(file, 5)).toThrow(`${file}: has 0 bytes, the checkpoint counts on 5.`);
    writeFileSync(file, 'abc');
    const error = failure(() => cutFile(file, 5));
    expect(error).toBeInstanceOf(RestoreError);
    expect(error).toMatchObject({
      message: `${file}: has 3 bytes, the checkpoint counts on 5. Something has shortened it since; put back the whole file, or train anew in another folder.`,
    });
    for (const length of [-1, 0.5, Number.NaN]) {
      expect(() => cutFile(file, length)).toThrow(`${file}: cannot be cut to ${length} bytes`);
    }
    expect(text(file)).toBe('abc');
  });

  it.skipIf(smallDisk === undefined)('on a full disk keeps what it had, without half a line', () => {
    const file = path.join(smallDisk ?? '', 'log');
    appendBytes(file, 'one\n');
    expect(() => appendBytes(file, 'x'.repeat(100_000))).toThrow(FileError);
    expect(text(file)).toBe('one\n');
    rmSync(file);
  });

  it.skipIf(!existsSync('/dev/full'))('on a full disk ends in an error with file, reason and remedy', () => {
    const error = failure(() => appendBytes('/dev/full', 'x'));
    expect(error).toBeInstanceOf(FileError);
    expect(error).not.toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: '/dev/full: cannot be written, the disk is full (ENOSPC). Make room on it, then go on.',
    });
  });
});

describe('an error of the disk', () => {
  const system = (code: string) => Object.assign(new Error(`${code}: something, write`), { code });
  const safe = 'The last good checkpoint is runs/x/checkpoints/last.msgpack (step 3000).';

  it('says file, what happened, what is safe and the remedy, in this order', () => {
    expect(fileError(system('ENOSPC'), { file: 'runs/x/metrics.jsonl', safe })).toMatchObject({
      message: `runs/x/metrics.jsonl: cannot be written, the disk is full (ENOSPC). ${safe} Make room on it, then go on.`,
      file: 'runs/x/metrics.jsonl',
      code: 'ENOSPC',
    });
  });

  it('has words of its own for each of the ways a disk refuses', () => {
    const codes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EMFILE', 'ENFILE', 'EFBIG', 'EIO', 'ENOENT'];
    const messages = codes.map((code) => {
      const error = fileError(system(code), { file: 'x' });
      expect(error).toBeInstanceOf(FileError);
      return error instanceof Error ? error.message.replace(`(${code})`, '') : '';
    });
    expect(new Set(messages).size).toBe(codes.length);
    expect(fileError(system('EPERM'), { file: 'x' })).toBeInstanceOf(FileError);
  });

  it('learns later what is safe, and keeps the file that it was about and the cause', () => {
    const cause = system('EIO');
    const later = fileError(fileError(cause, { file: 'deep' }), { file: 'outer', safe });
    expect(later).toMatchObject({ file: 'deep', code: 'EIO', cause });
    expect(later instanceof Error && later.message.startsWith('deep: ')).toBe(true);
    expect(later instanceof Error && later.message.includes(safe)).toBe(true);
    expect(fileError(later, { file: 'outer' })).toBe(later);
  });

  it('of another kind comes back as it is', () => {
    for (const error of [new UsageError('no'), system('EBADF'), system('toString'), 'text', undefined]) {
      expect(fileError(error, { file: 'x', safe })).toBe(error);
    }
  });
});

describe('what killed writers left', () => {
  it('is removed, here and below, and nothing else is', () => {
    const folder = newFolder();
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const below = path.join(folder, 'checkpoints');
    mkdirSync(below);
    const leftovers = [
      path.join(below, `last.msgpack.${dead}.eqgym.tmp`),
      temporaryName(path.join(folder, 'config.json')),
    ];
    const kept = [
      `a.${process.ppid}.eqgym.tmp`,
      `a.${dead}.tmp`,
      'a.eqgym.tmp',
      'a.0.eqgym.tmp',
      'b',
      `${dead}.eqgym.tmp.b`,
    ];
    for (const file of [...leftovers, ...kept.map((name) => path.join(folder, name))]) {
      writeFileSync(file, 'x');
    }
    mkdirSync(path.join(folder, `folder.${dead}.eqgym.tmp`));
    symlinkSync(below, path.join(folder, `link.${dead}.eqgym.tmp`));
    expect(removeLeftovers(folder)).toEqual(leftovers.toSorted());
    expect(removeLeftovers(folder)).toEqual([]);
    expect(readdirSync(below)).toEqual([]);
    expect(readdirSync(folder)).toEqual(
      [...kept, 'checkpoints', `folder.${dead}.eqgym.tmp`, `link.${dead}.eqgym.tmp`].sort(),
    );
  });
});
