/** Value iteration for an economy whose agent saves: sweeps over the fine grid, after policy iteration on a coarse one if accelerated. */
import { corners } from '../../solvers/grid-axes.ts';
import { type HowardGrid, howardGrid } from '../../solvers/grid-howard.ts';
import { type GridSweep, gridSweep } from '../../solvers/grid-sweep.ts';
import { savedArray, savedNumber } from './saved.ts';
import type { SavingGrid } from './saving-problem.ts';
import type { GridSettings } from './settings.ts';
import type { GridSolver } from './solver.ts';

/** The coarse solution is good enough, relative to the tolerance, or as good as it becomes. */
const COARSE_TOLERANCE = 0.1;
const MOST_COARSE = 50;

/** A first sweep that changes so little, relative to the tolerance, has found the policy too; otherwise the choices must have settled. */
const SETTLED = 1e-2;

/** Place of the benchmark's printed check. */
const CHECKED_CAPITAL = 999;

export function savingSolver(
  { problem, axes, domain }: SavingGrid,
  { method, tolerance }: Pick<GridSettings, 'method' | 'tolerance'>,
): GridSolver {
  const [first, ...rest] = axes;
  const { nodes } = first;
  const n = nodes.length;
  const states = Math.round(Math.sqrt(problem.transition.length));
  let coarse: HowardGrid | undefined = method === 'accelerated' ? howardGrid(problem) : undefined;
  let fine: GridSweep | undefined = coarse === undefined ? gridSweep(problem) : undefined;
  let coarseIterations = 0;

  const improveCoarse = (grid: HowardGrid) => {
    const change = grid.improve();
    coarseIterations++;
    // In some state no coarse node can be left: the fine grid alone.
    if (!grid.value.every(Number.isFinite)) {
      coarse = undefined;
      fine = gridSweep(problem);
      return sweepFine(fine);
    }
    if (change <= COARSE_TOLERANCE * tolerance || coarseIterations >= MOST_COARSE) {
      fine = gridSweep(problem, { value: grid.valueAt(nodes) });
      coarse = undefined;
    }
    return { change, solved: false };
  };
  const sweepFine = (grid: GridSweep) => {
    const { change, moved } = grid.sweep();
    const isSettled = method === 'sweep' || moved <= 1 || change <= SETTLED * tolerance;
    return { change, solved: change <= tolerance && isSettled };
  };
  /** x' at x in exogenous state e: linear between nodes. */
  const nextAt = (x: number, e: number) => {
    const grid = coarse ?? fine;
    if (grid === undefined) return nodes[0];
    const at = 'nodes' in grid ? grid.nodes : nodes;
    const leave = (i: number) => ('nodes' in grid ? grid.choice[i] : nodes[grid.choice[i]]);
    return corners([{ kind: 'continuous', nodes: at }], [x]).reduce(
      (sum, { index, weight }) => sum + weight * leave(e * at.length + index),
      0,
    );
  };
  const valueAt = (x: number, e: number) => {
    const grid = coarse ?? fine;
    if (grid === undefined) return 0;
    const at = 'nodes' in grid ? grid.nodes : nodes;
    return corners([{ kind: 'continuous', nodes: at }], [x]).reduce(
      (sum, { index, weight }) => sum + weight * grid.value[e * at.length + index],
      0,
    );
  };
  return {
    description: `${n} nodes of ${domain.axes[0].name}, ${states} exogenous states`,
    axes,
    domain,
    iterate() {
      if (coarse !== undefined) return improveCoarse(coarse);
      fine ??= gridSweep(problem);
      return sweepFine(fine);
    },
    act(state, actions) {
      const coordinates = domain.toCoordinates(state);
      const inside = Math.min(nodes[n - 1], Math.max(nodes[0], coordinates[0]));
      const next = corners(rest, coordinates, 1).reduce(
        (sum, { index, weight }) => sum + weight * nextAt(inside, index),
        0,
      );
      if (inside === coordinates[0]) domain.saving.quantities(state, next, actions);
      else {
        // Beyond the ends the share that is left stays as it is there.
        const end = domain.fromCoordinates([inside, ...coordinates.slice(1)]);
        const [here, there] = [domain.saving.available(state), domain.saving.available(end)];
        const scaled = here > 0 && there > 0 && next > 0 ? (next * here) / there : next;
        domain.saving.quantities(state, scaled, actions);
      }
    },
    value(state) {
      const coordinates = domain.toCoordinates(state);
      const sum = corners(rest, coordinates, 1).reduce(
        (total, { index, weight }) => total + weight * valueAt(coordinates[0], index),
        0,
      );
      return sum / (1 - problem.discountFactor);
    },
    check() {
      const capitalIndex = Math.min(CHECKED_CAPITAL, n - 1);
      const middle = rest.map((axis) => axis.nodes.length >> 1);
      let [e, stride] = [0, 1];
      middle.forEach((index, d) => {
        e += stride * index;
        stride *= rest[d].nodes.length;
      });
      return {
        capitalIndex,
        productivityIndex: middle.at(-1) ?? 0,
        nextCapital: coarse === undefined ? nextAt(nodes[capitalIndex], e) : Number.NaN,
      };
    },
    save: () => ({
      coarseIterations,
      coarse: coarse === undefined ? null : { value: coarse.value.slice(), choice: coarse.choice.slice() },
      fine: fine === undefined ? null : { value: fine.value.slice(), choice: fine.choice.slice() },
    }),
    load(saved) {
      coarseIterations = savedNumber(saved, 'coarseIterations');
      const [coarseSaved, fineSaved] = [saved.coarse, saved.fine] as (Record<string, unknown> | null)[];
      const like = coarseSaved === null ? undefined : howardGrid(problem);
      coarse =
        coarseSaved === null || like === undefined
          ? undefined
          : howardGrid(problem, {
              value: savedArray(coarseSaved, 'value', like.value),
              choice: savedArray(coarseSaved, 'choice', like.choice),
            });
      const size = states * n;
      fine =
        fineSaved === null
          ? undefined
          : gridSweep(problem, {
              value: savedArray(fineSaved, 'value', new Float64Array(size)),
              choice: savedArray(fineSaved, 'choice', new Int32Array(size)),
            });
    },
  };
}
