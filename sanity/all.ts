/**
 * Every check of this folder, one process each, two at a time.
 *
 *   npm run sanity        npx tsx sanity/all.ts [--json] [--quiet]
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';

/** What runs, in this order; a new check is added here. */
const CHECKS: readonly string[] = [
  'check',
  'gradients',
  'tensor-transition',
  'tensor-q',
  'q-table',
  'euler-error',
  'closed-form',
  'structural-gradient',
  'determinism',
];

/** Processes at once. */
const AT_ONCE = 2;

const allOptions = z.strictObject(outputOptions);

interface Finished {
  readonly name: string;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly seconds: number;
  readonly text: string;
}

/** One check as a process; what it prints comes back as one text. */
function runCheck(name: string): Promise<Finished> {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(folder, `${name}.ts`)], {
      cwd: path.join(folder, '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const collect = (chunk: Buffer) => {
      text += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const finish = (exitCode: number) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ name, ok: exitCode === 0, exitCode, seconds, text: text.trimEnd() });
    };
    child.on('error', (error) => {
      text += error.message;
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}

/** Runs all, `AT_ONCE` at a time; results in the order of `names`, each told when it is there. */
async function runChecks(
  names: readonly string[],
  tell: (one: Finished) => void,
): Promise<readonly Finished[]> {
  const results = new Map<string, Finished>();
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const one = await runCheck(name);
      results.set(name, one);
      tell(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return names.flatMap((name) => results.get(name) ?? []);
}

const allChecks: CommandDefinition<z.output<typeof allOptions>> = {
  name: 'sanity',
  summary: `Runs every check: ${CHECKS.join(', ')}. Exit code 1 if one fails.`,
  options: allOptions,
  async main(_options, terminal) {
    const finished = await runChecks(CHECKS, ({ name, text }) => terminal.print(`== ${name}\n\n${text}\n`));
    const rows = finished.map(({ name, ok, seconds }) => [name, seconds.toFixed(1), ok ? 'yes' : 'NO']);
    terminal.print(formatTable(rows, { header: ['check', 'seconds', 'holds'] }));
    const ok = finished.every((one) => one.ok);
    const checks = finished.map(({ name, ok: holds, exitCode }) => ({ name, ok: holds, exitCode }));
    return { result: { ok, checks }, exitCode: ok ? 0 : 1 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(allChecks);
