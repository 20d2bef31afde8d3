/** How well a solution on a grid solves the Bellman equation where no node lies. */
import { show } from '../../core/errors.ts';
import { mean } from '../../numerics/statistics.ts';
import { type GridAxis, gridPoint, gridSize } from '../../solvers/grid-axes.ts';
import type { Player } from './player.ts';
import type { GridSolver } from './solver.ts';

/** Most points looked at; of larger grids every so many cells. */
const MOST_POINTS = 2000;

export interface BellmanResiduals {
  readonly mean: number;
  readonly max: number;
}

/**
 * |V(s) - r(s, a(s)) - beta sum_s' p(s') V(s')| in units of V, a sum of discounted rewards, in the middle of the cells along continuous axes, at
 * the nodes of finite ones: what no number of iterations mends, only more nodes or another domain. Invariant: on a grid of finite axes alone it
 * falls with the last change.
 */
export function bellmanResiduals(player: Player, solver: GridSolver): BellmanResiduals {
  const { enumerable, type, discountFactor, ends } = player;
  const block = player.block();
  const worth = (state: Parameters<GridSolver['value']>[0]) => (ends?.(state) ? 0 : solver.value(state));
  const residuals = betweenNodes(solver.axes)
    .map((point) => solver.domain.fromCoordinates(point))
    .filter((state) => !ends?.(state))
    .map((state) => {
      solver.act(state, block);
      const expected = enumerable
        .successors(state, block)
        .reduce((sum, { probability, state: to }) => sum + probability * worth(to), 0);
      return Math.abs(worth(state) - enumerable.rewards(state, block)[type][0] - discountFactor * expected);
    });
  if (residuals.length === 0) return { mean: 0, max: 0 };
  return { mean: mean(residuals), max: residuals.reduce((a, b) => Math.max(a, b)) };
}

export function residualsText({ mean: average, max }: BellmanResiduals): string {
  const rounded = (value: number) => show(Number(value.toPrecision(3)));
  return `mean ${rounded(average)}, largest ${rounded(max)} in utility, between nodes`;
}

/** Middles of cells, evenly spread over all of them. */
function betweenNodes(axes: readonly GridAxis[]): readonly (readonly number[])[] {
  const middles = axes.map(({ kind, nodes }): GridAxis => {
    if (kind === 'finite' || nodes.length === 1) return { kind, nodes };
    return { kind, nodes: Float64Array.from(nodes.subarray(1), (node, i) => (nodes[i] + node) / 2) };
  });
  const cells = gridSize(middles);
  const count = Math.min(cells, MOST_POINTS);
  return Array.from({ length: count }, (_, i) => gridPoint(middles, Math.floor((i * cells) / count)));
}
