/** Where the arrays of an epoch lie: each by itself, or all in one memory on which WebAssembly works. Both are shared by threads. */
import { type SharedMemory, webAssembly } from '../../kernels/wasm/api.ts';
import type { Loops } from './loops.ts';
import { jsLoops } from './loops-js.ts';
import { loadWasmLoops } from './loops-wasm.ts';

/** Makes arrays of zeros, and says which loops may work on them. */
export interface Room {
  readonly loops: Loops;
  reals(length: number): Float64Array;
  whole(length: number): Int32Array;
  bytes(length: number): Uint8Array;
}

const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;
/** Arrays begin at multiples of this. */
const ALIGNMENT_BYTES = 64;

/** Every array by itself. */
export const separateArrays: Room = {
  loops: jsLoops,
  reals: (length) => new Float64Array(new SharedArrayBuffer(8 * length)),
  whole: (length) => new Int32Array(new SharedArrayBuffer(4 * length)),
  bytes: (length) => new Uint8Array(new SharedArrayBuffer(length)),
};

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

/** How many bytes of one memory the arrays take that `make` makes. */
export function bytesOf(make: (room: Room) => unknown): number {
  let total = 0;
  const counted = <T extends { readonly byteLength: number }>(array: T): T => {
    total += aligned(array.byteLength);
    return array;
  };
  make({
    loops: jsLoops,
    reals: (length) => counted(separateArrays.reals(length)),
    whole: (length) => counted(separateArrays.whole(length)),
    bytes: (length) => counted(separateArrays.bytes(length)),
  });
  return total;
}

/** A memory of that many bytes for WebAssembly; undefined where there is none so large, or no WebAssembly that can share it. */
export function sharedMemory(bytes: number): SharedMemory | undefined {
  const pages = Math.ceil((bytes + ALIGNMENT_BYTES) / PAGE_BYTES);
  if (pages > MOST_PAGES) return undefined;
  try {
    const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    loadWasmLoops(memory);
    return memory;
  } catch {
    return undefined;
  }
}

/** Arrays of that memory, one after the other from byte `from` on; the first bytes are no array's. Throws a RangeError where it is full. */
export function arraysOf(memory: SharedMemory, from = 0): Room {
  const { buffer } = memory;
  // Address 0 stands for no array.
  let used = from + ALIGNMENT_BYTES;
  const take = (bytes: number): number => {
    const at = used;
    used += aligned(bytes);
    return at;
  };
  return {
    loops: loadWasmLoops(memory),
    reals: (length) => new Float64Array(buffer, take(8 * length), length),
    whole: (length) => new Int32Array(buffer, take(4 * length), length),
    bytes: (length) => new Uint8Array(buffer, take(length), length),
  };
}
