/** What an environment returned, as plain data that can be kept and compared bit for bit. It may be anything, so all is `unknown`. */

/** An ndarray's numbers with its form. */
export interface PlainArray {
  readonly type: string;
  readonly shape: readonly unknown[];
  readonly values: Typed | readonly unknown[];
}

/** Deeper than any record of an environment; stops at records that contain themselves. */
const DEEPEST = 12;

/** A copy that shares nothing with the original: ndarrays as `PlainArray`, typed arrays and records copied. */
export function plain(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (depth > DEEPEST) return '[...]';
  if (Array.isArray(value)) return value.map((x) => plain(x, depth + 1));
  if (isTyped(value)) return value.slice();
  const array = ndarrayOf(value);
  if (array !== undefined) return array;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) copy[name] = plain(member(value, name), depth + 1);
  return copy;
}

/** Numbers (copied) and form of an ndarray; undefined for anything else. */
export function ndarrayOf(value: unknown): PlainArray | undefined {
  if (!isRecord(value) || typeof value.get !== 'function' || !Array.isArray(value.shape)) return undefined;
  const { shape, data, get } = value;
  const type = isRecord(data) ? data.constructor.name : typeof data;
  const size = shape.length === 1 ? Number(shape[0]) : 0;
  if (isTyped(data) && data.length === size) return { type, shape: [...shape], values: data.slice() };
  const values = Array.from({ length: size }, (_, i): unknown =>
    Reflect.apply(get as () => unknown, value, [i]),
  );
  return { type, shape: [...shape], values };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export type Typed = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

export function isTyped(value: unknown): value is Typed {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A member of what may be no record at all. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Where two plain values part, and what stands there. */
export interface Difference {
  readonly path: readonly string[];
  readonly first: unknown;
  readonly second: unknown;
}

/** The first place at which two plain values differ in a bit; undefined if they are the same. */
export function firstDifference(first: unknown, second: unknown): Difference | undefined {
  if (Object.is(first, second)) return undefined;
  if (!isRecord(first) || !isRecord(second) || first.constructor !== second.constructor)
    return { path: [], first, second };
  if (isTyped(first) && isTyped(second)) return typedDifference(first, second);
  const names = Object.keys(first);
  for (const name of names) {
    const found = firstDifference(first[name], second[name]);
    if (found !== undefined) return { ...found, path: [name, ...found.path] };
  }
  const more = Object.keys(second).find((name) => !Object.hasOwn(first, name));
  return more === undefined ? undefined : { path: [more], first: undefined, second: second[more] };
}

function typedDifference(first: Typed, second: Typed): Difference | undefined {
  if (first.length !== second.length) return { path: ['length'], first: first.length, second: second.length };
  for (let i = 0; i < first.length; i++) {
    if (!Object.is(first[i], second[i])) return { path: [String(i)], first: first[i], second: second[i] };
  }
  return undefined;
}

const LONGEST_TEXT = 80;

/** A value in a message: numbers with every digit, since the last may be the one that differs. */
export function text(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  if (isTyped(value)) return shortened(`${value.constructor.name} [${value.join(', ')}]`);
  if (Array.isArray(value)) return shortened(`[${value.map(text).join(', ')}]`);
  const array = ndarrayOf(value);
  if (array !== undefined)
    return shortened(`ndarray of ${array.type} [${Array.from(array.values, text).join(', ')}]`);
  if (isRecord(value)) return shortened(`a record of ${Object.keys(value).join(', ') || 'nothing'}`);
  return typeof value === 'string' ? shortened(`"${value}"`) : String(value);
}

function shortened(message: string): string {
  return message.length <= LONGEST_TEXT ? message : `${message.slice(0, LONGEST_TEXT - 3)}...`;
}

/** What was thrown, in a message. */
export function thrown(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${text(error)} was thrown`;
}
