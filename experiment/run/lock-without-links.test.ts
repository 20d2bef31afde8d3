import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { acquireLock, LOCK } from './lock.ts';
import { thisProcess } from './process-identity.ts';

// What Linux says on a FAT disk.
vi.mock('node:fs', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:fs')>()),
  linkSync() {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  },
}));

const folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a disk that knows no links has locks all the same: one owner, and none who is dead', () => {
  const lock = acquireLock(folder);
  const held = readFileSync(lock.file, 'utf8');
  expect(() => acquireLock(folder)).toThrow('and still runs');
  expect(readFileSync(lock.file, 'utf8')).toBe(held);
  writeFileSync(lock.file, JSON.stringify({ ...thisProcess(), started: '1' }));
  const next = acquireLock(folder);
  lock.release();
  expect(readdirSync(folder)).toEqual([LOCK]);
  next.release();
  expect(readdirSync(folder)).toEqual([]);
});
