/** `--module FILE`: economies of the user's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../core/errors.ts';
import type { AnyEconomyDefinition, Registry } from '../core/index.ts';

/**
 * The economies that a file exports by default: one result of `defineEconomy`, or an array of them. Throws a UsageError if there is
 * no such file, it cannot be loaded, or its default export is something else.
 */
export async function loadModule(file: string): Promise<readonly AnyEconomyDefinition[]> {
  const where = `--module ${file}`;
  if (!existsSync(file))
    throw new UsageError(`${where}: no such file. The path is relative to the working directory.`);
  let exported: { readonly default?: unknown };
  try {
    exported = await import(pathToFileURL(path.resolve(file)).href);
  } catch (error) {
    throw new UsageError(
      `${where}: the file cannot be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
  // A CommonJS file's `export default` arrives as { default }.
  const inner = unwrapped(exported.default);
  if (inner === undefined) {
    throw new UsageError(
      `${where}: there is no default export; write "export default defineEconomy({ ... })".`,
    );
  }
  const definitions: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  if (definitions.length === 0)
    throw new UsageError(`${where}: the default export is an empty array; export at least one economy.`);
  return definitions.map((definition, i) => {
    const missing = missingPart(definition);
    if (missing === undefined) return definition as AnyEconomyDefinition;
    const which = Array.isArray(inner) ? `entry ${i} of the default export` : 'the default export';
    throw new UsageError(
      `${where}: ${which} is not an economy: ${missing}. Export what defineEconomy returns.`,
    );
  });
}

export interface ChosenEnvironment {
  /** The suite's economies and the module's. */
  readonly registry: Registry;
  /** Id of the economy asked for. */
  readonly id: string;
  /** The module's path relative to the working directory, with forward slashes; null without one. */
  readonly module: string | null;
}

/** The economy that `--env` and `--module` name: without --env the module's own, without either the fallback. */
export async function chooseEnvironment(options: {
  readonly environments: Registry;
  readonly env: string | undefined;
  readonly module: string | undefined;
  readonly fallback: string;
}): Promise<ChosenEnvironment> {
  const { environments, env, module, fallback } = options;
  if (module === undefined) return { registry: environments, id: env ?? fallback, module: null };
  const definitions = await loadModule(module);
  const registry = environments.with(...definitions);
  const relative = path.relative(process.cwd(), path.resolve(module)).split(path.sep).join('/');
  if (env === undefined && definitions.length > 1) {
    const ids = definitions.map(({ id }) => id).join(', ');
    throw new UsageError(`--module ${module} has several economies; choose one with --env: ${ids}.`);
  }
  return { registry, id: env ?? definitions[0].id, module: relative };
}

const FUNCTIONS = ['model', 'discountFactor', 'horizon', 'types', 'init', 'observe', 'step'] as const;

function missingPart(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return `it is ${value === null ? 'null' : `a ${typeof value}`}`;
  const record: Readonly<Record<string, unknown>> = { ...value };
  if (typeof record.id !== 'string') return 'it has no id';
  if (typeof record.version !== 'number') return 'it has no version';
  if (typeof record.calibration !== 'object' || record.calibration === null) return 'it has no calibration';
  const missing = FUNCTIONS.find((name) => typeof record[name] !== 'function');
  return missing === undefined ? undefined : `it has no function "${missing}"`;
}

function unwrapped(value: unknown): unknown {
  const isWrapper =
    typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value;
  return isWrapper ? value.default : value;
}
