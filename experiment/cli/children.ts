/** This command again, in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface ChildResult {
  /** 128 + the signal's number if a signal ended it. */
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface Children {
  /** Runs the command with these arguments to its end. Throws if it cannot be started. */
  run(args: readonly string[]): Promise<ChildResult>;
  /** Asks those that run to end. */
  stop(): void;
}

/** Signals' numbers differ between systems only where no command of ours is ended by them. */
const KILLED = 128 + 15;

/** The running script under the same Node with the same flags, so that a loader (tsx) is there too. */
export function childProcesses(script: string = process.argv[1]): Children {
  const running = new Set<ChildProcess>();
  return {
    run(args) {
      return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        running.add(child);
        let out = '';
        let err = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          out += text;
        });
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          err += text;
        });
        child.on('error', reject);
        child.on('close', (code) => {
          running.delete(child);
          resolve({ exitCode: code ?? KILLED, out, err });
        });
      });
    },
    stop() {
      // SIGTERM even after Ctrl-C, which the terminal sends to the children too: a second SIGINT would end them unsaved.
      for (const child of running) child.kill('SIGTERM');
    },
  };
}
