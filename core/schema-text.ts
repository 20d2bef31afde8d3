/** JSON schemas in words: what a value may be, for error messages and help. */

/** The part of a JSON schema, with this suite's notes, that is put in words. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly unit?: string;
  readonly source?: string;
  /** Name of the value in help, e.g. `FILE`. */
  readonly value?: string;
  /** What a text may be, where a pattern would be hard to read. */
  readonly allowed?: string;
}

/** e.g. `a whole number, at least 1`, or `js, wasm or native`. */
export function allowedValues(schema: Schema): string {
  if (schema.allowed !== undefined) return schema.allowed;
  if (schema.enum !== undefined) return alternatives(schema.enum.map(String));
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return alternatives(schema.anyOf.map(allowedValues));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return alternatives(types.map((type) => withRange(type, schema))) || 'anything';
}

/** The range of a number as an interval, e.g. `(0, 1]`; the alternatives of a choice; empty for anything else. */
export function rangeText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined)
    return schema.anyOf
      .map(rangeText)
      .filter((text) => text !== '')
      .join(' | ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.includes('boolean')) return 'true | false';
  if (types.join() === 'null') return 'null';
  if (!types.includes('number') && !types.includes('integer')) return '';
  const { low, lowOpen, high, highOpen } = bounds(schema);
  const interval = `${lowOpen ? '(' : '['}${low ?? '-inf'}, ${high ?? 'inf'}${highOpen ? ')' : ']'}`;
  const kind = types.includes('integer') ? 'whole, ' : '';
  return `${kind}${interval}${types.includes('null') ? ' | null' : ''}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
};

function withRange(type: string, schema: Schema): string {
  const name = TYPE_NAMES[type] ?? type;
  if (type !== 'integer' && type !== 'number') return name;
  const { low, lowOpen, high, highOpen } = bounds(schema);
  const from = low === undefined ? '' : ` ${lowOpen ? 'above' : 'from'} ${low}`;
  const to = high === undefined ? '' : ` ${highOpen ? 'below' : 'up to'} ${high}`;
  return `${name}${from}${to}`;
}

/** zod gives whole numbers the range of safe integers, which is no news to a reader. */
function bounds(schema: Schema) {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return {
    low: exclusiveMinimum ?? low,
    lowOpen: exclusiveMinimum !== undefined || low === undefined,
    high: exclusiveMaximum ?? high,
    highOpen: exclusiveMaximum !== undefined || high === undefined,
  };
}

function alternatives(texts: readonly string[]): string {
  return texts.length < 2
    ? (texts[0] ?? '')
    : `${texts.slice(0, -1).join(', ')} or ${texts[texts.length - 1]}`;
}
