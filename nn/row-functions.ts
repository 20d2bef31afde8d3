/** Functions of rows: compiled once per power of two of rows, and computed in pieces of at most 1024 rows. */
import type { Arena } from '../kernels/arena.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Shape } from '../kernels/op-set.ts';
import { shapeText, sizeOf } from '../kernels/shapes.ts';
import { compile, type Storage } from './compile.ts';
import { type Program, ROWS, type RowFunction, type Values } from './engine.ts';
import { lookUp } from './errors.ts';
import { ownedBuffer } from './memory.ts';
import type { Buffer } from './plan.ts';
import { prepare, type Replay, record, replay } from './replay.ts';

export const LARGEST_PIECE = 1024;

/** A function compiled for a certain number of rows. */
interface Piece {
  readonly replay: Replay;
  readonly inputs: ReadonlyMap<string, Buffer>;
}

/** The smallest power of two that holds so many rows, at most LARGEST_PIECE. */
function capacityFor(rows: number): number {
  let capacity = 1;
  while (capacity < rows && capacity < LARGEST_PIECE) capacity *= 2;
  return capacity;
}

function isPerRow(shape: Shape): boolean {
  return shape[0] === ROWS;
}

function withRows(shape: Shape, rows: number): Shape {
  return shape.map((extent) => (extent === ROWS ? rows : extent));
}

/** Checks what `evaluate` is given. Throws naming the function, the input, and the size found and expected. */
export function checkRowInputs(
  name: string,
  declared: Readonly<Record<string, Shape>>,
  inputs: Readonly<Record<string, Values>>,
  rows: number,
): void {
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new Error(`${name}: ${rows} rows; give a whole number >= 1.`);
  }
  const unknown = Object.keys(inputs).filter((input) => !(input in declared));
  if (unknown.length > 0) {
    throw new Error(
      `${name}: unknown input '${unknown[0]}'; its inputs are: ${Object.keys(declared).join(', ')}.`,
    );
  }
  for (const [input, shape] of Object.entries(declared)) {
    const size = sizeOf(withRows(shape, rows));
    const found = input in inputs ? `${inputs[input].length} values` : 'nothing';
    if (!(input in inputs) || inputs[input].length !== size) {
      throw new Error(
        `${name}: input '${input}' got ${found}; expected ${size} for shape ${shapeText(withRows(shape, rows))}.`,
      );
    }
  }
}

/** Checks that an output has the rows first. Throws naming the function, the output, and its shape. */
export function checkRowOutput(name: string, output: string, shape: Shape, rows: number): void {
  if (shape[0] !== rows) {
    throw new Error(
      `${name}: output '${output}' has shape ${shapeText(shape)} for ${rows} rows; its first axis must be the rows.`,
    );
  }
}

export class RowFunctions<V extends Values> {
  private readonly program: Program;
  private readonly arena: Arena;
  private readonly kernels: Kernels;
  private readonly storage: Omit<Storage, 'input'>;
  private readonly functions: ReadonlyMap<string, RowFunction>;
  private readonly pieces = new Map<string, Piece>();

  constructor(program: Program, arena: Arena, kernels: Kernels, storage: Omit<Storage, 'input'>) {
    this.program = program;
    this.arena = arena;
    this.kernels = kernels;
    this.storage = storage;
    this.functions = new Map(Object.entries(program.functions ?? {}));
  }

  /** See `Engine.evaluate`. */
  evaluate(name: string, inputs: Readonly<Record<string, V>>, rows: number): Record<string, V> {
    const { inputs: declared } = lookUp('function', this.functions, name);
    checkRowInputs(name, declared, inputs, rows);
    const results: Record<string, V> = {};
    for (let begin = 0; begin < rows; begin += LARGEST_PIECE) {
      const count = Math.min(LARGEST_PIECE, rows - begin);
      const capacity = capacityFor(count);
      const piece = this.piece(name, capacity);
      const data = this.arena.data;
      for (const [input, { offset, size }] of piece.inputs) {
        if (!isPerRow(declared[input])) {
          data.set(inputs[input], offset);
          continue;
        }
        const width = size / capacity;
        // Rows beyond `count` keep what an earlier call left there: no row that is read depends on them.
        data.set(inputs[input].subarray(begin * width, (begin + count) * width), offset);
      }
      replay(piece.replay.steps);
      for (const [output, { offset, size }] of piece.replay.outputs) {
        const width = size / capacity;
        const values = data.subarray(offset, offset + count * width);
        if (count === rows) results[output] = values.slice() as V;
        else {
          results[output] ??= new (data.constructor as new (length: number) => V)(rows * width);
          results[output].set(values, begin * width);
        }
      }
    }
    return results;
  }

  clear(): void {
    this.pieces.clear();
  }

  private piece(name: string, capacity: number): Piece {
    const key = `${capacity} ${name}`;
    let piece = this.pieces.get(key);
    if (piece === undefined) {
      piece = this.compilePiece(name, capacity);
      this.pieces.set(key, piece);
    }
    return piece;
  }

  private compilePiece(name: string, capacity: number): Piece {
    const declared = lookUp('function', this.functions, name);
    const shapes: Record<string, Shape> = {};
    const inputs = new Map<string, Buffer>();
    for (const [input, shape] of Object.entries(declared.inputs)) {
      shapes[input] = withRows(shape, capacity);
      const size = sizeOf(shapes[input]);
      inputs.set(input, ownedBuffer(this.arena.allocate(size), size));
    }
    const { nodes, result } = record(this.program.groups, shapes, (ops, symbols) =>
      declared.build(ops, symbols),
    );
    for (const [output, { shape }] of Object.entries(result)) checkRowOutput(name, output, shape, capacity);
    const input = (wanted: string) => lookUp('input', inputs, wanted);
    const compiled = compile({ nodes, outputs: result, train: [] }, { ...this.storage, input });
    const workspace = this.arena.allocate(compiled.plan.layOut());
    return { inputs, replay: prepare(compiled, this.kernels, workspace) };
  }
}
