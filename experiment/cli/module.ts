/** `--module FILE`: economies of the user's own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { type AnyEconomyDefinition, defineEconomy, type Registry } from '../../core/index.ts';
import { isRecord } from '../records.ts';
import { importFile } from './import-file.ts';

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
    exported = await importFile(file);
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
    const fault = faultOf(definition);
    if (fault === undefined) return definition as AnyEconomyDefinition;
    const which = Array.isArray(inner) ? `entry ${i} of the default export` : 'the default export';
    throw new UsageError(
      `${where}: ${which} is not an economy: ${fault}. Export what defineEconomy returns.`,
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

const REQUIRED = ['model', 'discountFactor', 'horizon', 'types', 'init', 'observe', 'step'] as const;
const OPTIONAL = [
  'terminated',
  'info',
  'periodsPerYear',
  'variables',
  'shocks',
  'enumerable',
  'tensor',
  'oracle',
  'accounts',
  'advice',
] as const;

/** What keeps a value from being an economy, by field; undefined for an economy. Types have gone by the time a file is loaded. */
function faultOf(value: unknown): string | undefined {
  if (!isRecord(value)) return `it is ${value === null ? 'null' : `a ${typeof value}`}`;
  const { id, version, title, calibration, calibrations, resetOptions } = value;
  if (typeof id !== 'string') return fieldFault('id', id, 'text, e.g. "my-economy"');
  if (typeof version !== 'number') return fieldFault('version', version, 'a positive whole number');
  if (typeof title !== 'string') return fieldFault('title', title, 'one sentence');
  if (!isZod(calibration) || !isRecord(calibration.shape)) {
    return fieldFault('calibration', calibration, 'a zod object, z.strictObject({ ... })');
  }
  if (
    calibrations !== undefined &&
    !(isRecord(calibrations) && Object.values(calibrations).every(isRecord))
  ) {
    return fieldFault('calibrations', calibrations, 'records of changes by name');
  }
  if (resetOptions !== undefined && !isZod(resetOptions)) {
    return fieldFault('resetOptions', resetOptions, 'a zod object, z.strictObject({ ... })');
  }
  const missing = REQUIRED.find((name) => typeof value[name] !== 'function');
  if (missing !== undefined) return fieldFault(missing, value[missing], 'a function');
  const odd = OPTIONAL.find((name) => value[name] !== undefined && typeof value[name] !== 'function');
  if (odd !== undefined) return fieldFault(odd, value[odd], 'a function, or left out');
  try {
    defineEconomy(value as unknown as AnyEconomyDefinition);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  }
  return undefined;
}

function fieldFault(field: string, value: unknown, wanted: string): string {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  return `its field "${field}" is ${value === undefined ? 'missing' : found}; it must be ${wanted}`;
}

function isZod(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && typeof value.safeParse === 'function';
}

function unwrapped(value: unknown): unknown {
  const isWrapper =
    typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value;
  return isWrapper ? value.default : value;
}
