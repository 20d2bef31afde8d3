/** Kernels compiled to WebAssembly, over the memory of an arena. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Arena } from '../arena.ts';
import type { KernelSet, Kernels } from '../kernels.ts';
import { type Module, webAssembly } from './api.ts';
import { type WasmBuild, wasmFile } from './files.ts';

function validModule(build: WasmBuild): Module {
  const bytes = new Uint8Array(readFileSync(wasmFile(build)));
  // Node 20 knows relaxed SIMD behind a flag; on later ones the flag is gone, and not needed.
  if (build === 'relaxed' && !webAssembly.validate(bytes)) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  if (!webAssembly.validate(bytes)) {
    throw new Error(`this machine or version of Node does not run WebAssembly with ${build} SIMD`);
  }
  return new webAssembly.Module(bytes);
}

/**
 * The kernel set of one build: 'wasm-simd' or 'wasm-relaxed'. Throws, saying why, if the file is missing or does not validate.
 */
export function loadWasmKernels(build: WasmBuild): KernelSet {
  const module = validModule(build);
  const name = `wasm-${build}`;
  return {
    name,
    float64: false,
    over(arena: Arena): Kernels {
      if (arena.precision !== 'float32') {
        throw new Error(`${name}: works on float32, the arena is ${arena.precision}. Use the js kernels.`);
      }
      const { exports } = new webAssembly.Instance(module, { env: { memory: arena.memory } });
      return exports as unknown as Kernels;
    },
  };
}
