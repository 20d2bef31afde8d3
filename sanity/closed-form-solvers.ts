/** Every way to solve or learn `jesusfv` at full depreciation, for the comparison with the closed form: what is asked of each, and how it answers. */

import { playerOf } from '../agents/grid/player.ts';
import { savingGrid } from '../agents/grid/saving-problem.ts';
import { savingSolver } from '../agents/grid/saving-solver.ts';
import type { GridSettings } from '../agents/grid/settings.ts';
import { methods } from '../agents/index.ts';
import type { Domain, Saving } from '../core/domain.ts';
import type { AnyMethod, Economy, EconomyState, StatePolicy } from '../core/index.ts';
import {
  consumption,
  type GrowthModel,
  type GrowthState,
  grossReturn,
  resources,
} from '../envs/jesusfv/model.ts';
import { learn } from '../experiment/run/learn.ts';
import { linspace } from '../numerics/grids.ts';
import { endogenousGrid } from '../solvers/endogenous-grid.ts';

/** Mean and largest size of some gaps. */
export interface Spread {
  readonly mean: number;
  readonly max: number;
}

/** What a solver found. Values are V(s) in discounted sums of rewards. */
export interface Answer {
  readonly solver: string;
  readonly converged: boolean;
  readonly states: readonly GrowthState[];
  /** Consumption over resources, [n]. */
  readonly shares: Float64Array;
  readonly values?: Float64Array;
  /** Percent of consumption for ever that following this policy loses: of learners, which know no value. */
  readonly lossPercent?: number;
  /** What is allowed of the gap to the share. */
  readonly shareGate: Spread;
  /** And of the value, per period and in logs of consumption, so that 0.01 is a hundredth of consumption for ever. */
  readonly valueGate: Spread;
}

export interface World {
  readonly economy: Economy;
  readonly model: GrowthModel;
  /** The steady state's capital, and the optimum's share there. */
  readonly capital: number;
}

/** Roundings of a formula, and of a system of five equations whose entries are a hundred times what is solved for. */
const FORMULA = { share: 1e-12, value: 1e-11 };

/** What the solver says of itself: nine digits of the share. Values are integrals of the slope, as accurate. */
const ENDOGENOUS_GRID = 1e-9;

/** A choice among nodes is off by half a distance, on average by a quarter; V that stops 1e-7 early adds to both. */
const NODES = { mean: 0.35, max: 0.75 };
/** Nodes of the quick sweep. */
const COARSE = 2000;

/** Capitals, in steady states: where episodes begin. Networks are asked on [0.05, 1], from which the neural grid draws. */
const CAPITALS = { points: 101, low: 0.5, high: 1.5 };

function around({ capital }: World): readonly GrowthState[] {
  return between(CAPITALS.low * capital, CAPITALS.high * capital);
}

/** States from one capital to another, at every productivity. */
function between(low: number, high: number): readonly GrowthState[] {
  return [...linspace(low, high, CAPITALS.points)].flatMap((capital) =>
    [0, 1, 2, 3, 4].map((productivity): GrowthState => ({ capital, productivity })),
  );
}

/** Shares that a policy eats, whether it chooses shares or levels. */
function sharesOf({ model }: World, policy: StatePolicy, states: readonly GrowthState[]): Float64Array {
  return policy(states).household.map((quantity, i) => {
    const available = resources(model, states[i]);
    return consumption(model, available, quantity) / available;
  });
}

/** The economy's own oracle, through the quantities that it gives. */
export function oracleAnswer(world: World): Answer {
  const oracle = world.economy.oracle();
  const states = around(world);
  const one = { household: new Float64Array(1) };
  const policy: StatePolicy = (asked) => ({
    household: Float64Array.from(asked, (state: EconomyState) => {
      oracle?.act(state, one);
      return one.household[0];
    }),
  });
  return {
    solver: 'oracle',
    converged: oracle?.method === 'closed form',
    states,
    shares: sharesOf(world, policy, states),
    values: Float64Array.from(states, (state) => oracle?.value?.(state) ?? Number.NaN),
    shareGate: both(FORMULA.share),
    valueGate: both(FORMULA.value),
  };
}

/** Time iteration, told nothing of full depreciation but m and R. */
export function endogenousAnswer(world: World): Answer {
  const { model, capital } = world;
  const states = around(world);
  const at = (k: number, productivity: number): GrowthState => ({ capital: k, productivity });
  const solution = endogenousGrid({
    discountFactor: model.discountFactor,
    transition: model.transition,
    resources: (k, z) => resources(model, at(k, z)),
    grossReturn: (k, z) => grossReturn(model, at(k, z)),
    low: 1e-3 * capital,
    high: model.coordinates[0].high,
  });
  return {
    solver: `endogenous grid, ${solution.nodes} nodes`,
    converged: solution.converged,
    states,
    shares: Float64Array.from(states, (s) => solution.share(s.capital, s.productivity)),
    values: Float64Array.from(states, (s) => model.rewardScale * solution.value(s.capital, s.productivity)),
    shareGate: both(ENDOGENOUS_GRID),
    valueGate: both(ENDOGENOUS_GRID),
  };
}

/** Value iteration; the value is read from the solver that the agent saves. */
export async function gridAnswer(
  world: World,
  settings: Partial<GridSettings> & { readonly method: GridSettings['method'] },
): Promise<Answer> {
  const { economy, model } = world;
  const learned = await learn({ economy, method: methods.grid, settings });
  const own = learned.settings as GridSettings;
  const player = playerOf(economy);
  const table = savingGrid(player, economy.domain() as Domain & { readonly saving: Saving }, own);
  const solver = savingSolver(table, own);
  solver.load(learned.agents.household.save().solver as Record<string, unknown>);
  const { nodes } = table.axes[0];
  // The last node is up to a node short of one and a half steady states, and V is not followed beyond it.
  const states = between(nodes[0], nodes[nodes.length - 1]);
  const node = (nodes[1] - nodes[0]) / Math.min(...states.map((state) => resources(model, state)));
  // V stops this far from its limit; choices of nodes cost the square of half a node, twice as much where V is taken between two.
  const { discountFactor: beta, rewardScale } = model;
  const stopped = (own.tolerance * beta) / (1 - beta) / rewardScale;
  return {
    solver: `grid, ${own.method}, ${nodes.length} nodes`,
    converged: learned.converged,
    states,
    shares: sharesOf(world, learned.policy, states),
    values: Float64Array.from(states, (state) => solver.value(state)),
    shareGate: { mean: NODES.mean * node, max: NODES.max * node },
    valueGate: both(1.05 * stopped + node ** 2),
  };
}

/** How long something learns, and what is asked of it. */
export interface Budget {
  /** Left out: the method's own. */
  readonly steps?: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly shareGate: Spread;
  readonly valueGate: Spread;
}

const SMALL = {
  hidden: '32x32',
  copies: 16,
  batchSize: 64,
  learningRate: 0.005,
  targetMix: 0.02,
  weightAverage: 0.01,
  warmup: 500,
};

/**
 * Quick: a second each. Largest of seeds 1 to 10 with discount factors of .95 and .9: sac .0097 on average, .0203 anywhere and .048 % of consumption; ddpg
 * .0098, .0252 and .048 %; neural-grid .0043 and .0235, which the specification's gates allow, and in the value .0024 and .0046. A first policy, which eats
 * half, is .18 or .2 away.
 *
 * Full: the largest mean of seeds 1 to 5 was .0023 of sac, .0054 of ddpg (the price of its smoothing) and .0010 of neural-grid.
 */
export const BUDGETS: Readonly<
  Record<'sac' | 'ddpg' | 'neural-grid', { readonly quick: Budget; readonly full: Budget }>
> = {
  sac: {
    quick: { steps: 3000, settings: SMALL, shareGate: { mean: 0.015, max: 0.04 }, valueGate: both(1e-3) },
    full: { settings: {}, shareGate: { mean: 0.005, max: 0.015 }, valueGate: both(2e-4) },
  },
  ddpg: {
    quick: { steps: 3000, settings: SMALL, shareGate: { mean: 0.015, max: 0.04 }, valueGate: both(1e-3) },
    full: { settings: {}, shareGate: { mean: 0.01, max: 0.03 }, valueGate: both(5e-4) },
  },
  'neural-grid': {
    quick: {
      steps: 500,
      settings: {
        hidden: '32x32',
        batchSize: 64,
        learningRate: 0.01,
        coldStartActor: 20,
        coldStartCritic: 50,
      },
      shareGate: { mean: 0.01, max: 0.03 },
      valueGate: { mean: 0.005, max: 0.015 },
    },
    full: { settings: {}, shareGate: { mean: 0.005, max: 0.03 }, valueGate: { mean: 0.005, max: 0.015 } },
  },
};

/** An agent trained from experience: its policy where its episodes begin, and what that loses. */
export async function learnedAnswer(
  world: World,
  name: 'sac' | 'ddpg',
  budget: Budget,
  seed: number,
): Promise<Answer> {
  const { policy, evaluation, converged, steps } = await learned(world, methods[name], budget, seed);
  const states = around(world);
  return {
    solver: `${name}, ${steps} steps`,
    converged,
    states,
    shares: sharesOf(world, policy, states),
    lossPercent: evaluation.oracle?.welfareLossPercent ?? Number.NaN,
    ...gatesOf(budget),
  };
}

/** The neural grid, on k in [0.05, 1]: values at its own nodes, from the table that it reports. */
export async function neuralAnswer(world: World, budget: Budget, seed: number): Promise<Answer> {
  const { agents, policy, converged, steps } = await learned(world, methods['neural-grid'], budget, seed);
  const [table] = agents.household.report?.().tables ?? [];
  const column = (name: string) =>
    Float64Array.from(table.columns.find((one) => one.name === name)?.values ?? [], Number);
  const [capital, productivity, value] = ['capital', 'productivity', 'value'].map(column);
  const rows = Array.from(capital.keys()).filter((row) => capital[row] >= 0.05 && capital[row] <= 1);
  const states = rows.map((row) => ({ capital: capital[row], productivity: productivity[row] }));
  return {
    solver: `neural-grid, ${steps} updates`,
    converged,
    states,
    shares: sharesOf(world, policy, states),
    values: Float64Array.from(rows, (row) => value[row]),
    ...gatesOf(budget),
  };
}

function learned({ economy }: World, method: AnyMethod, { steps, settings }: Budget, seed: number) {
  return learn({ economy, method, settings, seed, ...(steps !== undefined && { steps }) });
}

function gatesOf({ shareGate, valueGate }: Budget) {
  return { shareGate, valueGate };
}

function both(gate: number): Spread {
  return { mean: gate, max: gate };
}

/** Nodes of a sweep that takes no time. */
export const QUICK_SWEEP = { method: 'sweep', nodes: COARSE } as const;
