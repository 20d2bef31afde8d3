import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importFile, isCommonJs } from './import-file.ts';

const base = mkdtempSync(path.join(tmpdir(), 'import-'));
afterAll(() => rmSync(base, { recursive: true }));
const inner = path.join(base, 'inner', 'deeper');
mkdirSync(inner, { recursive: true });
writeFileSync(path.join(base, 'package.json'), '{ "name": "outer" }');
writeFileSync(path.join(base, 'inner', 'package.json'), '{ "type": "module" }');

describe('a file of the user', () => {
  it('is CommonJS by its ending, or by the nearest package.json that does not say module', () => {
    expect(isCommonJs(path.join(base, 'economy.ts'))).toBe(true);
    expect(isCommonJs(path.join(base, 'economy.mts'))).toBe(false);
    expect(isCommonJs(path.join(inner, 'economy.ts'))).toBe(false);
    expect(isCommonJs(path.join(inner, 'economy.cts'))).toBe(true);
  });

  it('is imported, TypeScript or not, by its path from the working directory', async () => {
    const text = 'export default 3;\n';
    for (const name of ['a.mjs', 'b.mts']) {
      writeFileSync(path.join(inner, name), text);
      expect((await importFile(path.relative('.', path.join(inner, name)))).default).toBe(3);
    }
  });
});
