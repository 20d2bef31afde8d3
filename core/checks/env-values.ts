/** What one value must be: an observation, a reward, an info, the global state. Each says what is wrong, or nothing. */
import type { Box } from '../spaces.ts';
import { isRecord, isTyped, member, ndarrayOf, type PlainArray, text } from './env-plain.ts';

/** What is wrong with a value. */
export interface Wrong {
  readonly expected: string;
  readonly actual: string;
  readonly hint: string;
}

/** An observation is an ndarray of rank one of float32 numbers, as many as its space has names. */
export function wrongForm(observation: unknown, space: Box): Wrong | undefined {
  const array = ndarrayOf(observation);
  const expected = `an ndarray of float32 numbers of shape [${space.size}]`;
  if (array === undefined) {
    return { expected, actual: text(observation), hint: 'Return ndarray(Float32Array.of(...), [size]).' };
  }
  if (array.type !== 'Float32Array') {
    return {
      expected,
      actual: `data of type ${array.type}`,
      hint: 'Observations are float32: write them into a Float32Array.',
    };
  }
  if (array.shape.length !== 1 || array.shape[0] !== space.size) {
    return {
      expected,
      actual: `shape [${array.shape.join(', ')}]`,
      hint: `The space names ${space.names.join(', ')}; give one number for each, or change the space.`,
    };
  }
  return undefined;
}

/** Every number of an observation is finite and within its bounds (rounded to float32 where it is); what is not is listed. */
export function outOfSpace(observation: unknown, space: Box): Wrong | undefined {
  const array = ndarrayOf(observation);
  if (array === undefined || array.values.length !== space.size) return undefined;
  const outside = offending(array, space);
  if (outside.length > 0) {
    return {
      expected: `finite numbers within ${outside.map((i) => `"${space.names[i]}" [${space.low[i]}, ${space.high[i]}]`).join(', ')}`,
      actual: outside.map((i) => `"${space.names[i]}" (index ${i}) is ${text(array.values[i])}`).join(', '),
      hint: 'Widen the space to what the economy can reach, or find the state and action that led there.',
    };
  }
  if (!space.contains(observation)) {
    return {
      expected: 'a space that contains what lies within its bounds',
      actual: `contains(...) is false of ${text(observation)}`,
      hint: 'The space must take ndarrays, and compare float32 numbers with bounds rounded to float32.',
    };
  }
  return undefined;
}

function offending({ type, values }: PlainArray, space: Box): readonly number[] {
  const rounded = type === 'Float32Array' ? Math.fround : (bound: number) => bound;
  return Array.from<unknown>(values).flatMap((x, i) =>
    typeof x === 'number' && Number.isFinite(x) && x >= rounded(space.low[i]) && x <= rounded(space.high[i])
      ? []
      : [i],
  );
}

export function wrongReward(reward: unknown): Wrong | undefined {
  if (typeof reward === 'number' && Number.isFinite(reward)) return undefined;
  return {
    expected: 'a finite number',
    actual: text(reward),
    hint: 'Look at utility where consumption is zero or negative, and at divisions by zero.',
  };
}

export function wrongInfo(info: unknown): Wrong | undefined {
  const expected = 'a record of numbers by name';
  const hint = 'Return info as {} or { name: number }.';
  if (!isRecord(info) || Array.isArray(info)) return { expected, actual: text(info), hint };
  const bad = Object.entries(info).find(([, value]) => typeof value !== 'number');
  return bad === undefined ? undefined : { expected, actual: `${bad[0]} is ${text(bad[1])}`, hint };
}

/**
 * The global state: in a `ParallelEnv` an ndarray of finite numbers, in the box `stateSpace` where the environment has one; in a
 * batch one record of finite numbers and typed arrays for each copy.
 */
export function wrongState(state: unknown, space: Box | undefined): Wrong | undefined {
  if (Array.isArray(state)) {
    return state.map((one, copy) => wrongRecord(one, copy)).find((wrong) => wrong !== undefined);
  }
  const array = ndarrayOf(state);
  if (array?.shape.length !== 1) {
    return {
      expected: 'an ndarray of rank one',
      actual: text(state),
      hint: 'state() returns ndarray(Float64Array.of(...), [size]).',
    };
  }
  const at = Array.from<unknown>(array.values).findIndex((x) => !Number.isFinite(x));
  if (at >= 0) {
    return {
      expected: 'finite numbers',
      actual: `number ${at} of the state is ${text(array.values[at])}`,
      hint: 'A state that is not finite stays so; find the step that made it.',
    };
  }
  if (space === undefined || space.contains(array.values)) return undefined;
  const outside = array.values.length === space.size ? offending(array, space) : [];
  return {
    expected: `a state in stateSpace (${space.names.join(', ')})`,
    actual:
      outside.length === 0
        ? text(state)
        : outside.map((i) => `"${space.names[i]}" is ${text(array.values[i])}`).join(', '),
    hint: 'Widen stateSpace, or find the step that left it.',
  };
}

function wrongRecord(state: unknown, copy: number): Wrong | undefined {
  const expected = 'a record of finite numbers and typed arrays of them';
  const hint = 'States hold numbers and typed arrays only, so that they can be copied, saved and compared.';
  if (!isRecord(state)) return { expected, actual: `copy ${copy} has ${text(state)}`, hint };
  for (const [name, value] of Object.entries(state)) {
    const numbers: readonly unknown[] = isTyped(value) ? Array.from(value) : [value];
    const bad = numbers.findIndex((x) => !Number.isFinite(x));
    if (bad < 0) continue;
    const where = isTyped(value) ? `${name}[${bad}]` : name;
    return { expected, actual: `${where} of copy ${copy} is ${text(numbers[bad])}`, hint };
  }
  return undefined;
}

/** Names, kinds and lengths of a state, to compare one moment's with another's. */
export function formOfState(state: unknown): string {
  const array = ndarrayOf(state);
  if (array !== undefined) return `${array.type} of shape [${array.shape.join(', ')}]`;
  if (!Array.isArray(state)) return text(state);
  return state
    .map((one: unknown) =>
      Object.keys(isRecord(one) ? one : {})
        .map((name) => `${name}: ${kindOf(member(one, name))}`)
        .join(', '),
    )
    .join('; ');
}

function kindOf(value: unknown): string {
  return isTyped(value) ? `${value.constructor.name}(${value.length})` : typeof value;
}
