/**
 * The strict reader of packed data. It takes what `pack` writes and nothing else, makes nothing larger than the bytes that are there,
 * and goes no deeper than `pack` does, so that no file, damaged or forged, does more harm than not to be read.
 */
import { RestoreError } from '../../core/errors.ts';
import { FIRST_CODE, MOST_NESTED, NEGATIVE_ZERO_CODE, TYPED_ARRAYS } from './packed-form.ts';

interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

/**
 * The data that `pack` gave. Throws a RestoreError for bytes that `pack` does not write: cut off, followed by others, of a kind that is
 * not saved, with a key twice or `__proto__`, no UTF-8. Invariant: shares no memory with the bytes.
 */
export function unpack(bytes: Uint8Array): unknown {
  const cursor = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const value = read(cursor, 'the data', 0);
  const rest = bytes.length - cursor.at;
  if (rest > 0) throw unreadable(`${rest} bytes follow its end`);
  return value;
}

/** Values by the first byte: https://github.com/msgpack/msgpack/blob/master/spec.md. */
function read(cursor: Cursor, where: string, depth: number): unknown {
  const tag = cursor.view.getUint8(take(cursor, 1));
  if (tag < 0x80) return tag;
  if (tag >= 0xe0) return tag - 0x100;
  if (tag < 0x90) return readRecord(cursor, tag & 0x0f, where, depth);
  if (tag < 0xa0) return readArray(cursor, tag & 0x0f, where, depth);
  if (tag < 0xc0) return readText(cursor, tag & 0x1f, where);
  switch (tag) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(cursor, readLength(cursor, tag - 0xc7), where);
    case 0xcb:
      return cursor.view.getFloat64(take(cursor, 8));
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readLength(cursor, tag - 0xcc);
    case 0xd0:
      return cursor.view.getInt8(take(cursor, 1));
    case 0xd1:
      return cursor.view.getInt16(take(cursor, 2));
    case 0xd2:
      return cursor.view.getInt32(take(cursor, 4));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return readExtension(cursor, 2 ** (tag - 0xd4), where);
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readText(cursor, readLength(cursor, tag - 0xd9), where);
    case 0xdc:
    case 0xdd:
      return readArray(cursor, readLength(cursor, tag - 0xdb), where, depth);
    case 0xde:
    case 0xdf:
      return readRecord(cursor, readLength(cursor, tag - 0xdd), where, depth);
    default:
      throw unreadable(`${where} is of kind 0x${tag.toString(16)}, which this format does not hold`);
  }
}

/** An unsigned integer of 1, 2 or 4 bytes, for size 0, 1, 2. */
function readLength(cursor: Cursor, size: number): number {
  const at = take(cursor, 2 ** size);
  if (size === 0) return cursor.view.getUint8(at);
  return size === 1 ? cursor.view.getUint16(at) : cursor.view.getUint32(at);
}

function readArray(cursor: Cursor, length: number, where: string, depth: number): unknown[] {
  requireRoom(cursor, { length, where, depth });
  const list: unknown[] = [];
  for (let i = 0; i < length; i++) list.push(read(cursor, `${where}[${i}]`, depth + 1));
  return list;
}

function readRecord(cursor: Cursor, length: number, where: string, depth: number): Record<string, unknown> {
  requireRoom(cursor, { length: 2 * length, where, depth });
  const record: Record<string, unknown> = {};
  for (let i = 0; i < length; i++) {
    const key = readKey(cursor, where);
    if (key === '__proto__')
      throw new RestoreError(`${where} has a key "__proto__", which is refused; rename it.`);
    if (Object.hasOwn(record, key)) throw unreadable(`${where} has the key "${key}" twice`);
    record[key] = read(cursor, `${where}.${key}`, depth + 1);
  }
  return record;
}

function readKey(cursor: Cursor, where: string): string {
  const tag = cursor.bytes[cursor.at];
  const isText = (tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb);
  const key = isText ? read(cursor, `a key of ${where}`, 0) : undefined;
  if (typeof key !== 'string') throw new RestoreError(`${where} has a key that is no text.`);
  return key;
}

const UTF8 = { fatal: true, ignoreBOM: true } as const;

function readText(cursor: Cursor, length: number, where: string): string {
  const from = take(cursor, length);
  try {
    return new TextDecoder('utf-8', UTF8).decode(cursor.bytes.subarray(from, from + length));
  } catch {
    throw unreadable(`${where} is no UTF-8`);
  }
}

function readExtension(cursor: Cursor, length: number, where: string): unknown {
  const code = cursor.view.getUint8(take(cursor, 1));
  const from = take(cursor, length);
  if (code === NEGATIVE_ZERO_CODE && length === 0) return -0;
  const Kind = TYPED_ARRAYS[code - FIRST_CODE];
  if (Kind === undefined || length % Kind.BYTES_PER_ELEMENT !== 0) {
    throw unreadable(
      `${where} is an extension 0x${code.toString(16)} of ${length} bytes, which is none of this format`,
    );
  }
  // Not by `slice`: that of a Buffer shares its memory.
  const own = new Uint8Array(length);
  own.set(cursor.bytes.subarray(from, from + length));
  return new Kind(own.buffer);
}

/** Every entry takes a byte at least. */
function requireRoom(
  cursor: Cursor,
  container: { readonly length: number; readonly where: string; readonly depth: number },
): void {
  const { length, where, depth } = container;
  if (depth >= MOST_NESTED) throw unreadable(`${where} is nested more than ${MOST_NESTED} deep`);
  if (length > cursor.bytes.length - cursor.at) throw cutOff();
}

/** Where the next `length` bytes begin; the cursor stands after them. */
function take(cursor: Cursor, length: number): number {
  const from = cursor.at;
  if (length > cursor.bytes.length - from) throw cutOff();
  cursor.at = from + length;
  return from;
}

function cutOff(): RestoreError {
  return unreadable('it ends too early');
}

function unreadable(why: string): RestoreError {
  return new RestoreError(`the packed data cannot be read (${why}).`);
}
