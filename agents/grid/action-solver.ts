/** Value iteration for any economy of one agent whose successors are known: the choice is among actions. */
import type { Domain } from '../../core/domain.ts';
import {
  type ActionGrid,
  type ActionGridProblem,
  actionGrid,
  type Outlook,
} from '../../solvers/grid-actions.ts';
import {
  corners,
  type GridAxis,
  gridSize,
  type Interpolation,
  locate,
  stencilFor,
} from '../../solvers/grid-axes.ts';
import type { Player } from './player.ts';
import { savedArray, savedNumber } from './saved.ts';
import { gridAxes } from './saving-problem.ts';
import type { GridSettings } from './settings.ts';
import type { GridSolver } from './solver.ts';

/** Most nodes along each continuous axis, by the number of such axes; beyond, the last. */
const MOST_NODES: readonly number[] = [201, 201, 41, 15, 9, 5];

/** Iterations without a smaller change, or growth of the change over the smallest, after which cubics are given up. */
const MOST_STANDING = 25;
const MOST_GROWTH = 10;

/**
 * Cubics between nodes are exact where values are smooth, but need not settle where they have kinks: then values are interpolated linearly from
 * there on, and the description says so.
 */
export function actionSolver(
  player: Player,
  domain: Domain,
  settings: Pick<GridSettings, 'method' | 'tolerance' | 'nodes' | 'interpolation'>,
): GridSolver {
  const { axes, problem } = actionProblem(player, domain, settings);
  const { actionSpace, type, discountFactor } = player;
  const size = gridSize(axes);
  const width = actionSpace.size;
  const stencil = stencilFor(axes);
  let interpolation: Interpolation = settings.interpolation;
  let grid: ActionGrid = actionGrid(problem);
  let smallest = Number.POSITIVE_INFINITY;
  let standing = 0;
  const settles = (change: number) => {
    standing = change < smallest ? 0 : standing + 1;
    smallest = Math.min(smallest, change);
    return standing <= MOST_STANDING && change <= MOST_GROWTH * smallest;
  };
  return {
    get description() {
      const nodes = axes.map((axis, d) => `${axis.nodes.length} ${domain.axes[d].name}`).join(' x ');
      const why = interpolation === settings.interpolation ? '' : ', since cubics did not settle';
      return `${nodes}, best of all actions, values ${interpolation} between nodes${why}`;
    },
    axes,
    domain,
    iterate() {
      const change = grid.improve();
      const solved = change <= settings.tolerance;
      if (solved) return { change, solved };
      if (interpolation === 'cubic' && !settles(change)) {
        interpolation = 'linear';
        grid = actionGrid({ ...problem, interpolation }, { actions: grid.actions });
      } else if (settings.method === 'accelerated') grid.evaluate(change);
      return { change, solved };
    },
    act(state, actions) {
      const chosen = actions[type];
      chosen.fill(0);
      for (const { index, weight } of corners(axes, domain.toCoordinates(state)))
        for (let j = 0; j < width; j++) chosen[j] += weight * grid.actions[index * width + j];
    },
    value(state) {
      locate(axes, domain.toCoordinates(state), stencil, { interpolation });
      let sum = 0;
      for (let k = 0; k < stencil.count; k++) sum += stencil.weights[k] * grid.value[stencil.indices[k]];
      return sum / (1 - discountFactor);
    },
    save: () => ({
      interpolation,
      smallest,
      standing,
      value: grid.value.slice(),
      actions: grid.actions.slice(),
    }),
    load(saved) {
      interpolation = saved.interpolation === 'linear' ? 'linear' : 'cubic';
      smallest = savedNumber(saved, 'smallest');
      standing = savedNumber(saved, 'standing');
      grid = actionGrid(
        { ...problem, interpolation },
        {
          value: savedArray(saved, 'value', new Float64Array(size)),
          actions: savedArray(saved, 'actions', new Float64Array(size * width)),
        },
      );
    },
  };
}

/** Where the economy has ended. */
const NOTHING: Outlook = { reward: 0, successors: [] };

/** The problem in coordinates and quantities. A state in which the economy ends is worth nothing. */
export function actionProblem(
  { enumerable, type, actionSpace, discountFactor, ends, block }: Player,
  domain: Domain,
  { nodes, interpolation }: Pick<GridSettings, 'nodes' | 'interpolation'>,
): { readonly axes: readonly GridAxis[]; readonly problem: ActionGridProblem } {
  const continuous = domain.axes.filter(({ kind }) => kind === 'continuous').length;
  const most = MOST_NODES[Math.min(continuous, MOST_NODES.length - 1)];
  const axes = gridAxes(domain, { first: nodes ?? undefined, most });
  const actions = block();
  return {
    axes,
    problem: {
      discountFactor,
      axes,
      interpolation,
      low: actionSpace.quantityLow,
      high: actionSpace.quantityHigh,
      outlook(coordinates, action) {
        actions[type].set(action);
        const state = domain.fromCoordinates(coordinates);
        if (ends?.(state)) return NOTHING;
        return {
          reward: enumerable.rewards(state, actions)[type][0],
          successors: enumerable
            .successors(state, actions)
            .filter(({ state: to }) => !ends?.(to))
            .map(({ probability, state: to }) => ({ probability, coordinates: domain.toCoordinates(to) })),
        };
      },
    },
  };
}
