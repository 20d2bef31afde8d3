/** Compiles assembly/ to the files that are committed beside this one: `npm run build:wasm`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './compile.ts';
import { WASM_NAMES, wasmFile } from './files.ts';

for (const name of WASM_NAMES) {
  const bytes = await compileKernels(name);
  writeFileSync(wasmFile(name), bytes);
  process.stderr.write(`${fileURLToPath(wasmFile(name))}: ${bytes.length} bytes\n`);
}
