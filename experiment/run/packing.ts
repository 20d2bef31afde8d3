/** Plain data to bytes and back, exactly: MessagePack with one extension code for each kind of typed array. */
import msgpack from 'msgpack-lite';
import { RestoreError } from '../../core/errors.ts';

type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

/** Extension codes: FIRST_CODE + place in TYPED_ARRAYS. */
const FIRST_CODE = 0x20;
const NEGATIVE_ZERO_CODE = 0x30;

/** MessagePack's small integers have no -0; it travels as an extension. */
class NegativeZero {}

// Maps instead of objects, so that a key `__proto__` is seen before it can do harm.
const codec = msgpack.createCodec({ usemap: true });
TYPED_ARRAYS.forEach((Kind, i) => {
  codec.addExtPacker<TypedArray>(FIRST_CODE + i, Kind, bytesOf);
  codec.addExtUnpacker<TypedArray>(FIRST_CODE + i, (bytes) => new Kind(new Uint8Array(bytes).buffer));
});
codec.addExtPacker(NEGATIVE_ZERO_CODE, NegativeZero, () => new Uint8Array(0));
codec.addExtUnpacker(NEGATIVE_ZERO_CODE, () => new NegativeZero());

/**
 * Bytes of plain data: null, booleans, numbers (-0, NaN and infinities included), strings, arrays, records and typed arrays,
 * nested. Numbers of typed arrays are written as they lie in memory (little-endian on every machine Node runs on).
 * Throws a TypeError naming the place of anything else (undefined, bigint, Map, class instances, a key `__proto__`).
 * Invariant: `unpack(pack(x))` equals x in kinds, lengths and bits, and shares no memory with it.
 */
export function pack(value: unknown): Uint8Array {
  const bytes = msgpack.encode(toPackable(value, 'the data'), { codec });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The data that `pack` gave. Throws a RestoreError for bytes that `pack` does not write. */
export function unpack(bytes: Uint8Array): unknown {
  let decoded: unknown;
  try {
    decoded = msgpack.decode(bytes, { codec });
  } catch (error) {
    throw new RestoreError(
      `the packed data cannot be read (${error instanceof Error ? error.message : error}).`,
    );
  }
  return fromPacked(decoded, 'the data');
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function toPackable(value: unknown, where: string): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Object.is(value, -0) ? new NegativeZero() : value;
  if (Array.isArray(value)) return value.map((entry, i) => toPackable(entry, `${where}[${i}]`));
  if (TYPED_ARRAYS.some((Kind) => Object.getPrototypeOf(value ?? 0) === Kind.prototype)) return value;
  if (typeof value !== 'object' || !isPlain(value)) {
    throw new TypeError(
      `${where} is ${kindOf(value)}, which cannot be saved; use numbers, strings, records and typed arrays.`,
    );
  }
  return new Map(
    Object.entries(value).map(([key, entry]) => {
      checkKey(key, where, TypeError);
      return [key, toPackable(entry, `${where}.${key}`)];
    }),
  );
}

function fromPacked(value: unknown, where: string): unknown {
  if (value instanceof NegativeZero) return -0;
  if (Array.isArray(value)) return value.map((entry, i) => fromPacked(entry, `${where}[${i}]`));
  if (value instanceof Map) {
    return Object.fromEntries(
      [...value].map(([key, entry]) => {
        if (typeof key !== 'string')
          throw new RestoreError(`${where} has a key that is no text (${String(key)}).`);
        checkKey(key, where, RestoreError);
        return [key, fromPacked(entry, `${where}.${key}`)];
      }),
    );
  }
  const known = value === null || ['boolean', 'number', 'string'].includes(typeof value);
  if (known || TYPED_ARRAYS.some((Kind) => Object.getPrototypeOf(value) === Kind.prototype)) return value;
  throw new RestoreError(`${where} is ${kindOf(value)}, which this format does not hold.`);
}

function checkKey(key: string, where: string, Failure: new (message: string) => Error): void {
  if (key === '__proto__') throw new Failure(`${where} has a key "__proto__", which is refused; rename it.`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return `an object of class ${value.constructor?.name ?? 'unknown'}`;
}
