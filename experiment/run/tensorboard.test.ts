import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { holds } from '../../numerics/testing/property.ts';
import { crc32c, EVENTS_FILE, openEvents } from './tensorboard.ts';

const base = mkdtempSync(path.join(tmpdir(), 'tensorboard-'));
afterAll(() => rmSync(base, { recursive: true }));

let files = 0;
const newFile = () => path.join(base, String(files++), EVENTS_FILE);

/** Field numbers and types of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto (TensorFlow 2.20). */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Summary {
    message Value { string tag = 1; oneof value { float simple_value = 2; } }
    repeated Value value = 1;
  }
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; bytes graph_def = 4; Summary summary = 5; }
  }
`);
const Event = root.lookupType('Event');

/** CRC-32C bit by bit from the polynomial as published, most significant bit first, input and output reflected. */
function crcBitwise(data: Uint8Array): number {
  let register = 0xffffffffn;
  for (const byte of data) {
    for (let bit = 0n; bit < 8n; bit++) {
      const top = (register >> 31n) ^ ((BigInt(byte) >> bit) & 1n);
      register = (register << 1n) & 0xffffffffn;
      if (top === 1n) register ^= 0x1edc6f41n;
    }
  }
  register ^= 0xffffffffn;
  let reflected = 0n;
  for (let bit = 0n; bit < 32n; bit++) reflected |= ((register >> bit) & 1n) << (31n - bit);
  return Number(reflected);
}

function maskedBitwise(data: Uint8Array): number {
  const crc = BigInt(crcBitwise(data));
  return Number(((((crc >> 15n) | (crc << 17n)) & 0xffffffffn) + 0xa282ead8n) & 0xffffffffn);
}

/** The events of a file, every length and checksum verified. */
function readEvents(file: string) {
  const data = new Uint8Array(readFileSync(file));
  const view = new DataView(data.buffer);
  const events: Record<string, unknown>[] = [];
  for (let at = 0; at < data.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskedBitwise(data.subarray(at, at + 8)));
    const content = data.subarray(at + 12, at + 12 + length);
    expect(content.length).toBe(length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedBitwise(content));
    const event = Event.decode(content);
    expect(Event.verify(event)).toBe(null);
    events.push(Event.toObject(event, { longs: Number, defaults: true }));
    at += length + 16;
  }
  return events;
}

const size = (file: string) => statSync(file).size;

describe("a run's TensorBoard events", () => {
  it('are read back by another reader: version first, then one event a record with its step, time, names and values', () => {
    const file = newFile();
    const events = openEvents({ file, wallTime: 1700000000.25 });
    events.appendScalars({ step: 0, values: { episodeReturn: -1.5 }, wallTime: 1700000001.5 });
    events.appendScalars({
      step: 3_000_000_000,
      values: { criticLoss: 0.1, 'firm.actorLoss': 0, policyGap: 1e-30 },
      wallTime: 1700000002,
    });
    expect(readEvents(file)).toEqual([
      { wallTime: 1700000000.25, step: 0, fileVersion: 'brain.Event:2' },
      {
        wallTime: 1700000001.5,
        step: 0,
        summary: { value: [{ tag: 'run/episodeReturn', simpleValue: -1.5 }] },
      },
      {
        wallTime: 1700000002,
        step: 3_000_000_000,
        summary: {
          value: [
            { tag: 'run/criticLoss', simpleValue: Math.fround(0.1) },
            { tag: 'run/firm.actorLoss', simpleValue: 0 },
            { tag: 'run/policyGap', simpleValue: Math.fround(1e-30) },
          ],
        },
      },
    ]);
  });

  it('hold any step, name and float32 number', () => {
    const values = fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      { minKeys: 1, maxKeys: 20, noNullPrototype: true },
    );
    holds(
      fc.property(fc.maxSafeNat(), values, fc.double({ noNaN: true }), (step, values, wallTime) => {
        const file = newFile();
        openEvents({ file, wallTime: 0 }).appendScalars({ step, values, wallTime });
        const value = Object.entries(values).map(([name, simpleValue]) => ({
          tag: `run/${name}`,
          simpleValue,
        }));
        expect(readEvents(file)[1]).toEqual({ wallTime, step, summary: { value } });
      }),
      { quick: 50 },
    );
  });

  it('leave out what is not a float32 number, and an event with nothing else', () => {
    const file = newFile();
    const events = openEvents({ file, wallTime: 0 });
    const nothing = { a: null, b: Number.NaN, c: Number.POSITIVE_INFINITY, d: -1e39 };
    events.appendScalars({ step: 1, values: nothing, wallTime: 1 });
    events.appendScalars({ step: 2, values: {}, wallTime: 1 });
    events.appendScalars({ step: 3, values: { ...nothing, e: 3.4e38 }, wallTime: 1 });
    expect(readEvents(file).slice(1)).toEqual([
      { wallTime: 1, step: 3, summary: { value: [{ tag: 'run/e', simpleValue: Math.fround(3.4e38) }] } },
    ]);
  });

  it('take as many bytes at whatever time and whatever the values', () => {
    const lengths = [
      { wallTime: 0, value: 0 },
      { wallTime: 1e-300, value: -1e-40 },
      { wallTime: 1893456000.123, value: 123456.789 },
    ].map(({ wallTime, value }) => {
      const file = newFile();
      const events = openEvents({ file, wallTime });
      const lengths = [size(file)];
      for (const step of [0, 127, 128, 1e6]) {
        events.appendScalars({ step, values: { x: value, y: -value }, wallTime });
        lengths.push(size(file));
      }
      return lengths;
    });
    expect(new Set(lengths.map(String)).size).toBe(1);
  });

  it('go on in the same file after it was cut at a stored length, as if nothing had been in between', () => {
    const [interrupted, straight] = [newFile(), newFile()];
    const at = (file: string, step: number) =>
      openEvents({ file, wallTime: 7 }).appendScalars({ step, values: { x: step }, wallTime: step });
    at(interrupted, 1);
    const stored = size(interrupted);
    at(interrupted, 2);
    truncateSync(interrupted, stored);
    for (const step of [2, 3]) at(interrupted, step);
    for (const step of [1, 2, 3]) at(straight, step);
    expect(readEvents(straight).map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(readFileSync(interrupted)).toEqual(readFileSync(straight));
    truncateSync(interrupted, 0);
    for (const step of [1, 2, 3]) at(interrupted, step);
    expect(readFileSync(interrupted)).toEqual(readFileSync(straight));
  });

  it('refuse a step that is none, and write nothing then', () => {
    const file = newFile();
    const events = openEvents({ file, wallTime: 0 });
    const before = size(file);
    for (const step of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => events.appendScalars({ step, values: { x: 1 }, wallTime: 0 })).toThrow(UsageError);
    }
    expect(size(file)).toBe(before);
  });

  it.skipIf(!existsSync('/dev/full'))('on a full disk end in an error that names the file', () => {
    expect(() => openEvents({ file: '/dev/full', wallTime: 0 })).toThrow(
      '/dev/full: cannot be written, the disk is full',
    );
  });
});

describe('CRC-32C', () => {
  it('has the published values', () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
    // The check value: Koopman, CRC catalogue, "CRC-32/ISCSI".
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    // RFC 3720 B.4, whose bytes are in the order of transmission: aa 36 91 8a is 0x8a9136aa.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(ascending)).toBe(0x46dd794e);
    expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c);
    // The same, an iSCSI SCSI Read (10) Command PDU.
    const command = new Uint8Array(48);
    command.set([0x01, 0xc0]);
    command.set([0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28], 16);
    command.set([0x02], 40);
    expect(crc32c(command)).toBe(0xd9963a56);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('is the remainder of the division by its polynomial, taken bit by bit', () => {
    holds(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => crc32c(data) === crcBitwise(data)));
  });
});
