/** A short training run as one digest: what the determinism check compares, in this thread or in another. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { methods } from '../agents/index.ts';
import type { Callback } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { learn } from '../experiment/index.ts';
import { pack } from '../experiment/run/packing.ts';

export interface DeterminismRun {
  readonly method: string;
  readonly env: string;
  readonly seed: number;
  readonly steps: number;
  /** Of the method, where they are not its own. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Trains and gives the SHA-256 of everything that the agents are in the end (weights, optimiser, generators, memory) and of their
 * evaluation.
 */
export async function digestOf(
  { method, env, seed, steps, settings = {} }: DeterminismRun,
  options: {
    readonly folder?: string;
    readonly checkpointEvery?: number;
    readonly callbacks?: readonly Callback[];
  } = {},
): Promise<string> {
  const economy = environments.economy(env);
  const about = { economy, method: methods[method], settings, seed, steps };
  const { agents, evaluation } = await learn({ ...about, ...options });
  const state = Object.entries(agents).map(([type, agent]) => {
    const { memory } = agent;
    const oldest = memory === undefined ? 0 : Math.max(0, memory.appended - memory.capacity);
    return [type, agent.save(), memory?.rows(oldest, memory.appended) ?? null];
  });
  return createHash('sha256')
    .update(pack([state, JSON.stringify(evaluation)]))
    .digest('hex');
}

if (parentPort !== null) parentPort.postMessage(await digestOf(workerData as DeterminismRun));
