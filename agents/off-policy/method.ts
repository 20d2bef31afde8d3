/** An off-policy method from its learner: the names, sizes and settings that commands know, and the agent made of the learner. */
import type { LearnerOptions, Method } from '../../core/method.ts';
import { type Learner, type OffPolicySettings, offPolicyAgent } from './agent.ts';

export interface OffPolicyMethod<C extends OffPolicySettings> extends Omit<Method<C>, 'create'> {
  /** The part that differs; see `Learner`. */
  learner(options: LearnerOptions<C>): Learner;
}

/**
 * The method whose agents are `offPolicyAgent` around its learner. The learner's discount factor is that of its settings, or where it is
 * null the economy's. Throws, when an agent is made, what the learner throws.
 */
export function offPolicyMethod<C extends OffPolicySettings & { readonly discountFactor: number | null }>({
  learner,
  ...method
}: OffPolicyMethod<C>): Method<C> {
  return {
    ...method,
    create: (options) =>
      offPolicyAgent({
        name: method.name,
        learner: learner(options),
        observationSize: options.observationSpace.size,
        actionSpace: options.actionSpace,
        rows: options.rows,
        discountFactor: options.settings.discountFactor ?? options.discountFactor,
        steps: options.steps,
        settings: options.settings,
        rng: options.rng,
      }),
  };
}
