/** The two builds of the WebAssembly kernels, and where they lie. */

/** 'simd' runs wherever 128-bit SIMD does; 'relaxed' fuses multiply and add. */
export type WasmBuild = 'simd' | 'relaxed';

export const WASM_BUILDS: readonly WasmBuild[] = ['simd', 'relaxed'];

/** The committed file of a build. */
export function wasmFile(build: WasmBuild): URL {
  return new URL(`./${build}.wasm`, import.meta.url);
}
