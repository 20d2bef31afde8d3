/** How far a policy is from the truth: action gaps, welfare, Euler errors, return. Nothing here touches a training stream. */
import { correlation, mean, quantile } from '../numerics/statistics.ts';
import type { Agents } from './agent.ts';
import { oracleAgent } from './baselines.ts';
import type { BatchedEnv, SimulationOptions } from './batched.ts';
import type { Oracle, StatePolicy } from './capabilities.ts';
import type { EconomyState } from './economy.ts';
import type { Economy } from './registry.ts';
import { Simulation } from './simulation.ts';

/** Makes a batch with the wrappers that the agents were trained with, their statistics frozen. */
export type BatchFactory = (options: SimulationOptions) => BatchedEnv;

export interface EvaluateOptions {
  readonly economy: Economy;
  readonly agents: Agents;
  readonly oracle: Oracle | undefined;
  /** Default: the bare economy. */
  readonly makeBatch?: BatchFactory;
  /** Of the evaluation's own draws. */
  readonly seed: number;
  /** Episodes for the mean return. */
  readonly episodes?: number;
}

/** Distances to the oracle; names as in the commands' JSON. */
export interface OracleDistance {
  readonly method: string;
  /** Largest over action coordinates of the mean absolute gap to the optimal quantity on the evaluation states. */
  readonly policyGap: number;
  readonly policyGaps: Readonly<Record<string, number>>;
  /** The same for the best policy that ignores the state (the median of the optimal quantities). */
  readonly constantGap: number;
  /** Correlation of learned and optimal quantities over the evaluation states; null where the optimum is constant. */
  readonly correlations: Readonly<Record<string, number | null>>;
  readonly welfareLossPercent: number;
  /** log10 of the unit-free Euler error on the evaluation states; null where the economy has none. */
  readonly eulerError: { readonly mean: number; readonly max: number } | null;
  /** Mean return of the optimal policy over the same episodes. */
  readonly return: number;
}

export interface Evaluation {
  /** Mean undiscounted return per agent over evaluation episodes, under deterministic actions, all agents weighing alike. */
  readonly return: number;
  /** The same by type. */
  readonly returns: Readonly<Record<string, number>>;
  readonly oracle: OracleDistance | null;
}

const EPISODES = 64;
/** Simulated paths for each evaluation state in the welfare comparison. */
const PATHS_PER_STATE = 4;
/** The welfare comparison stops when a period weighs less than this in the discounted sum. */
const SMALLEST_DISCOUNT = 1e-7;

/** Everything that a command's final table shows about a policy. */
export function evaluate(options: EvaluateOptions): Evaluation {
  const { economy, agents, oracle, seed, episodes = EPISODES } = options;
  const makeBatch = options.makeBatch ?? ((o) => new Simulation(economy, o));
  const returns = episodeReturns(makeBatch({ copies: episodes }), agents, seed);
  const meanReturn = perAgent(economy, returns);
  if (oracle === undefined) return { return: meanReturn, returns, oracle: null };
  const optimal = oracleAgents(economy, oracle);
  const policy = statePolicy({ agents, makeBatch });
  const values = { economy, states: oracle.evaluationStates, seed };
  return {
    return: meanReturn,
    returns,
    oracle: {
      method: oracle.method,
      ...policyDistance(economy, oracle, policy),
      welfareLossPercent: oracle.welfareLossPercent({
        policy: discountedValues({ ...values, agents, makeBatch }),
        optimum: discountedValues({
          ...values,
          agents: optimal,
          makeBatch: (o) => new Simulation(economy, o),
        }),
      }),
      eulerError: eulerError(oracle, policy),
      return: perAgent(economy, episodeReturns(new Simulation(economy, { copies: episodes }), optimal, seed)),
    },
  };
}

/** The oracle as one agent for each type. */
export function oracleAgents(economy: Economy, oracle: Oracle): Agents {
  return Object.fromEntries(
    Object.keys(economy.types).map((type) => [type, oracleAgent({ economy, oracle, type })]),
  );
}

/** The agents' deterministic policy as a function of states, through the wrappers they were trained with. */
export function statePolicy(options: {
  readonly agents: Agents;
  readonly makeBatch: BatchFactory;
}): StatePolicy {
  const batches = new Map<number, BatchedEnv>();
  return (states) => {
    const env = batches.get(states.length) ?? options.makeBatch({ copies: states.length });
    batches.set(states.length, env);
    env.reset({ states });
    act(options.agents, env);
    return Object.fromEntries(Object.entries(env.quantities()).map(([type, block]) => [type, block.slice()]));
  };
}

/** Action gaps and correlations on the oracle's evaluation states. */
export function policyDistance(economy: Economy, oracle: Oracle, policy: StatePolicy) {
  const states = oracle.evaluationStates;
  const learned = policy(states);
  const optimal = statePolicy({
    agents: oracleAgents(economy, oracle),
    makeBatch: (o) => new Simulation(economy, o),
  })(states);
  const policyGaps: Record<string, number> = {};
  const correlations: Record<string, number | null> = {};
  let constantGap = 0;
  const severalTypes = Object.keys(economy.types).length > 1;
  for (const [type, { actionSpace }] of Object.entries(economy.types)) {
    actionSpace.names.forEach((name, j) => {
      const best = column(optimal[type], j, actionSpace.size);
      const own = column(learned[type], j, actionSpace.size);
      const label = severalTypes ? `${type}.${name}` : name;
      policyGaps[label] = meanGap(own, best);
      correlations[label] = spread(best) > CONSTANT_SPREAD && spread(own) > 0 ? correlation(own, best) : null;
      constantGap = Math.max(
        constantGap,
        meanGap(new Float64Array(best.length).fill(quantile(best, 0.5)), best),
      );
    });
  }
  return { policyGap: Math.max(...Object.values(policyGaps)), policyGaps, constantGap, correlations };
}

/** An optimal action that varies less than this over the evaluation states is constant up to rounding. */
const CONSTANT_SPREAD = 1e-9;

/** Mean over states, paths and agents of a type of the discounted sum of rewards; equal seeds give equal shocks. */
export function discountedValues(options: {
  readonly economy: Economy;
  readonly agents: Agents;
  readonly makeBatch: BatchFactory;
  readonly states: readonly EconomyState[];
  readonly seed: number;
}): Record<string, number> {
  const { economy, agents, makeBatch, seed } = options;
  const states = Array.from({ length: PATHS_PER_STATE }, () => options.states).flat();
  const { discountFactors } = economy;
  const periods = Math.ceil(
    Math.log(SMALLEST_DISCOUNT) / Math.log(Math.max(...Object.values(discountFactors))),
  );
  const env = makeBatch({ copies: states.length, horizon: periods, autoreset: 'next-step' });
  env.reset({ seed, states });
  return rewardSums({ env, agents, periods, weight: (type, t) => discountFactors[type] ** t });
}

export interface MonitorOptions {
  readonly economy: Economy;
  readonly agents: Agents;
  readonly makeBatch: BatchFactory;
  readonly oracle: Oracle | undefined;
  /** Of the episodes, which are the same at every look. */
  readonly seed: number;
  /** Default 16. */
  readonly episodes?: number;
}

/** Looks at agents in the course of their training: cheap, and without a trace in them or in their environment. */
export interface PolicyMonitor {
  /** Distance to the oracle's policy on its evaluation states; undefined without an oracle. */
  policyGap(): number | undefined;
  /** Mean undiscounted return per agent over deterministic episodes. */
  return(): number;
  /** The same of the optimal policy; undefined without an oracle. */
  optimalReturn(): number | undefined;
}

const MONITORED_EPISODES = 16;

export function policyMonitor(options: MonitorOptions): PolicyMonitor {
  const { economy, agents, makeBatch, oracle, seed, episodes: copies = MONITORED_EPISODES } = options;
  const policy = statePolicy({ agents, makeBatch });
  const returnOf = (env: BatchedEnv, players: Agents) =>
    perAgent(economy, episodeReturns(env, players, seed));
  return {
    policyGap: () => (oracle === undefined ? undefined : policyDistance(economy, oracle, policy).policyGap),
    return: () => returnOf(makeBatch({ copies }), agents),
    optimalReturn: () =>
      oracle === undefined
        ? undefined
        : returnOf(new Simulation(economy, { copies }), oracleAgents(economy, oracle)),
  };
}

/** Mean over copies of the first episode's return per agent, by type. */
function episodeReturns(env: BatchedEnv, agents: Agents, seed: number): Record<string, number> {
  env.reset({ seed });
  return rewardSums({ env, agents, periods: Number.POSITIVE_INFINITY, weight: () => 1 });
}

/** Weighted sums of rewards until every copy's episode has ended, or for some periods: mean over copies and agents, by type. */
function rewardSums(options: {
  readonly env: BatchedEnv;
  readonly agents: Agents;
  readonly periods: number;
  readonly weight: (type: string, period: number) => number;
}): Record<string, number> {
  const { env, agents, periods, weight } = options;
  const alive = new Uint8Array(env.copies).fill(1);
  const sums = Object.fromEntries(Object.keys(env.types).map((type) => [type, 0]));
  for (let t = 0; t < periods && alive.includes(1); t++) {
    act(agents, env);
    env.step();
    for (const [type, { count }] of Object.entries(env.types)) {
      const rewards = env.rewards[type];
      let sum = 0;
      for (let i = 0; i < rewards.length; i++) if (alive[Math.floor(i / count)] === 1) sum += rewards[i];
      sums[type] += (weight(type, t) * sum) / rewards.length;
    }
    for (let b = 0; b < env.copies; b++) if (env.terminated[b] === 1 || env.truncated[b] === 1) alive[b] = 0;
  }
  return sums;
}

/** Mean over all agents of what is known by type. */
function perAgent(economy: Economy, values: Readonly<Record<string, number>>): number {
  const types = Object.entries(economy.types);
  const agents = types.reduce((sum, [, { count }]) => sum + count, 0);
  return types.reduce((sum, [type, { count }]) => sum + count * values[type], 0) / agents;
}

/**
 * Writes what agents do, for what they see now, into the batch's `actions`: deterministic actions, or `drawn` ones as an agent that explores
 * takes them. `states` [B] stand for the batch's own where an agent must not look at one of those. Throws what the agents throw.
 */
export function act(
  agents: Agents,
  env: BatchedEnv,
  options: {
    readonly actions?: 'deterministic' | 'drawn' | undefined;
    readonly states?: readonly EconomyState[] | undefined;
  } = {},
): void {
  const { actions = 'deterministic', states = env.states } = options;
  for (const [type, { count }] of Object.entries(env.types)) {
    const input = { rows: env.copies * count, observations: env.observations[type], states };
    agents[type].act(input, env.actions[type], { deterministic: actions === 'deterministic' });
  }
}

function eulerError(oracle: Oracle, policy: StatePolicy): { mean: number; max: number } | null {
  const errors = oracle.eulerErrors?.(policy, oracle.evaluationStates);
  if (errors === undefined) return null;
  return { mean: Math.log10(mean(errors)), max: Math.log10(errors.reduce((a, b) => Math.max(a, b), 0)) };
}

function column(block: Float64Array, j: number, size: number): Float64Array {
  return block.filter((_, i) => i % size === j);
}

function meanGap(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length;
}

function spread(x: Float64Array): number {
  return x.reduce((a, b) => Math.max(a, b)) - x.reduce((a, b) => Math.min(a, b));
}
