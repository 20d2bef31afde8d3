/** A kernel set is used only if it computes, on small tensors, what the reference computes. */
import { Arena, type FloatArray } from './arena.ts';
import { ACTIVATION, BINARY, UNARY } from './codes.ts';
import { jsKernels } from './js/index.ts';
import { type KernelSet, type Kernels, NONE, scratchSize } from './kernels.ts';

/** Sums of up to eighty products of numbers near 1 differ by 5e-6 between float32 and the reference's float64 sums; twice that. */
const TOLERANCE = 1e-5;

/** More than one vector of sixteen, and a remainder, in every direction. */
const [MEMBERS, ROWS, INPUTS, OUTPUTS] = [2, 29, 35, 41];
const SIZE = MEMBERS * ROWS * OUTPUTS;

/** A short program over every kind of kernel; returns all it computed. */
function exercise(set: KernelSet): FloatArray {
  const arena = new Arena({ precision: 'float32' });
  const kernels: Kernels = set.over(arena);
  const x = arena.allocate(ROWS * INPUTS);
  const w = arena.allocate(MEMBERS * INPUTS * OUTPUTS);
  const b = arena.allocate(MEMBERS * OUTPUTS);
  const filled = arena.allocate(0);
  const [y, dy, z, dz] = [0, 1, 2, 3].map(() => arena.allocate(SIZE));
  const dx = arena.allocate(ROWS * INPUTS);
  const [dw, m, v] = [0, 1, 2].map(() => arena.allocate(MEMBERS * INPUTS * OUTPUTS));
  const end = arena.allocate(0);
  const scratch = arena.allocate(scratchSize(ROWS, INPUTS, OUTPUTS));
  for (let i = 0; i < filled; i++) arena.data[i] = Math.sin(1 + 3 * i);
  kernels.linear(x, w, b, y, MEMBERS, ROWS, INPUTS, OUTPUTS, 0, ACTIVATION.tanh, scratch);
  kernels.unary(UNARY.softplus, y, z, SIZE, 0, 0);
  kernels.binary(BINARY.div, y, SIZE, z, SIZE, dy, SIZE);
  kernels.unaryGradient(UNARY.huber, y, z, dy, dz, SIZE, 0.4, 0, 0);
  kernels.activationGradient(y, dy, NONE, MEMBERS, ROWS, OUTPUTS, ACTIVATION.tanh, 0);
  kernels.weightGradient(x, dy, dw, MEMBERS, ROWS, INPUTS, OUTPUTS, 0, 0, scratch);
  kernels.inputGradient(dy, w, dx, MEMBERS, ROWS, INPUTS, OUTPUTS, 0, 0, scratch);
  const weights = MEMBERS * INPUTS * OUTPUTS;
  kernels.adam(w, dw, m, v, weights, 0.01, 30, 0.9, 0.999, 1e-8);
  return arena.data.slice(0, end);
}

/** Throws, saying by how much they differ, unless the set agrees with the reference. */
export function selfTest(set: KernelSet): void {
  const expected = exercise(jsKernels);
  const found = exercise(set);
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(gap <= TOLERANCE)) {
      throw new Error(`self-test: ${found[i]} where the reference has ${expected[i]}`);
    }
  }
}
