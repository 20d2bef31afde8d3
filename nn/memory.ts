/** What an arena engine keeps between runs: parameter groups with gradients and moments, inputs, constants. */
import type { Arena } from '../kernels/arena.ts';
import type { Shape } from '../kernels/op-set.ts';
import { sameShape, shapeText, sizeOf } from '../kernels/shapes.ts';
import type { GroupShapes, Program, Values } from './engine.ts';
import { lookUp } from './errors.ts';
import type { Buffer } from './plan.ts';

/** One group: its tensors one after the other, and in the same order their gradients and Adam's moments. */
export interface GroupMemory {
  readonly shapes: GroupShapes;
  readonly size: number;
  readonly parameters: number;
  readonly gradients: number;
  readonly m: number;
  readonly v: number;
  /** Place of each tensor, counted from the start of each of the four stretches. */
  readonly places: ReadonlyMap<string, number>;
  /** Adam steps taken. */
  steps: number;
}

export function ownedBuffer(offset: number, size: number): Buffer {
  return { size, offset, placed: 'by-owner' };
}

/** Lays a group out in the arena: four stretches of `size` elements each. */
export function allocateGroup(arena: Arena, shapes: GroupShapes): GroupMemory {
  const places = new Map<string, number>();
  let size = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    places.set(name, size);
    size += sizeOf(shape);
  }
  const [parameters, gradients, m, v] = [0, 1, 2, 3].map(() => arena.allocate(size));
  return { shapes, size, parameters, gradients, m, v, places, steps: 0 };
}

/** A tensor of a group within one of its stretches. */
export function groupBuffer(group: GroupMemory, name: string, start: number): Buffer {
  const place = lookUp('parameter', group.places, name);
  return ownedBuffer(start + place, sizeOf(group.shapes[name]));
}

/** Copies of a group's tensors within one of its stretches, by name. */
export function readGroup<V extends Values>(data: V, group: GroupMemory, start: number): Record<string, V> {
  const copies: Record<string, V> = {};
  for (const name of group.places.keys()) {
    const { offset, size } = groupBuffer(group, name, start);
    copies[name] = data.slice(offset, offset + size) as V;
  }
  return copies;
}

export function writeGroup(data: Values, group: GroupMemory, values: Readonly<Record<string, Values>>): void {
  for (const name of group.places.keys()) {
    data.set(values[name], groupBuffer(group, name, group.parameters).offset);
  }
}

/** Shapes of all phases' inputs by name. Throws if two phases give one name different shapes. */
export function inputShapes(program: Program): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const [phase, { inputs }] of Object.entries(program.phases)) {
    for (const [name, shape] of Object.entries(inputs)) {
      const known = shapes.get(name);
      if (known && !sameShape(known, shape)) {
        throw new Error(
          `${phase}: input '${name}' has shape ${shapeText(shape)} here and ${shapeText(known)} in an earlier phase. Give one of them another name.`,
        );
      }
      shapes.set(name, shape);
    }
  }
  return shapes;
}
