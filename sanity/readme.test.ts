import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { environments } from '../envs/index.ts';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows the example as it is', () => {
    expect(readme).toContain(readFileSync(join(root, 'examples/fish-war.ts'), 'utf8').trimEnd());
  });

  it('names every economy and every package that is depended on', () => {
    for (const id of environments.ids) expect(readme).toContain(`\`${id}\``);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = (name: string) => readme.includes(`\`${name}\``) || name.startsWith('@types/');
    expect(
      [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((name) => !named(name)),
    ).toEqual([]);
  });

  it('has no gap left to fill', () => {
    expect(readme).not.toContain('@@');
  });
});
