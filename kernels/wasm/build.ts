/** Compiles assembly/ to simd.wasm and relaxed.wasm, which are committed: `npm run build:wasm`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileKernels } from './compile.ts';
import { WASM_BUILDS, wasmFile } from './files.ts';

for (const build of WASM_BUILDS) {
  const bytes = await compileKernels(build);
  writeFileSync(wasmFile(build), bytes);
  process.stderr.write(`${fileURLToPath(wasmFile(build))}: ${bytes.length} bytes\n`);
}
