/** This command again, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PARENT_VARIABLE, type ProgressMessage, progressMessage, STOP_MESSAGE } from './parent.ts';

export interface ChildResult {
  /** 128 + the signal's number if a signal ended it. */
  readonly exitCode: number;
  /** Name of the signal that ended it. */
  readonly signal?: string | undefined;
  readonly out: string;
  readonly err: string;
}

export interface Children {
  /** Runs the command with these arguments to its end, and hears how far it is. Throws if it cannot be started. */
  run(args: readonly string[], hear: (message: ProgressMessage) => void): Promise<ChildResult>;
  /** Asks those that run to save and end. */
  stop(): void;
}

/**
 * The running script under the same Node with the same flags, so that a loader (tsx) is there too. Invariant: children end when this
 * process does, however it ends: a run that has lost its parent saves and stops.
 */
export function childProcesses(script: string = process.argv[1]): Children {
  const running = new Set<ChildProcess>();
  return {
    run(args, hear) {
      return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
        });
        running.add(child);
        let out = '';
        let err = '';
        child.stdout?.setEncoding('utf8').on('data', (text: string) => {
          out += text;
        });
        child.stderr?.setEncoding('utf8').on('data', (text: string) => {
          err += text;
        });
        child.on('message', (message) => {
          const progress = progressMessage(message);
          if (progress !== undefined) hear(progress);
        });
        child.on('error', (error) => {
          running.delete(child);
          reject(error);
        });
        child.on('close', (code, signal) => {
          running.delete(child);
          resolve({ exitCode: code ?? signalCode(signal), signal: signal ?? undefined, out, err });
        });
      });
    },
    stop() {
      for (const child of running) askToStop(child);
    },
  };
}

function askToStop(child: ChildProcess): void {
  // Windows' SIGTERM would end the child unsaved.
  if (process.platform === 'win32' && child.connected) child.send(STOP_MESSAGE);
  // SIGTERM even after Ctrl-C, which the terminal sends to the children too: a second SIGINT would end them unsaved.
  else child.kill('SIGTERM');
}

function signalCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
