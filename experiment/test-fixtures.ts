/** A small economy, a small method and a terminal that remembers, for the tests of this folder. */
import { z } from 'zod';
import { parameter, parseSettings } from '../core/calibration.ts';
import { RestoreError } from '../core/errors.ts';
import {
  type AnyMethod,
  type Backend,
  box,
  createRegistry,
  defineEconomy,
  type Method,
  type Oracle,
} from '../core/index.ts';
import type { RngState } from '../numerics/random.ts';
import {
  type CommandDefinition,
  execute,
  type OutputChoice,
  type Streams,
  type Terminal,
} from './cli/command.ts';
import type { RunPlan } from './run/recorder.ts';

const note = { description: 'a number of the toy', unit: 'per period', source: 'the tests' };

interface Wealth {
  [name: string]: number;
  wealth: number;
}

/** Wealth follows an autoregression; the household best spends half of it plus a tenth. */
export const toy = defineEconomy({
  id: 'toy',
  version: 2,
  title: 'A household spends some of its wealth.',
  calibration: z.strictObject({
    persistence: parameter(z.number().min(0).lt(1), 0.9, note),
    discountFactor: parameter(z.number().gt(0).lt(1), 0.8, note),
  }),
  calibrations: { restless: { persistence: 0.1 } },
  model: (calibration) => calibration,
  discountFactor: (model) => model.discountFactor,
  horizon: () => 10,
  types: () => ({
    household: {
      count: 1,
      observationSpace: box({ wealth: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }),
      actionSpace: box({ spending: [-5, 5] }),
    },
  }),
  init: ({ rng }): Wealth => ({ wealth: rng.normal() }),
  observe({ state }, { household }) {
    household[0] = state.wealth;
  },
  step({ model, state, actions, rewards, rng }) {
    rewards.household[0] = -((actions.household[0] - best(state.wealth)) ** 2);
    state.wealth = model.persistence * state.wealth + 0.1 * rng.normal();
  },
  oracle: (): Oracle<Wealth, 'household'> => ({
    method: 'by hand',
    solution: { converged: true, iterations: 0, residual: 0 },
    act(state, { household }) {
      household[0] = best(state.wealth);
    },
    evaluationStates: [-1, 0, 1].map((wealth) => ({ wealth })),
    steadyState: { wealth: 0 },
    welfareLossPercent: ({ policy, optimum }) => 100 * (optimum.household - policy.household),
  }),
});

function best(wealth: number): number {
  return 0.1 + wealth / 2;
}

export const toyEconomies = createRegistry([toy]);

const wandererSettings = z.strictObject({
  copies: parameter(z.int().min(1), 3, note),
  episodeLength: parameter(z.int().min(0), 0, note),
  observationNormalisation: parameter(z.enum(['none', 'running']), 'running', note),
  discountFactor: parameter(z.number().gt(0).lt(1).nullable(), null, note),
  stepSize: parameter(z.number().gt(0).max(1), 0.05, note),
});

type WandererSettings = z.output<typeof wandererSettings>;

/** Keeps one number and moves it towards what it did when it was rewarded: it learns little, from all streams that a learner uses. */
const wandererMethod: Method<WandererSettings> = {
  name: 'wanderer',
  title: 'A wanderer',
  settings: wandererSettings,
  steps: 60,
  presets: { quick: { steps: 20, settings: { copies: 2 } } },
  create({ rng, settings }) {
    const position = new Float64Array(1);
    let updates = 0;
    return {
      name: 'wanderer',
      act({ rows, observations }, actions, { deterministic }) {
        for (let row = 0; row < rows; row++) {
          const noise = deterministic ? 0 : 0.1 * rng.normal();
          actions[row] = Math.max(-5, Math.min(5, position[0] + 0.01 * observations[row] + noise));
        }
      },
      observe({ actions, rewards }) {
        position[0] += (settings.stepSize * (actions[0] - position[0])) / (1 - rewards[0]);
      },
      update() {
        updates += 1;
        return updates > 5 ? { position: position[0], noise: rng.uniform() } : undefined;
      },
      save: () => ({ position: position.slice(), updates, rng: rng.save() }),
      load(saved) {
        if (!(saved.position instanceof Float64Array) || saved.position.length !== 1)
          throw new RestoreError('wanderer: position is not one number; take a checkpoint of a wanderer.');
        position.set(saved.position);
        updates = saved.updates as number;
        rng.restore(saved.rng as RngState);
      },
    };
  },
};

export const wanderer: AnyMethod = wandererMethod;

/** A backend for methods that need none. */
export const noBackend: Backend = {
  kind: 'kernels',
  name: 'js',
  refused: [],
  engine() {
    throw new Error('the tests need no engine');
  },
};

/** A plan for the wanderer on the toy. */
export function toyPlan(changes: Partial<RunPlan> = {}): RunPlan {
  const economy = toyEconomies.economy('toy');
  return {
    economy,
    set: { env: {}, method: {} },
    module: null,
    oracle: economy.oracle(),
    method: wanderer,
    settings: parseSettings({ schema: wanderer.settings, settings: {}, where: 'wanderer' }),
    seed: 1,
    steps: 60,
    backend: noBackend,
    ...changes,
  };
}

export interface Transcript {
  readonly streams: Streams;
  readonly terminal: Terminal;
  out(): string;
  err(): string;
}

/** Streams, and a terminal without --json and --quiet, that keep what is written. */
export function transcript(): Transcript {
  let out = '';
  let err = '';
  const streams: Streams = {
    out: {
      write(text) {
        out += text;
      },
    },
    err: {
      write(text) {
        err += text;
      },
    },
  };
  const terminal: Terminal = {
    print: (text) => streams.out.write(`${text}\n`),
    note: (text) => streams.err.write(`${text}\n`),
    warn: (text) => streams.err.write(`${text}\n`),
    progress: undefined,
  };
  return { streams, terminal, out: () => out, err: () => err };
}

/** What a command prints, and the code it ends with. */
export async function outcome<O extends OutputChoice>(command: CommandDefinition<O>, ...args: string[]) {
  const { streams, out, err } = transcript();
  const code = await execute(command, args, streams);
  return { code, out: out(), err: err() };
}
