/** The sources of the native kernels, and where what is built from them lies. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The first is the one that is compiled. */
const SOURCES = ['kernels.c', 'arithmetic.h', 'elementary.h'] as const;

/**
 * No -ffast-math: NaN and infinity are what they are. Products are fused with sums, square roots set no errno, and comparisons may be
 * computed where their result is not used.
 */
export const COMPILER_FLAGS: readonly string[] = [
  '-std=gnu11',
  '-O3',
  '-fPIC',
  '-shared',
  '-ffp-contract=fast',
  '-fno-math-errno',
  '-fno-trapping-math',
];

/** The command that mends whatever is wrong with the built file. */
export const BUILD_COMMAND = 'npm run build:native';

/** Names the folder of the built file, where it is not the one beside the sources. */
export const FOLDER_VARIABLE = 'EQUILIBRIUM_GYM_NATIVE';

/** Where the built file lies, unless someone asks for another folder (an empty variable asks for none). Not committed, not packed. */
export function defaultFolder(): string {
  return process.env[FOLDER_VARIABLE] || path.join(here, 'build');
}

/** The source that is compiled, `kernels.c`; it includes the others. */
export function mainSource(): string {
  return path.join(here, SOURCES[0]);
}

/** Whether the sources are here: a clone has them, the published package has not. */
export function hasSources(): boolean {
  return SOURCES.every((name) => existsSync(path.join(here, name)));
}

/**
 * The name of the file built from these sources for this machine: platform, architecture, and a hash of sources and flags. Invariant:
 * a change of a source changes the name.
 */
export function builtName(sources: string = here): string {
  const hash = createHash('sha256').update(COMPILER_FLAGS.join(' '));
  for (const name of SOURCES) hash.update('\0').update(readFileSync(path.join(sources, name), 'utf8'));
  return `${machine()}-${hash.digest('hex').slice(0, 16)}.node`;
}

/** Files of that folder built for this machine, from these or from other sources. */
export function builtFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.startsWith(`${machine()}-`) && name.endsWith('.node'));
}

function machine(): string {
  return `${process.platform}-${process.arch}`;
}
