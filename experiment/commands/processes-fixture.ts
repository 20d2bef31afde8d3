/** Commands as a user starts them, in processes of their own, for the tests of this folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end; `watch` sees the process when it has started and standard error as it grows. */
export function command(
  args: readonly string[],
  watch: (err: string, child: ChildProcess) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    watch(err, child);
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
      watch(err, child);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

/** Every file of a run's folder in hexadecimal but what tells the time or the folder's own name. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .filter((name) => !/^(config\.json|result\.json|timing\.jsonl|report\.html|tensorboard)/.test(name));
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(path.join(folder, name), 'hex')]));
}
