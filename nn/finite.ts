/** Where a number stopped being one: NaN and infinity found, and named, in tensors. */
import type { Precision } from '../kernels/arena.ts';
import type { Shape } from '../kernels/op-set.ts';
import { sizeOf } from '../kernels/shapes.ts';
import type { EngineState, GroupShapes, Values } from './engine.ts';

/** A tensor by the name under which a reader knows it, e.g. `critic.w1`. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** An element of a tensor. */
export interface Spot {
  /** Name and index, e.g. `critic.w1[0, 3, 17]`. */
  readonly where: string;
  readonly value: number;
}

/** The largest numbers whose squares are finite. */
export const SQUARABLE: Readonly<Record<Precision, number>> = { float32: 1.8e19, float64: 1.3e154 };

/** Place of the first element that is NaN or beyond +-limit; -1 if there is none. */
export function firstBeyond(values: ArrayLike<number>, limit: number): number {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]) <= limit)) return i;
  return -1;
}

/** The first element, in the order given, that is NaN or beyond +-limit; undefined if there is none. */
export function spotBeyond(tensors: Iterable<NamedTensor>, limit: number): Spot | undefined {
  for (const tensor of tensors) {
    const at = firstBeyond(tensor.values, limit);
    if (at >= 0) return spotOf(tensor, at);
  }
  return undefined;
}

/** The first element, in the order given, that is NaN or infinite; undefined if all are finite. */
export function nonFiniteSpot(tensors: Iterable<NamedTensor>): Spot | undefined {
  return spotBeyond(tensors, Number.MAX_VALUE);
}

/** The element of largest absolute value; undefined if there is no element. */
export function largestSpot(tensors: Iterable<NamedTensor>): Spot | undefined {
  let largest: Spot | undefined;
  for (const tensor of tensors) {
    for (let i = 0; i < tensor.values.length; i++) {
      if (largest === undefined || Math.abs(tensor.values[i]) > Math.abs(largest.value))
        largest = spotOf(tensor, i);
    }
  }
  return largest;
}

/** A group's tensors under their full names. */
export function namedTensors(
  group: string,
  shapes: GroupShapes,
  values: Readonly<Record<string, ArrayLike<number>>>,
): NamedTensor[] {
  return Object.entries(shapes).map(([name, shape]) => ({
    name: `${group}.${name}`,
    shape,
    values: values[name],
  }));
}

/** A group's tensors under their full names, from a stretch that holds them one after the other. */
export function tensorsOf(group: string, shapes: GroupShapes, stretch: Values): NamedTensor[] {
  let end = 0;
  return Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += sizeOf(shape);
    return { name: `${group}.${name}`, shape, values: stretch.subarray(begin, end) };
  });
}

/** The first parameter, or else moment, of a group that is not finite, e.g. `parameter critic.w1[0, 3, 17]`. */
export function nonFiniteInGroup(
  group: string,
  shapes: GroupShapes,
  { parameters, m, v }: Omit<EngineState<Values>[string], 'steps'>,
): Spot | undefined {
  const kinds: [string, readonly NamedTensor[]][] = [
    ['parameter', namedTensors(group, shapes, parameters)],
    ['first moment of', tensorsOf(group, shapes, m)],
    ['second moment of', tensorsOf(group, shapes, v)],
  ];
  for (const [kind, tensors] of kinds) {
    const spot = nonFiniteSpot(tensors);
    if (spot !== undefined) return { ...spot, where: `${kind} ${spot.where}` };
  }
  return undefined;
}

/** Element number `at` of a tensor, by name and index, row-major: [3, 17] of a [4, 64] is number 209. */
function spotOf({ name, shape, values }: NamedTensor, at: number): Spot {
  const index: number[] = [];
  let rest = at;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return { where: `${name}[${index.join(', ')}]`, value: values[at] };
}
