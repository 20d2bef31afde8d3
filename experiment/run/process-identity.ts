/** Which process is which: numbers are given out again, start times are not. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process as others on its computer can recognise it. What the system does not tell is null. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's words: two processes of one number never share it. */
  readonly started: string | null;
  /** Changes with every start of the system (Linux). */
  readonly boot: string | null;
  /** Where its number counts: containers of one computer have numbers of their own (Linux). */
  readonly pidNamespace: string | null;
}

/** `unknown`: it may run where this process cannot see it. */
export type Life = 'alive' | 'dead' | 'unknown';

const PS_SECONDS = 5;

/** This process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return { host: hostname(), pid, started: stateOf(pid)?.started ?? null, ...surroundings() };
}

/**
 * Whether that very process still runs: `dead` if no process has its number, another one has it now (it started at another time),
 * it has ended and only waits to be noticed by its parent, or the system was started again; `unknown` for another host or container.
 * Where the system tells no start times the number alone decides. Invariant: `dead` is said of no process that runs, as long as no two
 * computers that share a disk have the same name.
 */
export function lifeOf(owner: ProcessIdentity): Life {
  const { boot, pidNamespace } = surroundings();
  if (owner.host !== hostname()) return 'unknown';
  if (differ(owner.boot, boot)) return 'dead';
  if (differ(owner.pidNamespace, pidNamespace)) return 'unknown';
  if (!processExists(owner.pid)) return 'dead';
  const state = stateOf(owner.pid);
  if (state === undefined) return processExists(owner.pid) ? 'alive' : 'dead';
  return state.ended || differ(owner.started, state.started) ? 'dead' : 'alive';
}

/** Whether any process has this number, this user's or not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

export interface ProcessState {
  readonly started: string;
  readonly ended: boolean;
}

/** From the line of `/proc/PID/stat`, see proc(5): the state is field 3, the start in clock ticks since boot field 22. */
export function parseStat(line: string): ProcessState | undefined {
  // The command's name, field 2, is in parentheses, and may hold spaces and parentheses itself.
  const fields = line
    .slice(line.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [state, started] = [fields[0], fields[22 - 3]];
  return /^\d+$/.test(started ?? '') ? { started, ended: state === 'Z' || state === 'X' } : undefined;
}

/** As `ps` tells it on every Unix; undefined if there is no such process, or no `ps`. */
export function stateFromPs(pid: number): ProcessState | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PS_SECONDS * 1000,
      // The start is printed in local time, with the names of a language.
      env: { PATH: '/bin:/usr/bin:/sbin:/usr/sbin', LC_ALL: 'C', TZ: 'UTC0' },
    });
    const [state, ...started] = line.trim().split(/\s+/);
    return started.length === 0 ? undefined : { started: started.join(' '), ended: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}

function stateOf(pid: number): ProcessState | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return stateFromPs(pid);
  const line = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return line === null ? undefined : parseStat(line);
}

function surroundings(): Pick<ProcessIdentity, 'boot' | 'pidNamespace'> {
  if (process.platform !== 'linux') return { boot: null, pidNamespace: null };
  return {
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: told(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** What the system tells; null if it does not. */
function told(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Known, both, and not the same. */
function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}
