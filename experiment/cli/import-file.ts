/** A file of the user's as a module, be it JavaScript or TypeScript. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Name endings that Node 20 does not read by itself. */
const TYPESCRIPT = /\.[cm]?ts$/;

/**
 * Imports a file, given relative to the working directory. In a clone everything runs under tsx, which reads TypeScript too; in the
 * installed package, which is plain JavaScript, tsx is started when a TypeScript file is asked for.
 *
 * Throws what the file throws and, in the package, an Error with the remedy for TypeScript that counts as CommonJS. Invariant: what an
 * ES module imports as `equilibrium-gym` is this copy of it, if there is one copy.
 */
export async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  const whole = path.resolve(file);
  if (TYPESCRIPT.test(file) && !import.meta.url.endsWith('.ts')) {
    // Of a CommonJS file tsx would load this package a second time, or, on some versions of Node, not at all.
    if (isCommonJs(whole)) {
      const name = path.basename(file).replace(TYPESCRIPT, '.mts');
      throw new Error(`it counts as CommonJS. Name it ${name}, or put "type": "module" into package.json.`);
    }
    const { register } = await import('tsx/esm/api');
    register();
  }
  return import(pathToFileURL(whole).href);
}

/** By its ending, or else by the `type` of the nearest package.json, as Node decides. */
export function isCommonJs(file: string): boolean {
  const ending = path.extname(file);
  if (ending.startsWith('.c') || ending.startsWith('.m')) return ending.startsWith('.c');
  let folder = path.dirname(file);
  for (let below = ''; folder !== below; below = folder, folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    const { type }: { type?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
    return type !== 'module';
  }
  return true;
}
