/** Plain data in a file of its own: what programs keep of agents and environments. */
import { readFramed, writeFramed } from './framed-file.ts';
import { pack, unpack } from './packing.ts';

/**
 * Writes plain data (numbers, strings, arrays, records, typed arrays), such as an agent's `save()`, to a file with a checksum; the file
 * holds the old data or the new at any moment. Throws a TypeError that names the place of anything else, and a FileError.
 *
 *     everySteps(1000, ({ agents }) => writeSaved('household.msgpack', agents.household.save()))
 *
 * Invariant: `readSaved` gives the same data, bit for bit.
 */
export function writeSaved(file: string, data: unknown): undefined {
  writeFramed(file, pack(data));
}

/** What `writeSaved` wrote. Throws a UsageError if there is no such file, and a RestoreError, which names the file, if it is not sound. */
export function readSaved(file: string): unknown {
  return unpack(readFramed(file));
}
