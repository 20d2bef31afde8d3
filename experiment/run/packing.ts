/** Plain data to bytes and back, exactly: MessagePack with one extension code for each kind of typed array. */
import msgpack from 'msgpack-lite';
import { FIRST_CODE, MOST_NESTED, NEGATIVE_ZERO_CODE, TYPED_ARRAYS, type TypedArray } from './packed-form.ts';

export { unpack } from './unpacking.ts';

/** See NEGATIVE_ZERO_CODE. */
class NegativeZero {}

// Maps instead of objects: what a record's keys are called means nothing to the library then.
const codec = msgpack.createCodec({ usemap: true });
TYPED_ARRAYS.forEach((Kind, i) => {
  codec.addExtPacker<TypedArray>(FIRST_CODE + i, Kind, bytesOf);
});
codec.addExtPacker(NEGATIVE_ZERO_CODE, NegativeZero, () => new Uint8Array(0));

/**
 * Bytes of plain data: null, booleans, numbers (-0, NaN and infinities included), strings, arrays, records and typed arrays,
 * nested. Numbers of typed arrays are written as they lie in memory (little-endian on every machine Node runs on).
 * Throws a TypeError naming the place of anything else: undefined, bigint, Map, class instances, a key `__proto__`, text with half a
 * surrogate pair, which has no UTF-8, and records within more than 100 others (or themselves).
 * Invariant: `unpack(pack(x))` equals x in kinds, lengths and bits, and shares no memory with it.
 */
export function pack(value: unknown): Uint8Array {
  const bytes = msgpack.encode(toPackable(value, 'the data', 0), { codec });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function toPackable(value: unknown, where: string, depth: number): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return wellFormed(value, where);
  if (typeof value === 'number') return Object.is(value, -0) ? new NegativeZero() : value;
  if (TYPED_ARRAYS.some((Kind) => Object.getPrototypeOf(value ?? 0) === Kind.prototype)) return value;
  if (typeof value !== 'object' || !(Array.isArray(value) || isPlain(value))) {
    throw new TypeError(
      `${where} is ${kindOf(value)}, which cannot be saved; use numbers, strings, records and typed arrays.`,
    );
  }
  if (depth >= MOST_NESTED)
    throw new TypeError(`${where.slice(0, 80)}... is nested more than ${MOST_NESTED} deep; save it flat.`);
  if (Array.isArray(value)) return value.map((entry, i) => toPackable(entry, `${where}[${i}]`, depth + 1));
  return new Map(
    Object.entries(value).map(([key, entry]) => {
      if (key === '__proto__')
        throw new TypeError(`${where} has a key "__proto__", which is refused; rename it.`);
      return [wellFormed(key, `a key of ${where}`), toPackable(entry, `${where}.${key}`, depth + 1)];
    }),
  );
}

function wellFormed(text: string, where: string): string {
  if (/\p{Surrogate}/u.test(text))
    throw new TypeError(`${where} holds half a surrogate pair, which cannot be saved; leave it out.`);
  return text;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return `an object of class ${value.constructor?.name ?? 'unknown'}`;
}
