import type { Agent } from '../../core/agent.ts';
import type { Chart } from '../../core/charts.ts';
import type { Domain, Saving } from '../../core/domain.ts';
import type { CreateOptions, Method } from '../../core/method.ts';
import { fromQuantities } from '../../core/quantities.ts';
import { actionSolver } from './action-solver.ts';
import { derivedDomain } from './derived-domain.ts';
import { type Player, playerOf } from './player.ts';
import { bellmanResiduals, residualsText } from './residuals.ts';
import { savedList } from './saved.ts';
import { savingGrid } from './saving-problem.ts';
import { savingSolver } from './saving-solver.ts';
import { type GridSettings, gridSettings } from './settings.ts';
import type { GridSolver } from './solver.ts';

export type { GridSettings } from './settings.ts';

/** Value iteration on a fixed grid, for every economy of one agent that lists its successors. */
export const grid: Method<GridSettings> = {
  name: 'grid',
  title: 'Value iteration on a fixed grid (Aruoba and Fernández-Villaverde 2015), or accelerated',
  settings: gridSettings,
  steps: 2000,
  presets: {
    quick: { steps: 2000, settings: { tolerance: 1e-5 } },
    notebook: { steps: 2000, settings: {} },
    paper: { steps: 20_000, settings: { tolerance: 1e-8 } },
  },
  create: gridAgent,
};

/**
 * An agent that solves its economy, one iteration an update, and acts by the policy on the grid, linear between nodes. It looks at states, not at observations.
 * Throws what `playerOf`, `savingGrid` and `derivedDomain` throw.
 */
export function gridAgent(options: CreateOptions<GridSettings>): Agent {
  const { economy, settings, discountFactor, rng } = options;
  const player = { ...playerOf(economy), discountFactor };
  const { solver, notes, source } = solverFor(player, settings, () =>
    derivedDomain(player, rng.split('domain')),
  );
  const { type, actionSpace } = player;
  const quantities = player.block();
  /** Of every iteration. */
  const changes: number[] = [];
  let converged = false;
  return {
    name: 'grid',
    act({ rows, states }, actions) {
      for (let row = 0; row < rows; row++) {
        solver.act(states[row], quantities);
        fromQuantities(
          quantities[type],
          actions.subarray(row * actionSpace.size, (row + 1) * actionSpace.size),
          actionSpace,
        );
      }
    },
    update() {
      const { change, solved } = solver.iterate();
      changes.push(change);
      converged = solved;
      return { change };
    },
    get converged() {
      return converged;
    },
    report() {
      const check = solver.check?.();
      const bellman = bellmanResiduals(player, solver);
      const iterations = changes.length;
      const lastChange = changes.at(-1) ?? Number.POSITIVE_INFINITY;
      const about = {
        iterations,
        lastChange: iterations === 0 ? null : lastChange,
        bellman,
        grid: { source, axes: axesOf(solver) },
      };
      return {
        json: check === undefined ? about : { ...about, check },
        facts: [
          ['grid', solver.description],
          ...notes,
          ['iterations', String(iterations)],
          ['last change', `${lastChange.toExponential(5)} of the value times 1 - beta`],
          ['Bellman residual', residualsText(bellman)],
          ...(check === undefined
            ? []
            : [
                [
                  'check',
                  `${check.nextCapital.toFixed(12)} is left at node ${placeOf(solver, check.capitalIndex)}`,
                ] as const,
              ]),
        ],
        charts: changes.length === 0 ? [] : [convergenceChart(changes, settings.tolerance)],
      };
    },
    save: () => ({ changes: Float64Array.from(changes), converged, solver: solver.save() }),
    load(saved) {
      solver.load(saved.solver as Record<string, unknown>);
      changes.splice(0, changes.length, ...savedList(saved, 'changes'));
      converged = saved.converged === true;
    },
  };
}

/** Every coordinate with its nodes and ends. */
function axesOf({ axes, domain }: GridSolver) {
  return axes.map(({ nodes }, d) => ({
    name: domain.axes[d].name,
    nodes: nodes.length,
    low: nodes[0],
    high: nodes[nodes.length - 1],
  }));
}

/** e.g. `999 of capital, 2 of productivity`: the middle of all but the first coordinate. */
function placeOf({ axes, domain }: GridSolver, first: number): string {
  return axes
    .map(({ nodes }, d) => `${d === 0 ? first : nodes.length >> 1} of ${domain.axes[d].name}`)
    .join(', ');
}

/** The change of every iteration; one of zero has no place on a logarithmic axis. */
function convergenceChart(changes: readonly number[], tolerance: number): Chart {
  return {
    name: 'convergence',
    title: 'Convergence',
    caption:
      'Largest change of the value in each iteration, values times 1 - beta, on a logarithmic axis; dotted: the tolerance.',
    panels: [
      {
        title: '',
        x: { label: 'iteration', unit: '' },
        y: { label: 'change', unit: 'reward per period', scale: 'log' },
        series: [
          {
            kind: 'line',
            name: 'change',
            x: changes.map((_, i) => i + 1),
            y: changes.map((change) => (change > 0 ? change : Number.NaN)),
          },
          { kind: 'reference', name: 'tolerance', source: 'other', x: [], y: [tolerance] },
        ],
      },
    ],
  };
}

type Notes = readonly (readonly [label: string, text: string])[];

function solverFor(
  player: Player,
  settings: GridSettings,
  derive: () => Domain,
): { readonly solver: GridSolver; readonly notes: Notes; readonly source: 'economy' | 'random play' } {
  const domain = player.economy.domain();
  if (domain === undefined) {
    const derived = derive();
    const note = ['grid of', 'what random play visits; a `domain` of the economy would say better'] as const;
    return { solver: actionSolver(player, derived, settings), notes: [note], source: 'random play' };
  }
  const { saving } = domain;
  const [first] = domain.axes;
  if (saving === undefined || first.kind === 'finite' || player.ends !== undefined)
    return { solver: actionSolver(player, domain, settings), notes: [], source: 'economy' };
  const saves = domain as Domain & { readonly saving: Saving };
  return {
    solver: savingSolver(savingGrid(player, saves, settings), settings),
    notes: [],
    source: 'economy',
  };
}
