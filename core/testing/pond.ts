/**
 * A pond with fishers for the tests of `checkEnv`, written by hand against `Env` and `ParallelEnv`: what core/ derives from an
 * economy is not used, as in an environment of a user's own. `pondBatch` is the same pond of one fisher as an economy.
 *
 * Stock x' = (x - catch) (1 + 0.4 (1 - x / 10)) exp(0.1 e), kept within [0.1, 10]; a fisher catches 0.3 effort x / n. In the pond of
 * many, effort costs energy, and who has none left goes home: it terminates.
 */
import ndarray from 'ndarray';
import { z } from 'zod';
import { createRng, type Rng } from '../../numerics/random.ts';
import type { SavedEnv, SimulationOptions } from '../batched.ts';
import { defineEconomy } from '../economy.ts';
import type { Env, ParallelEnv, PerAgent } from '../env.ts';
import { OrderError, UsageError } from '../errors.ts';
import { ACTION_SLACK } from '../quantities.ts';
import { instantiate } from '../registry.ts';
import { Simulation } from '../simulation.ts';
import { type Box, box, type Vector, vectorOf } from '../spaces.ts';

export const POND_HORIZON = 12;

const STOCK = [0, 10] as const;

function firstStock(rng: Rng): number {
  return rng.between(3, 6);
}

function nextStock(stock: number, caught: number, rng: Rng): number {
  const grown = (stock - caught) * (1 + 0.4 * (1 - stock / 10)) * Math.exp(0.1 * rng.normal());
  return Math.min(10, Math.max(0.1, grown));
}

function checkedEffort(agent: string, space: Box, action: Vector | undefined): number {
  const values = vectorOf(action);
  if (values?.length !== 1) throw new UsageError(`pond: action of ${agent} must be one number, the effort.`);
  const [effort] = values;
  if (!(effort >= space.low[0] - ACTION_SLACK && effort <= space.high[0] + ACTION_SLACK))
    throw new UsageError(`pond: effort of ${agent} is ${effort}; it is a number in [0, 1].`);
  return Math.min(space.high[0], Math.max(space.low[0], effort));
}

function seen(...numbers: readonly number[]) {
  return ndarray(Float32Array.from(numbers), [numbers.length]);
}

/** One fisher. */
export function pondEnv({ horizon = POND_HORIZON }: { readonly horizon?: number } = {}): Env {
  const observationSpace = box({ stock: STOCK });
  const actionSpace = box({ effort: [0, 1] });
  const rng = createRng(0);
  let stock = 0;
  let period = -1;
  return {
    observationSpace,
    actionSpace,
    reset({ seed } = {}) {
      if (seed !== undefined) rng.restore(createRng(seed).save());
      stock = firstStock(rng);
      period = 0;
      return { observation: seen(stock), info: { stock } };
    },
    step(action) {
      if (period < 0) throw new OrderError('pond: no episode is running; call reset first.');
      const caught = 0.3 * checkedEffort('agent', actionSpace, action) * stock;
      stock = nextStock(stock, caught, rng);
      period += 1;
      const truncated = period >= horizon;
      if (truncated) period = -1;
      const reward = Math.log(1 + caught);
      return { observation: seen(stock), reward, terminated: false, truncated, info: { stock } };
    },
    render: () => `stock ${stock}`,
    save: () => ({ stock, period, rng: rng.save() }),
    load(saved) {
      stock = Number(saved.stock);
      period = Number(saved.period);
      rng.restore(saved.rng as ReturnType<Rng['save']>);
    },
    close() {},
  };
}

const ENERGY = 5;

interface Fisher {
  readonly agent: string;
  energy: number;
  alive: boolean;
}

/** Three fishers; who has spent its energy terminates, the others are truncated at the horizon. */
export function pondParallel(): ParallelEnv & { readonly stateSpace: Box } {
  const names = ['fisher_0', 'fisher_1', 'fisher_2'];
  const observationSpace = box({ stock: STOCK, energy: [-1, ENERGY] });
  const actionSpace = box({ effort: [0, 1] });
  const energies = Object.fromEntries(names.map((name) => [name, [-1, ENERGY] as const]));
  const rng = createRng(0);
  let fishers: readonly Fisher[] = names.map((agent) => ({ agent, energy: ENERGY, alive: false }));
  let stock = 0;
  let period = 0;
  const living = () => fishers.filter(({ alive }) => alive);
  const known = (agent: string) => {
    if (!names.includes(agent))
      throw new UsageError(`pond: unknown agent "${agent}"; agents are ${names.join(', ')}.`);
  };
  const each = <X>(of: readonly Fisher[], value: (fisher: Fisher) => X): PerAgent<X> =>
    Object.fromEntries(of.map((fisher) => [fisher.agent, value(fisher)]));
  return {
    possibleAgents: names,
    stateSpace: box({ stock: STOCK, period: [0, POND_HORIZON], ...energies }),
    get agents() {
      return living().map(({ agent }) => agent);
    },
    observationSpace(agent) {
      known(agent);
      return observationSpace;
    },
    actionSpace(agent) {
      known(agent);
      return actionSpace;
    },
    reset({ seed } = {}) {
      if (seed !== undefined) rng.restore(createRng(seed).save());
      stock = firstStock(rng);
      period = 0;
      fishers = names.map((agent) => ({ agent, energy: ENERGY, alive: true }));
      return {
        observations: each(fishers, ({ energy }) => seen(stock, energy)),
        infos: each(fishers, () => ({})),
      };
    },
    step(actions) {
      const acting = living();
      if (acting.length === 0) throw new OrderError('pond: nobody is fishing; call reset first.');
      for (const agent of Object.keys(actions)) {
        if (acting.every((fisher) => fisher.agent !== agent))
          throw new UsageError(`pond: "${agent}" is not fishing; no action for it, please.`);
      }
      const efforts = acting.map(({ agent }) => {
        if (!Object.hasOwn(actions, agent)) throw new UsageError(`pond: no action for ${agent}.`);
        return checkedEffort(agent, actionSpace, actions[agent]);
      });
      const catches = efforts.map((effort) => 0.1 * effort * stock);
      stock = nextStock(
        stock,
        catches.reduce((sum, caught) => sum + caught, 0),
        rng,
      );
      period += 1;
      acting.forEach((fisher, i) => {
        fisher.energy -= efforts[i];
        fisher.alive = fisher.energy > 0 && period < POND_HORIZON;
      });
      return {
        observations: each(acting, ({ energy }) => seen(stock, energy)),
        rewards: Object.fromEntries(acting.map(({ agent }, i) => [agent, Math.log(1 + catches[i])])),
        terminated: each(acting, ({ energy }) => energy <= 0),
        truncated: each(acting, ({ energy }) => energy > 0 && period >= POND_HORIZON),
        infos: each(acting, () => ({})),
      };
    },
    state() {
      const numbers = [stock, period, ...fishers.map(({ energy }) => energy)];
      return ndarray(Float64Array.from(numbers), [numbers.length]);
    },
    render: () => `stock ${stock}`,
    save: () => ({ stock, period, fishers: fishers.map((fisher) => ({ ...fisher })), rng: rng.save() }),
    load(saved: SavedEnv) {
      stock = Number(saved.stock);
      period = Number(saved.period);
      fishers = (saved.fishers as Fisher[]).map((fisher) => ({ ...fisher }));
      rng.restore(saved.rng as ReturnType<Rng['save']>);
    },
    close() {},
  };
}

const pond = defineEconomy({
  id: 'pond',
  version: 1,
  title: 'A pond with one fisher',
  calibration: z.strictObject({}),
  model: () => ({}),
  discountFactor: () => 0.9,
  horizon: () => POND_HORIZON,
  types: () => ({
    fisher: {
      count: 1,
      observationSpace: box({ stock: STOCK }),
      actionSpace: box({ effort: [0, 1] }),
    },
  }),
  init: ({ rng }) => ({ stock: firstStock(rng) }),
  observe({ state }, { fisher }) {
    fisher[0] = state.stock;
  },
  step({ state, actions, rewards, rng }) {
    const caught = 0.3 * actions.fisher[0] * state.stock;
    rewards.fisher[0] = Math.log(1 + caught);
    state.stock = nextStock(state.stock, caught, rng);
  },
});

/** Copies of the pond of one fisher: copy b moves as `pondEnv` does after `reset({ seed: seed + b })`. */
export function pondBatch(options: SimulationOptions = {}): Simulation {
  return new Simulation(instantiate(pond), { copies: 3, ...options });
}
