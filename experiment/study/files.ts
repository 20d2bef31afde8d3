/** A study's folder: tables as CSV, pictures as SVG and PNG, and a list of them. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { type Chart, type Table, UsageError } from '../../core/index.ts';
import { drawChart } from '../figures/draw.ts';
import { isRecord } from '../records.ts';
import { removeLeftovers, writeFileAtomic } from '../run/files.ts';
import { csvText } from './csv.ts';

/** By this file a folder is known to be of an earlier study. */
const MANIFEST = 'simulation.json';
/** It, half written, is all that a study killed before its first file leaves. */
const HALF_MANIFEST = /^simulation\.json\.\d+\.eqgym\.tmp$/;
/** What a study may remove again. */
const OWN_FILE = /^(tables|plots)\/[A-Za-z0-9][A-Za-z0-9.=_-]*\.(csv|svg|png)$/;

/**
 * Throws a UsageError for a place where a study cannot be written: a file, a folder without permission, or one that holds anything but an
 * earlier study, and a FileError if what a killed study has left half written cannot be removed. Invariant: nothing else is changed.
 */
export function checkStudyFolder(folder: string): void {
  let above = path.resolve(folder);
  while (!existsSync(above)) above = path.dirname(above);
  if (!statSync(above).isDirectory()) {
    throw new UsageError(`--out ${folder}: ${above} is a file; give the path of a folder.`);
  }
  try {
    accessSync(above, constants.W_OK | constants.X_OK);
  } catch {
    throw new UsageError(`--out ${folder}: nothing may be written in ${above}; give another place.`);
  }
  if (!existsSync(folder) || earlierFiles(folder) !== undefined) return;
  if (readdirSync(folder).every((name) => HALF_MANIFEST.test(name))) removeLeftovers(folder);
  if (readdirSync(folder).length === 0) return;
  throw new UsageError(
    `--out ${folder}: the folder is not empty, and what is in it is no earlier simulation; give another one, or remove it.`,
  );
}

export interface StudyFiles {
  readonly tables: readonly Table[];
  readonly charts: readonly Chart[];
  /** What else `simulation.json` holds. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * Writes `tables/<name>.csv`, `plots/<name>.svg`, `plots/<name>.png` and `simulation.json`, in the place of an earlier study's files, and
 * returns their paths. Throws what `checkStudyFolder`, `csvText` and `drawChart` throw, before anything is changed, and a FileError if a
 * file cannot be written.
 * Invariant: equal studies give equal bytes; files that no study wrote stay.
 */
export async function writeStudy(folder: string, study: StudyFiles): Promise<readonly string[]> {
  checkStudyFolder(folder);
  const files = new Map<string, string | Uint8Array>();
  for (const table of study.tables) files.set(`tables/${fileName(table.name)}.csv`, csvText(table));
  for (const chart of study.charts) {
    const { svg, png } = await drawChart(chart);
    files.set(`plots/${fileName(chart.name)}.svg`, svg);
    files.set(`plots/${fileName(chart.name)}.png`, png);
  }
  for (const name of earlierFiles(folder) ?? []) rmSync(path.join(folder, name), { force: true });
  mkdirSync(folder, { recursive: true });
  // The folder is empty or an earlier study's: what was half written there is a study's too.
  removeLeftovers(folder);
  // First of all: an interrupted study is known as one.
  const manifest = { ...study.summary, files: [...files.keys()] };
  writeFileAtomic(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, content] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileAtomic(file, content);
  }
  return [MANIFEST, ...files.keys()].map((name) => path.join(folder, name));
}

/** Files that an earlier study wrote here; undefined if there was none. */
function earlierFiles(folder: string): readonly string[] | undefined {
  const manifest = path.join(folder, MANIFEST);
  if (!existsSync(manifest)) return undefined;
  try {
    const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    if (!isRecord(content) || !Array.isArray(content.files)) return undefined;
    return content.files.filter((name): name is string => typeof name === 'string' && OWN_FILE.test(name));
  } catch {
    return undefined;
  }
}

function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9.=_-]+/g, '-');
}
