import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { checkRunFolder, makeFolder, makeRunFolder, runName } from './run-folder.ts';

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

  it('of several seeds is named after all of them', () => {
    expect(runName({ agent: 'sac', env: 'jesusfv', seed: '1-5' })).toBe('sac-jesusfv-s1-5');
    const parent = path.join(base, 'sweeps');
    const folders = [1, 2].map(() => makeFolder({ parent, name: 'sac-jesusfv-s1-5' }));
    expect(folders.map((folder) => path.basename(folder))).toEqual([
      'sac-jesusfv-s1-5',
      'sac-jesusfv-s1-5-2',
    ]);
    expect(folders.flatMap((folder) => readdirSync(folder))).toEqual([]);
  });

  it('that holds a run, or several, is refused with the way to go on with them', () => {
    for (const mark of ['config.json', 'sweep.json']) {
      const out = path.join(base, mark.replace('.', '-'));
      mkdirSync(out);
      writeFileSync(path.join(out, mark), '{}');
      expect(() => makeFolder({ out, parent: 'unused', name: 'unused' })).toThrow(
        `go on with the run in it, --resume ${out}, or give a new folder`,
      );
    }
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

  it('that cannot be made because a file is in the way is a mistake in what was asked, with the reason', () => {
    const parent = path.join(base, 'blocked');
    writeFileSync(parent, 'mine');
    const make = () => makeRunFolder({ parent, name: 'run' });
    expect(make).toThrow(UsageError);
    expect(make).toThrow(`the run's folder in ${parent}: the folder cannot be made (E`);
    expect(make).toThrow('Give another place with --out.');
  });

  it('is refused by the check, before anything is made, where making it would be', () => {
    const taken = path.join(base, 'a');
    const blocked = path.join(base, 'blocked');
    const check = (out: string) => () => checkRunFolder({ out, parent: 'unused' });
    expect(check(taken)).toThrow(`--out ${taken}: the folder is not empty`);
    for (const out of [blocked, path.join(blocked, 'deep', 'er')]) {
      expect(check(out)).toThrow(UsageError);
      expect(check(out)).toThrow(`--out ${out}: the folder cannot be made (${blocked} is a file)`);
    }
    expect(() => checkRunFolder({ parent: blocked })).toThrow(`the run's folder in ${blocked}`);
    expect(check(path.join(base, 'new', 'one'))).not.toThrow();
    expect(() => checkRunFolder({ parent: taken })).not.toThrow();
    expect(existsSync(path.join(base, 'new'))).toBe(false);
  });

  // A superuser may write anywhere.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is refused by the check where this process may not write',
    () => {
      const locked = path.join(base, 'locked');
      mkdirSync(locked, { mode: 0o500 });
      expect(() => checkRunFolder({ out: path.join(locked, 'run'), parent: 'unused' })).toThrow('EACCES');
    },
  );
});
