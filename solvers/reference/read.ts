import { readFileSync } from 'node:fs';

/** A file of this folder, for tests, which know its fields. */
export function readReference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as T;
}
