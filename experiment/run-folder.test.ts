import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { makeRunFolder, runName } from './run-folder.ts';

const base = mkdtempSync(path.join(tmpdir(), 'run-folder-'));
afterAll(() => rmSync(base, { recursive: true }));

describe("a run's folder", () => {
  it('is named after agent, economy and seed, then numbered', () => {
    const name = runName({ agent: 'sac', env: 'jesusfv/annual', seed: 12 });
    expect(name).toBe('sac-jesusfv-annual-s12');
    const parent = path.join(base, 'deep', 'runs');
    const folders = [1, 2, 3].map(() => makeRunFolder({ parent, name }).folder);
    expect(folders.map((folder) => path.basename(folder))).toEqual([name, `${name}-2`, `${name}-3`]);
    expect(folders.every((folder) => existsSync(path.join(folder, 'checkpoints')))).toBe(true);
  });

  it('is the one asked for if it is new or empty', () => {
    const out = path.join(base, 'a', 'b');
    const paths = makeRunFolder({ out, parent: 'unused', name: 'unused' });
    expect(paths.folder).toBe(out);
    expect(paths.lastCheckpoint).toBe(path.join(out, 'checkpoints', 'last.msgpack'));
    expect(existsSync('unused')).toBe(false);
  });

  it('is refused, untouched, if something is in it or it is a file', () => {
    const out = path.join(base, 'a');
    const file = path.join(base, 'file');
    writeFileSync(file, 'mine');
    const before = readdirSync(out);
    for (const taken of [out, file, path.join(file, 'below')]) {
      expect(() => makeRunFolder({ out: taken, parent: 'unused', name: 'unused' })).toThrow(UsageError);
    }
    expect(() => makeRunFolder({ out, parent: 'unused', name: 'unused' })).toThrow(
      `--out ${out}: the folder is not empty`,
    );
    expect(readdirSync(out)).toEqual(before);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});
