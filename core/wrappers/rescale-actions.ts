import type { AgentSpaces, BatchedEnv, SimulationOptions } from '../batched.ts';
import type { Blocks } from '../economy.ts';
import { ACTION_SLACK } from '../quantities.ts';
import { Box } from '../spaces.ts';
import { BatchedWrapper, mapSpaces } from './base.ts';

/** Actions in [-1, 1] for every coordinate, mapped affinely to the inner bounds, so that learners see one scale. */
export class RescaleActions extends BatchedWrapper {
  readonly #actions: Record<string, Float64Array>;
  readonly #types: Readonly<Record<string, AgentSpaces>>;

  constructor(inner: BatchedEnv) {
    super(inner);
    this.#actions = Object.fromEntries(
      Object.entries(inner.actions).map(([type, block]) => [type, new Float64Array(block.length)]),
    );
    this.#types = mapSpaces(inner.types, ({ count, observationSpace, actionSpace }) => ({
      count,
      observationSpace,
      actionSpace: new Box({
        coordinates: Object.fromEntries(actionSpace.names.map((name) => [name, { low: -1, high: 1 }])),
        quantities: Object.fromEntries(
          actionSpace.names.map((name, i) => [
            name,
            {
              low: actionSpace.quantityLow[i],
              high: actionSpace.quantityHigh[i],
              scale: actionSpace.scales[i],
            },
          ]),
        ),
      }),
    }));
  }

  override get types(): Readonly<Record<string, AgentSpaces>> {
    return this.#types;
  }
  override get actions(): Blocks<string, Float64Array> {
    return this.#actions;
  }
  override step(): void {
    this.#pass();
    this.inner.step();
  }
  override fresh(options?: SimulationOptions): BatchedEnv {
    return new RescaleActions(this.inner.fresh(options));
  }
  override quantities(): Blocks<string, Float64Array> {
    this.#pass();
    return this.inner.quantities();
  }

  /** A value outside [-1, 1] by more than the slack stays outside the inner bounds by more than it, so that the inner check finds it. */
  #pass(): void {
    for (const [type, actions] of Object.entries(this.#actions)) {
      const { low, high, size } = this.inner.types[type].actionSpace;
      const inner = this.inner.actions[type];
      for (let i = 0; i < actions.length; i++) inner[i] = rescaled(actions[i], low[i % size], high[i % size]);
    }
  }
}

/** Beyond the slack a narrow range does not make the excess smaller. */
function rescaled(x: number, low: number, high: number): number {
  const half = (high - low) / 2;
  if (x > 1 + ACTION_SLACK) return high + (x - 1) * Math.max(half, 1);
  if (x < -1 - ACTION_SLACK) return low + (x + 1) * Math.max(half, 1);
  return low + half * (Math.max(-1, Math.min(1, x)) + 1);
}
