/** The part of the WebAssembly JavaScript interface that is used here; the compiler's library has it only for browsers. */

export interface Memory {
  readonly buffer: ArrayBuffer;
  /** Grows by that many pages of 64 KiB; detaches `buffer`. */
  grow(pages: number): number;
}

export interface Module {
  readonly [Symbol.toStringTag]?: string;
}

interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (
    module: Module,
    imports: { env: { memory: Memory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  validate(bytes: Uint8Array): boolean;
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi })
  .WebAssembly;
