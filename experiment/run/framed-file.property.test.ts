import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RestoreError } from '../../core/errors.ts';
import { holds } from '../../numerics/testing/property.ts';
import { fastFolder } from '../testing/folder.ts';
import { type Checkpoint, encodeCheckpoint, readCheckpoint } from './checkpoint.ts';
import { frame, unframe } from './framed-file.ts';
import { pack, unpack } from './packing.ts';

const folder = fastFolder('framed-');
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = path.join(folder, 'last.msgpack');

const checkpoint: Checkpoint = {
  method: 'sac',
  settings: { copies: 2, hidden: [8, 8] },
  set: { copies: '2' },
  environment: { id: 'toy/large', version: 3, set: { risk: '-0' }, calibration: { risk: -0 }, module: null },
  seed: 7,
  step: 10,
  steps: 20,
  watch: { evaluateEvery: 5 },
  backend: 'kernels',
  kernels: 'js',
  agents: { household: { weights: Float32Array.of(1, -0, 1e-40), temperature: -0 } },
  memory: null,
  env: { copies: [{ state: { capital: 1 / 3 }, period: 4, ended: false }] },
  statistics: { household: { mean: Float64Array.of(0.1), count: 12 } },
  log: { bestGap: Infinity },
};
const encoded = encodeCheckpoint(checkpoint);

/** JSON that can be packed. */
const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
const payloads = fc.uint8Array({ maxLength: 200 });

/** The error of reading, which names the file. */
function requireRefused(read: () => unknown): void {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error;
    expect(error.message.startsWith(`${FILE}: `), error.message).toBe(true);
    return;
  }
  throw new Error(`was read, as ${fc.stringify(value)}`);
}

describe('a framed file', () => {
  it('gives back its payload', () => {
    holds(
      fc.property(payloads, (payload) => {
        expect(Array.from(unframe(frame(payload), FILE))).toEqual(Array.from(payload));
      }),
    );
  });

  it('is refused by name at every length to which it is cut', () => {
    holds(
      fc.property(payloads, fc.nat(), (payload, at) => {
        const bytes = frame(payload);
        requireRefused(() => unframe(bytes.subarray(0, at % bytes.length), FILE));
      }),
    );
  });

  it('is refused by name when any single bit of it is flipped, and when anything is added', () => {
    holds(
      fc.property(payloads, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), (payload, at, more) => {
        const bytes = frame(payload);
        const flipped = bytes.slice();
        const bit = at % (8 * bytes.length);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        requireRefused(() => unframe(flipped, FILE));
        requireRefused(() => unframe(Uint8Array.of(...bytes, ...more), FILE));
      }),
    );
  });

  it('is refused by name when it is something else, also where it begins as one', () => {
    holds(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(60), (bytes, kept) => {
        requireRefused(() => unframe(bytes, FILE));
        const begun = bytes.slice();
        begun.set(frame(new Uint8Array(0)).subarray(0, Math.min(kept, bytes.length)));
        // By chance, its own first bytes may be all that there is.
        if (begun.length !== 52 || kept < 52) requireRefused(() => unframe(begun, FILE));
      }),
    );
  });
});

describe('a checkpoint', () => {
  it('that is damaged anywhere is refused by name', () => {
    const whole = frame(encoded);
    const damage = fc.oneof(
      fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
      fc.nat(8 * whole.length - 1).map((bit) => {
        const flipped = whole.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        return flipped;
      }),
    );
    holds(
      fc.property(damage, (bytes) => {
        writeFileSync(FILE, bytes);
        requireRefused(() => readCheckpoint(FILE));
      }),
    );
  });

  it('that somebody forged, with a checksum that is right, is refused by name or is a checkpoint in form', () => {
    const changes = fc.array(fc.tuple(fc.nat(encoded.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 3,
    });
    const forged = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      plain.map(pack),
      changes.map((list) => {
        const bytes = encoded.slice();
        for (const [at, byte] of list) bytes[at] = byte;
        return bytes;
      }),
      // A field that is something else.
      fc
        .tuple(fc.constantFrom(...Object.keys(checkpoint)), plain)
        .map(([key, value]) => pack({ ...checkpoint, [key]: value })),
    );
    holds(
      fc.property(forged, (payload) => {
        writeFileSync(FILE, frame(payload));
        let read: Checkpoint;
        try {
          read = readCheckpoint(FILE);
        } catch (error) {
          requireRefused(() => {
            throw error;
          });
          return;
        }
        expect(Object.keys(read).sort()).toEqual(Object.keys(checkpoint).sort());
        expect(unpack(encodeCheckpoint(read))).toEqual(unpack(payload));
      }),
    );
  });
});
