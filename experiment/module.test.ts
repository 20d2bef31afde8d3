import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { chooseEnvironment, loadModule } from './module.ts';
import { toyEconomies } from './test-fixtures.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'module-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

const economy = (id: string) =>
  `{ id: '${id}', version: 1, title: 't', calibration: {}, model: f, discountFactor: f, horizon: f, types: f, init: f, observe: f, step: f }`;
const mine = file('mine.mjs', `const f = () => 0; export default ${economy('mine')};`);
const two = file('two.mjs', `const f = () => 0; export default [${economy('left')}, ${economy('right')}];`);

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
      file(
        'half.mjs',
        `const f = () => 0; export default [${economy('ok')}, { id: 'x', version: 1, calibration: {} }];`,
      ),
      'entry 1 of the default export is not an economy: it has no function "model"',
    ],
  ])('refuses %s with a reason', async (name, words) => {
    await expect(loadModule(name)).rejects.toThrow(UsageError);
    await expect(loadModule(name)).rejects.toThrow(words);
    await expect(loadModule(name)).rejects.toThrow(`--module ${name}`);
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
    const double = file('double.mjs', `const f = () => 0; export default ${economy('toy')};`);
    await expect(choose(undefined, double)).rejects.toThrow('two economies have the id "toy"');
  });
});
