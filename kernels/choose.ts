/** Which kernel set to use: the first, in a fixed order, that is there and computes what the reference computes. */
import { jsKernels } from './js/index.ts';
import type { KernelSet } from './kernels.ts';
import { selfTest } from './self-test.ts';
import { loadWasmKernels } from './wasm/load.ts';

/** 'wasm' is the better of the two wasm sets; 'auto' the best of all. */
export type KernelRequest = 'auto' | 'native' | 'wasm' | 'wasm-relaxed' | 'wasm-simd' | 'js';

export interface KernelChoice {
  readonly kernels: KernelSet;
  /** Sets that come earlier in the order, and why each was not taken. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

interface Candidate {
  readonly name: string;
  /** Throws an Error whose message says why not. */
  load(): KernelSet;
}

/** Best first. Never ordered by timing: a run must find the same kernels again. */
export const CANDIDATES: readonly Candidate[] = [
  {
    name: 'native',
    load() {
      throw new Error('native kernels have not been built');
    },
  },
  { name: 'wasm-relaxed', load: () => loadWasmKernels('relaxed') },
  { name: 'wasm-simd', load: () => loadWasmKernels('simd') },
  { name: 'js', load: () => jsKernels },
];

function wanted(request: KernelRequest, candidates: readonly Candidate[]): readonly Candidate[] {
  if (request === 'auto') return candidates;
  if (request === 'wasm') return candidates.filter(({ name }) => name.startsWith('wasm-'));
  return candidates.filter(({ name }) => name === request);
}

/**
 * The kernel set to use, and a sentence for each better one that was passed over.
 *
 * Each candidate must load and pass a short comparison with the reference. Throws if none of those asked for does, with the reasons
 * and the remedy. Invariant: the same machine and request give the same choice.
 */
export function chooseKernels(
  options: { readonly request?: KernelRequest; readonly candidates?: readonly Candidate[] } = {},
): KernelChoice {
  const { request = 'auto', candidates = CANDIDATES } = options;
  const refused: { name: string; reason: string }[] = [];
  for (const { name, load } of wanted(request, candidates)) {
    try {
      const kernels = load();
      selfTest(kernels);
      return { kernels, refused };
    } catch (error) {
      refused.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new Error(
    `kernels: '${request}' cannot be used (${reasons || 'no such kernels'}). Use --kernels auto, or one of ${candidates.map(({ name }) => name).join(', ')}.`,
  );
}
