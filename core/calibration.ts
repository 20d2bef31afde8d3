import { z } from 'zod';
import { show, UsageError } from './errors.ts';
import { allowedValues, type Schema } from './schema-text.ts';
import { remedy } from './suggest.ts';

/** What a parameter means, in which unit, and where its value comes from; shown by `--help --env ID`. */
export interface ParameterNote {
  readonly description: string;
  readonly unit: string;
  /** Paper or code the default comes from. */
  readonly source: string;
}

/**
 * One parameter of a calibration: a zod type, its default and its note.
 * `discountFactor: parameter(z.number().gt(0).lt(1), 0.95, { description, unit: 'per period', source })`.
 */
export function parameter<Z extends z.ZodType>(type: Z, standard: z.output<Z>, note: ParameterNote) {
  return type.default(standard as never).meta({ ...note });
}

/**
 * Parses named settings with a strict zod object; values given as text (from `--set name=value`) are converted to what the
 * schema wants. Throws a UsageError that names the setting, the value, what is allowed, and the nearest name.
 */
export function parseSettings<C extends object>(options: {
  readonly schema: z.ZodType<C>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names the owner of the settings in messages, e.g. `jesusfv`. */
  readonly where: string;
}): C {
  const { schema, settings, where } = options;
  const known = settingNames(schema);
  for (const name of Object.keys(settings)) {
    if (!known.includes(name))
      throw new UsageError(`${where}: unknown setting "${name}". ${remedy(name, known)}`);
  }
  const shape: Readonly<Record<string, z.ZodType>> = schema instanceof z.ZodObject ? schema.shape : {};
  const converted = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, fromText(value, shape[name])]),
  );
  const result = schema.safeParse(converted);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue.path[0]);
  const field = shape[name];
  const allowed =
    field === undefined || issue.code === 'custom'
      ? issue.message
      : `it must be ${allowedValues(z.toJSONSchema(field, { io: 'input' }) as Schema)}`;
  const value = name in settings ? show(settings[name]) : 'missing';
  throw new UsageError(`${where}: setting "${name}" is ${value}; ${allowed}.`);
}

/** Names of an object schema's settings, in order. */
export function settingNames(schema: z.ZodType): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Text as the number, boolean or null that it reads as, where the setting takes that; as it is otherwise. */
function fromText(value: unknown, field: z.ZodType | undefined): unknown {
  if (typeof value !== 'string' || field?.safeParse(value).success) return value;
  const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
  if (Object.hasOwn(words, value)) return words[value];
  const number = Number(value);
  return value.trim() !== '' && !Number.isNaN(number) ? number : value;
}
