/** States, actions and the float64 loop that tensor dynamics are compared with; nothing here knows any economy. */
import { createRng, type Rng } from '../../numerics/random.ts';
import type { Enumerable, TensorTwin } from '../capabilities.ts';
import type { Blocks, EconomyState } from '../economy.ts';
import type { Economy } from '../registry.ts';
import { Simulation } from '../simulation.ts';
import { copyState } from '../state.ts';

/**
 * Float32 rounds to 6e-8; products, powers and logarithms in a row, and a sum over the successors, leave some hundred roundings.
 * Gaps are relative to max(|value|, scale), the scale being the range of a coordinate, and 1 for probabilities, rewards and values.
 */
export const TENSOR_TOLERANCE = 1e-5;

/** An economy with what the check needs. */
export interface TensorSubject {
  readonly economy: Economy;
  readonly twin: TensorTwin;
  readonly enumerable: Enumerable;
}

export function tensorSubject(economy: Economy): TensorSubject | undefined {
  const twin = economy.tensor();
  const enumerable = economy.enumerable();
  return twin === undefined || enumerable === undefined ? undefined : { economy, twin, enumerable };
}

/** Rows as tensors take them, rounded to float32, and the states and actions that they stand for in float64. */
export interface Probe {
  readonly rows: number;
  /** Normalised coordinates, [rows, D]. */
  readonly coordinates: Float32Array;
  readonly states: readonly EconomyState[];
  /** Quantities, all types and agents in a row, [rows, A]. */
  readonly quantities: Float32Array;
  readonly actions: readonly Blocks<string, Float64Array>[];
}

/** How far probed quantities go: to the bounds of their ranges, or half a range beyond, where an economy cuts by itself. */
export type Reach = 'bounds' | 'beyond';

/** Periods simulated under random actions before states are taken. */
const PERIODS = 12;

/**
 * States from the first to the twelfth period under random actions, then quantities inside their range, at both bounds, and, unless
 * told otherwise, beyond them by half the range. The second half of the rows repeats the states of the first, every fourth with its action too.
 */
export function probe(subject: TensorSubject, rows: number, seed: number, reach: Reach = 'beyond'): Probe {
  const { economy, twin } = subject;
  const rng = createRng(seed).split(economy.id).split(rows);
  const drawn = randomStates(economy, Math.max(1, Math.ceil(rows / 2)), rng);
  const coordinates = new Float32Array(rows * twin.coordinates.length);
  const width = quantityRanges(economy).length;
  const quantities = new Float32Array(rows * width);
  const half = drawn.length;
  const states: EconomyState[] = [];
  for (let i = 0; i < rows; i++) {
    const seen = Float32Array.from(twin.normaliseState(twin.toCoordinates(drawn[i % half])));
    coordinates.set(seen, i * seen.length);
    // What the rounded coordinates stand for: both sides start from the same numbers.
    states.push(twin.fromCoordinates(twin.denormaliseState(Array.from(seen))));
    const twice = i >= half && i % 4 === 0;
    if (twice) quantities.copyWithin(i * width, (i - half) * width, (i - half + 1) * width);
    else quantities.set(randomQuantities(economy, rng, reach), i * width);
  }
  const actions = states.map((_, i) => blocksOf(economy, quantities.subarray(i * width, (i + 1) * width)));
  return { rows, coordinates, states, quantities, actions };
}

function randomStates(economy: Economy, count: number, rng: Rng): readonly EconomyState[] {
  const copies = Math.max(1, Math.ceil(count / PERIODS));
  const env = new Simulation(economy, { copies, horizon: PERIODS + 1 });
  env.reset({ seed: rng.split('states').integer(2 ** 31) });
  const states: EconomyState[] = [];
  const own = rng.split('path');
  while (states.length < count) {
    states.push(...env.states.map(copyState));
    for (const [type, { actionSpace }] of Object.entries(env.types)) {
      const actions = env.actions[type];
      for (let i = 0; i < actions.length; i++) {
        const j = i % actionSpace.size;
        actions[i] = own.between(actionSpace.low[j], actionSpace.high[j]);
      }
    }
    env.step();
  }
  return states.slice(0, count);
}

/** Bounds of every quantity of every agent, in the order of types, agents, quantities. */
function quantityRanges(economy: Economy): readonly (readonly [number, number])[] {
  return Object.values(economy.types).flatMap(({ count, actionSpace }) =>
    Array.from({ length: count }, () =>
      actionSpace.names.map((_, j) => [actionSpace.quantityLow[j], actionSpace.quantityHigh[j]] as const),
    ).flat(),
  );
}

function randomQuantities(economy: Economy, rng: Rng, reach: Reach): readonly number[] {
  const kind = rng.integer(6);
  return quantityRanges(economy).map(([low, high]) => {
    const inside = rng.between(low, high);
    const beyond = reach === 'beyond' ? (high - low) / 2 : 0;
    return [low, high, low - beyond, high + beyond, inside, inside][kind];
  });
}

function blocksOf(economy: Economy, row: Float32Array): Blocks<string, Float64Array> {
  let at = 0;
  return Object.fromEntries(
    Object.entries(economy.types).map(([type, { count, actionSpace }]) => {
      const block = Float64Array.from(row.subarray(at, at + count * actionSpace.size));
      at += block.length;
      return [type, block];
    }),
  );
}

/** Rewards of all agents in a row. */
export function flatRewards({ enumerable }: TensorSubject, probed: Probe, row: number): readonly number[] {
  const blocks = enumerable.rewards(probed.states[row], probed.actions[row]);
  return Object.values(blocks).flatMap((block) => Array.from(block));
}

export interface TensorCase {
  readonly env: string;
  readonly ok: boolean;
  /** What is compared: a coordinate of the next state, probabilities, rewards, values. */
  readonly quantity: string;
  /** Rows in the batch. */
  readonly batch: number;
  readonly maxAbs: number;
  /** Relative to max(|value|, scale). */
  readonly maxRel: number;
  readonly scale: number;
  /** Numbers compared. */
  readonly n: number;
}

/** The largest gap between two lists of numbers; one that is not a number fails. */
export class GapRecord {
  readonly scale: number;
  maxAbs = 0;
  maxRel = 0;
  n = 0;

  constructor(scale: number) {
    this.scale = scale;
  }

  add(found: number, expected: number): void {
    // Rounded to float32, capital near zero is zero, and its utility minus infinity on both sides.
    const gap = found === expected ? 0 : Math.abs(found - expected);
    const relative = gap === 0 ? 0 : gap / Math.max(Math.abs(expected), this.scale);
    if (!(gap <= this.maxAbs)) this.maxAbs = gap;
    if (!(relative <= this.maxRel)) this.maxRel = Number.isNaN(relative) ? Infinity : relative;
    this.n++;
  }

  toCase(names: { readonly env: string; readonly quantity: string; readonly batch: number }): TensorCase {
    const { maxAbs, maxRel, scale, n } = this;
    return { ...names, maxAbs, maxRel, scale, n, ok: n > 0 && maxRel <= TENSOR_TOLERANCE };
  }
}
