/** Settings that a schema allows, for property tests: of any economy's calibration and any method's settings. */
import fc from 'fast-check';
import { z } from 'zod';
import { numbers } from '../../numerics/testing/property.ts';
import type { Schema } from '../schema-text.ts';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/**
 * Records of settings of a zod object, each one left out or with a value in its range; both ends of a range that includes them come
 * often, and so do values next to the ends that it does not. A text has its default. Throws for a setting of a kind that it cannot make.
 */
export function settingsOf(schema: z.ZodType): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as ObjectSchema;
  const values = Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, valuesOf(one, name)]),
  );
  return fc.record(values, { requiredKeys: [], noNullPrototype: true });
}

/** Values that the JSON form of a schema allows. */
export function valuesOf(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, name)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const kinds = types.map((type) => {
    if (type === 'null') return fc.constant(null);
    if (type === 'boolean') return fc.boolean();
    if (type === 'integer') return integers(schema);
    if (type === 'number') return reals(schema);
    if (schema.default !== undefined) return fc.constant(schema.default);
    throw new Error(`settingsOf: no values for "${name}", whose type is ${type}; add it here.`);
  });
  return fc.oneof(...kinds);
}

/** A range without an end is taken as far as a program can count, or as numbers go. */
function reals(schema: Schema): fc.Arbitrary<number> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = exclusiveMinimum ?? minimum ?? -Number.MAX_VALUE;
  const high = exclusiveMaximum ?? maximum ?? Number.MAX_VALUE;
  const ends = [
    ...(exclusiveMinimum === undefined ? [low] : []),
    ...(exclusiveMaximum === undefined ? [high] : []),
    ...(typeof schema.default === 'number' ? [schema.default] : []),
  ];
  const inside = (x: number) =>
    x >= low &&
    x <= high &&
    (exclusiveMinimum === undefined || x > low) &&
    (exclusiveMaximum === undefined || x < high);
  const anything = numbers(low, high).filter(inside);
  const bitwise = fc.double({
    min: low,
    max: high,
    minExcluded: exclusiveMinimum !== undefined,
    maxExcluded: exclusiveMaximum !== undefined,
    noNaN: true,
  });
  const options = [
    { weight: 4, arbitrary: anything },
    { weight: 1, arbitrary: bitwise },
  ];
  return ends.length === 0
    ? fc.oneof(...options)
    : fc.oneof(...options, { weight: 1, arbitrary: fc.constantFrom(...ends) });
}

function integers(schema: Schema): fc.Arbitrary<number> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = exclusiveMinimum === undefined ? (minimum ?? Number.MIN_SAFE_INTEGER) : exclusiveMinimum + 1;
  const high = exclusiveMaximum === undefined ? (maximum ?? Number.MAX_SAFE_INTEGER) : exclusiveMaximum - 1;
  const small = fc.integer({ min: low, max: Math.min(high, low + 20) });
  return fc.oneof(fc.integer({ min: low, max: high }), small);
}
