import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfSources, filesUnder, json, pack, root, temporaryFolder, unpack } from './testing.ts';

const manifest = json(path.join(root, 'package.json'));
const base = temporaryFolder();
afterAll(() => rmSync(base, { recursive: true }), 300_000);
let tarball = '';
let folder = '';
let files: readonly string[] = [];
let second: readonly string[] = [];

beforeAll(async () => {
  const sources = copyOfSources(base);
  // What an older build has left behind, and one of this machine alone.
  mkdirSync(path.join(sources, 'dist'));
  writeFileSync(path.join(sources, 'dist', 'stale.js'), '');
  mkdirSync(path.join(sources, 'kernels', 'native', 'build'), { recursive: true });
  writeFileSync(path.join(sources, 'kernels', 'native', 'build', 'any.node'), '');
  tarball = await pack(base, sources);
  folder = await unpack(base, tarball);
  files = filesUnder(folder);
  second = filesUnder(await unpack(base, await pack(base, sources)));
}, 300_000);

const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const code = () => files.filter((file) => /\.(d\.ts|js)$/.test(file));

/** A program's text without its comments, which may speak of files. */
function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
}

/** What a file imports, loads or looks up by name. */
function specifiers(text: string): readonly string[] {
  const found = withoutComments(text).matchAll(
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\bresolve\(\s*|\bload\(\s*)['"]([\w@./:-]+)['"]/g,
  );
  return [...found].map((match) => match[1]);
}

/** `@scope/name` of `@scope/name/file`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Packages named in a text that an installed copy might not find. */
function missing(text: string): readonly string[] {
  const { name, dependencies, peerDependencies } = manifest;
  const known = { [String(name)]: '', ...Object(dependencies), ...Object(peerDependencies) };
  return specifiers(text)
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map(packageOf)
    .filter((wanted) => !Object.hasOwn(known, wanted));
}

/** Files, by patterns, that a program reads beside itself: `new URL('./x', import.meta.url)`. */
function dataOf(file: string, text: string): readonly RegExp[] {
  const found = withoutComments(text).matchAll(/new URL\(\s*([`'"])(\.[^`'"]*)\1\s*,\s*import\.meta\.url/g);
  return [...found].map(([, , relative]) => {
    const whole = path.posix.join(path.posix.dirname(file), relative.replace(/\$\{.*?\}/g, '*'));
    const escaped = whole.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replaceAll('*', '[^/]+')}(/|$)`);
  });
}

describe('the tarball', () => {
  it('holds the program, its declarations, its kernels and what a reader wants, and nothing else', () => {
    const kinds = [
      /^dist\/.*\.js$/,
      /^dist\/.*\.d\.ts$/,
      /^dist\/kernels\/wasm\/(relaxed|simd|structural)\.wasm$/,
      /^(agents|envs)\/[\w-]+\/(README|STRUCTURAL)\.md$/,
      /^(README\.md|LICENSE|package\.json)$/,
    ];
    expect(files.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([]);
    for (const kind of kinds) expect(files.some((file) => kind.test(file))).toBe(true);
    const inner = /\.test\.|fixtures|stale|\/(testing|bench|sanity|reference|assembly|build)\b/;
    expect(files.filter((file) => inner.test(file))).toEqual([]);
  });

  it('is the same every time', () => {
    expect(second).toEqual(files);
  });

  it('is small: a megabyte at most', () => {
    expect(statSync(tarball).size).toBeLessThan(1e6);
  });

  it('has every file that package.json names, and may be published', () => {
    const { types, bin, exports } = manifest;
    const named = JSON.stringify([types, bin, exports]).match(/(?<=")(\.\/)?dist\/[^"]+/g) ?? [];
    expect(named.length).toBeGreaterThanOrEqual(6);
    const missing = named.filter((name) => !existsSync(path.join(folder, name.replace('*', 'fish-war'))));
    expect(missing).toEqual([]);
    expect(read('dist/packaging/bin.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(manifest).not.toHaveProperty('private');
  });

  it('imports nothing that is not installed with it', () => {
    expect(code().length).toBeGreaterThan(200);
    expect(code().flatMap((file) => missing(read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
    expect(missing("import x from 'fast-check';\n/* from 'vitest' */ await import('node:fs');")).toEqual([
      'fast-check',
    ]);
    expect(missing("export {} from '@biomejs/biome/x';")).toEqual(['@biomejs/biome']);
  });

  it('imports only files that are in it, by the names that they have there', () => {
    const wrong = code().flatMap((file) =>
      specifiers(read(file))
        .filter((specifier) => specifier.startsWith('.'))
        // Declarations name the sources' files; the compiler of a reader looks for their declarations.
        .map((name) =>
          path.posix.join(
            path.posix.dirname(file),
            file.endsWith('.d.ts') ? name.replace(/\.ts$/, '.d.ts') : name,
          ),
        )
        .filter((name) => !files.includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('holds every file that the program reads beside itself', () => {
    const programs = files.filter((file) => file.endsWith('.js'));
    const wanted = programs.flatMap((file) => dataOf(file, read(file)));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
    const [pattern] = dataOf('dist/a/b.js', `new URL(\`../x/\${name}.wasm\`, import.meta.url)`);
    expect(pattern.test('dist/x/simd.wasm')).toBe(true);
    expect(pattern.test('dist/a/x/simd.wasm')).toBe(false);
  });

  it('knows itself by its own name in examples only: everything else is one copy, imported by file', () => {
    const others = code().filter((file) => !file.startsWith('dist/examples/'));
    expect(
      others.filter((file) => specifiers(read(file)).some((name) => packageOf(name) === manifest.name)),
    ).toEqual([]);
  });
});
