/**
 * Builds what is published: `npm run build`, and before every `npm pack`.
 *
 * `dist/` holds, as JavaScript with declarations, the entries of `packaging/tsconfig.json` and whatever they import, and nothing else:
 * no tests, no development tools. There are no source maps, for the sources are not published: comments stay in what is.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASM_NAMES, wasmFile } from '../kernels/wasm/files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');

/** Files that the code reads at run time, at the same place beside it. */
const DATA: readonly string[] = WASM_NAMES.map((name) => fileURLToPath(wasmFile(name)));

rmSync(dist, { recursive: true, force: true });
const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const { status } = spawnSync(
  process.execPath,
  [path.join(typescript, 'bin', 'tsc'), '--project', path.join(root, 'packaging')],
  // Standard output belongs to `npm pack --json`.
  { stdio: ['ignore', 2, 2] },
);
if (status === 0) {
  for (const file of DATA) copyFileSync(file, path.join(dist, path.relative(root, file)));
} else {
  process.stderr.write(
    'build: tsc found errors, listed above; there is no dist/ now. `npm run typecheck`.\n',
  );
  process.exitCode = 1;
}
