import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Of Linux, in memory. */
const IN_MEMORY = '/dev/shm';

/**
 * A new folder for tests that write thousands of files and wait for each to be on the disk: in memory where the system has such a place,
 * else where temporary files go. Whoever asks removes it.
 */
export function fastFolder(prefix: string): string {
  return mkdtempSync(path.join(writable(IN_MEMORY) ? IN_MEMORY : tmpdir(), prefix));
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
