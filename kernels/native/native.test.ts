import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { Arena } from '../arena.ts';
import { ACTIVATION } from '../codes.ts';
import { jsKernels } from '../js/index.ts';
import { type KernelSet, type Kernels, NONE, scratchSize } from '../kernels.ts';
import { builtNativeFolder } from '../test-fixtures.ts';
import { compileNative, findCompiler } from './compile.ts';
import { BUILD_COMMAND, builtName, mainSource } from './files.ts';
import { loadNativeKernels, nativeVariants } from './load.ts';

const compiler = findCompiler();
const folder = builtNativeFolder();
const variants = folder === undefined ? [] : nativeVariants({ folder });
const sets: readonly KernelSet[] =
  folder === undefined
    ? []
    : variants.map((variant) => ({ ...loadNativeKernels({ folder, variant }), name: variant }));

const base = mkdtempSync(path.join(tmpdir(), 'native-'));
afterAll(() => rmSync(base, { recursive: true }));
const emptyFolder = (name: string) => {
  const made = path.join(base, name);
  mkdirSync(made);
  return made;
};

/** Of each entry, as in products.test.ts: float32 sums against the reference's in float64. */
const TOLERANCE = 1e-5;
/** Of the value: the polynomials are good to about 1e-7, one unit in the last place of float32 is 1.2e-7. */
const ELEMENTARY_TOLERANCE = 1e-6;

const [MEMBERS, ROWS, INPUTS, OUTPUTS] = [2, 29, 35, 41];
const WEIGHTS = MEMBERS * INPUTS * OUTPUTS;
const SIZE = MEMBERS * ROWS * OUTPUTS;

/** Tensors of a layer of odd extents, and Adam's, with numbers in [-1, 1). */
function setUp(set: KernelSet) {
  const arena = new Arena({ precision: 'float32' });
  const kernels = set.over(arena);
  const at = {
    x: arena.allocate(ROWS * INPUTS),
    w: arena.allocate(WEIGHTS),
    b: arena.allocate(MEMBERS * OUTPUTS),
    y: arena.allocate(SIZE),
    dy: arena.allocate(SIZE),
    dx: arena.allocate(ROWS * INPUTS),
    g: arena.allocate(WEIGHTS),
    m: arena.allocate(WEIGHTS),
    v: arena.allocate(WEIGHTS),
    sums: arena.allocate(MEMBERS),
    end: arena.allocate(0),
    scratch: arena.allocate(scratchSize(ROWS, INPUTS, OUTPUTS)),
  };
  createRng(3).fillUniform(arena.data.subarray(0, at.end), -1, 1);
  // Second moments are not negative.
  for (let i = at.v; i < at.v + WEIGHTS; i++) arena.data[i] **= 2;
  return { arena, kernels, at };
}

type Call = (kernels: Kernels, at: ReturnType<typeof setUp>['at']) => void;
const layer = [MEMBERS, ROWS, INPUTS, OUTPUTS] as const;

const CALLS: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    Object.entries(ACTIVATION).flatMap(([name, code]): [string, Call][] => [
      [
        `linear ${name}`,
        (kernels, { x, w, b, y, scratch }) => kernels.linear(x, w, b, y, ...layer, 0, code, scratch),
      ],
      [
        `activationGradient ${name}`,
        (kernels, { y, dy, b }) => {
          // The values of softplus and relu are not negative.
          if (name !== 'tanh') kernels.unary(9, y, y, SIZE, 0, 0);
          kernels.activationGradient(y, dy, b, MEMBERS, ROWS, OUTPUTS, code, 1);
        },
      ],
    ]),
  ),
  'activationGradient without bias': (kernels, { y, dy }) =>
    kernels.activationGradient(y, dy, NONE, MEMBERS, ROWS, OUTPUTS, ACTIVATION.tanh, 0),
  weightGradient: (kernels, { x, dy, g, scratch }) =>
    kernels.weightGradient(x, dy, g, ...layer, 0, 1, scratch),
  inputGradient: (kernels, { dy, w, dx, scratch }) =>
    kernels.inputGradient(dy, w, dx, ...layer, 0, 0, scratch),
  adam: (kernels, { w, g, m, v }) => kernels.adam(w, g, m, v, WEIGHTS, 0.01, 1.5, 0.9, 0.999, 1e-8),
  'sumLast of long rows': (kernels, { y, sums }) =>
    kernels.sumLast(y, sums, MEMBERS, ROWS * OUTPUTS, 1 / (ROWS * OUTPUTS)),
  softUpdate: (kernels, { w, g }) => kernels.softUpdate(w, g, WEIGHTS, 0.005),
};

describe('the build', () => {
  it('is named by platform, architecture and what the sources say', () => {
    const sources = emptyFolder('sources');
    cpSync(path.dirname(mainSource()), sources, { recursive: true });
    const name = builtName(sources);
    expect(name).toBe(builtName());
    expect(name).toMatch(new RegExp(`^${process.platform}-${process.arch}-[0-9a-f]{16}\\.node$`));
    for (const file of ['kernels.c', 'arithmetic.h', 'elementary.h']) {
      const before = builtName(sources);
      appendFileSync(path.join(sources, file), '\n');
      expect(builtName(sources)).not.toBe(before);
    }
  });

  it('that is missing, or of other sources, is refused in one line with the command that mends it', () => {
    const empty = emptyFolder('empty');
    expect(() => loadNativeKernels({ folder: empty })).toThrow(
      `native kernels have not been built: ${BUILD_COMMAND}`,
    );
    writeFileSync(path.join(empty, `${process.platform}-${process.arch}-0123456789abcdef.node`), '');
    expect(() => loadNativeKernels({ folder: empty })).toThrow(
      `native kernels were built from other sources: ${BUILD_COMMAND}`,
    );
    writeFileSync(path.join(empty, builtName()), 'not an addon');
    expect(() => loadNativeKernels({ folder: empty })).toThrow(
      /^native kernels failed in a process of their own \(exit code 1: .*\): npm run build:native$/,
    );
  });

  it.skipIf(compiler === undefined)('that crashes does so in a process of its own', () => {
    const crashing = emptyFolder('crashing');
    const source = path.join(crashing, 'crash.c');
    writeFileSync(source, '__attribute__((constructor)) static void crash(void) { __builtin_trap(); }\n');
    const file = path.join(crashing, builtName());
    const { status } = spawnSync(compiler ?? '', ['-shared', '-fPIC', '-o', file, source]);
    expect(status).toBe(0);
    expect(() => loadNativeKernels({ folder: crashing })).toThrow(
      /^native kernels failed in a process of their own \(SIG[A-Z]+.*\): npm run build:native$/,
    );
  });

  it.skipIf(compiler === undefined)('takes the place of the one before, and of no other machine', () => {
    const used = emptyFolder('used');
    const theirs = 'plan9-mips-0123456789abcdef.node';
    for (const name of [theirs, `${process.platform}-${process.arch}-0123456789abcdef.node`]) {
      writeFileSync(path.join(used, name), '');
    }
    expect(compileNative({ folder: used })).toBe(path.join(used, builtName()));
    expect(readdirSync(used).sort()).toEqual([builtName(), theirs].sort());
    expect(loadNativeKernels({ folder: used }).name).toBe('native');
  });

  it('needs a compiler, and says so', () => {
    const compile = () => compileNative({ folder: emptyFolder('none'), compiler: 'no-such-compiler' });
    expect(compile).toThrow(/^native kernels: no-such-compiler failed: .*ENOENT/);
  });
});

describe.skipIf(folder === undefined).each(sets)('the $name kernels', (set) => {
  it.each(Object.entries(CALLS))('%s: equals the reference', (_name, call) => {
    const [reference, tested] = [setUp(jsKernels), setUp(set)];
    call(reference.kernels, reference.at);
    call(tested.kernels, tested.at);
    let largest = 0;
    for (let i = 0; i < tested.at.end; i++) {
      const expected = reference.arena.data[i];
      largest = Math.max(
        largest,
        Math.abs(tested.arena.data[i] - expected) / Math.max(1, Math.abs(expected)),
      );
    }
    expect(largest).toBeLessThan(TOLERANCE);
  });

  it.each(Object.entries(CALLS))(
    '%s: NaN and infinity come out where they do in the reference',
    (_name, call) => {
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        for (const tensor of ['x', 'w', 'b', 'y', 'dy', 'g', 'm', 'v'] as const) {
          const [reference, tested] = [setUp(jsKernels), setUp(set)];
          for (const { arena, kernels, at } of [reference, tested]) {
            arena.data[at[tensor] + 38] = value;
            call(kernels, at);
          }
          for (let i = 0; i < tested.at.end; i++) {
            const [found, expected] = [tested.arena.data[i], reference.arena.data[i]];
            if (!Number.isFinite(expected) || !Number.isFinite(found)) expect(found, tensor).toBe(expected);
          }
        }
      }
    },
  );

  it.each([
    ['tanh', Math.tanh],
    ['softplus', (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  ] as const)('%s is exact to 1e-6 of its value over the range of float32', (name, exact) => {
    const points = Float32Array.from({ length: 4004 }, (_, i) => {
      const t = (i - 2002) / 2002;
      return Math.sign(t) * 1e-6 * (85e6 ** Math.abs(t) - 1);
    });
    const arena = new Arena({ precision: 'float32' });
    const kernels = set.over(arena);
    const [x, w, y, scratch] = [points.length, 16, points.length, scratchSize(1001, 4, 4)].map((size) =>
      arena.allocate(size),
    );
    arena.data.set(points, x);
    for (let i = 0; i < 4; i++) arena.data[w + 5 * i] = 1; // the identity
    kernels.linear(x, w, NONE, y, 1, 1001, 4, 4, 0, ACTIVATION[name], scratch);
    points.forEach((point, i) => {
      const expected = Math.fround(exact(point));
      if (Math.abs(expected) < 1.2e-38) return; // below, digits are lost one by one
      const gap = Math.abs(arena.data[y + i] - expected) / Math.abs(expected);
      expect(gap, `${name}(${point}) = ${arena.data[y + i]}, not ${expected}`).toBeLessThan(
        ELEMENTARY_TOLERANCE,
      );
    });
  });

  it('refuses tensors that reach beyond the arena, before anything is written', () => {
    const { arena, kernels, at } = setUp(set);
    const before = arena.data.slice();
    const beyond = arena.data.length - 1;
    const calls: readonly (() => void)[] = [
      () => kernels.linear(beyond, at.w, at.b, at.y, ...layer, 0, 0, at.scratch),
      () => kernels.linear(at.x, at.w, at.b, at.y, ...layer, 0, 0, beyond),
      () => kernels.linear(at.x, at.w, at.b, -5, ...layer, 0, 0, at.scratch),
      () => kernels.linear(at.x, at.w, at.b, Number.NaN, ...layer, 0, 0, at.scratch),
      () => kernels.weightGradient(at.x, at.dy, beyond, ...layer, 0, 0, at.scratch),
      () => kernels.inputGradient(at.dy, beyond, at.x, ...layer, 0, 0, at.scratch),
      () => kernels.activationGradient(at.y, at.dy, beyond, MEMBERS, ROWS, OUTPUTS, 1, 0),
      () => kernels.adam(at.w, at.g, at.m, beyond, WEIGHTS, 0.01, 1, 0.9, 0.999, 1e-8),
      () => kernels.sumLast(at.x, beyond, 2, arena.data.length, 1),
    ];
    for (const call of calls) expect(call).toThrow('native kernels: a tensor lies outside of the arena');
    expect(arena.data).toEqual(before);
  });

  it('go on in the new memory when the arena grows', () => {
    const { arena, kernels, at } = setUp(set);
    const old = arena.data;
    arena.allocate(10_000_000);
    expect(old.length).toBe(0);
    CALLS['linear tanh'](kernels, at);
    const reference = setUp(jsKernels);
    CALLS['linear tanh'](reference.kernels, reference.at);
    for (let i = 0; i < SIZE; i++) {
      expect(Math.abs(arena.data[at.y + i] - reference.arena.data[reference.at.y + i])).toBeLessThan(
        TOLERANCE,
      );
    }
  });

  it('compute what every other instruction set computes, bit for bit', () => {
    for (const [name, call] of Object.entries(CALLS)) {
      const [own, first] = [setUp(set), setUp(sets[0])];
      for (const { kernels, at } of [own, first]) call(kernels, at);
      expect(own.arena.data.subarray(0, own.at.end), name).toEqual(
        first.arena.data.subarray(0, first.at.end),
      );
    }
  });

  it('refuse an arena of float64, and instruction sets that are not there', () => {
    expect(() => set.over(new Arena({ precision: 'float64' }))).toThrow(
      'native: works on float32, the arena is float64. Use the js kernels.',
    );
    expect(() => loadNativeKernels({ folder: folder ?? '', variant: 'mmx' })).toThrow(
      'native kernels: this processor has no mmx',
    );
  });
});
