/** Files that say what they are, are written at once or not at all, and are refused if a single bit is wrong. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { writeFileAtomic } from './files.ts';

const MAGIC = new TextEncoder().encode('EQGYMCKP');
const VERSION_AT = 8;
const LENGTH_AT = 12;
const DIGEST_AT = 20;
const DIGEST_BYTES = 32;
const PAYLOAD_AT = DIGEST_AT + DIGEST_BYTES;

/** Raised when an older reader could not read what this one writes. */
export const FORMAT_VERSION = 1;

const AGAIN = 'Take another checkpoint of the run, or train again.';

/** Magic, format version (uint32), payload length (uint64), SHA-256 of the payload, payload; little-endian. */
export function frame(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PAYLOAD_AT + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  view.setBigUint64(LENGTH_AT, BigInt(payload.length), true);
  bytes.set(sha256(payload), DIGEST_AT);
  bytes.set(payload, PAYLOAD_AT);
  return bytes;
}

/**
 * The payload of framed bytes. Throws a RestoreError, naming `file`, with its own message for each of: another kind of file,
 * another format version, a truncated file, bytes after the end, a wrong checksum.
 */
export function unframe(bytes: Uint8Array, file: string): Uint8Array {
  if (MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte)) {
    throw new RestoreError(
      `${file}: this is not a checkpoint. Give a file such as checkpoints/last.msgpack of a run.`,
    );
  }
  if (bytes.length < PAYLOAD_AT) throw truncated(file, bytes.length, `a header of ${PAYLOAD_AT} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION) {
    throw new RestoreError(
      `${file}: the checkpoint has format version ${version}; this program reads version ${FORMAT_VERSION}. ` +
        'Use the release that wrote it, or train again.',
    );
  }
  const length = Number(view.getBigUint64(LENGTH_AT, true));
  const found = bytes.length - PAYLOAD_AT;
  if (found < length) throw truncated(file, bytes.length, `${PAYLOAD_AT + length}`);
  if (found > length) {
    throw new RestoreError(`${file}: ${found - length} bytes follow the end of the checkpoint. ${AGAIN}`);
  }
  const payload = bytes.subarray(PAYLOAD_AT);
  if (sha256(payload).some((byte, i) => byte !== bytes[DIGEST_AT + i])) {
    throw new RestoreError(`${file}: the checkpoint is damaged, its checksum does not match. ${AGAIN}`);
  }
  return payload;
}

/** Writes a framed file so that the name always holds a whole one, old or new. Throws as `writeFileAtomic`. */
export function writeFramed(file: string, payload: Uint8Array): void {
  writeFileAtomic(file, frame(payload));
}

/** The payload of a file that `writeFramed` wrote. Throws a UsageError if there is no such file, else as `unframe`. */
export function readFramed(file: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = plainBytes(readFileSync(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'this is a folder' : String(error);
    throw new UsageError(
      `${file}: ${reason}. Give the path of a checkpoint, e.g. runs/<run>/checkpoints/last.msgpack.`,
    );
  }
  return unframe(bytes, file);
}

function truncated(file: string, found: number, expected: string): RestoreError {
  return new RestoreError(`${file}: the checkpoint is truncated: ${found} bytes of ${expected}. ${AGAIN}`);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return plainBytes(createHash('sha256').update(bytes).digest());
}

/** The same memory, not as a Buffer, whose `slice` shares it. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
