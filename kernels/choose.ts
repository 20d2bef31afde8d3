/** Which kernel set to use: the first, in a fixed order, that is there and computes what the reference computes. */
import { jsKernels } from './js/index.ts';
import type { KernelSet } from './kernels.ts';
import { loadNativeKernels } from './native/load.ts';
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
  { name: 'native', load: () => loadNativeKernels() },
  { name: 'wasm-relaxed', load: () => loadWasmKernels('relaxed') },
  { name: 'wasm-simd', load: () => loadWasmKernels('simd') },
  { name: 'js', load: () => jsKernels },
];

function wanted(request: KernelRequest, candidates: readonly Candidate[]): readonly Candidate[] {
  if (request === 'auto') return candidates;
  if (request === 'wasm') return candidates.filter(({ name }) => name.startsWith('wasm-'));
  return candidates.filter(({ name }) => name === request);
}

/** Loads a candidate and compares it with the reference; a sentence if it cannot be used. */
function attempt({ load }: Candidate): { readonly kernels: KernelSet } | { readonly reason: string } {
  try {
    const kernels = load();
    selfTest(kernels);
    return { kernels };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Every kernel set that works on this machine, best first: for comparisons. Invariant: `js` is always among them. */
export function availableKernels(): readonly KernelSet[] {
  return CANDIDATES.flatMap((candidate) => {
    const tried = attempt(candidate);
    return 'kernels' in tried ? [tried.kernels] : [];
  });
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
  for (const candidate of wanted(request, candidates)) {
    const tried = attempt(candidate);
    if ('kernels' in tried) return { kernels: tried.kernels, refused };
    refused.push({ name: candidate.name, reason: tried.reason });
  }
  const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new Error(
    `kernels: '${request}' cannot be used (${reasons || 'no such kernels'}). Mend that, or use --kernels auto, or one of ${candidates.map(({ name }) => name).join(', ')}.`,
  );
}
