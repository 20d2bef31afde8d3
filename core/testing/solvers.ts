/** For tests: agents of methods that need no engine, made as a run makes them, without the run. */
import { createRng } from '../../numerics/random.ts';
import type { Agent } from '../agent.ts';
import type { AnyMethod } from '../method.ts';
import type { Economy } from '../registry.ts';

/** A new agent for the first type of an economy, with seed 1. Throws for settings that the method does not have. */
export function solverOf(
  method: AnyMethod,
  economy: Economy,
  settings: Readonly<Record<string, unknown>> = {},
): Agent {
  const [type, { count, observationSpace, actionSpace }] = Object.entries(economy.types)[0];
  return method.create({
    observationSpace,
    actionSpace,
    rows: count,
    discountFactor: economy.discountFactors[type],
    steps: method.steps,
    settings: method.settings.parse(settings),
    rng: createRng(1),
    backend: {
      kind: 'none',
      name: 'none',
      refused: [],
      engine: () => {
        throw new Error(`${method.name} needs no engine`);
      },
    },
    economy,
    type,
  });
}
