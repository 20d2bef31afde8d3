import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { processExists } from '../run/process-identity.ts';
import { PARENT_VARIABLE } from './parent.ts';

const base = mkdtempSync(path.join(tmpdir(), 'children-'));
afterAll(() => rmSync(base, { recursive: true }));
const fixture = fileURLToPath(new URL('children-fixture.ts', import.meta.url));

interface Started {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
  /** What it has sent over an IPC channel. */
  readonly sent: unknown[];
}

function start(role: string, options: { steps?: number; ipc?: boolean; parent?: string } = {}): Started {
  const { steps = 1_000_000, ipc = false, parent } = options;
  const folder = mkdtempSync(path.join(base, 'run-'));
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, role, folder, String(steps)], {
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
    env: { ...process.env, ...(parent === undefined ? {} : { [PARENT_VARIABLE]: parent }) },
  });
  let out = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  const sent: unknown[] = [];
  child.on('message', (message) => sent.push(message));
  const ended = new Promise<Awaited<Started['ended']>>((resolve) => {
    // Node says nothing of 'close' after a parent's disconnect().
    child.on(ipc ? 'exit' : 'close', (code) => resolve({ code, lines: out.trimEnd().split('\n') }));
  });
  return { folder, process: child, ended, sent };
}

/** Process id of the child, once it has begun to report. */
async function childOf({ folder, process: parent }: Started): Promise<number> {
  await new Promise((resolve) => parent.stdout?.once('data', resolve));
  return Number(readFileSync(path.join(folder, 'child.pid'), 'utf8'));
}

async function gone(pid: number): Promise<void> {
  while (processExists(pid)) await pause(20);
}

const saved = ({ folder }: Started) => readFileSync(path.join(folder, 'saved'), 'utf8');

describe('a child process', () => {
  it('tells its parent where it begins and ends, and in between no more than ten times a second', async () => {
    const before = performance.now();
    const { ended } = start('parent', { steps: 100 });
    const { lines } = await ended;
    const messages = lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(messages[0]).toEqual({ step: 0, steps: 100 });
    expect(messages.at(-1)).toEqual({ step: 100, steps: 100, policyGap: 0.01 });
    expect(messages.length).toBeGreaterThan(2);
    expect(messages.length).toBeLessThan(3 + (performance.now() - before) / 100);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ exitCode: 0, out: '', err: '' });
  });

  it('saves and stops when its parent is killed: no orphan is left', async () => {
    const parent = start('parent');
    const child = await childOf(parent);
    parent.process.kill('SIGKILL');
    await gone(child);
    expect(saved(parent)).toBe('SIGTERM');
  });

  it('saves and stops when its parent asks', async () => {
    const parent = start('parent');
    await childOf(parent);
    parent.process.kill('SIGINT');
    await parent.ended;
    expect(saved(parent)).toBe('SIGTERM');
  });

  it('that is killed is known by the name of the signal', async () => {
    const parent = start('parent');
    process.kill(await childOf(parent), 'SIGKILL');
    const { lines } = await parent.ended;
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ exitCode: 137, signal: 'SIGKILL' });
    expect(existsSync(path.join(parent.folder, 'saved'))).toBe(false);
  });

  it('sends nothing to a parent of another kind, and is not ended with it', async () => {
    for (const parent of [undefined, '1']) {
      const child = start('child', { steps: 60, ipc: true, ...(parent === undefined ? {} : { parent }) });
      if (parent === '1') while (!existsSync(path.join(child.folder, 'child.pid'))) await pause(20);
      child.process.disconnect();
      const { code } = await child.ended;
      expect({ code, sent: child.sent, saved: saved(child) }).toEqual({
        code: 0,
        sent: [],
        saved: 'finished',
      });
    }
  });

  it('stops at once if its parent has gone before it could listen', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('exit', resolve));
    const child = start('child', { ipc: true, parent: String(dead.pid) });
    child.process.disconnect();
    await child.ended;
    expect(saved(child)).toBe('SIGTERM');
  });

  it('is not kept alive by the channel, and stops like one whose parent has gone if it is asked to in words', async () => {
    const free = start('child', { steps: 10, ipc: true, parent: String(process.pid) });
    expect(await free.ended).toMatchObject({ code: 0 });
    expect(saved(free)).toBe('finished');
    expect(free.sent[0]).toEqual({ step: 0, steps: 10 });
    const asked = start('child', { ipc: true, parent: String(process.pid) });
    await new Promise((resolve) => asked.process.once('message', resolve));
    await pause(50);
    asked.process.send('stop');
    await asked.ended;
    expect(saved(asked)).toBe('SIGTERM');
  });
});
