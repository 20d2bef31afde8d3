/** An economy in which one agent saves, as the problem that solvers on grids take. */

import type { Domain, Saving } from '../../core/domain.ts';
import type { Blocks, EconomyState } from '../../core/economy.ts';
import { UsageError } from '../../core/errors.ts';
import { linspace } from '../../numerics/grids.ts';
import { corners, type GridAxis, gridPoint, gridSize } from '../../solvers/grid-axes.ts';
import type { SavingGridProblem } from '../../solvers/grid-problem.ts';
import type { Player } from './player.ts';

/** The problem, and the way back from its indices. */
export interface SavingGrid {
  readonly problem: SavingGridProblem;
  readonly axes: readonly GridAxis[];
  readonly domain: Domain & { readonly saving: Saving };
  /** The state at x in an exogenous state. */
  stateAt(x: number, exogenous: number): EconomyState;
}

/** How far what an economy says of its saving may be from what it does, relative to the size of the numbers. */
const AGREEMENT = 1e-8;

/** Steps between the nodes among which a possible one is sought. */
const TRIED = 16;

/**
 * The grid of a domain that tells how its agent saves: the first axis is x, all others together are the exogenous states e, whose chain is read off
 * the enumeration of successors (probabilities between nodes of a continuous axis go to both). Throws a UsageError where that chain depends on x or on the
 * choice, or `saving` says something else than the economy does. Invariant: rows of the chain are the economy's own, summing to what its probabilities do.
 */
export function savingGrid(
  player: Player,
  domain: Domain & { readonly saving: Saving },
  options: { readonly nodes?: number | null } = {},
): SavingGrid {
  const { discountFactor } = player;
  const axes = gridAxes(domain, { first: options.nodes ?? undefined });
  const [first, ...rest] = axes;
  // Used again and again: a grid has many states.
  const rows = Array.from({ length: gridSize(rest) }, (_, e) => Float64Array.of(0, ...gridPoint(rest, e)));
  const stateAt = (x: number, e: number) => {
    rows[e][0] = x;
    return domain.fromCoordinates(rows[e]);
  };
  const { saving } = domain;
  return {
    problem: {
      discountFactor,
      nodes: first.nodes,
      transition: exogenousChain(player, domain, axes, stateAt),
      available: (x, e) => saving.available(stateAt(x, e)),
      reward: (available, next) => saving.reward(available, next),
    },
    axes,
    domain,
    stateAt,
  };
}

/** Nodes of every axis; equally spaced along continuous ones. */
export function gridAxes(
  { axes }: Pick<Domain, 'axes'>,
  nodes: { readonly first?: number | undefined; readonly most?: number | undefined } = {},
): readonly GridAxis[] {
  const { first, most = Number.POSITIVE_INFINITY } = nodes;
  let isFirst = true;
  return axes.map((axis): GridAxis => {
    if (axis.kind === 'finite') return { kind: 'finite', nodes: Float64Array.from(axis.values).sort() };
    const count = isFirst && first !== undefined ? first : Math.min(most, axis.nodes);
    isFirst = false;
    return { kind: 'continuous', nodes: linspace(axis.low, axis.high, count) };
  });
}

function exogenousChain(
  player: Player,
  domain: Domain & { readonly saving: Saving },
  axes: readonly GridAxis[],
  stateAt: SavingGrid['stateAt'],
): Float64Array {
  const [{ nodes }, ...rest] = axes;
  const states = gridSize(rest);
  const transition = new Float64Array(states * states);
  const middle = nodes[nodes.length >> 1];
  for (let e = 0; e < states; e++) {
    const row = transitionRow(
      player,
      domain,
      rest,
      stateAt(middle, e),
      possibleNext(player.economy.id, domain, nodes, stateAt(middle, e), 0.5),
    );
    const other = stateAt(nodes[0], e);
    const next = possibleNext(player.economy.id, domain, nodes, other, 0.9);
    const check = transitionRow(player, domain, rest, other, next);
    row.forEach((p, to) => {
      if (Math.abs(p - check[to]) > AGREEMENT) {
        throw new UsageError(
          `grid: ${player.economy.id}: the chance of coordinates ${gridPoint(rest, to)} after ${gridPoint(rest, e)} is ${p} from ` +
            `${domain.axes[0].name} ${middle}, but ${check[to]} from ${nodes[0]}; leave \`saving\` out of its domain.`,
        );
      }
    });
    transition.set(row, e * states);
  }
  return transition;
}

/**
 * A node that actions can leave, a share of the way through those of a few nodes that they can, or the first of all. Throws a UsageError
 * where there is none.
 */
function possibleNext(
  id: string,
  { saving }: { readonly saving: Saving },
  nodes: Float64Array,
  state: EconomyState,
  share: number,
): number {
  const available = saving.available(state);
  const few = Array.from(
    { length: TRIED + 1 },
    (_, i) => nodes[Math.floor((i * (nodes.length - 1)) / TRIED)],
  );
  const isPossible = (next: number) => saving.reward(available, next) > Number.NEGATIVE_INFINITY;
  const possible = few.filter(isPossible);
  const found = possible[Math.floor(share * possible.length)] ?? nodes.find(isPossible);
  if (found !== undefined) return found;
  throw new UsageError(
    `grid: ${id}: where ${available} is available (${describeState(state)}), no action leaves any of the nodes ${nodes[0]} to ` +
      `${nodes[nodes.length - 1]}; let the domain's first axis begin elsewhere, or take more nodes.`,
  );
}

function describeState(state: EconomyState): string {
  return Object.entries(state)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Chances of the exogenous states after leaving `next`, after a look at whether the economy does what `saving` says. */
function transitionRow(
  player: Player,
  domain: Domain & { readonly saving: Saving },
  rest: readonly GridAxis[],
  state: EconomyState,
  next: number,
): Float64Array {
  const { enumerable, type, economy } = player;
  const { saving } = domain;
  const block = player.block() as Blocks<string, Float64Array>;
  saving.quantities(state, next, block);
  const row = new Float64Array(gridSize(rest));
  const [what, said, done] = [
    'reward',
    saving.reward(saving.available(state), next),
    enumerable.rewards(state, block)[type][0],
  ];
  requireAgreement(economy.id, what, said, done);
  for (const { probability, state: to } of enumerable.successors(state, block)) {
    const coordinates = domain.toCoordinates(to);
    requireAgreement(economy.id, `next ${domain.axes[0].name}`, next, coordinates[0]);
    for (const { index, weight } of corners(rest, coordinates, 1)) row[index] += probability * weight;
  }
  return row;
}

function requireAgreement(id: string, what: string, said: number, done: number): void {
  if (Math.abs(said - done) <= AGREEMENT * Math.max(1, Math.abs(said))) return;
  throw new UsageError(
    `grid: ${id}: the domain's \`saving\` says that the ${what} is ${said}, but the economy does ${done}; correct \`saving\`, or leave it out.`,
  );
}
