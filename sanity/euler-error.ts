/**
 * Do policies solve the Euler equation? For every economy whose oracle knows it: unit-free errors |1 - implied c / c| (Judd 1992) of the oracle's own policy
 * and of the policies found on a grid, on the oracle's evaluation states, along a path that the policy itself takes, and on the nodes of the grid.
 *
 * Beside them, where the oracle gives it, the residual of marginal utilities eps = beta E[u'(c') R'] / u'(c) - 1. It is the same equation: with log utility
 * the error is |eps / (1 + eps)|, and both agree to first order.
 *
 *   npx tsx sanity/euler-error.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--seed N] [--full] [--json]
 *
 * --full adds sweeps over large grids, all nodes, and the neural grid with its default budget. Households' errors in economies of many are part of
 * what `train/classical.ts` reports.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { grid } from '../agents/grid/index.ts';
import { neuralGrid } from '../agents/neural-grid/index.ts';
import type { Oracle, StatePolicy } from '../core/capabilities.ts';
import type { EconomyState } from '../core/economy.ts';
import { act, oracleAgents, statePolicy } from '../core/evaluate.ts';
import { type AnyMethod, type Economy, Simulation, type StateAxis } from '../core/index.ts';
import { copyState } from '../core/state.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { learn } from '../experiment/run/learn.ts';
import { linspace } from '../numerics/grids.ts';
import { type CheckCase, chosenEconomies, conclude, economyCheckOptions } from './check-command.ts';

/** A formula in float64, a dozen roundings deep. */
export const CLOSED_FORM_GATE = 1e-12;

/** A numerical solution: a hundredth of a thousandth of consumption, far beyond what is learned. */
export const NUMERICAL_GATE = 1e-5;

/**
 * Who chooses among nodes is off by up to half a node in c, in c' and in R', and by as much again where the stopping rule left a neighbour. In distances of
 * nodes over the lowest capital, measured: mean 0.15 to 0.56, largest 0.5 to 2.1, with full depreciation and with a tenth.
 */
const NODE_GATES = { mean: 1, max: 3 };

/** Networks: one percent of consumption on average is asked for. Measured: .003 and .004, at most .005 and, in the corners of `jesusfv/annual`, .016. */
const NETWORK_GATES = { mean: 1e-2, max: 5e-2 };

/** Periods of the simulated path. */
const PATH = 500;

/** Without --full: at most so many nodes are looked at, evenly spread, and sweeps are over at most so many. */
const SOME_NODES = 5000;
const SMALL_GRID = 200_000;

/** Nodes of a continuous coordinate behind the first, such as a rate of depreciation that is kept for ever. */
const OTHER_NODES = 9;

/** Mean and largest size of some errors. */
export interface Spread {
  readonly mean: number;
  readonly max: number;
}

export interface EulerCase extends CheckCase, Spread {
  /** Whose policy. */
  readonly policy: string;
  /** How the oracle was found. */
  readonly method: string;
  readonly where: 'evaluation states' | 'path' | 'nodes';
  readonly log10Mean: number;
  readonly log10Max: number;
  /** |eps|; null where the oracle does not tell it. */
  readonly residual: (Spread & { readonly log10Mean: number; readonly log10Max: number }) | null;
  /** What is allowed of the errors. */
  readonly gate: Spread;
  readonly n: number;
}

/** A policy whose Euler errors are asked for. */
export interface EulerSubject {
  readonly economy: Economy;
  readonly oracle: Oracle;
  readonly name: string;
  readonly policy: StatePolicy;
  readonly converged: boolean;
  readonly gate: Spread;
  readonly states: Readonly<Partial<Record<EulerCase['where'], readonly EconomyState[]>>>;
}

/** Euler errors of an economy's oracle; undefined if it has none. */
export function eulerCases(economy: Economy, seed: number): readonly EulerCase[] | undefined {
  const oracle = economy.oracle();
  if (oracle?.eulerErrors === undefined) return undefined;
  const agents = oracleAgents(economy, oracle);
  const gate = oracle.method === 'closed form' ? CLOSED_FORM_GATE : NUMERICAL_GATE;
  const policy = statePolicy({ agents, makeBatch: (options) => new Simulation(economy, options) });
  return casesOf({
    economy,
    oracle,
    name: 'oracle',
    policy,
    converged: oracle.solution.converged,
    gate: { mean: gate, max: gate },
    states: { 'evaluation states': oracle.evaluationStates, path: path(economy, agents, seed) },
  });
}

/** One case for each set of states. */
export function casesOf(subject: EulerSubject): readonly EulerCase[] {
  const { economy, oracle, policy, converged, gate, name, states: places } = subject;
  return (['evaluation states', 'path', 'nodes'] as const).flatMap((where) => {
    const states = places[where];
    if (states === undefined) return [];
    const errors = spreadOf(oracle.eulerErrors?.(policy, states) ?? []);
    const residuals = oracle.eulerResiduals?.(policy, states);
    return {
      env: economy.id,
      policy: name,
      method: oracle.method,
      where,
      ...errors,
      residual: residuals === undefined ? null : spreadOf(residuals),
      gate,
      n: states.length,
      ok: converged && states.length > 0 && errors.max <= gate.max && errors.mean <= gate.mean,
    };
  });
}

/** NaN where there is nothing, or an error is NaN: it keeps to no gate. */
function spreadOf(errors: ArrayLike<number>): EulerCase['residual'] & object {
  const sizes = Float64Array.from(errors, Math.abs);
  const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const max = sizes.reduce((a, b) => Math.max(a, b), sizes.length === 0 ? Number.NaN : 0);
  return { mean: average, max, log10Mean: Math.log10(average), log10Max: Math.log10(max) };
}

/** States along one path under some agents, from a drawn first state. */
function path(economy: Economy, agents: Parameters<typeof act>[0], seed: number): readonly EconomyState[] {
  const env = new Simulation(economy, { horizon: PATH });
  env.reset({ seed });
  const states: EconomyState[] = [];
  for (let t = 0; t < PATH; t++) {
    states.push(copyState(env.states[0]));
    act(agents, env);
    env.step();
  }
  return states;
}

/** The first coordinate where one agent saves, and its nodes: what gates of a grid are measured in. Undefined elsewhere. */
function savingAxis(economy: Economy): (StateAxis & { readonly kind: 'continuous' }) | undefined {
  const agents = Object.values(economy.types).reduce((sum, { count }) => sum + count, 0);
  const domain = economy.domain();
  const [axis] = domain?.axes ?? [];
  if (agents !== 1 || economy.enumerable() === undefined || domain?.saving === undefined) return undefined;
  return axis?.kind === 'continuous' ? axis : undefined;
}

/** Nodes of every coordinate but the first. */
function otherNodes(economy: Economy): readonly (readonly number[])[] {
  const [, ...rest] = economy.domain()?.axes ?? [];
  return rest.map((axis) =>
    axis.kind === 'finite' ? axis.values : [...linspace(axis.low, axis.high, OTHER_NODES)],
  );
}

/** Nodes of the grid as states: at most about `most`, evenly spread over the first coordinate from end to end. */
export function nodeStates(economy: Economy, most = Number.POSITIVE_INFINITY): readonly EconomyState[] {
  const axis = savingAxis(economy);
  const domain = economy.domain();
  if (axis === undefined || domain === undefined) return [];
  const rows = otherNodes(economy).reduce<readonly (readonly number[])[]>(
    (points, nodes) => points.flatMap((point) => nodes.map((node) => [...point, node])),
    [[]],
  );
  const all = linspace(axis.low, axis.high, axis.nodes);
  const count = Math.max(2, Math.min(axis.nodes, Math.floor(most / rows.length)));
  return Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (axis.nodes - 1)) / (count - 1))],
  ).flatMap((x) => rows.map((row) => domain.fromCoordinates([x, ...row])));
}

/** How a method is run, and what is allowed of it. */
interface Solver {
  readonly name: string;
  readonly method: AnyMethod;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly gates: 'nodes' | 'network';
}

const SWEEP: Solver = {
  name: 'grid, sweep',
  method: grid as unknown as AnyMethod,
  settings: { method: 'sweep' },
  gates: 'nodes',
};
const ACCELERATED: Solver = { ...SWEEP, name: 'grid, accelerated', settings: { method: 'accelerated' } };
const NETWORKS: Solver = {
  name: 'neural grid',
  method: neuralGrid as unknown as AnyMethod,
  settings: {},
  gates: 'network',
};

export const SOLVERS = { sweep: SWEEP, accelerated: ACCELERATED, networks: NETWORKS };

/**
 * The policy of a solver with what it is measured by; undefined where the economy's oracle knows no Euler equation, or no single agent
 * saves. `nodes` is the most nodes looked at.
 */
export async function solved(
  economy: Economy,
  solver: Solver,
  options: { readonly seed: number; readonly nodes?: number },
): Promise<EulerSubject | undefined> {
  const { seed, nodes } = options;
  const oracle = economy.oracle();
  const axis = savingAxis(economy);
  if (oracle?.eulerErrors === undefined || axis === undefined) return undefined;
  const { name, method, settings, gates } = solver;
  const { policy, agents, converged } = await learn({ economy, method, settings, seed });
  const node = (axis.high - axis.low) / (axis.nodes - 1) / axis.low;
  return {
    economy,
    oracle,
    name,
    policy,
    converged,
    gate: gates === 'network' ? NETWORK_GATES : { mean: NODE_GATES.mean * node, max: NODE_GATES.max * node },
    states: {
      'evaluation states': oracle.evaluationStates,
      path: path(economy, agents, seed),
      ...(gates === 'nodes' && { nodes: nodeStates(economy, nodes) }),
    },
  };
}

/** The policies of solvers that this run looks at, on an economy that they solve. */
async function solverCases(
  economy: Economy,
  { full, seed }: EulerOptions,
  note: (text: string) => void,
): Promise<readonly EulerCase[]> {
  const size = otherNodes(economy).reduce(
    (product, nodes) => product * nodes.length,
    savingAxis(economy)?.nodes ?? 0,
  );
  const isSmall = size <= SMALL_GRID;
  if (!full && !isSmall) note(`${economy.id}: no sweep over ${size} nodes without --full`);
  const chosen = [ACCELERATED, ...(full || isSmall ? [SWEEP] : []), ...(full ? [NETWORKS] : [])];
  const cases: EulerCase[] = [];
  for (const solver of chosen) {
    const subject = await solved(economy, solver, { seed, ...(!full && { nodes: SOME_NODES }) });
    if (subject !== undefined) cases.push(...casesOf(subject));
  }
  return cases;
}

const eulerOptions = economyCheckOptions.extend({
  full: z
    .boolean()
    .default(false)
    .meta({ description: 'also sweeps over large grids, every node, and the neural grid (minutes)' }),
});

type EulerOptions = z.output<typeof eulerOptions>;

const COLUMNS: Readonly<Record<string, (one: EulerCase) => string>> = {
  economy: ({ env }) => env,
  policy: ({ policy }) => policy,
  states: ({ where }) => where,
  n: ({ n }) => String(n),
  mean: (one) => one.mean.toExponential(1),
  max: (one) => one.max.toExponential(1),
  'log10 mean': ({ log10Mean }) => log10Mean.toFixed(1),
  'log10 max': ({ log10Max }) => log10Max.toFixed(1),
  'mean |eps|': ({ residual }) => residual?.mean.toExponential(1) ?? '',
  'max |eps|': ({ residual }) => residual?.max.toExponential(1) ?? '',
  'allowed: mean': ({ gate }) => gate.mean.toExponential(1),
  'allowed: max': ({ gate }) => gate.max.toExponential(1),
};

export const eulerErrorCheck: CommandDefinition<EulerOptions> = {
  name: 'euler-error',
  summary:
    "Measures the Euler errors of every economy's oracle, and of the policies that solvers find on grids.",
  options: eulerOptions,
  async main(options, terminal) {
    const cases: EulerCase[] = [];
    const skipped: string[] = [];
    for (const economy of await chosenEconomies(options)) {
      const own = eulerCases(economy, options.seed);
      if (own === undefined) skipped.push(economy.id);
      else cases.push(...own);
      if (own !== undefined && savingAxis(economy) !== undefined)
        cases.push(...(await solverCases(economy, options, (text) => terminal.note(text))));
    }
    return conclude({
      terminal,
      cases,
      columns: COLUMNS,
      title:
        'Euler errors |1 - implied consumption / consumption|, and |eps| of the residual of marginal utilities\n' +
        `Allowed: ${CLOSED_FORM_GATE.toExponential()} of oracles in closed form, ${NUMERICAL_GATE.toExponential()} of numerical ones; ` +
        'on grids as much as nodes are apart, three times that at most',
      needs: 'oracle with an Euler equation',
      skipped,
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(eulerErrorCheck);
