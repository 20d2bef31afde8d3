/** For tests: every kernel set that is to agree with the reference, the native one built from the sources where there is a compiler. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KernelSet } from './kernels.ts';
import { compileNative, findCompiler } from './native/compile.ts';
import { builtName } from './native/files.ts';
import { loadNativeKernels } from './native/load.ts';
import { loadWasmKernels } from './wasm/load.ts';

/** Ignored by git, and no place where a run would look. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/equilibrium-gym-native/', import.meta.url));

/** The folder with native kernels built from the sources as they are now; undefined where there is no compiler. */
export function builtNativeFolder(): string | undefined {
  if (existsSync(path.join(CACHE, builtName()))) return CACHE;
  if (findCompiler() === undefined) return undefined;
  compileNative({ folder: CACHE });
  return CACHE;
}

/** Both WebAssembly sets, and the native one where there is a compiler. */
export function comparedSets(): readonly KernelSet[] {
  const folder = builtNativeFolder();
  const wasm = [loadWasmKernels('simd'), loadWasmKernels('relaxed')];
  return folder === undefined ? wasm : [loadNativeKernels({ folder }), ...wasm];
}
