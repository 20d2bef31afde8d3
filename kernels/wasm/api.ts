/** The part of the WebAssembly JavaScript interface that is used here; the compiler's library has it only for browsers. */

export interface Memory {
  readonly buffer: ArrayBuffer;
  /** Grows by that many pages of 64 KiB; detaches `buffer`. */
  grow(pages: number): number;
}

/** One that threads share: sent to another it is the same there. Its size is fixed. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

export interface Module {
  readonly [Symbol.toStringTag]?: string;
}

interface WebAssemblyApi {
  readonly Memory: {
    new (descriptor: { initial: number }): Memory;
    new (descriptor: { initial: number; maximum: number; shared: true }): SharedMemory;
  };
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (
    module: Module,
    imports: { env: { memory: Memory | SharedMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array): boolean;
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
  .WebAssembly;
