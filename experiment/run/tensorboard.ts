/** Event files that TensorBoard reads: `tensorboard --logdir runs` shows every run's curves. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { appendBytes, fileError } from './files.ts';

/** Where a run's events are, below its folder. TensorBoard asks for `tfevents` in the name; one name, so that a resumed run goes on in it. */
export const EVENTS_FILE = path.join('tensorboard', 'events.out.tfevents.0');

/** The group that TensorBoard shows the curves under: the tag of `criticLoss` is `run/criticLoss`. */
export const TAG_GROUP = 'run/';

export interface Scalars {
  /** Environment steps so far: a whole number from 0. */
  readonly step: number;
  readonly values: Readonly<Record<string, number | null>>;
  /** Seconds since 1970, for TensorBoard's "relative" and "wall" axes. */
  readonly wallTime: number;
}

export interface EventWriter {
  readonly file: string;
  /**
   * Adds one event with a scalar for each value, on its way to the disk when this returns. Values that are null, NaN, infinite or
   * beyond float32 (3.4e38) are left out: a gap in the curve, as in `metrics.jsonl`, where NaN is null; an event without values is not
   * written. TensorBoard's scalars are float32, so that a curve there has 7 digits. Throws a UsageError if `step` is not a whole
   * number from 0, and a FileError if the disk refuses; then nothing is added. Invariant: the number of bytes added depends on the
   * step, the names and which values are left out, and not on the clock or the other values, so that a file can be cut at a stored length.
   */
  appendScalars(scalars: Scalars): void;
}

/**
 * Opens an event file to add to it; a new or empty one (and its folder) gets the first record, which says the format's version.
 * `wallTime` is that record's, in seconds since 1970. Throws a FileError if it cannot be written. Invariant: a file that holds
 * something is not changed by opening it.
 *
 * A file is a sequence of TFRecords (tensorflow/core/lib/io/record_writer.h), each an `Event` (tensorflow/core/util/event.proto).
 */
export function openEvents(options: { readonly file: string; readonly wallTime: number }): EventWriter {
  const { file, wallTime } = options;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    if (!existsSync(file) || statSync(file).size === 0) {
      appendBytes(file, record(message(double(1, wallTime), text(3, 'brain.Event:2'))));
    }
  } catch (error) {
    throw fileError(error, { file });
  }
  return {
    file,
    appendScalars({ step, values, wallTime }) {
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new UsageError(`${file}: the step is ${step}; give a whole number from 0.`);
      }
      const shown = Object.entries(values).filter(
        (entry): entry is [string, number] => entry[1] !== null && Number.isFinite(Math.fround(entry[1])),
      );
      if (shown.length === 0) return;
      const summary = shown.map(([name, value]) =>
        bytes(1, message(text(1, `${TAG_GROUP}${name}`), float(2, value))),
      );
      appendBytes(file, record(message(double(1, wallTime), whole(2, step), bytes(5, message(...summary)))));
    },
  };
}

/** Length (uint64), its checksum, data, its checksum; little-endian. */
function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 16);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(out.subarray(0, 8))), true);
  out.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return out;
}

/** As records store it (tensorflow/core/lib/hash/crc32c.h): rotated right by 15 bits, plus a constant. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C, the polynomial of Castagnoli 0x1EDC6F41, bits reflected; RFC 3720, 12.1. `crc32c("123456789")` is 0xE3069283. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

// Protocol buffers' wire format: each field is its number and kind in one varint, then the value.
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

function message(...fields: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((total, field) => total + field.length, 0));
  let at = 0;
  for (const field of fields) {
    out.set(field, at);
    at += field.length;
  }
  return out;
}

function double(field: number, value: number): Uint8Array {
  const out = new Uint8Array(9);
  out[0] = key(field, FIXED64);
  new DataView(out.buffer).setFloat64(1, value, true);
  return out;
}

function float(field: number, value: number): Uint8Array {
  const out = new Uint8Array(5);
  out[0] = key(field, FIXED32);
  new DataView(out.buffer).setFloat32(1, value, true);
  return out;
}

function whole(field: number, value: number): Uint8Array {
  return Uint8Array.of(key(field, VARINT), ...varint(value));
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(Uint8Array.of(key(field, LENGTH_DELIMITED), ...varint(value.length)), value);
}

function key(field: number, kind: number): number {
  return (field << 3) | kind;
}

/** Seven bits a byte, the lowest first. Numbers beyond 2^31 too, for which bit operations would not do. */
function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
  return out;
}
