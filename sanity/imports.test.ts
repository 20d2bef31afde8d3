import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folders from the lowest up; a file imports from its own folder and from lower ones. */
const LAYERS = [
  'numerics',
  'kernels',
  'tensor',
  'nn',
  'core',
  'solvers',
  'envs',
  'agents',
  'experiment',
  'commands',
];
/** Started by people, so on top and free to use everything, `index.ts` included. */
const COMMANDS = ['train', 'sanity', 'bench', 'examples', 'packaging'];

function layerOf(path: string): number {
  const folder = path.split('/')[0];
  return LAYERS.indexOf(COMMANDS.includes(folder) || !path.includes('/') ? 'commands' : folder);
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.includes('wasm/assembly'));
}

/** Paths, from the root, of what a source imports relatively, statically or dynamically. */
function importsOf(path: string, text: string): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map((match) => match[1]);
  return specifiers.map((specifier) =>
    relative(root, join(root, dirname(path), specifier)).replaceAll('\\', '/'),
  );
}

function violations(path: string, text: string): string[] {
  const from = layerOf(path);
  return importsOf(path, text)
    .filter((to) => {
      const between = `${path.split('/')[0]} ${to.split('/')[0]}`;
      return between === 'agents envs' || layerOf(to) > from;
    })
    .map((to) => `${path} imports ${to}`);
}

describe('imports', () => {
  const files = [...LAYERS.slice(0, -1), ...COMMANDS].flatMap(sources);

  it('point down the list of layers only, and agents and envs do not know each other', () => {
    expect(files.length).toBeGreaterThan(50);
    const wrong = files
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) => violations(path, readFileSync(join(root, path), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('would be found if they pointed up or across', () => {
    const across = "import { x } from '../agents/sac/index.ts';";
    expect(violations('core/a.ts', across)).toEqual(['core/a.ts imports agents/sac/index.ts']);
    expect(violations('agents/sac/a.ts', "import type { x } from '../../envs/index.ts';")).toHaveLength(1);
    expect(violations('nn/a.ts', "const x = await import('../core/index.ts');")).toHaveLength(1);
    expect(violations('core/a.ts', "import { x } from '../nn/engine.ts';\nimport z from 'zod';")).toEqual([]);
  });

  it('never bring in unseeded random numbers, nor the clock outside what reports time', () => {
    const timed = /^(experiment|bench|train|sanity)\//;
    const random = new RegExp(['Math', 'random\\('].join('\\.'));
    const clock = /Date\.now\(|new Date\(\)|performance\.now\(/;
    const wrong = files.filter((path) => {
      if (path === 'sanity/imports.test.ts') return false;
      const text = readFileSync(join(root, path), 'utf8');
      return random.test(text) || (clock.test(text) && !timed.test(path) && !path.endsWith('.test.ts'));
    });
    expect(wrong).toEqual([]);
  });

  it('never try properties on cases of the day: what fails once must fail for everybody', () => {
    const own = /fc\.assert\(|fc\.check\(|configureGlobal\(/;
    const wrong = files.filter((path) => own.test(readFileSync(join(root, path), 'utf8')));
    expect(wrong.filter((path) => path !== 'sanity/imports.test.ts')).toEqual([
      'numerics/testing/property.ts',
    ]);
  });
});
