/** For tests: the package as `npm pack` makes it, in folders of its own, and a folder of a user who has installed it. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Not part of the sources. */
const LEFT_OUT: readonly string[] = ['.git', 'node_modules', 'dist', 'runs', 'coverage'];

/** Much more than any of the commands here prints. */
const MAX_OUTPUT = 1e8;

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program in a folder to its end. */
export function run(folder: string, program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, maxBuffer: MAX_OUTPUT }, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error === null ? 0 : code, out, err });
    });
  });
}

/** The same; throws an Error with all that the program said if it fails. */
export async function succeed(folder: string, program: string, args: readonly string[]): Promise<Ended> {
  const ended = await run(folder, program, args);
  if (ended.code === 0) return ended;
  throw new Error(`${program} ${args.join(' ')}: exit code ${ended.code}\n${ended.out}\n${ended.err}`);
}

/** An empty folder; the helpers below make theirs within it. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'package-'));
}

function folderIn(base: string): string {
  return mkdtempSync(path.join(base, 'part-'));
}

/** A copy of the sources that shares this tree's dependencies. */
export function copyOfSources(base: string): string {
  const folder = folderIn(base);
  cpSync(root, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.includes(path.relative(root, source).split(path.sep)[0]),
  });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Runs `npm pack` in a folder of sources, build and all; the tarball. */
export async function pack(base: string, sources: string): Promise<string> {
  const folder = folderIn(base);
  await succeed(sources, 'npm', ['pack', '--pack-destination', folder]);
  const [tarball] = readdirSync(folder);
  return path.join(folder, tarball);
}

/** Unpacks a tarball; the folder that its files lie in. */
export async function unpack(base: string, tarball: string): Promise<string> {
  const folder = folderIn(base);
  await succeed(folder, 'tar', ['-xzf', tarball]);
  return path.join(folder, 'package');
}

/** Every file under a folder, by its path from there, sorted. */
export function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

interface LockEntry {
  readonly dev?: boolean;
}

/**
 * An empty folder into which a tarball is installed with npm, in the versions of this tree's lock file: what `npm ci` here has fetched is
 * in npm's cache, so that no network is needed, and what is tested stays the same.
 */
export async function installed(base: string, tarball: string): Promise<string> {
  const folder = folderIn(base);
  const spec = `file:${tarball}`;
  const manifest = json(path.join(await unpack(base, tarball), 'package.json'));
  const dependencies = { 'equilibrium-gym': spec };
  const { packages } = json(path.join(root, 'package-lock.json')) as {
    packages: Readonly<Record<string, LockEntry>>;
  };
  const needed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);
  writeJson(path.join(folder, 'package.json'), { dependencies });
  writeJson(path.join(folder, 'package-lock.json'), {
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { dependencies },
      'node_modules/equilibrium-gym': { ...manifest, devDependencies: undefined, resolved: spec },
      ...Object.fromEntries(needed),
    },
  });
  await succeed(folder, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund']);
  return folder;
}

export function json(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function writeJson(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
