/** What an environment warns of while it is checked. */
import process from 'node:process';
import { check } from './env-context.ts';
import { ENV_CHECKS } from './env-names.ts';
import type { CheckLog } from './report.ts';

/**
 * Runs `body` and returns the texts that were given to `process.emitWarning`, `console.warn` or `console.error` meanwhile, which are
 * not printed. The functions are put back whatever happens; this works because a check is synchronous, and Node would deliver an
 * event of `process` only afterwards.
 */
export function warningsOf(body: () => void): readonly string[] {
  const texts: string[] = [];
  const terminal = globalThis.console;
  const { emitWarning } = process;
  const { warn, error } = terminal;
  const keep = (...parts: readonly unknown[]) => {
    texts.push(parts.map(String).join(' '));
  };
  try {
    process.emitWarning = (warning: string | Error) => keep(warning);
    Object.assign(terminal, { warn: keep, error: keep });
    body();
  } finally {
    process.emitWarning = emitWarning;
    Object.assign(terminal, { warn, error });
  }
  return texts;
}

/** A warning is a failure unless its text contains, or matches, one of those that are allowed. */
export function checkWarnings(
  log: CheckLog,
  texts: readonly string[],
  allowed: readonly (string | RegExp)[],
): void {
  check(log, ENV_CHECKS.warnings, (fail) => {
    const listed = (line: string) =>
      allowed.some((one) => (typeof one === 'string' ? line.includes(one) : line.search(one) >= 0));
    for (const line of new Set(texts.filter((one) => !listed(one)))) {
      fail({
        expected: 'no warning',
        actual: line,
        hint: 'Do what it asks for, or list it in `warnings`.',
      });
    }
    return undefined;
  });
}
