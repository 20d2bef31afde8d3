/**
 * Households as a block of an economy in sequence space: paths of a few inputs (returns, wages, transfers) in, paths of a few aggregates (assets,
 * consumption, labour) out. Anything that can step back one period and says where it saves is a block.
 *
 *     (v_t, a'_t, y_t) = step back (v_(t+1), x_t),     D_(t+1) = Lambda(a'_t)' D_t,     Y_t = sum_i D_t,i y_t,i.
 *
 * Source: Auclert, Bardoczy, Rognlie and Straub (2021), Econometrica 89, section 2. Paths are [variable, t], t fastest; cells are (e, a), a fastest.
 */
import { requireLength, requireWhole } from '../numerics/checks.ts';
import {
  type Movement,
  movement,
  placeSavings,
  pushDistribution,
  stationaryDistribution,
} from './histogram.ts';
import type { Convergence } from './household.ts';

/** What one step back gives. */
export interface BlockPeriod {
  /** v, what the period before has to know, [cells]. */
  readonly carried: Float64Array;
  /** a', [cells]. */
  readonly savings: Float64Array;
  /** y, [O, cells]. */
  readonly outputs: Float64Array;
}

export interface HouseholdBlock {
  /** Names of the inputs, [I], and of the outputs, [O]. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Asset grid [A], and the chain of own states [E * E]. */
  readonly assets: Float64Array;
  readonly transition: Float64Array;
  /** One step back from `next` [cells] under inputs [I]; overwrites all of `to`. */
  stepBack(inputs: Float64Array, next: Float64Array, to: BlockPeriod): void;
}

/** A block at rest: under inputs that last, with the cross-section that they lead to. Treat as read only. */
export interface SteadyBlock extends BlockPeriod {
  /** [I]. */
  readonly inputs: Float64Array;
  /** [cells], summing to one. */
  readonly distribution: Float64Array;
  /** [O]. */
  readonly aggregates: Float64Array;
  readonly converged: boolean;
}

/** Number of cells E * A. */
export function cellsOf({ assets, transition }: HouseholdBlock): number {
  return Math.round(Math.sqrt(transition.length)) * assets.length;
}

/** Room for a period of a block. */
export function blockPeriod(block: HouseholdBlock): BlockPeriod {
  const cells = cellsOf(block);
  return {
    carried: new Float64Array(cells),
    savings: new Float64Array(cells),
    outputs: new Float64Array(block.outputs.length * cells),
  };
}

export interface RestOptions {
  /** Cross-section to start from; also of the answer, where savings keep everybody in place for ever. */
  readonly start?: Float64Array;
  /** Of the cross-section; default 1e-14. */
  readonly tolerance?: number;
}

/**
 * The block at rest, from what is carried there (`carried` [cells], converged before) and the inputs [I].
 * Throws on other lengths. Invariant: aggregates are means over the distribution, which one more period leaves as it is.
 */
export function blockAtRest(
  block: HouseholdBlock,
  inputs: Float64Array,
  { carried, converged }: Pick<Convergence, 'converged'> & { readonly carried: Float64Array },
  options: RestOptions = {},
): SteadyBlock {
  const cells = cellsOf(block);
  requireLength('blockAtRest', 'the inputs', inputs, block.inputs.length, 'the block');
  requireLength('blockAtRest', 'what is carried', carried, cells, 'the block');
  const period = blockPeriod(block);
  block.stepBack(inputs, carried, period);
  const settled = stationaryDistribution(block.assets, period.savings, block.transition, {
    tolerance: options.tolerance ?? 1e-14,
    ...(options.start && { start: options.start }),
  });
  const { distribution } = settled;
  const aggregates = block.outputs.map((_, o) => weighted(distribution, period.outputs, o * cells));
  return {
    ...period,
    inputs: inputs.slice(),
    distribution,
    aggregates: Float64Array.from(aggregates),
    converged: converged && settled.converged,
  };
}

/** sum_i m_i y_(offset + i). Hot. */
export function weighted(mass: Float64Array, values: Float64Array, offset: number): number {
  let total = 0;
  for (let i = 0; i < mass.length; i++) total += mass[i] * values[offset + i];
  return total;
}

/**
 * Aggregates along a path of inputs that ends at rest, known from its first period on: back from rest, then forward with the cross-section.
 *
 * Shapes: inputs [I, T], result [O, T]; the cross-section at t = 0 is that at rest unless `start` [cells] is given. Not linearised.
 * Throws on other lengths. Invariant: inputs at rest give the aggregates at rest.
 */
export function blockPath(
  block: HouseholdBlock,
  rest: SteadyBlock,
  inputs: Float64Array,
  { start = rest.distribution }: { readonly start?: Float64Array } = {},
): Float64Array {
  const I = block.inputs.length;
  const O = block.outputs.length;
  const T = inputs.length / I;
  requireWhole('blockPath', 'the number of periods', T, 1, 100_000);
  const cells = cellsOf(block);
  requireLength('blockPath', 'the first cross-section', start, cells, 'the block');
  const period = blockPeriod(block);
  const carried = rest.carried.slice();
  const now = new Float64Array(I);
  const moves: Movement[] = [];
  const outputs = new Float64Array(T * O * cells);
  for (let t = T - 1; t >= 0; t--) {
    for (let i = 0; i < I; i++) now[i] = inputs[i * T + t];
    block.stepBack(now, carried, period);
    carried.set(period.carried);
    outputs.set(period.outputs, t * O * cells);
    const place = movement(cells);
    placeSavings(block.assets, period.savings, place);
    moves.push(place);
  }
  moves.reverse();
  const result = new Float64Array(O * T);
  const moved = new Float64Array(block.assets.length);
  let mass = start.slice();
  let next = new Float64Array(cells);
  for (let t = 0; t < T; t++) {
    for (let o = 0; o < O; o++) result[o * T + t] = weighted(mass, outputs, (t * O + o) * cells);
    pushDistribution(mass, moves[t], block.transition, 0, moved, next);
    [mass, next] = [next, mass];
  }
  return result;
}
