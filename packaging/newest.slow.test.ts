import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyOfSources, pack, root, succeed, temporaryFolder, writeJson } from './testing.ts';

const base = temporaryFolder();
afterAll(() => rmSync(base, { recursive: true }), 300_000);

it('the package installs as any other, with the newest versions that its dependencies allow', async () => {
  const tarball = await pack(base, copyOfSources(base));
  const user = path.join(base, 'user');
  mkdirSync(user);
  writeJson(path.join(user, 'package.json'), {});
  await succeed(user, 'npm', ['install', '--no-audit', '--no-fund', tarball]);
  writeFileSync(
    path.join(user, 'program.mjs'),
    readFileSync(path.join(root, 'examples', 'program.ts'), 'utf8'),
  );
  const { out } = await succeed(user, process.execPath, ['program.mjs']);
  expect(out).toContain('it eats 0.');
});
