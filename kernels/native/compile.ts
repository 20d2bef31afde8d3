/** Compiles the native kernels, where the user has a C compiler. A development tool: nothing at run time imports it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { builtFiles, builtName, COMPILER_FLAGS, defaultFolder, mainSource } from './files.ts';

/** What `cc` is called, and what else a compiler of C may be. */
const COMPILERS = ['cc', 'gcc', 'clang'] as const;

/** Symbols of Node are found when the addon is loaded. */
export const PLATFORM_FLAGS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['-undefined', 'dynamic_lookup'],
};

/** The compiler named by the variable CC, else the first that runs; undefined if there is none, or on Windows, where none is tried. */
export function findCompiler(): string | undefined {
  if (process.platform === 'win32') return undefined;
  const wanted = process.env.CC ? [process.env.CC] : COMPILERS;
  return wanted.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

/** The folder of `node_api.h`: the package node-api-headers, else what came with this Node. Throws if it is in neither. */
export function headers(): string {
  const folders = [...packageHeaders(), path.join(path.dirname(process.execPath), '..', 'include', 'node')];
  const found = folders.find((folder) => existsSync(path.join(folder, 'node_api.h')));
  if (found !== undefined) return found;
  throw new Error(`native kernels: node_api.h is in none of ${folders.join(', ')}. Run npm ci.`);
}

function packageHeaders(): readonly string[] {
  try {
    const manifest = createRequire(import.meta.url).resolve('node-api-headers/package.json');
    return [path.join(path.dirname(manifest), 'include')];
  } catch {
    return [];
  }
}

/**
 * Compiles the sources into that folder, in place of what was built for this machine before, and returns the file's path.
 *
 * Throws if there is no compiler, or with what it said. Invariant: the file's name is that which the loader looks for.
 */
export function compileNative(
  options: { readonly folder?: string; readonly compiler?: string } = {},
): string {
  const { folder = defaultFolder(), compiler = findCompiler() } = options;
  if (compiler === undefined) {
    throw new Error(
      `native kernels: no C compiler found (${process.env.CC ?? COMPILERS.join(', ')}). Install one, or name it in CC; the WebAssembly kernels need none.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, builtName());
  const unfinished = `${target}.${process.pid}`;
  const flags = [...COMPILER_FLAGS, ...(PLATFORM_FLAGS[process.platform] ?? [])];
  const { status, stderr, error } = spawnSync(
    compiler,
    [...flags, '-I', headers(), '-o', unfinished, mainSource()],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    rmSync(unfinished, { force: true });
    throw new Error(`native kernels: ${compiler} failed: ${error?.message ?? ''}\n${stderr ?? ''}`);
  }
  renameSync(unfinished, target);
  for (const name of builtFiles(folder)) {
    if (name !== path.basename(target)) rmSync(path.join(folder, name), { force: true });
  }
  return target;
}
