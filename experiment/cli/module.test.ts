import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { toyEconomies } from '../test-fixtures.ts';
import { chooseEnvironment, loadModule } from './module.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'module-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

const start = `import { toy } from ${JSON.stringify(fileURLToPath(new URL('../test-fixtures.ts', import.meta.url)))};\n`;
const economy = (id: string, changes = '') => `{ ...toy, calibrations: {}, id: '${id}', ${changes} }`;
const mine = file('mine.mjs', `${start}export default ${economy('mine')};`);
const two = file('two.mjs', `${start}export default [${economy('left')}, ${economy('right')}];`);

describe('--module', () => {
  it('gives the economy or the economies that the file exports', async () => {
    expect((await loadModule(mine)).map(({ id }) => id)).toEqual(['mine']);
    expect((await loadModule(two)).map(({ id }) => id)).toEqual(['left', 'right']);
  });

  it.each([
    [path.join(folder, 'none.ts'), 'no such file'],
    [file('broken.mjs', 'export default {'), 'cannot be loaded'],
    [file('throws.mjs', "throw new Error('out of money');"), 'out of money'],
    [file('named.mjs', 'export const economy = 1;'), 'no default export'],
    [file('number.mjs', 'export default 3;'), 'the default export is not an economy: it is a number'],
    [file('none.mjs', 'export default [];'), 'empty array'],
    [
      file('half.mjs', `${start}export default [${economy('ok')}, ${economy('x', 'model: undefined')}];`),
      'entry 1 of the default export is not an economy: its field "model" is missing; it must be a function',
    ],
  ])('refuses %s with a reason', async (name, words) => {
    await expect(loadModule(name)).rejects.toThrow(UsageError);
    await expect(loadModule(name)).rejects.toThrow(words);
    await expect(loadModule(name)).rejects.toThrow(`--module ${name}`);
  });
});

describe('the economy that a file exports', () => {
  it.each([
    ['id: undefined', 'its field "id" is missing; it must be text'],
    ["id: 'My Economy'", 'id "My Economy" must be lower-case letters'],
    ["version: '1'", 'its field "version" is of type string; it must be a positive whole number'],
    ['version: 0', 'version is 0; use a positive integer'],
    ['title: undefined', 'its field "title" is missing'],
    [
      'calibration: { discountFactor: 0.9 }',
      'its field "calibration" is of type object; it must be a zod object',
    ],
    ['calibration: { shape: {} }', 'its field "calibration" is of type object'],
    ['calibration: toy.calibration.shape.persistence', 'its field "calibration" is of type object'],
    [
      'calibrations: { annual: 3 }',
      'its field "calibrations" is of type object; it must be records of changes',
    ],
    ['resetOptions: {}', 'its field "resetOptions" is of type object; it must be a zod object'],
    ['step: null', 'its field "step" is null; it must be a function'],
    ['observe: []', 'its field "observe" is a list; it must be a function'],
    ['periodsPerYear: 4', 'its field "periodsPerYear" is of type number; it must be a function, or left out'],
    ['oracle: 3', 'its field "oracle" is of type number; it must be a function, or left out'],
  ])('with %s is refused, by field', async (changes, words) => {
    const name = file(
      `field-${changes.replace(/\W+/g, '-')}.mjs`,
      `${start}export default ${economy('x', changes)};`,
    );
    await expect(loadModule(name)).rejects.toThrow(UsageError);
    await expect(loadModule(name)).rejects.toThrow(
      `--module ${name}: the default export is not an economy: `,
    );
    await expect(loadModule(name)).rejects.toThrow(words);
  });
});

describe('the economy of a command', () => {
  const choose = (env: string | undefined, module: string | undefined) =>
    chooseEnvironment({ environments: toyEconomies, env, module, fallback: 'toy' });

  it('is --env, else the module, else the fallback', async () => {
    expect(await choose(undefined, undefined)).toMatchObject({ id: 'toy', module: null });
    expect(await choose('toy/restless', undefined)).toMatchObject({ id: 'toy/restless' });
    expect(await choose(undefined, mine)).toMatchObject({ id: 'mine', module: path.relative('.', mine) });
    expect(await choose('toy', mine)).toMatchObject({ id: 'toy' });
    expect((await choose('right', two)).registry.ids).toEqual(['toy', 'toy/restless', 'left', 'right']);
  });

  it('must be chosen where a module has several', async () => {
    await expect(choose(undefined, two)).rejects.toThrow('choose one with --env: left, right');
  });

  it("must not have an id that the suite's economies have", async () => {
    const double = file('double.mjs', `${start}export default ${economy('toy')};`);
    await expect(choose(undefined, double)).rejects.toThrow('two economies have the id "toy"');
  });
});
