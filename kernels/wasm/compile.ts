/** The compilation of the WebAssembly kernels from AssemblyScript. A development tool: nothing at run time imports it. */
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import type { WasmName } from './files.ts';

/** The source, and what it may use. The largest memory there is, in pages, has to be said of one that threads share. */
const SOURCES: Readonly<Record<WasmName, readonly string[]>> = {
  simd: ['index.ts', '--enable', 'simd'],
  relaxed: ['index.ts', '--enable', 'simd,relaxed-simd'],
  structural: ['structural.ts', '--enable', 'simd,threads', '--sharedMemory', '--maximumMemory', '65536'],
};

/**
 * The bytes of one file. Throws with the compiler's messages if it fails.
 *
 * Invariant: the same sources and compiler give the same bytes.
 */
export async function compileKernels(name: WasmName): Promise<Uint8Array> {
  const folder = fileURLToPath(new URL('./assembly/', import.meta.url));
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...SOURCES[name],
      '--baseDir',
      folder,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
    ],
    {
      writeFile: (_name: string, contents: unknown) => {
        if (contents instanceof Uint8Array) bytes = contents;
      },
    },
  );
  if (error || bytes === undefined) {
    throw new Error(
      `wasm ${name}: the compiler failed: ${error?.message ?? 'no output'}\n${stderr.toString()}`,
    );
  }
  return bytes;
}
