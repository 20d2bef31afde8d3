/** The compilation of the WebAssembly kernels from AssemblyScript. A development tool: nothing at run time imports it. */
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import type { WasmBuild } from './files.ts';

const FEATURES: Readonly<Record<WasmBuild, string>> = { simd: 'simd', relaxed: 'simd,relaxed-simd' };

/**
 * The bytes of one build. Throws with the compiler's messages if it fails.
 *
 * Invariant: the same sources and compiler give the same bytes.
 */
export async function compileKernels(build: WasmBuild): Promise<Uint8Array> {
  const folder = fileURLToPath(new URL('./assembly/', import.meta.url));
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--baseDir',
      folder,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--enable',
      FEATURES[build],
    ],
    {
      writeFile: (_name: string, contents: unknown) => {
        if (contents instanceof Uint8Array) bytes = contents;
      },
    },
  );
  if (error || bytes === undefined) {
    throw new Error(
      `wasm ${build}: the compiler failed: ${error?.message ?? 'no output'}\n${stderr.toString()}`,
    );
  }
  return bytes;
}
