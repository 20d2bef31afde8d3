/** What a training loop checks of agents and environment at each step, and how it says where something went wrong. */
import { firstBeyond } from '../nn/finite.ts';
import type { BatchedEnv } from './batched.ts';
import { NonFiniteError, OrderError, RestoreError, UsageError } from './errors.ts';

/** Classes whose instances are made from a message and a cause. */
const KNOWN = [Error, TypeError, RangeError, NonFiniteError, OrderError, RestoreError, UsageError];

/**
 * An error as it leaves the training loop: `train: household, step 1234: critic: the loss is NaN ...`, of the same class, the error itself
 * being its cause. `type` is that of the agent at work, undefined while the economy moves. What is no error of JavaScript or of this
 * suite comes back as it is. Use it as `throw located(error, { type, step })`. Throws nothing.
 */
export function located(
  error: unknown,
  { type, step }: { readonly type: string | undefined; readonly step: number },
): unknown {
  if (!(error instanceof Error)) return error;
  const Known = KNOWN.find((known) => error.constructor === known);
  if (Known === undefined) return error;
  const who = type === undefined ? '' : `${type}, `;
  return new Known(`train: ${who}step ${step}: ${error.message}`, { cause: error });
}

/** Throws a NonFiniteError naming the agent and the action if one of the type is NaN or infinite: the actor diverged. */
export function checkActions(env: BatchedEnv, type: string): void {
  const actions = env.actions[type];
  const at = firstBeyond(actions, Number.MAX_VALUE);
  if (at < 0) return;
  const { actionSpace, observationSpace } = env.types[type];
  const { names, low, high, size } = actionSpace;
  const row = Math.floor(at / size);
  const i = at % size;
  const seen = observationSpace.names.map(
    (name, j) => `${name} ${env.observations[type][row * observationSpace.size + j]}`,
  );
  throw new NonFiniteError(
    `action "${names[i]}" of ${agentName(env, type, row)} is ${actions[at]}, where it sees ${seen.join(', ')}; actions are finite ` +
      `numbers in [${low[i]}, ${high[i]}]. Did the actor diverge? Try a smaller learning rate, or sanity/gradients.ts.`,
  );
}

/**
 * Throws a NonFiniteError naming the agent and the observation if one of the type is NaN or infinite. The economy's own have been
 * checked where they arose; these are what wrappers made of them.
 */
export function checkObservations(env: BatchedEnv, type: string, observations: Float32Array): void {
  const at = firstBeyond(observations, Number.MAX_VALUE);
  if (at < 0) return;
  const { names, size } = env.types[type].observationSpace;
  const agent = agentName(env, type, Math.floor(at / size));
  throw new NonFiniteError(
    `observation "${names[at % size]}" of ${agent} is ${observations[at]}, ${FROM_WRAPPERS}`,
  );
}

/** The same for the rewards of the last step. */
export function checkRewards(env: BatchedEnv, type: string): void {
  const rewards = env.rewards[type];
  const at = firstBeyond(rewards, Number.MAX_VALUE);
  if (at < 0) return;
  throw new NonFiniteError(`reward of ${agentName(env, type, at)} is ${rewards[at]}, ${FROM_WRAPPERS}`);
}

const FROM_WRAPPERS = 'where the economy gave a finite number; look at the wrappers around it.';

/** e.g. `household_3`, and which copy of the economy it lives in where there are several. */
function agentName(env: BatchedEnv, type: string, row: number): string {
  const { count } = env.types[type];
  const name = `${type}_${row % count}`;
  return env.copies === 1 ? name : `${name} in copy ${Math.floor(row / count)}`;
}
