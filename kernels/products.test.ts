import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { Arena } from './arena.ts';
import { ACTIVATION } from './codes.ts';
import { jsKernels } from './js/index.ts';
import { type KernelSet, type Kernels, NONE, scratchSize } from './kernels.ts';
import { comparedSets } from './test-fixtures.ts';

/** Of the sum of |terms|: float32 rounds each of up to 1100 additions by 2^-24 of the running sum, with random signs. */
const TOLERANCE = 1e-5;

const SETS = comparedSets();

interface Extents {
  readonly members: number;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly shared: boolean;
}

/**
 * Everything that is a remainder somewhere: of 4, 6 or 8 rows, 8, 16 or 32 columns, 64-row blocks, a reduction of 256 or 512, one to
 * three columns.
 */
const EXTENTS: readonly Extents[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 4],
  [2, 3, 5, 2],
  [2, 256, 9, 64],
  [1, 5, 9, 1],
  [2, 67, 17, 1],
  [2, 66, 33, 3],
  [3, 7, 4, 4],
  [1, 65, 20, 13],
  [2, 31, 64, 65],
  [1, 9, 1031, 23],
  [1, 1030, 6, 9],
  [1, 4, 40, 600],
  [2, 25, 48, 64],
  [1, 13, 261, 49],
].flatMap(([members, rows, inputs, outputs]) =>
  [true, false].map((shared) => ({ members, rows, inputs, outputs, shared })),
);

/** A product's tensors in an arena of their own, filled with numbers in [-1, 1). */
function setUp(set: KernelSet, { members, rows, inputs, outputs, shared }: Extents) {
  const arena = new Arena({ precision: 'float32' });
  const kernels: Kernels = set.over(arena);
  const size = { x: (shared ? 1 : members) * rows * inputs, w: members * inputs * outputs };
  const offsets = {
    x: arena.allocate(size.x),
    w: arena.allocate(size.w),
    b: arena.allocate(members * outputs),
    y: arena.allocate(members * rows * outputs),
    dy: arena.allocate(members * rows * outputs),
    end: arena.allocate(0),
    scratch: arena.allocate(scratchSize(rows, inputs, outputs)),
    guard: arena.allocate(16),
  };
  createRng(5).fillUniform(arena.data.subarray(0, offsets.end), -1, 1);
  arena.data.fill(7, offsets.guard, offsets.guard + 16);
  return { arena, kernels, size, offsets };
}

type Product = (kernels: Kernels, at: Record<string, number>, extents: Extents, accumulate: number) => void;

const strideX = ({ shared, rows, inputs }: Extents) => (shared ? 0 : rows * inputs);

const PRODUCTS: Readonly<Record<string, Product>> = {
  linear: (kernels, { x, w, b, y, scratch }, extents, accumulate) => {
    const { members, rows, inputs, outputs } = extents;
    const activation = accumulate === 1 ? ACTIVATION.tanh : ACTIVATION.relu;
    kernels.linear(x, w, b, y, members, rows, inputs, outputs, strideX(extents), activation, scratch);
  },
  'linear without bias': (kernels, { x, w, y, scratch }, extents) => {
    const { members, rows, inputs, outputs } = extents;
    kernels.linear(x, w, NONE, y, members, rows, inputs, outputs, strideX(extents), 0, scratch);
  },
  weightGradient: (kernels, { x, w, dy, scratch }, extents, accumulate) => {
    const { members, rows, inputs, outputs } = extents;
    kernels.weightGradient(x, dy, w, members, rows, inputs, outputs, strideX(extents), accumulate, scratch);
  },
  inputGradient: (kernels, { x, w, dy, scratch }, extents, accumulate) => {
    const { members, rows, inputs, outputs } = extents;
    kernels.inputGradient(dy, w, x, members, rows, inputs, outputs, strideX(extents), accumulate, scratch);
  },
  activationGradient: (kernels, { b, y, dy }, { members, rows, outputs }, accumulate) => {
    kernels.activationGradient(y, dy, b, members, rows, outputs, ACTIVATION.relu, accumulate);
  },
};

describe.each(SETS)('$name products', (set) => {
  it.each(Object.keys(PRODUCTS))('%s equals the reference for every remainder of the tiles', (name) => {
    for (const extents of EXTENTS) {
      for (const accumulate of [0, 1]) {
        const reference = setUp(jsKernels, extents);
        const tested = setUp(set, extents);
        PRODUCTS[name](reference.kernels, reference.offsets, extents, accumulate);
        PRODUCTS[name](tested.kernels, tested.offsets, extents, accumulate);
        const { end, guard } = tested.offsets;
        // Terms are products of numbers in [-1, 1), so the largest sum of their sizes is the length of the reduction.
        const scale = Math.max(extents.rows, extents.inputs, extents.outputs) * extents.members;
        let largest = 0;
        for (let i = 0; i < end; i++) {
          largest = Math.max(largest, Math.abs(tested.arena.data[i] - reference.arena.data[i])); // NaN stays
        }
        expect(largest, JSON.stringify({ ...extents, accumulate })).toBeLessThanOrEqual(
          TOLERANCE * Math.sqrt(scale),
        );
        expect(tested.arena.data.subarray(guard, guard + 16).every((value) => value === 7)).toBe(true);
      }
    }
  });
});

describe.each([...SETS, jsKernels])('$name rows', (set) => {
  it.each([1, 2, 8, 13])(
    'a row of a layer of %i outputs is the same, bit for bit, whatever rows come with it',
    (outputs) => {
      const extents = { members: 2, rows: 71, inputs: 37, outputs, shared: true };
      const { arena, kernels, offsets } = setUp(set, extents);
      PRODUCTS.linear(kernels, offsets, extents, 1);
      const together = arena.data.slice(offsets.y, offsets.dy);
      const { x, w, b, y, scratch } = offsets;
      for (const i of [0, 1, 3, 63, 64, 70]) {
        kernels.linear(x + i * 37, w, b, y, 2, 1, 37, outputs, 0, ACTIVATION.tanh, scratch);
        for (const member of [0, 1]) {
          const alone = arena.data.slice(y + member * outputs, y + (member + 1) * outputs);
          const start = (member * 71 + i) * outputs;
          expect(alone).toEqual(together.slice(start, start + outputs));
        }
      }
    },
  );

  it('lets NaN through relu, products and minima, so that a diverged network is noticed', () => {
    const extents = { members: 1, rows: 2, inputs: 3, outputs: 8, shared: true };
    const { arena, kernels, offsets } = setUp(set, extents);
    arena.data[offsets.x] = Number.NaN;
    PRODUCTS.linear(kernels, offsets, extents, 0);
    const { y, dy } = offsets;
    expect(arena.data.subarray(y, y + 8).every(Number.isNaN)).toBe(true);
    expect(arena.data.subarray(y + 8, y + 16).some(Number.isNaN)).toBe(false);
    kernels.minFirst(y, dy, 2, 8);
    expect(arena.data.subarray(dy, dy + 8).every(Number.isNaN)).toBe(true);
  });
});
