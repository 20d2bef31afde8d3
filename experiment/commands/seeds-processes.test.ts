import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const base = mkdtempSync(path.join(tmpdir(), 'seeds-processes-'));
afterAll(() => rmSync(base, { recursive: true }));

const sweep = [
  ...['--seeds', '1-2', '--threads', '2', '--steps', '800', '--checkpoint-every', '100'],
  ...['--set', 'hidden=8x8', '--set', 'batchSize=16', '--set', 'warmup=640'],
];

/** `train/sac.ts` as a user runs it; `watch` sees standard error as it grows. */
function train(args: readonly string[], watch: (err: string, child: ChildProcess) => void = () => {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'train/sac.ts', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
      watch(err, child);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

const bytes = (folder: string) =>
  [
    'tables/seeds.csv',
    'tables/summary.csv',
    'plots/seeds.svg',
    'plots/seeds.png',
    's1/metrics.jsonl',
    's2/metrics.jsonl',
  ].map((file) => readFileSync(path.join(folder, file)).toString('hex'));

describe('train/sac.ts --seeds', () => {
  it('is stopped by Ctrl-C and goes on with --resume, and all it writes is as if it had never been stopped', async () => {
    const whole = path.join(base, 'whole');
    const stopped = path.join(base, 'stopped');
    const uninterrupted = await train([...sweep, '--json', '--out', whole]);
    expect(uninterrupted.code, uninterrupted.err).toBe(0);

    let sent = false;
    const { code, err } = await train([...sweep, '--out', stopped], (text, child) => {
      if (sent || !/^ \d\d % /m.test(text)) return;
      sent = true;
      child.kill('SIGINT');
    });
    expect(err).toContain('SIGINT: the runs save and stop; once more to end at once');
    expect(err).toContain(`Go on with: npx tsx train/sac.ts --resume ${stopped}`);
    expect(code).toBe(130);
    expect(existsSync(path.join(stopped, 'tables'))).toBe(false);

    const resumed = await train(['--resume', stopped, '--json']);
    expect(resumed.code, resumed.err).toBe(0);
    expect(bytes(stopped)).toEqual(bytes(whole));
    const [before, after] = [uninterrupted, resumed].map(({ out }) => JSON.parse(out));
    expect(after.summary).toEqual(before.summary);
    expect(after.failed).toEqual([]);
  }, 180_000);
});
