/** Files that survive: written whole or not at all, on the disk when said to be, and cut back to what is known to be good. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { RestoreError } from '../../core/errors.ts';
import { processExists } from './process-identity.ts';

/** A file that cannot be written though nothing asked for was wrong; commands end with exit code 1. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly file: string;
  /** The system's name of what happened, e.g. ENOSPC. */
  readonly code: string;

  constructor(message: string, options: { readonly file: string; readonly code: string; cause: unknown }) {
    super(message, { cause: options.cause });
    this.file = options.file;
    this.code = options.code;
  }
}

/** What happened, and the remedy, by the system's name. */
const FAILURES: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'Make room on it, then go on.'],
  EDQUOT: [
    'your share of the disk is used up',
    'Remove files of yours or ask for a larger quota, then go on.',
  ],
  EROFS: ['the disk is read-only', 'Make it writable, or copy the folder to another disk, then go on.'],
  EACCES: ['this process may not write there', 'Change the permissions of file and folder, then go on.'],
  EPERM: ['this process may not write there', 'Change the permissions of file and folder, then go on.'],
  EMFILE: ['this process has too many files open', 'Raise the limit (ulimit -n), then go on.'],
  ENFILE: ['the system has too many files open', 'Close other programs, then go on.'],
  EFBIG: ['the file is larger than the disk or a limit allows', 'Raise the limit (ulimit -f), then go on.'],
  EIO: ['the disk reports an error', 'Look at the system log, and copy the folder to another disk.'],
  ENOENT: ['the folder is gone', 'Put it back, or start anew in another one.'],
};

/**
 * An error of the system as a FileError: the file, what happened, what is safe, the remedy. `safe` is a sentence such as `The last
 * good checkpoint is runs/x/checkpoints/last.msgpack (step 3000).`; a FileError without it gets it, and keeps its own file. Anything
 * else comes back as it is. Use it as `throw fileError(error, { file })`. Throws nothing.
 */
export function fileError(
  error: unknown,
  options: { readonly file: string; readonly safe?: string | undefined },
): unknown {
  const { safe } = options;
  if (error instanceof FileError) {
    return safe === undefined ? error : fileError(error.cause, { file: error.file, safe });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!Object.hasOwn(FAILURES, code)) return error;
  const [what, remedy] = FAILURES[code];
  const { file } = options;
  const sentences = [`${file}: cannot be written, ${what} (${code}).`, safe, remedy];
  return new FileError(sentences.filter((text) => text !== undefined).join(' '), {
    file,
    code,
    cause: error,
  });
}

/**
 * Writes a file through a temporary one beside it, so that the name holds a whole file at every moment, the old or the new, and
 * after a power failure too: content and name are on the disk when this returns. Text is written as UTF-8. Throws a FileError, see
 * `fileError`; then the old file is as it was, and the temporary one is gone.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const temporary = temporaryName(file);
  try {
    writeSynced(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw fileError(error, { file });
  }
  syncFolder(path.dirname(file));
}

/**
 * Adds to the end of a file, which is made if there is none. What is added outlives this process at once, and a power failure after
 * `syncFile`. Throws a FileError, see `fileError`; then nothing has been added.
 */
export function appendBytes(file: string, content: string | Uint8Array): void {
  try {
    withFile(file, 'a', (descriptor) => {
      const { size } = fstatSync(descriptor);
      try {
        writeAll(descriptor, content);
      } catch (error) {
        cutQuietly(descriptor, size);
        throw error;
      }
    });
  } catch (error) {
    throw fileError(error, { file });
  }
}

/**
 * Waits until all of a file is on the disk, and returns its length [bytes]: what a checkpoint may count on after a power failure.
 * A missing file has length 0. Throws a FileError, see `fileError`.
 */
export function syncFile(file: string): number {
  try {
    return withFile(file, 'r+', (descriptor) => {
      fsyncSync(descriptor);
      return fstatSync(descriptor).size;
    });
  } catch (error) {
    if (isMissing(error)) return 0;
    throw fileError(error, { file });
  }
}

/**
 * Cuts a file back to a stored length [bytes]; what was added since is gone, on the disk too when this returns. A missing file has
 * length 0. Throws a RestoreError if the file is shorter than that, or `length` is no length, and a FileError if it cannot be cut;
 * then the file is as it was.
 */
export function cutFile(file: string, length: number): void {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new RestoreError(
      `${file}: cannot be cut to ${length} bytes; a length is a whole number from 0. Was it stored by this program?`,
    );
  }
  try {
    withFile(file, 'r+', (descriptor) => {
      const { size } = fstatSync(descriptor);
      if (size < length) throw tooShort(file, size, length);
      if (size === length) return;
      ftruncateSync(descriptor, length);
      fsyncSync(descriptor);
    });
  } catch (error) {
    if (!isMissing(error)) throw fileError(error, { file });
    if (length > 0) throw tooShort(file, 0, length);
  }
}

/** Where this process writes what `file` is to hold; `removeLeftovers` knows the name. */
export function temporaryName(file: string): string {
  return `${file}.${process.pid}.eqgym.tmp`;
}

const TEMPORARY = /\.(\d+)\.eqgym\.tmp$/;

/**
 * Removes, in a folder and all below, the temporary files of processes that were killed while they wrote, told by the number in the
 * name, and returns their paths, sorted. Files of this process go too: it writes nothing while this runs, so that they are a dead
 * one's of the same number. Throws a FileError if one cannot be removed. Invariant: no file of another name, or of a process that
 * runs, is touched, and links are not followed.
 */
export function removeLeftovers(folder: string): readonly string[] {
  const removed: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) removed.push(...removeLeftovers(file));
    else if (entry.isFile() && isLeftover(entry.name)) {
      try {
        rmSync(file, { force: true });
      } catch (error) {
        throw fileError(error, { file });
      }
      removed.push(file);
    }
  }
  return removed.sort();
}

function isLeftover(name: string): boolean {
  const pid = Number(TEMPORARY.exec(name)?.[1] ?? Number.NaN);
  return pid > 0 && (pid === process.pid || !processExists(pid));
}

/** Writes a new file, or over an old one, and waits until its content is on the disk. Throws the system's error. */
export function writeSynced(file: string, content: string | Uint8Array): void {
  withFile(file, 'w', (descriptor) => {
    writeAll(descriptor, content);
    fsyncSync(descriptor);
  });
}

/** Some kinds of disk know no such thing for folders. */
const NO_FOLDER_SYNC: readonly unknown[] = ['EINVAL', 'ENOTSUP', 'ENOSYS'];

/** Makes a renaming in a folder itself last; folders cannot be opened on Windows, which needs no such thing. Throws a FileError. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    withFile(folder, 'r', fsyncSync);
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_FOLDER_SYNC.includes(error.code)) return;
    throw fileError(error, { file: folder });
  }
}

function withFile<T>(file: string, flags: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, flags);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

/** While an error is on its way, which matters more than one of tidying up. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // `removeLeftovers` will find it.
  }
}

function cutQuietly(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // `cutFile` will cut it.
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function tooShort(file: string, found: number, expected: number): RestoreError {
  return new RestoreError(
    `${file}: has ${found} bytes, the checkpoint counts on ${expected}. Something has shortened it since; ` +
      'put back the whole file, or train anew in another folder.',
  );
}
