/** The loops of `loops.ts` in WebAssembly: kernels/wasm/assembly/structural.ts. The arrays given to them have to lie in their memory. */
import { readFileSync } from 'node:fs';
import { type SharedMemory, webAssembly } from '../../kernels/wasm/api.ts';
import { wasmFile } from '../../kernels/wasm/files.ts';
import type { Loops } from './loops.ts';

/** Each loop as a function of addresses in bytes and of counts. */
export type LoopKernels = Readonly<Record<keyof Omit<Loops, 'name'>, (...numbers: number[]) => void>>;
const KEPT_AT_LIMIT = { masked: 0, 'one-sided': 1, free: 2 } as const;

/** Throws where this machine or version of Node does not run WebAssembly with SIMD on shared memory, or the file is missing. */
export function loadWasmLoops(memory: SharedMemory): Loops {
  const module = new webAssembly.Module(new Uint8Array(readFileSync(wasmFile('structural'))));
  const { exports } = new webAssembly.Instance(module, { env: { memory } });
  return loopsBy('wasm', exports as LoopKernels);
}

/** Loops over arrays of the one memory that the kernels know. */
export function loopsBy(name: string, kernels: LoopKernels): Loops {
  return {
    name,
    mixTable(table, nodes, weights, at, width, cells, out, to) {
      kernels.mixTable(
        table.byteOffset,
        nodes.byteOffset + 4 * at,
        weights.byteOffset + 8 * at,
        width,
        cells,
        out.byteOffset + 8 * to,
      );
    },
    mixOwnStates(source, transition, at, rowStride, columnStride, ownStates, count, out) {
      kernels.mixOwnStates(
        source.byteOffset,
        transition.byteOffset + 8 * at,
        rowStride,
        columnStride,
        ownStates,
        count,
        out.byteOffset,
      );
    },
    placeNext(assets, inverseStep, next, bound, at, lower, upperWeight, place) {
      kernels.placeNext(
        assets.byteOffset,
        inverseStep.byteOffset,
        assets.length,
        next.byteOffset,
        bound.byteOffset,
        next.length,
        lower.byteOffset + 4 * at,
        upperWeight.byteOffset + 8 * at,
        place.byteOffset + at,
      );
    },
    push(mass, from, at, lower, upperWeight, transition, transitionAt, ownStates, moved, pushed) {
      kernels.push(
        mass.byteOffset + 8 * from,
        lower.byteOffset + 4 * at,
        upperWeight.byteOffset + 8 * at,
        transition.byteOffset + 8 * transitionAt,
        ownStates,
        pushed.length / ownStates,
        moved.byteOffset,
        pushed.byteOffset,
      );
    },
    slopes(
      expected,
      inverseStep,
      discountFactor,
      at,
      slopeAt,
      lower,
      place,
      flowSlope,
      nextSlope,
      unit,
      out,
      relative,
      outAt,
      cells,
      limit,
    ) {
      kernels.slopes(
        expected.byteOffset,
        inverseStep.byteOffset,
        inverseStep.length + 1,
        discountFactor,
        lower.byteOffset + 4 * at,
        place.byteOffset + at,
        flowSlope.byteOffset + 8 * slopeAt,
        nextSlope.byteOffset + 8 * slopeAt,
        unit.length > 0 ? unit.byteOffset + 8 * slopeAt : 0,
        out.byteOffset + 8 * outAt,
        relative.byteOffset + 8 * outAt,
        cells,
        KEPT_AT_LIMIT[limit],
      );
    },
    values(expected, count, discountFactor, at, lower, upperWeight, flow, lambda) {
      kernels.values(
        expected.byteOffset,
        count,
        discountFactor,
        lower.byteOffset + 4 * at,
        upperWeight.byteOffset + 8 * at,
        flow.byteOffset + 8 * at,
        lambda.byteOffset,
        lambda.length,
      );
    },
    times(x, at, weight, weightAt, out) {
      kernels.times(x.byteOffset + 8 * at, weight.byteOffset + 8 * weightAt, out.byteOffset, out.length);
    },
    addToNodes(x, at, nodes, weights, first, width, scale, to, cells) {
      kernels.addToNodes(
        x.byteOffset + 8 * at,
        nodes.byteOffset + 4 * first,
        weights.byteOffset + 8 * first,
        width,
        scale,
        to.byteOffset,
        cells,
      );
    },
    normalise(x) {
      kernels.normalise(x.byteOffset, x.length);
    },
    add(x, to) {
      kernels.add(x.byteOffset, to.byteOffset, to.length);
    },
  };
}
