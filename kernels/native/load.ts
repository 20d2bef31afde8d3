/** Kernels compiled from C, over the memory of an arena; what does not win in C stays with WebAssembly on the same memory. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Arena, FloatArray } from '../arena.ts';
import type { KernelSet, Kernels } from '../kernels.ts';
import { loadWasmKernels } from '../wasm/load.ts';
import { BUILD_COMMAND, builtFiles, builtName, defaultFolder, hasSources } from './files.ts';
import { PROBE } from './probe.ts';

/** Layers of fewer outputs are dot products, for which a call from JavaScript into C takes as long as there is to win. */
const FEWEST_OUTPUTS = 4;
/** Shorter sums likewise. */
const SHORTEST_SUM = 1024;
/** Long enough for the slowest machine; the probe takes about 40 ms. */
const PROBE_TIMEOUT = 30_000;

type NativeKernel = (data: FloatArray, ...numbers: number[]) => void;
const NAMES = ['linear', 'weightGradient', 'inputGradient', 'activationGradient', 'adam', 'sumLast'] as const;
type NativeKernels = Readonly<Record<(typeof NAMES)[number], NativeKernel>>;

/** The built file in that folder. Throws a sentence with the command that mends it if there is none from these sources. */
function builtFile(folder: string): string {
  if (!hasSources()) throw new Error('native kernels are built in a clone of the sources, which this is not');
  const wanted = builtName();
  const found = builtFiles(folder);
  if (found.includes(wanted)) return path.join(folder, wanted);
  throw new Error(
    found.length > 0
      ? `native kernels were built from other sources: ${BUILD_COMMAND}`
      : `native kernels have not been built: ${BUILD_COMMAND}`,
  );
}

/** Runs every kernel once in a process of its own: what a compiler got wrong may crash, and must not take the run with it. */
function probe(file: string): void {
  const { status, signal, stderr, error } = spawnSync(process.execPath, ['--eval', PROBE, file], {
    encoding: 'utf8',
    timeout: PROBE_TIMEOUT,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status === 0) return;
  const how = error?.message ?? signal ?? `exit code ${status}`;
  const last = stderr?.trim().split('\n').at(-1) ?? '';
  throw new Error(
    `native kernels failed in a process of their own (${how}${last && `: ${last}`}): ${BUILD_COMMAND}`,
  );
}

/** The variants of the built file that this processor runs, best first. */
function loadVariants(file: string): Readonly<Record<string, NativeKernels>> {
  return createRequire(import.meta.url)(file);
}

/** Names of the variants that this processor runs, best first. Throws as `loadNativeKernels` does. */
export function nativeVariants(options: { readonly folder?: string } = {}): readonly string[] {
  const file = builtFile(options.folder ?? defaultFolder());
  probe(file);
  return Object.keys(loadVariants(file));
}

/**
 * The kernel set 'native', from the file that `npm run build:native` made, for the best instruction set of this processor (or `variant`;
 * all give the same bits).
 *
 * Throws a sentence, with the command that mends it, if there is no such file, if it comes from other sources, if it crashes, or if this
 * processor has none of the instruction sets.
 */
export function loadNativeKernels(
  options: { readonly folder?: string; readonly variant?: string } = {},
): KernelSet {
  const file = builtFile(options.folder ?? defaultFolder());
  probe(file);
  const variants = loadVariants(file);
  const variant = options.variant ?? Object.keys(variants).at(0);
  if (variant === undefined || !(variant in variants)) {
    throw new Error(
      `native kernels: this processor has no ${variant ?? 'vector instructions with fused multiply-add'}`,
    );
  }
  const native = variants[variant];
  // Plain SIMD: it runs everywhere, so that what 'native' computes does not depend on the version of Node.
  const wasm = loadWasmKernels('simd');
  return {
    name: 'native',
    float64: false,
    over(arena: Arena): Kernels {
      if (arena.precision !== 'float32') {
        throw new Error(`native: works on float32, the arena is ${arena.precision}. Use the js kernels.`);
      }
      return kernelsOver(arena, native, wasm.over(arena));
    },
  };
}

/** Every call hands over the arena's array of the moment: growth replaces it. */
function kernelsOver(arena: Arena, native: NativeKernels, wasm: Kernels): Kernels {
  return {
    ...wasm,
    linear(x, w, b, y, members, rows, inputs, outputs, strideX, activation, scratch) {
      if (outputs < FEWEST_OUTPUTS)
        wasm.linear(x, w, b, y, members, rows, inputs, outputs, strideX, activation, scratch);
      else
        native.linear(arena.data, x, w, b, y, members, rows, inputs, outputs, strideX, activation, scratch);
    },
    weightGradient(x, dy, dw, members, rows, inputs, outputs, strideX, accumulate, scratch) {
      if (outputs < FEWEST_OUTPUTS)
        wasm.weightGradient(x, dy, dw, members, rows, inputs, outputs, strideX, accumulate, scratch);
      else
        native.weightGradient(
          arena.data,
          x,
          dy,
          dw,
          members,
          rows,
          inputs,
          outputs,
          strideX,
          accumulate,
          scratch,
        );
    },
    inputGradient(dy, w, dx, members, rows, inputs, outputs, strideX, accumulate, scratch) {
      native.inputGradient(
        arena.data,
        dy,
        w,
        dx,
        members,
        rows,
        inputs,
        outputs,
        strideX,
        accumulate,
        scratch,
      );
    },
    activationGradient(y, dy, db, members, rows, outputs, activation, accumulate) {
      if (outputs < FEWEST_OUTPUTS)
        wasm.activationGradient(y, dy, db, members, rows, outputs, activation, accumulate);
      else native.activationGradient(arena.data, y, dy, db, members, rows, outputs, activation, accumulate);
    },
    sumLast(x, y, rows, width, scale) {
      if (width < SHORTEST_SUM) wasm.sumLast(x, y, rows, width, scale);
      else native.sumLast(arena.data, x, y, rows, width, scale);
    },
    adam(p, g, m, v, size, step, scale, beta1, beta2, epsilon) {
      native.adam(arena.data, p, g, m, v, size, step, scale, beta1, beta2, epsilon);
    },
  };
}
