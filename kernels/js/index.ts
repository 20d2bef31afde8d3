/** The reference kernels, in JavaScript: sums in float64 whatever the arena holds. */
import type { Arena } from '../arena.ts';
import type { KernelSet, Kernels } from '../kernels.ts';
import { binary, binaryGradient, unary, unaryGradient } from './elementwise.ts';
import { adam, softUpdate } from './optimiser.ts';
import { activationGradient, inputGradient, linear, weightGradient } from './products.ts';
import {
  copyColumns,
  minFirst,
  minFirstGradient,
  spreadFirst,
  spreadLast,
  sumFirst,
  sumLast,
} from './reductions.ts';

function over(arena: Arena): Kernels {
  return {
    linear: (x, w, b, y, members, rows, inputs, outputs, strideX, activation) =>
      linear(arena.data, x, w, b, y, members, rows, inputs, outputs, strideX, activation),
    weightGradient: (x, dy, dw, members, rows, inputs, outputs, strideX, accumulate) =>
      weightGradient(arena.data, x, dy, dw, members, rows, inputs, outputs, strideX, accumulate),
    inputGradient: (dy, w, dx, members, rows, inputs, outputs, strideX, accumulate) =>
      inputGradient(arena.data, dy, w, dx, members, rows, inputs, outputs, strideX, accumulate),
    activationGradient: (y, dy, db, members, rows, outputs, activation, accumulate) =>
      activationGradient(arena.data, y, dy, db, members, rows, outputs, activation, accumulate),
    binary: (code, a, sizeA, b, sizeB, y, size) => binary(arena.data, code, a, sizeA, b, sizeB, y, size),
    binaryGradient: (code, side, a, sizeA, b, sizeB, dy, target, size, accumulate) =>
      binaryGradient(arena.data, code, side, a, sizeA, b, sizeB, dy, target, size, accumulate),
    unary: (code, x, y, size, p, q) => unary(arena.data, code, x, y, size, p, q),
    unaryGradient: (code, x, y, dy, dx, size, p, q, accumulate) =>
      unaryGradient(arena.data, code, x, y, dy, dx, size, p, q, accumulate),
    fill: (y, size, value) => {
      arena.data.fill(value, y, y + size);
    },
    copyColumns: (x, widthX, fromX, y, widthY, toY, rows, width, accumulate) =>
      copyColumns(arena.data, x, widthX, fromX, y, widthY, toY, rows, width, accumulate),
    sumLast: (x, y, rows, width, scale) => sumLast(arena.data, x, y, rows, width, scale),
    spreadLast: (dy, dx, rows, width, scale, accumulate) =>
      spreadLast(arena.data, dy, dx, rows, width, scale, accumulate),
    sumFirst: (x, y, members, size, scale) => sumFirst(arena.data, x, y, members, size, scale),
    spreadFirst: (dy, dx, members, size, scale, accumulate) =>
      spreadFirst(arena.data, dy, dx, members, size, scale, accumulate),
    minFirst: (x, y, members, size) => minFirst(arena.data, x, y, members, size),
    minFirstGradient: (x, y, dy, dx, members, size, accumulate) =>
      minFirstGradient(arena.data, x, y, dy, dx, members, size, accumulate),
    adam: (p, g, m, v, size, step, scale, beta1, beta2, epsilon) =>
      adam(arena.data, p, g, m, v, size, step, scale, beta1, beta2, epsilon),
    softUpdate: (target, source, size, mix) => softUpdate(arena.data, target, source, size, mix),
  };
}

/** The reference: works on arenas of float32 and, for gradient checks, float64. */
export const jsKernels: KernelSet = { name: 'js', float64: true, over };
