/** One live run per folder: a file that names its owner, and is lost by an owner that has died. */
import { createHash, randomUUID } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { fileError, temporaryName, writeSynced } from './files.ts';
import { lifeOf, type ProcessIdentity, thisProcess } from './process-identity.ts';

/** The name of the lock in its folder. */
export const LOCK = 'run.lock';

export interface Lock {
  readonly file: string;
  /**
   * Gives the folder back, once or more often. Removes the file only if it is still this lock's own. Never throws: a file that cannot
   * be removed is worth nothing once this process has ended.
   */
  release(): void;
}

/**
 * Takes the folder for this process, until `release` or its end. Throws a UsageError that names the owner and the remedy if a process
 * that runs has it, this one included, or one of another host or container, which cannot be seen from here; a FileError if the file
 * cannot be written. A dead owner's lock is taken over, and so is a file that is no lock and has stayed so for a second.
 * Invariant: however many processes try at once, whatever they find, and wherever they are killed, one lock at most is held; and as
 * long as none is killed, one is.
 *
 * The file appears whole or not at all, by link(2). A dead owner's lock X gives way only to a claim on X: a file named after X, of
 * which there can be one, which its maker moves onto the lock after making sure that the lock still is X. A claim is itself a lock in
 * this sense, so that a dead claimant's gives way as well.
 */
export function acquireLock(folder: string): Lock {
  const file = path.join(folder, LOCK);
  const id = randomUUID();
  const draft = temporaryName(`${file}.${id}`);
  try {
    writeSynced(draft, `${JSON.stringify({ id, ...thisProcess() })}\n`);
    const holder = take(file, { file, id, draft, pauses: 0 });
    if (holder !== undefined) throw refusal(folder, holder);
    // No claim can succeed any more: each is on a lock that is not there.
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${LOCK}${CLAIM}`)) rmSync(path.join(folder, name), { force: true });
    }
  } catch (error) {
    throw fileError(error, { file });
  } finally {
    rmSync(draft, { force: true });
  }
  return { file, release: () => release(file, id) };
}

/**
 * Who has the folder, for a reader: `process 4711, since 2026-01-31T12:00:00.000Z`; undefined if it is free or its owner is dead.
 * Throws a FileError if the lock cannot be read. Changes nothing.
 */
export function describeOwner(folder: string): string | undefined {
  const file = path.join(folder, LOCK);
  const found = attempt(() => read(file), file);
  if (found?.owner === undefined || lifeOf(found.owner) === 'dead') return undefined;
  return `${named(found.owner)}, since ${found.since}`;
}

/** Whether a file in a run's folder is a lock, a claim on one, or a draft of it. */
export function isLockFile(name: string): boolean {
  return name.startsWith(LOCK);
}

const CLAIM = '.after-';
const PAUSE_MILLISECONDS = 10;
/** A second: for a claimant that runs to finish, and for a file that is no lock to become one. */
const PAUSES = 100;

const ownerSchema = z.object({
  id: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  host: z.string(),
  pid: z.int().min(1),
  started: z.string().nullable().default(null),
  boot: z.string().nullable().default(null),
  pidNamespace: z.string().nullable().default(null),
});

interface Found {
  readonly id: string;
  /** Undefined if the file is no lock: its writer was killed, or it is damaged. */
  readonly owner: ProcessIdentity | undefined;
  readonly since: string;
}

interface Claimant {
  readonly file: string;
  readonly id: string;
  /** What is to appear at a place, whole. */
  readonly draft: string;
  /** Made so far for others to finish. */
  pauses: number;
}

/** Makes this claimant's file stand at `place`, which is the lock or a claim; returns who has it instead, if one does. */
function take(place: string, claimant: Claimant): Found | undefined {
  for (;;) {
    if (appears(claimant.draft, place)) return undefined;
    const found = settled(place);
    if (found === undefined) continue;
    if (found.id === claimant.id) return undefined;
    if (found.owner !== undefined && lifeOf(found.owner) !== 'dead') return found;
    const claim = `${claimant.file}${CLAIM}${found.id}`;
    const rival = take(claim, claimant);
    if (rival !== undefined) {
      if (++claimant.pauses > PAUSES) return rival;
      pause();
    } else {
      if (read(place)?.id === found.id && moved(claim, place)) return undefined;
      rmSync(claim, { force: true });
    }
  }
}

/** Whether `place` was free and now holds the draft. */
function appears(draft: string, place: string): boolean {
  try {
    linkSync(draft, place);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES'].includes(code)) throw error;
  }
  // A disk without links: exclusive still, but for a moment not whole.
  try {
    copyFileSync(draft, place, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the claim was still there: an owner sweeps them. */
function moved(claim: string, place: string): boolean {
  try {
    renameSync(claim, place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** What stands at a place, given time to become a lock. */
function settled(place: string): Found | undefined {
  let found = read(place);
  for (let i = 0; i < PAUSES && found !== undefined && found.owner === undefined; i++) {
    pause();
    found = read(place);
  }
  return found;
}

function read(place: string): Found | undefined {
  try {
    const text = readFileSync(place, 'utf8');
    const { ino, mtime } = statSync(place);
    const { id, ...owner } = parse(text) ?? {};
    return {
      id: id ?? `${createHash('sha256').update(text).digest('hex').slice(0, 16)}-${ino}`,
      owner: 'pid' in owner ? owner : undefined,
      since: mtime.toISOString(),
    };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): z.infer<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function release(file: string, id: string): void {
  try {
    if (read(file)?.id === id) rmSync(file, { force: true });
  } catch {
    // See `Lock.release`.
  }
}

function refusal(folder: string, { owner, since }: Found): UsageError {
  const file = path.join(folder, LOCK);
  if (owner !== undefined && lifeOf(owner) === 'unknown') {
    return new UsageError(
      `${folder}: ${named(owner)} has held this folder since ${since}, and from here nobody can see whether it still runs. ` +
        `If it does not, remove ${file} and try again; if it does, give another folder with --out.`,
    );
  }
  const who = owner === undefined ? 'another process' : named(owner);
  return new UsageError(
    `${folder}: ${who} has held this folder since ${since}, and still runs. Wait until it ends or stop it, then try again, ` +
      `or give another folder with --out. If this is a copy of that run's folder, remove ${file}.`,
  );
}

function named({ host, pid, pidNamespace }: ProcessIdentity): string {
  const here = thisProcess();
  if (host !== hostname()) return `process ${pid} of the computer "${host}"`;
  if (pidNamespace !== null && here.pidNamespace !== null && pidNamespace !== here.pidNamespace) {
    return `process ${pid} of another container`;
  }
  return pid === process.pid ? `this process (${pid})` : `process ${pid}`;
}

function attempt<T>(act: () => T, file: string): T {
  try {
    return act();
  } catch (error) {
    throw fileError(error, { file });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Sleeps, without a clock of our own. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
}
