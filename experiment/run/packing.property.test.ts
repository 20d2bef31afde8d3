import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RestoreError } from '../../core/errors.ts';
import { holds } from '../../numerics/testing/property.ts';
import { pack, unpack } from './packing.ts';

/** Texts that have a UTF-8 form, with characters of one to four bytes, and lengths around the format's limits. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !/\p{Surrogate}/u.test(text)),
  fc.constantFrom(
    '\ufeff',
    '\u0000',
    'é'.repeat(16),
    'x'.repeat(31),
    '漢'.repeat(90),
    '😀'.repeat(70),
    'y'.repeat(65536),
  ),
);
const keys = fc.oneof(
  texts.filter((text) => text !== '__proto__'),
  fc.constantFrom(
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    '__defineGetter__',
    'length',
    'toJSON',
    '0',
    '',
  ),
);
const typedArrays: fc.Arbitrary<unknown> = fc.oneof(
  fc.int8Array(),
  fc.uint8Array({ maxLength: 300 }),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  // Any bits: NaN with its payload, -0, the smallest numbers.
  fc.uint32Array({ maxLength: 20 }).map((bits) => new Float32Array(bits.slice().buffer)),
  fc.uint32Array({ maxLength: 20 }).map((bits) => new Float64Array(bits.slice(0, bits.length & ~1).buffer)),
  fc.float32Array(),
  fc.float64Array(),
);
const leaves = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    Number.MIN_VALUE,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    -(2 ** 31) - 1,
  ),
  fc.boolean(),
  fc.constant(null),
  texts,
  typedArrays,
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.array(tie('tree'), { maxLength: 20 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 20, noNullPrototype: true }),
  ),
}));

/** Whether two values are of the same kinds and bits; `toEqual` does not look at the bits of NaN. */
function requireAlike(found: unknown, expected: unknown, where: string): void {
  if (ArrayBuffer.isView(expected) && ArrayBuffer.isView(found)) {
    const bytes = [found, expected].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
    );
    if (Object.getPrototypeOf(found) !== Object.getPrototypeOf(expected) || bytes[0] !== bytes[1])
      throw new Error(`${where} differs: ${bytes.join(' and ')}`);
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    if (!Object.is(found, expected)) throw new Error(`${where} is ${String(found)}, not ${String(expected)}`);
    return;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found) !== Array.isArray(expected))
    throw new Error(`${where} is of another kind`);
  const [a, b] = [Object.entries(found), Object.entries(expected)];
  if (a.map(([key]) => key).join() !== b.map(([key]) => key).join())
    throw new Error(`${where} has other keys`);
  a.forEach(([key, value], i) => {
    requireAlike(value, b[i][1], `${where}.${key}`);
  });
}

/** Only ever a RestoreError, and never more memory than some multiple of what there is to read. */
function requireRefusedOrRead(bytes: Uint8Array): void {
  let data: unknown;
  try {
    data = unpack(bytes);
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error;
    return;
  }
  // What is read is what was written: it is written the same, but for integers in a longer form.
  requireAlike(unpack(pack(data)), data, 'the data');
}

describe('packed data', () => {
  it('are what they were: any plain data, to the bits of a NaN', () => {
    holds(
      fc.property(tree, (data) => {
        requireAlike(unpack(pack(data)), data, 'the data');
      }),
    );
  });

  it('are the same bytes for the same data, and no memory is shared', () => {
    holds(
      fc.property(tree, (data) => {
        const bytes = pack(data);
        const kept = bytes.slice();
        const back = unpack(bytes);
        requireAlike(pack(back), kept, 'the bytes');
        bytes.fill(0xff);
        requireAlike(back, unpack(Buffer.from(kept) as unknown as Uint8Array), 'the data');
      }),
    );
  });

  it('are refused when cut off anywhere, and when anything follows', () => {
    holds(
      fc.property(tree, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (data, at, more) => {
        const bytes = pack(data);
        expect(() => unpack(bytes.subarray(0, at % bytes.length))).toThrow(RestoreError);
        const longer = new Uint8Array(bytes.length + more.length);
        longer.set(bytes);
        longer.set(more, bytes.length);
        expect(() => unpack(longer)).toThrow(/bytes follow its end/);
      }),
    );
  });

  it('are read or refused, and nothing else, whatever the bytes', () => {
    holds(fc.property(fc.uint8Array({ maxLength: 100 }), requireRefusedOrRead));
  });

  it('are read or refused, and nothing else, after any bytes of them were changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    holds(
      fc.property(tree, changes, (data, list) => {
        const bytes = pack(data).slice();
        for (const [at, byte] of list) bytes[at % bytes.length] = byte;
        requireRefusedOrRead(bytes);
      }),
    );
  });

  it('are refused in no time where lengths are forged, however they are nested', () => {
    // Arrays and maps that promise as many entries as there are bytes left, or more than any memory holds.
    const heads = fc.oneof(
      fc.constantFrom([0x91], [0x81], [0x81, 0xa1, 0x61], [0xdc, 0xff, 0xff], [0xdd, 0, 0, 0x20, 0]),
      fc.constantFrom(
        [0xdd, 0xff, 0xff, 0xff, 0xff],
        [0xdf, 0xff, 0xff, 0xff, 0xff],
        [0xdb, 0xff, 0xff, 0xff, 0xff],
      ),
      fc.constantFrom(
        [0xc9, 0xff, 0xff, 0xff, 0xff, 0x27],
        [0xde, 0, 4, 0xa1, 0x61],
        [0xc9, 0x7f, 0xff, 0xff, 0xf8, 0x27],
      ),
    );
    holds(
      fc.property(
        fc.array(heads, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3000 }),
        (pattern, times) => {
          const bytes = Uint8Array.from(Array.from({ length: times }, () => pattern).flat(2));
          requireRefusedOrRead(bytes);
        },
      ),
      { quick: 50 },
    );
  });

  it('refuse a key __proto__ both ways, and keep the keys that every object has', () => {
    holds(
      fc.property(tree, keys, (value, key) => {
        const own = { [key]: value };
        requireAlike(unpack(pack([own])), [own], 'the data');
        const hostile: unknown = JSON.parse('{ "a": { "__proto__": 1 } }');
        expect(() => pack([value, hostile])).toThrow(/the data\[1\]\.a has a key "__proto__"/);
        const bytes = Uint8Array.of(0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0xc0);
        expect(() => unpack(bytes)).toThrow(/the data has a key "__proto__"/);
      }),
      { quick: 30 },
    );
    expect(Object.getPrototypeOf({})).not.toHaveProperty('polluted');
  });

  it('are not written where they would not come back: half a surrogate pair, a key twice, a hundred levels', () => {
    expect(() => pack({ name: 'a\ud800b' })).toThrow('the data.name holds half a surrogate pair');
    expect(() => pack({ 'a\udc00': 1 })).toThrow('a key of the data holds half a surrogate pair');
    let deep: unknown = 1;
    for (let i = 0; i < 100; i++) deep = [deep];
    expect(unpack(pack(deep))).toEqual(deep);
    expect(() => pack([deep])).toThrow(/nested more than 100 deep/);
    const round: unknown[] = [];
    round.push(round);
    expect(() => pack(round)).toThrow(TypeError);
    expect(() => unpack(Uint8Array.from([...new Array(101).fill(0x91), 0]))).toThrow(
      /nested more than 100 deep/,
    );
    expect(() => unpack(Uint8Array.of(0x82, 0xa1, 97, 1, 0xa1, 97, 2))).toThrow(/the key "a" twice/);
    expect(() => unpack(Uint8Array.of(0x81, 0x90, 1))).toThrow(/a key that is no text/);
    expect(() => unpack(Uint8Array.of(0xa2, 0xc3, 0x28))).toThrow(/no UTF-8/);
  });
});
