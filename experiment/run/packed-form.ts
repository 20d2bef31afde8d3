/** What packed data may hold, for the writer and the reader. */

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

/** Extension codes of typed arrays: FIRST_CODE + place in TYPED_ARRAYS. */
export const FIRST_CODE = 0x20;
/** MessagePack's small integers have no -0; it travels as an extension without content. */
export const NEGATIVE_ZERO_CODE = 0x30;

/** Records and arrays within one another, at most: far more than anything saved has, far less than a stack holds. */
export const MOST_NESTED = 100;
