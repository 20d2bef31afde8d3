/** Work in parts, each of which may fail without taking the others with it. */
import { FileError } from '../run/files.ts';

/** A part that could not be made. */
export interface Failure {
  /** e.g. `moments`, `responses to capital`. */
  readonly part: string;
  readonly reason: string;
}

export interface Parts {
  /** What the work returns; undefined, and one failure more, if it throws. */
  attempt<T>(part: string, work: () => T): T | undefined;
  readonly failures: readonly Failure[];
}

type ErrorKind = abstract new (...parameters: never[]) => Error;

/** What no simulated economy is to blame for: mistakes in a program, which must be loud, and disks. */
const LOUD: readonly ErrorKind[] = [TypeError, ReferenceError, RangeError, SyntaxError, FileError];

/**
 * A collector of failures: of economies and agents that come upon what cannot be (`NonFiniteError`, `UsageError`, what an author throws). A
 * TypeError, ReferenceError, RangeError or SyntaxError, which are mistakes in a program, a FileError and those of `loud` pass through.
 */
export function partsOfWork(options: { readonly loud?: readonly ErrorKind[] } = {}): Parts {
  const loud = [...LOUD, ...(options.loud ?? [])];
  const failures: Failure[] = [];
  return {
    failures,
    attempt(part, work) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof Error) || loud.some((kind) => error instanceof kind)) throw error;
        failures.push({ part, reason: error.message });
        return undefined;
      }
    },
  };
}
