/** A run that another process of this suite has started tells it how far it is, and ends when that process is gone. */
import { processExists } from '../run/process-identity.ts';
import type { ProgressUpdate } from './progress.ts';
import { SIGNAL_EXIT_CODES } from './signals.ts';

/** Holds the process id of a parent that wants to hear from the process it started. */
export const PARENT_VARIABLE = 'EQUILIBRIUM_GYM_PARENT';
/** Message that asks a child to save and end, where signals cannot. */
export const STOP_MESSAGE = 'stop';

/** What a child says of its run. */
export interface ProgressMessage extends ProgressUpdate {
  readonly steps: number;
}

export interface ParentLink {
  send(message: ProgressMessage): void;
  /** Back to a process that nobody listens to and that nobody's end ends. */
  release(): void;
}

/**
 * The connection to the parent that started this process as one run of several; undefined for any other process, one with a foreign IPC
 * parent among them. Until it is released, the parent's end, or its wish, acts as SIGTERM does; so does a parent that has gone already.
 * Invariant: the channel does not keep this process alive.
 */
export function parentLink(): ParentLink | undefined {
  const parent = process.env[PARENT_VARIABLE];
  if (parent === undefined || process.send === undefined) return undefined;
  // The variable is inherited: a parent that lives on is an ancestor's.
  if (!process.connected) return processExists(Number(parent)) ? undefined : endRun();
  if (parent !== String(process.ppid)) return undefined;
  const hear = (message: unknown) => {
    if (message === STOP_MESSAGE) endRun();
  };
  process.on('disconnect', endRun);
  process.on('message', hear);
  // Listeners make the channel hold the process; after unref it does not, whoever listens.
  (process as { readonly channel?: { unref(): void } }).channel?.unref();
  return {
    send(message) {
      // A parent that goes away in between is heard of by 'disconnect'; without the callback it would be an uncaught error.
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    release() {
      process.off('disconnect', endRun);
      process.off('message', hear);
    },
  };
}

/** What a child's message says; undefined if it is none of ours. */
export function progressMessage(message: unknown): ProgressMessage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { step, steps, policyGap } = message as Readonly<Record<string, unknown>>;
  if (typeof step !== 'number' || typeof steps !== 'number') return undefined;
  return { step, steps, policyGap: typeof policyGap === 'number' ? policyGap : undefined };
}

/** As if SIGTERM had come; a signal itself would end the process unsaved on Windows. */
function endRun(): undefined {
  if (process.listenerCount('SIGTERM') === 0) process.exit(SIGNAL_EXIT_CODES.SIGTERM);
  process.emit('SIGTERM', 'SIGTERM');
}
