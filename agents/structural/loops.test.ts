import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Structural } from '../../core/structural.ts';
import { microFixture } from '../../envs/huggett/fixture.ts';
import { structuralCore } from '../../envs/huggett/structural-core.ts';
import { createRng, type Rng } from '../../numerics/random.ts';
import { holds } from '../../numerics/testing/property.ts';
import { makeThread, work } from './chunk.ts';
import type { Loops } from './loops.ts';
import { jsLoops } from './loops-js.ts';
import { chunksOf, type EpochForm, type EpochMemory, makeMemory, SUMS_ERRORS, tapeOf } from './memory.ts';
import { arraysOf, bytesOf, type Room, separateArrays, sharedMemory } from './room.ts';

const KINDS = ['masked', 'one-sided', 'free'] as const;

const MOST_NODES = 23;
const MOST_STATES = 5;
const MOST_WIDTH = 4;

interface Case {
  readonly seed: number;
  /** A and E. */
  readonly count: number;
  readonly ownStates: number;
  readonly width: number;
}

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  count: fc.integer({ min: 2, max: MOST_NODES }),
  ownStates: fc.integer({ min: 1, max: MOST_STATES }),
  width: fc.integer({ min: 1, max: MOST_WIDTH }),
});

function filled(room: Room, length: number, draw: () => number): Float64Array {
  const array = room.reals(length);
  for (let i = 0; i < length; i++) array[i] = draw();
  return array;
}

/** Every loop once on random arrays that lie in `room`, at places other than the first; returns what they wrote, by loop. */
function runAll(room: Room, one: Case): Readonly<Record<keyof Omit<Loops, 'name'>, readonly number[]>> {
  const { count, ownStates, width, seed } = one;
  const { loops } = room;
  const rng: Rng = createRng(seed);
  const cells = count * ownStates;
  const anything = () => rng.normal();
  const uniform = () => rng.uniform();
  const assets = filled(room, count, anything).sort();
  const inverseStep = room.reals(count - 1);
  for (let i = 0; i < count - 1; i++) inverseStep[i] = 1 / (assets[i + 1] - assets[i]);
  const table = filled(room, 6 * cells, anything);
  const nodes = room.whole(2 * width);
  for (let i = 0; i < nodes.length; i++) nodes[i] = Math.floor(6 * rng.uniform());
  const weights = filled(room, 2 * width, () => (rng.uniform() < 0.2 ? 0 : rng.normal()));
  const transition = filled(room, 2 * ownStates * ownStates, uniform);
  const mixed = room.reals(2 * cells);
  loops.mixTable(table, nodes, weights, width, width, cells, mixed, cells);
  // On nodes, between them and beyond them, nearly rising.
  const next = filled(room, cells, () =>
    rng.uniform() < 0.3 ? assets[Math.floor(count * rng.uniform())] : 1.5 * rng.normal(),
  );
  const bound = room.bytes(cells);
  for (let j = 0; j < cells; j++) bound[j] = rng.uniform() < 0.2 ? 1 : 0;
  const lower = room.whole(2 * cells);
  const upperWeight = room.reals(2 * cells);
  const place = room.bytes(2 * cells);
  loops.placeNext(assets, inverseStep, next, bound, cells, lower, upperWeight, place);
  const mass = filled(room, 2 * cells, uniform);
  const [moved, pushed, expected] = [room.reals(cells), room.reals(cells), room.reals(cells)];
  const second = ownStates * ownStates;
  loops.push(mass, cells, cells, lower, upperWeight, transition, second, ownStates, moved, pushed);
  loops.mixOwnStates(mass, transition, second, ownStates, 1, ownStates, count, expected);
  const flow = filled(room, 2 * cells, anything);
  const nextSlope = filled(room, 2 * cells, anything);
  const lambda = room.reals(cells);
  loops.values(expected, count, 0.96, cells, lower, upperWeight, flow, lambda);
  const errors = room.reals(2 * cells);
  const relative = room.reals(2 * cells);
  const sloped: number[] = [];
  for (const limit of KINDS) {
    for (const unit of [upperWeight, mass, room.reals(0)]) {
      loops.slopes(
        expected,
        inverseStep,
        0.96,
        cells,
        cells,
        lower,
        place,
        flow,
        nextSlope,
        unit,
        errors,
        relative,
        cells,
        cells,
        limit,
      );
      sloped.push(...errors, ...relative);
    }
  }
  const product = room.reals(cells);
  loops.times(errors, cells, mass, cells, product);
  loops.addToNodes(errors, cells, nodes, weights, width, width, 0.3, table, cells);
  const normal = filled(room, cells, uniform);
  loops.normalise(normal);
  const sum = filled(room, cells, anything);
  loops.add(lambda, sum);
  return {
    mixTable: [...mixed],
    placeNext: [...lower, ...upperWeight, ...place],
    push: [...pushed],
    mixOwnStates: [...expected],
    slopes: sloped,
    values: [...lambda],
    times: [...product],
    addToNodes: [...table],
    normalise: [...normal],
    add: [...sum],
  };
}

describe('the loops in WebAssembly', () => {
  it('write the same bits as those in JavaScript, whatever the shapes', () => {
    const largest = { seed: 1, count: MOST_NODES, ownStates: MOST_STATES, width: MOST_WIDTH };
    const memory = sharedMemory(bytesOf((room) => runAll(room, largest)));
    if (memory === undefined) throw new Error('no WebAssembly on shared memory here');
    holds(
      fc.property(cases, (one) => {
        new Uint8Array(memory.buffer).fill(0);
        expect(runAll(arraysOf(memory), one)).toEqual(runAll(separateArrays, one));
      }),
      { quick: 60 },
    );
  });
});

describe('next assets among the nodes', () => {
  it('lie above the node that is named and below the one after it, or at an end, however they are ordered', () => {
    holds(
      fc.property(cases, ({ seed, count, ownStates }) => {
        const rng = createRng(seed);
        const assets = filled(separateArrays, count, () => rng.normal()).sort();
        const inverse = Float64Array.from({ length: count - 1 }, (_, i) => 1 / (assets[i + 1] - assets[i]));
        const next = filled(separateArrays, count * ownStates, () => 2 * rng.normal());
        const lower = new Int32Array(next.length);
        const weight = new Float64Array(next.length);
        const [bound, place] = [new Uint8Array(next.length), new Uint8Array(next.length)];
        jsLoops.placeNext(assets, inverse, next, bound, 0, lower, weight, place);
        next.forEach((x, j) => {
          expect(lower[j] === 0 || assets[lower[j]] <= x).toBe(true);
          expect(lower[j] === count - 2 || assets[lower[j] + 1] > x).toBe(true);
        });
      }),
      { quick: 30 },
    );
  });
});

describe('the arrays of an epoch', () => {
  const structural = structuralCore(microFixture().setup) as unknown as Structural;
  const form: EpochForm = {
    paths: 5,
    periods: 4,
    chunks: chunksOf(structural, 5),
    learning: 3,
    weights: 'discounted',
    limit: 'masked',
    gradients: 'gradients',
  };

  it('lie in one memory, apart from each other, and so do the tapes of three threads', () => {
    const memory = makeMemory(structural, form, 3);
    const tapes = [0, 1, 2].map((thread) => tapeOf(structural, form, memory, thread));
    const arrays: ArrayBufferView[] = [];
    const collect = (value: unknown): void => {
      if (ArrayBuffer.isView(value)) arrays.push(value);
      else if (Array.isArray(value)) value.forEach(collect);
    };
    for (const slot of memory.slots) collect(Object.values(slot));
    collect(Object.values(memory));
    for (const tape of tapes) collect(Object.values(tape).filter((value) => !Array.isArray(value)));
    const spans = arrays
      .filter(({ byteLength }) => byteLength > 0)
      .map(({ byteOffset, byteLength }) => [byteOffset, byteOffset + byteLength] as const)
      .sort(([a], [b]) => a - b);
    for (const { buffer } of arrays) expect(buffer).toBe(memory.home?.memory.buffer);
    for (let i = 1; i < spans.length; i++) expect(spans[i][0]).toBeGreaterThanOrEqual(spans[i - 1][1]);
    expect(tapes.map(({ loops }) => loops.name)).toEqual(['wasm', 'wasm', 'wasm']);
  });

  it('lie each by itself where JavaScript is asked for, or no memory is large enough', () => {
    const memory = makeMemory(structural, form, 1, 'js');
    expect(memory.home).toBeUndefined();
    expect(tapeOf(structural, form, memory, 0).loops).toBe(jsLoops);
    expect(sharedMemory(2 ** 32)).toBeUndefined();
  });

  it.each(['discounted', 'uniform'] as const)(
    'come to the same bits in either form, with %s weights: sums of all paths, and where the paths end',
    (weights) => {
      const results = (['js', 'wasm'] as const).map((loops) => {
        const kind = {
          ...form,
          weights,
          gradients: weights === 'discounted' ? 'gradients' : 'none',
        } as const;
        const memory: EpochMemory = makeMemory(structural, kind, 1, loops);
        structural.start('closed-form').forEach((table, i) => {
          memory.tables[i].set(table);
        });
        for (let n = 0; n < form.paths; n++) {
          memory.masses.set(structural.population, n * structural.population.length);
          memory.carried.set(structural.carried, n * structural.carried.length);
          memory.shocks[n * (form.periods + 1)] = n % structural.shocks[0].states;
        }
        memory.control[SUMS_ERRORS] = 1;
        work(makeThread(structural, kind, memory, 0));
        expect(memory.slots[0].errors[0].some((error) => error !== 0)).toBe(true);
        return [...memory.slots, memory.masses, memory.carried];
      });
      expect(results[1]).toEqual(results[0]);
    },
  );
});
