/**
 * Shapes of the op set's results, for both engines: what the contract in `op-set.ts` allows, and the errors that name the op and
 * the shapes. The numbers an op takes beside its operands are checked here too.
 */
import type { Shape } from './op-set.ts';

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}

function isSuffix(small: Shape, large: Shape): boolean {
  const skipped = large.length - small.length;
  return skipped >= 0 && small.every((extent, i) => extent === large[skipped + i]);
}

function isScalar(shape: Shape): boolean {
  return shape.length === 0 || (shape.length === 1 && shape[0] === 1);
}

/**
 * Shape of a binary elementwise op under suffix broadcasting: the larger one, of which the other is a suffix, or beside which
 * the other is a scalar ([] or [1]). Throws naming the op and both shapes if neither holds.
 */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  if (isSuffix(b, a) || (isScalar(b) && !isScalar(a))) return a;
  if (isSuffix(a, b) || (isScalar(a) && !isScalar(b))) return b;
  throw new Error(
    `${op}: shapes ${shapeText(a)} and ${shapeText(b)} do not go together; one must be a suffix of the other, or a scalar. Use reshape to line up the last axes.`,
  );
}

/** Shape of a constant. Throws naming the number of values and the shape if it does not hold that many. */
export function constantShape(values: ArrayLike<number>, shape: Shape): Shape {
  if (values.length !== sizeOf(shape)) {
    throw new Error(
      `constant: ${values.length} values for shape ${shapeText(shape)}, which holds ${sizeOf(shape)}.`,
    );
  }
  return shape;
}

/** Shape [G, B, N] of `linear`. Throws naming the three shapes if they do not fit. */
export function linearShape(x: Shape, w: Shape, b: Shape): Shape {
  const [members, inputs, outputs] = w;
  const shared = x.length === 2;
  const fits =
    w.length === 3 &&
    (shared || (x.length === 3 && x[0] === members)) &&
    x[x.length - 1] === inputs &&
    sameShape(b, [members, outputs]);
  if (!fits) {
    throw new Error(
      `linear: x ${shapeText(x)}, w ${shapeText(w)} and b ${shapeText(b)} do not go together; expected x [B, K] or [G, B, K], w [G, K, N] and b [G, N].`,
    );
  }
  return [members, x[x.length - 2], outputs];
}

/** Shape [M, N] of a [M, K] times b [K, N]. Throws naming both shapes. */
export function matmulShape(a: Shape, b: Shape): Shape {
  if (a.length !== 2 || b.length !== 2 || a[1] !== b[0]) {
    throw new Error(
      `matmul: shapes ${shapeText(a)} and ${shapeText(b)} do not go together; expected [M, K] and [K, N].`,
    );
  }
  return [a[0], b[1]];
}

/** Shape of tensors joined along the last axis. Throws naming the first pair that does not fit. */
export function concatShape(shapes: readonly Shape[]): Shape {
  if (shapes.length === 0) throw new Error('concat: got no tensors; give at least one.');
  const first = shapes[0];
  const leading = first.slice(0, -1);
  let width = 0;
  for (const shape of shapes) {
    if (shape.length === 0 || !sameShape(shape.slice(0, -1), leading)) {
      throw new Error(
        `concat: shapes ${shapeText(first)} and ${shapeText(shape)} do not go together; all axes but the last must agree.`,
      );
    }
    width += shape[shape.length - 1];
  }
  return [...leading, width];
}

/** Shape of columns [begin, end). Throws naming shape and range. */
export function sliceShape(shape: Shape, begin: number, end: number): Shape {
  const width = shape.length === 0 ? 0 : shape[shape.length - 1];
  if (!(Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin < end && end <= width)) {
    throw new Error(
      `slice: columns [${begin}, ${end}) of shape ${shapeText(shape)}; expected 0 <= begin < end <= ${width}.`,
    );
  }
  return [...shape.slice(0, -1), end - begin];
}

/** Checks that a reshape keeps the number of elements. Throws naming both shapes. */
export function reshapeShape(from: Shape, to: Shape): Shape {
  if (sizeOf(from) !== sizeOf(to)) {
    throw new Error(
      `reshape: shape ${shapeText(from)} has ${sizeOf(from)} elements, ${shapeText(to)} has ${sizeOf(to)}; the numbers must agree.`,
    );
  }
  return to;
}

/** [..., D] to [..., 1]. Throws for a scalar. */
export function sumLastShape(shape: Shape): Shape {
  if (shape.length === 0) throw new Error('sumLast: shape [] has no axis; expected at least one.');
  return [...shape.slice(0, -1), 1];
}

/** [G, ...] to [...]. Throws naming the op unless there are members to reduce over. */
export function dropFirstShape(op: string, shape: Shape): Shape {
  if (shape.length === 0) throw new Error(`${op}: shape [] has no axis; expected at least one.`);
  if (shape[0] === 0) throw new Error(`${op}: the first axis of ${shapeText(shape)} is empty.`);
  return shape.slice(1);
}

/** Throws unless low <= high; NaN is refused. */
export function checkClip(low: number, high: number): void {
  if (!(low <= high)) throw new Error(`clip: bounds are [${low}, ${high}]; the lower comes first.`);
}

/** Throws unless the threshold is positive; NaN is refused. */
export function checkHuber(threshold: number): void {
  if (!(threshold > 0)) throw new Error(`huber: threshold is ${threshold}; it must be positive.`);
}
