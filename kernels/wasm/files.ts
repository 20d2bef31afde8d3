/** What is compiled to WebAssembly, and where it lies. */

/** 'simd' runs wherever 128-bit SIMD does; 'relaxed' fuses multiply and add. */
export type WasmBuild = 'simd' | 'relaxed';

/** The two builds of the kernels over an arena of float32, and the loops of the structural agent over a shared memory of float64. */
export type WasmName = WasmBuild | 'structural';

export const WASM_NAMES: readonly WasmName[] = ['simd', 'relaxed', 'structural'];

/** The committed file of that name. */
export function wasmFile(name: WasmName): URL {
  return new URL(`./${name}.wasm`, import.meta.url);
}
