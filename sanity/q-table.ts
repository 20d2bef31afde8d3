/**
 * Is the grid's Q of a state and an action what the economy itself makes of them? For every economy of one agent that lists its successors: Q from the tables of
 * the solver, reward + beta sum of p V, against the reward of the economy's own step and a loop over `successors` with the same V; and thousands of
 * own steps against the list: each must have led to one of the successors, and to the mean of V that their probabilities say.
 *
 *   npx tsx sanity/q-table.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--seed N] [--json]
 */
import { fileURLToPath } from 'node:url';
import { actionProblem } from '../agents/grid/action-solver.ts';
import { derivedDomain } from '../agents/grid/derived-domain.ts';
import { type Player, playerOf } from '../agents/grid/player.ts';
import { savingGrid } from '../agents/grid/saving-problem.ts';
import type { Domain, Saving } from '../core/domain.ts';
import type { EconomyState } from '../core/economy.ts';
import { UsageError } from '../core/errors.ts';
import { fromQuantities } from '../core/quantities.ts';
import type { Economy } from '../core/registry.ts';
import { Simulation } from '../core/simulation.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { createRng, type Rng } from '../numerics/random.ts';
import { mean, standardDeviation } from '../numerics/statistics.ts';
import { actionGrid } from '../solvers/grid-actions.ts';
import { type GridAxis, gridPoint, type Interpolation, locate, stencilFor } from '../solvers/grid-axes.ts';
import { gridSweep } from '../solvers/grid-sweep.ts';
import { chosenEconomies, conclude, type EconomyCheckOptions, economyCheckOptions } from './check-command.ts';

/** Nodes of the first coordinate where the agent saves, and at most of each where it chooses among actions. */
const NODES = { saving: 400, actions: 21 };
/** Iterations before Q is looked at: V is no longer flat, and need not be the optimum. */
const ITERATIONS = 20;
const ACTION_ITERATIONS = 2;
const PROBES = 100;
const DRAWS = 500;

/** Of sums of a few float64 numbers, and of a choice that passes through actions and back, relative to the spread of V. */
export const Q_TOLERANCE = 1e-9;
/** Standard errors that a mean of draws may be from its expectation: rare successors make it skewed. */
const STANDARD_ERRORS = 6;

/** A state, what is done there, and what the solver's tables say it is worth; V is in discounted sums of rewards. */
interface QProbe {
  readonly state: EconomyState;
  readonly quantities: Float64Array;
  readonly q: number;
}

export interface QTable {
  readonly player: Player;
  readonly domain: Domain;
  readonly axes: readonly GridAxis[];
  readonly interpolation: Interpolation;
  /** V on the grid, first axis fastest, of which the probes' Q is the next iteration's. */
  readonly value: Float64Array;
  readonly probes: readonly QProbe[];
}

export interface QCase {
  readonly env: string;
  readonly quantity: string;
  readonly n: number;
  /** Largest gap, and what it is measured against. */
  readonly gap: number;
  readonly allowed: number;
  readonly ok: boolean;
}

/** Undefined for economies that no grid solves. */
export function qTable(economy: Economy, seed: number): QTable | undefined {
  const rng = createRng(seed).split('q-table').split(economy.id);
  try {
    const player = playerOf(economy);
    const domain = economy.domain() ?? derivedDomain(player, rng.split('domain'));
    const saves = domain.saving !== undefined && domain.axes[0].kind === 'continuous';
    return saves
      ? savingTable(player, domain as Domain & { readonly saving: Saving }, rng)
      : actionTable(player, domain, rng);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Q of nodes left at states on nodes: from the problem that the sweep works on. */
function savingTable(player: Player, domain: Domain & { readonly saving: Saving }, rng: Rng): QTable {
  const { problem, axes, stateAt } = savingGrid(player, domain, { nodes: NODES.saving });
  const { discountFactor: beta, nodes, transition, available, reward } = problem;
  const states = Math.round(Math.sqrt(transition.length));
  const solver = gridSweep(problem);
  for (let i = 0; i < ITERATIONS; i++) solver.sweep();
  const value = solver.value.map((v) => v / (1 - beta));
  const n = nodes.length;
  const probes: QProbe[] = [];
  while (probes.length < PROBES) {
    const [i, e, j] = [rng.integer(n), rng.integer(states), rng.integer(n)];
    const flow = reward(available(nodes[i], e), nodes[j]);
    if (flow === Number.NEGATIVE_INFINITY) continue;
    let expected = 0;
    for (let to = 0; to < states; to++) expected += transition[e * states + to] * value[to * n + j];
    const block = player.block();
    const state = stateAt(nodes[i], e);
    domain.saving.quantities(state, nodes[j], block);
    probes.push({ state, quantities: block[player.type], q: flow + beta * expected });
  }
  return { player, domain, axes, interpolation: 'linear', value, probes };
}

/** Q of the best actions found at nodes: what an improvement makes of them. */
function actionTable(player: Player, domain: Domain, rng: Rng): QTable {
  const coarse = {
    ...domain,
    axes: domain.axes.map((axis) =>
      axis.kind === 'finite' ? axis : { ...axis, nodes: Math.min(axis.nodes, NODES.actions) },
    ),
  };
  const { axes, problem } = actionProblem(player, coarse, { nodes: null, interpolation: 'cubic' });
  const solver = actionGrid(problem);
  for (let i = 0; i < ACTION_ITERATIONS; i++) solver.evaluate(solver.improve());
  const weight = 1 - problem.discountFactor;
  const value = solver.value.map((v) => v / weight);
  solver.improve();
  const width = player.actionSpace.size;
  const probes = Array.from({ length: PROBES }, (): QProbe => {
    const s = rng.integer(value.length);
    return {
      state: domain.fromCoordinates(gridPoint(axes, s)),
      quantities: solver.actions.slice(s * width, (s + 1) * width),
      q: solver.value[s] / weight,
    };
  });
  return { player, domain, axes, interpolation: 'cubic', value, probes };
}

/** The economy's own account of each probe against the table's. */
export function qCases(table: QTable, seed: number): readonly QCase[] {
  const { player, domain, axes, interpolation, value, probes } = table;
  const { economy, enumerable, type, discountFactor } = player;
  const stencil = stencilFor(axes);
  const worthOf = (state: EconomyState) => {
    locate(axes, domain.toCoordinates(state), stencil, { interpolation });
    let sum = 0;
    for (let k = 0; k < stencil.count; k++) sum += stencil.weights[k] * value[stencil.indices[k]];
    return sum;
  };
  const scale = value.reduce((a, b) => Math.max(a, b)) - value.reduce((a, b) => Math.min(a, b));
  let [qGap, stray, errors] = [0, 0, 0];
  probes.forEach(({ state, quantities, q }, i) => {
    const successors = enumerable.successors(state, { [type]: quantities });
    const draws = ownSteps(player, state, quantities, seed + i);
    const reached = successors.map((one) => ({ ...one, value: worthOf(one.state) }));
    const expected = reached.reduce((sum, one) => sum + one.probability * one.value, 0);
    const gap = Math.abs(q - (draws.reward + discountFactor * expected));
    qGap = Math.max(qGap, gap / Math.max(Math.abs(q), scale));
    const known = reached.map((one) => domain.toCoordinates(one.state));
    for (const one of draws.states) stray = Math.max(stray, nearest(known, domain.toCoordinates(one)));
    const total = reached.reduce((sum, { probability }) => sum + probability, 0);
    const values = Float64Array.from(draws.states, worthOf);
    const deviation = Math.abs(mean(values) - expected / total);
    const variance = reached.reduce(
      (sum, one) => sum + (one.probability / total) * (one.value - expected / total) ** 2,
      0,
    );
    // Where all successors are worth the same, only rounding is left.
    const error = Math.max(
      Math.sqrt(variance / DRAWS),
      Q_TOLERANCE * scale,
      standardDeviation(values) * 1e-3,
    );
    errors = Math.max(errors, deviation / error);
  });
  const row = (quantity: string, n: number, gap: number, allowed: number): QCase => ({
    env: economy.id,
    quantity,
    n,
    gap,
    allowed,
    ok: gap <= allowed,
  });
  return [
    row('Q', probes.length, qGap, Q_TOLERANCE),
    row('next states', probes.length * DRAWS, stray, Q_TOLERANCE),
    row('mean of V, standard errors', probes.length * DRAWS, errors, STANDARD_ERRORS),
  ];
}

/** The economy's own steps from one state under one action: their reward, and where they led. */
function ownSteps(
  { economy, type, actionSpace }: Player,
  state: EconomyState,
  quantities: Float64Array,
  seed: number,
) {
  const env = new Simulation(economy, { copies: DRAWS, horizon: 2 });
  env.reset({ seed: seed * DRAWS, states: Array.from({ length: DRAWS }, () => state) });
  const action = new Float64Array(actionSpace.size);
  fromQuantities(quantities, action, actionSpace);
  for (let b = 0; b < DRAWS; b++) env.actions[type].set(action, b * action.length);
  env.step();
  return { reward: env.rewards[type][0], states: env.states };
}

/** Distance of a point to the nearest of some, relative to its size, in the coordinate where it is largest. */
function nearest(points: readonly (readonly number[])[], point: readonly number[]): number {
  return Math.min(
    ...points.map((one) =>
      Math.max(...one.map((x, d) => Math.abs(x - point[d]) / Math.max(1e-3, Math.abs(x)))),
    ),
  );
}

const COLUMNS: Readonly<Record<string, (one: QCase) => string>> = {
  economy: ({ env }) => env,
  quantity: ({ quantity }) => quantity,
  n: ({ n }) => String(n),
  'largest gap': ({ gap }) => gap.toExponential(1),
  allowed: ({ allowed }) => String(allowed),
};

export const qTableCheck: CommandDefinition<EconomyCheckOptions> = {
  name: 'q-table',
  summary:
    "Compares the grid's Q with the economy's own steps and successors, for every economy of one agent.",
  options: economyCheckOptions,
  async main(options, terminal) {
    const tables = (await chosenEconomies(options)).map((economy) => ({
      id: economy.id,
      table: qTable(economy, options.seed),
    }));
    return conclude({
      terminal,
      cases: tables.flatMap(({ table }) => (table === undefined ? [] : qCases(table, options.seed))),
      columns: COLUMNS,
      title: "Q of the grid's tables against the economy's own reward and successors, in float64",
      needs: 'single agent with an enumeration of successors and coordinates',
      skipped: tables.filter(({ table }) => table === undefined).map(({ id }) => id),
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(qTableCheck);
