import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { environments } from '../envs/index.ts';
import { COMMANDS } from '../packaging/commands.ts';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const code = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]);

describe('the README', () => {
  it('shows the examples as they are, and no other code: an economy of your own, and a program', () => {
    const examples = ['fish-war.ts', 'program.ts'].map((name) =>
      readFileSync(join(root, 'examples', name), 'utf8'),
    );
    expect(code).toEqual(examples);
  });

  it('names every economy and every package that is depended on', () => {
    for (const id of environments.ids) expect(readme).toContain(`\`${id}\``);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = (name: string) => readme.includes(`\`${name}\``) || name.startsWith('@types/');
    expect(
      [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((name) => !named(name)),
    ).toEqual([]);
  });

  it('sends its readers to files and commands that there are', () => {
    const files = [
      ...[...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]),
      ...[...readme.matchAll(/npx tsx ([\w/-]+\.ts)/g)].map((match) => match[1]),
    ];
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const commands = [...readme.matchAll(/npx equilibrium-gym (\w+)/g)].map((match) => match[1]);
    expect(commands).toContain('sac');
    expect(commands.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
  });

  it('has no gap left to fill', () => {
    expect(readme).not.toContain('@@');
  });
});
