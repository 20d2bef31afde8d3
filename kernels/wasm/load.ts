import type { KernelSet } from '../kernels.ts';
export function loadWasmKernels(build: 'simd' | 'relaxed'): KernelSet {
  throw new Error(`${build} not built`);
}
