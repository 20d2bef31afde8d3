/**
 * One linear memory for everything an engine computes with. Tensors are offsets into it, in elements.
 */
import { type Memory, webAssembly } from './wasm/api.ts';

export type FloatArray = Float32Array | Float64Array;
export type Precision = 'float32' | 'float64';

const PAGE_BYTES = 65536;
const ALIGNMENT_BYTES = 64;

/**
 * A `WebAssembly.Memory` seen as one array of floats, handed out from the front and never taken back.
 *
 * Invariant: every offset from `allocate` is a multiple of 64 bytes, and freshly allocated elements are 0.
 */
export class Arena {
  readonly precision: Precision;
  readonly memory: Memory;
  /** The whole memory. Growth replaces this array (the old one is detached): read it anew at each use. */
  data: FloatArray;
  private used = 0;

  constructor(options: { readonly precision: Precision }) {
    this.precision = options.precision;
    this.memory = new webAssembly.Memory({ initial: 1 });
    this.data = this.wholeMemory();
  }

  /**
   * Offset of `size` new elements. Throws a RangeError if the memory cannot grow (2^32 bytes at most).
   */
  allocate(size: number): number {
    const alignment = ALIGNMENT_BYTES / this.data.BYTES_PER_ELEMENT;
    const offset = this.used;
    const end = offset + Math.ceil(size / alignment) * alignment;
    const missing = end * this.data.BYTES_PER_ELEMENT - this.data.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE_BYTES));
      } catch (error) {
        throw new RangeError(
          `arena: cannot grow by ${missing} bytes to hold ${size} more elements (${String(error)}). Use a smaller batch or network.`,
        );
      }
      this.data = this.wholeMemory();
    }
    this.used = end;
    return offset;
  }

  private wholeMemory(): FloatArray {
    return this.precision === 'float64'
      ? new Float64Array(this.memory.buffer)
      : new Float32Array(this.memory.buffer);
  }
}
