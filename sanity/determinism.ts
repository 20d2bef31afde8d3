/**
 * The same seed gives the same bytes: for every agent, two runs end in the same bits, and neither an evaluation, a log with checkpoints,
 * an interruption with resume, nor another thread changes one.
 *
 *   npx tsx sanity/determinism.ts [--method NAME] [--env ID] [--steps N] [--seed N] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { methods } from '../agents/index.ts';
import { evaluation } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { conclude } from './check-command.ts';
import { type DeterminismRun, digestOf } from './determinism-run.ts';

const names = Object.keys(methods) as [string, ...string[]];

export const determinismOptions = z.strictObject({
  method: z
    .enum(names)
    .optional()
    .meta({ description: 'only this agent (default: every one)', value: 'NAME' }),
  env: z
    .enum(environments.ids as [string, ...string[]])
    .optional()
    .meta({ description: 'only this economy (default: one of each kind of state)', value: 'ID' }),
  steps: z
    .int()
    .min(2)
    .optional()
    .meta({ description: 'training steps of each run (default: few, by agent)', value: 'N' }),
  seed: z.int().min(0).default(1).meta({ description: 'of all random numbers', value: 'N' }),
  ...outputOptions,
});

type Options = z.output<typeof determinismOptions>;

/** What an agent is tried on, small; runs are interrupted half-way, so that solvers must not have converged by then. */
interface Trial {
  readonly economies: readonly string[];
  readonly steps: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

const LEARNER: Trial = { economies: ['jesusfv', 'jesusfv-extended/markov'], steps: 200 };

const TRIALS: Readonly<Record<string, Trial>> = {
  grid: { economies: ['jesusfv'], steps: 4 },
  'neural-grid': {
    economies: ['jesusfv'],
    steps: 400,
    settings: { hidden: '8x8', batchSize: 16 },
  },
  classical: {
    economies: ['krusell-smith/quarterly'],
    steps: 6,
    settings: { assetNodes: 60, capitalNodes: 4, periods: 1000, discard: 100 },
  },
  structural: { economies: ['huggett/moving-price', 'hank'], steps: 6, settings: { paths: 8 } },
};

/** Ways to run the same thing that must not matter. Each gives the digest of its end. */
const WAYS: Readonly<Record<string, (run: DeterminismRun) => Promise<string>>> = {
  'a second time': (run) => digestOf(run),
  'with evaluations on the way': (run) => digestOf(run, { callbacks: [evaluation({ every: 20 })] }),
  'with logs and checkpoints': (run) => inFolder((folder) => digestOf(run, { folder })),
  'interrupted and resumed': (run) => inFolder((folder) => interrupted(run, folder)),
  'in a worker thread': inWorker,
};

/** Runs until half of the steps, ends there as if by an error, and goes on from the last checkpoint. */
async function interrupted(run: DeterminismRun, folder: string): Promise<string> {
  const half = Math.floor(run.steps / 2);
  class Interruption extends Error {}
  const options = { folder, checkpointEvery: Math.max(1, Math.floor(run.steps / 5)) };
  try {
    await digestOf(run, {
      ...options,
      callbacks: [
        ({ step }) => {
          if (step === half) throw new Interruption();
          return undefined;
        },
      ],
    });
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
  }
  return digestOf(run, options);
}

/** A worker starts without the loader that reads TypeScript. */
const START = `
  const { workerData } = require('node:worker_threads');
  import('tsx/esm/api').then(({ register }) => { register(); return import(workerData.module); });
`;

function inWorker(run: DeterminismRun): Promise<string> {
  return new Promise((resolve, reject) => {
    const module = new URL('./determinism-run.ts', import.meta.url).href;
    const worker = new Worker(START, { eval: true, workerData: { ...run, module } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = mkdtempSync(path.join(tmpdir(), 'determinism-'));
  try {
    return await work(path.join(parent, 'run'));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

export const determinism: CommandDefinition<Options> = {
  name: 'sanity/determinism.ts',
  summary: 'Compares the ends of runs of the same seed, bit for bit, however they were run.',
  options: determinismOptions,
  async main({ method, env, steps, seed }, terminal) {
    const cases = [];
    for (const name of method === undefined ? names : [method]) {
      const { economies, steps: own, settings = {} } = TRIALS[name] ?? LEARNER;
      for (const id of env === undefined ? economies : [env]) {
        const run = { method: name, env: id, seed, steps: steps ?? own, settings };
        const expected = await digestOf(run);
        for (const [way, again] of Object.entries(WAYS)) {
          const found = await again(run);
          cases.push({ method: name, env: id, way, expected, found, ok: found === expected });
        }
        const other = await digestOf({ ...run, seed: seed + 1 });
        // A digest that does not see the seed would see nothing.
        cases.push({
          method: name,
          env: id,
          way: 'another seed: differs',
          expected,
          found: other,
          ok: other !== expected,
        });
      }
    }
    return conclude({
      terminal,
      cases,
      columns: {
        agent: ({ method: name }) => name,
        economy: ({ env: id }) => id,
        run: ({ way }) => way,
        'SHA-256': ({ found }) => found.slice(0, 16),
      },
      title: `Agents after ${steps ?? 'a few'} steps with seed ${seed}: weights, optimiser, generators, memory and evaluation, bit for bit.`,
      needs: 'agent',
      skipped: [],
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(determinism);
