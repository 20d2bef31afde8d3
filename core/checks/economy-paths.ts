/** Paths on which an economy's laws are checked: random actions, both ends of every action, and the oracle's. */
import { createRng, type Rng } from '../../numerics/random.ts';
import type { BatchedEnv } from '../batched.ts';
import type { Oracle } from '../capabilities.ts';
import type { Blocks, EconomyState } from '../economy.ts';
import { NonFiniteError } from '../errors.ts';
import { oracleAgents } from '../evaluate.ts';
import type { Economy } from '../registry.ts';
import { Simulation } from '../simulation.ts';
import { copyState } from '../state.ts';
import type { EconomyLog } from './economy-log.ts';
import { ECONOMY_CHECKS } from './economy-names.ts';

/** One period: all copies, so that it may be kept. */
export interface EconomyStep {
  readonly before: EconomyState;
  /** Quantities by type, [count, actions]. */
  readonly actions: Blocks<string, Float64Array>;
  readonly after: EconomyState;
  /** By type, [count]. */
  readonly rewards: Blocks<string, Float64Array>;
  /** Steps since the reset, from 1. */
  readonly step: number;
  readonly policy: 'random' | 'lowest' | 'highest' | 'either bound' | 'oracle';
  /** `under random actions, seed 1`. */
  readonly under: string;
}

export interface PathOptions {
  readonly economy: Economy;
  readonly oracle: Oracle | undefined;
  /** Of each path. */
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly log: EconomyLog;
}

interface Policy {
  readonly name: EconomyStep['policy'];
  act(env: BatchedEnv, rng: Rng): void;
}

/**
 * Every step of a path for each policy and seed; each path crosses a reset at least once. An error ends its path and fails E0; where
 * it is a number that is not finite, the step that led there is visited before.
 */
export function walkPaths(options: PathOptions, visit: (step: EconomyStep) => void): void {
  for (const policy of policies(options.economy, options.oracle)) {
    for (const seed of options.seeds) walk(options, policy, seed, visit);
  }
}

function walk(options: PathOptions, policy: Policy, seed: number, visit: (step: EconomyStep) => void): void {
  const { economy, steps, log } = options;
  const under = `under ${DESCRIPTIONS[policy.name]}, seed ${seed}`;
  const rng = createRng(seed).split('checkEconomy').split(policy.name);
  let step = 0;
  try {
    const horizon = Math.min(economy.horizon, Math.max(1, Math.floor(steps / 2)));
    const env = new Simulation(economy, { autoreset: 'next-step', horizon });
    env.reset({ seed });
    for (let done = 0; done < steps; ) {
      policy.act(env, rng);
      const before = copyState(env.states[0]);
      const actions = copyBlocks(env.quantities());
      const seen = (): EconomyStep => ({
        before,
        actions,
        after: copyState(env.states[0]),
        rewards: copyBlocks(env.rewards),
        step,
        policy: policy.name,
        under,
      });
      step += 1;
      try {
        env.step();
      } catch (error) {
        if (error instanceof NonFiniteError) visit(seen());
        throw error;
      }
      if (env.wasReset[0] === 1) {
        step = 0;
        continue;
      }
      log.pass(ECONOMY_CHECKS.runs);
      visit(seen());
      done += 1;
    }
  } catch (error) {
    log.fail(ECONOMY_CHECKS.runs, {
      step,
      expected: 'every period of an episode, and a reset after it',
      actual: `${error instanceof Error ? error.message : String(error)} (${under})`,
      hint: 'Actions at and between the bounds of the action space must be possible in every state that is reached.',
    });
  }
}

const DESCRIPTIONS: Readonly<Record<EconomyStep['policy'], string>> = {
  random: 'random actions',
  lowest: 'the lowest actions',
  highest: 'the highest actions',
  'either bound': 'actions at either bound',
  oracle: "the oracle's actions",
};

function policies(economy: Economy, oracle: Oracle | undefined): readonly Policy[] {
  const plain: readonly Policy[] = [
    { name: 'random', act: (env, rng) => fill(env, (low, high) => rng.between(low, high)) },
    { name: 'lowest', act: (env) => fill(env, (low) => low) },
    { name: 'highest', act: (env) => fill(env, (_, high) => high) },
    {
      name: 'either bound',
      act: (env, rng) => fill(env, (low, high) => (rng.uniform() < 0.5 ? low : high)),
    },
  ];
  if (oracle === undefined) return plain;
  const agents = oracleAgents(economy, oracle);
  const act = (env: BatchedEnv) => {
    for (const [type, { count }] of Object.entries(env.types)) {
      const input = { rows: count, observations: env.observations[type], states: env.states };
      agents[type].act(input, env.actions[type], { deterministic: true });
    }
  };
  return [...plain, { name: 'oracle', act }];
}

function fill(env: BatchedEnv, choose: (low: number, high: number) => number): void {
  for (const [type, { actionSpace }] of Object.entries(env.types)) {
    const actions = env.actions[type];
    for (let i = 0; i < actions.length; i++) {
      const j = i % actionSpace.size;
      actions[i] = choose(actionSpace.low[j], actionSpace.high[j]);
    }
  }
}

function copyBlocks(blocks: Blocks<string, Float64Array>): Blocks<string, Float64Array> {
  return Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, block.slice()]));
}
