import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/index.ts';
import { checkStudyFolder, writeStudy } from './files.ts';

const base = mkdtempSync(path.join(tmpdir(), 'study-files-'));
afterAll(() => rmSync(base, { recursive: true }));

const table = { name: 'paths', title: 'Paths', columns: [{ name: 'x', label: 'x', unit: '', values: [1] }] };
const study = { tables: [table], charts: [], summary: { agent: 'sac' } };

/** The number of a process that is no more. */
const gone = spawnSync(process.execPath, ['-e', '']).pid;

function folderWith(name: string, ...files: readonly string[]): string {
  const folder = path.join(base, name);
  mkdirSync(folder);
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '{"fil');
  }
  return folder;
}

describe('the folder of a study', () => {
  it('is free again for a study that was killed before its first file was whole', async () => {
    const folder = folderWith('killed', `simulation.json.${gone}.eqgym.tmp`);
    checkStudyFolder(folder);
    await writeStudy(folder, study);
    expect(readdirSync(folder).sort()).toEqual(['simulation.json', 'tables']);
  });

  it('loses what a study that was killed later had half written', async () => {
    const folder = path.join(base, 'later');
    await writeStudy(folder, study);
    writeFileSync(path.join(folder, 'tables', `paths.csv.${gone}.eqgym.tmp`), 'x\r');
    await writeStudy(folder, study);
    expect(readdirSync(path.join(folder, 'tables'))).toEqual(['paths.csv']);
  });

  it('is not taken from a study that is being written, nor from anybody else', () => {
    const running = folderWith('running', `simulation.json.${process.ppid}.eqgym.tmp`);
    const foreign = folderWith('foreign', `simulation.json.${gone}.eqgym.tmp`, 'thesis.tex');
    const other = folderWith('other', `thesis.tex.${gone}.eqgym.tmp`);
    for (const folder of [running, foreign, other]) {
      const before = readdirSync(folder);
      expect(() => checkStudyFolder(folder)).toThrow(UsageError);
      expect(readdirSync(folder)).toEqual(before);
    }
    expect(existsSync(path.join(base, 'nothing'))).toBe(false);
    checkStudyFolder(path.join(base, 'nothing'));
    expect(existsSync(path.join(base, 'nothing'))).toBe(false);
  });
});
