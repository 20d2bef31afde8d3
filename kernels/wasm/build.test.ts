import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Arena } from '../arena.ts';
import { compileKernels } from './compile.ts';
import { WASM_NAMES, wasmFile } from './files.ts';
import { loadWasmKernels } from './load.ts';

describe('the committed WebAssembly', () => {
  it.each(WASM_NAMES)('%s.wasm is what the compiler makes of the sources, byte for byte', async (name) => {
    const committed = new Uint8Array(readFileSync(wasmFile(name)));
    const rebuilt = Buffer.from(await compileKernels(name));
    expect(rebuilt.equals(committed), 'run `npm run build:wasm`').toBe(true);
  });

  it('puts nothing of its own into the arena', () => {
    const arena = new Arena({ precision: 'float32' });
    loadWasmKernels('simd').over(arena);
    expect(arena.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses an arena of float64', () => {
    expect(() => loadWasmKernels('simd').over(new Arena({ precision: 'float64' }))).toThrow(
      /works on float32, the arena is float64/,
    );
  });
});
