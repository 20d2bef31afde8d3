import type { SimulationOptions } from './batched.ts';
import { type Env, type ParallelEnv, parallelAgents, singleAgent } from './env.ts';
import type { Economy } from './registry.ts';
import { Simulation } from './simulation.ts';

/** A single-agent Gym-style environment of an economy with one agent. */
export function makeEnv(economy: Economy, options: { readonly horizon?: number } = {}): Env {
  return singleAgent(new Simulation(economy, { ...options, autoreset: 'disabled' }));
}

/** A multi-agent environment with one record entry per agent. */
export function makeParallelEnv(economy: Economy, options: { readonly horizon?: number } = {}): ParallelEnv {
  return parallelAgents(new Simulation(economy, { ...options, autoreset: 'disabled' }));
}

/** B copies on the array path. */
export function makeBatchedEnv(economy: Economy, options: SimulationOptions = {}): Simulation {
  return new Simulation(economy, options);
}
