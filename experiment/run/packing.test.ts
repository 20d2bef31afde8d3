import fc from 'fast-check';
import msgpack from 'msgpack-lite';
import { describe, expect, it } from 'vitest';
import { RestoreError } from '../../core/errors.ts';
import { holds } from '../../numerics/testing/property.ts';
import { pack, unpack } from './packing.ts';

const KINDS = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

describe('packing', () => {
  it.each(KINDS)('returns a %o of the same kind, length and bits', (Kind) => {
    for (const length of [0, 1, 3, 16, 255, 256, 70_000]) {
      const values = new Kind(Array.from({ length }, (_, i) => (i * 2654435761) / 7 - 1e9));
      const back = unpack(pack({ values })) as { values: unknown };
      expect(Object.getPrototypeOf(back.values)).toBe(Kind.prototype);
      expect(back.values).toEqual(values);
    }
  });

  it('keeps NaN payload bits, infinities, -0 and the smallest numbers of a Float64Array', () => {
    const bits = new Uint32Array([1, 0x7ff80001, 0, 0x80000000, 1, 0, 0, 0xfff00000]);
    const back = unpack(pack(new Float64Array(bits.buffer))) as Float64Array;
    expect(new Uint32Array(back.buffer)).toEqual(bits);
  });

  it('packs only the part that a view shows, and gives back memory of its own', () => {
    const whole = Float32Array.of(1, 2, 3, 4, 5);
    const part = whole.subarray(1, 4);
    const bytes = pack(part);
    const back = unpack(bytes) as Float32Array;
    bytes.fill(0);
    whole.fill(9);
    expect(back).toEqual(Float32Array.of(2, 3, 4));
    expect(back.buffer.byteLength).toBe(12);
  });

  it('keeps plain numbers, -0 among them', () => {
    for (const x of [
      0,
      -0,
      1,
      -1,
      127,
      128,
      -33,
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 32,
      2 ** 53,
      0.1,
      1e-320,
      Number.NaN,
      Infinity,
      -Infinity,
    ]) {
      expect(Object.is(unpack(pack(x)), x)).toBe(true);
    }
  });

  it('returns any nested plain data', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme' }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 20 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('tree'),
          { maxKeys: 20, noNullPrototype: true },
        ),
      ),
    }));
    holds(
      fc.property(tree, (data) => {
        expect(unpack(pack(data))).toEqual(data);
      }),
    );
  });

  it.each([
    ['undefined', undefined, 'undefined'],
    ['a bigint', 1n, 'bigint'],
    ['a Map', new Map(), 'class Map'],
    ['a Date', new Date(0), 'class Date'],
    ['a function', () => 0, 'function'],
    ['a Buffer', Buffer.alloc(1), 'class Buffer'],
    ['a BigInt64Array', new BigInt64Array(1), 'class BigInt64Array'],
  ])('refuses %s, which would not come back as it was', (_, value, kind) => {
    expect(() => pack({ agents: [{ value }] })).toThrow(`the data.agents[0].value is`);
    expect(() => pack({ value })).toThrow(kind);
  });

  it('refuses a key __proto__ both ways', () => {
    const own = JSON.parse('{ "a": { "__proto__": { "polluted": true } } }');
    expect(() => pack(own)).toThrow('__proto__');
    const bytes = Uint8Array.from(msgpack.encode(own) as Iterable<number>);
    expect(() => unpack(bytes)).toThrow(RestoreError);
    expect(() => unpack(bytes)).toThrow('the data.a has a key "__proto__"');
  });

  it('refuses bytes that it does not write', () => {
    for (const bytes of [
      [0xc1],
      [0x81],
      [0xc7, 1, 0x7f, 0],
      [0xc4, 1, 0],
      [0x81, 1, 1],
      [0xc7, 3, 0x27, 0, 0, 0],
    ]) {
      expect(() => unpack(Uint8Array.from(bytes)), bytes.join()).toThrow(RestoreError);
    }
  });
});
