/** Impulse responses of a policy in an economy of households that choose their labour, all other shocks at their means. */
import {
  copyState,
  type Economy,
  type EconomyState,
  type Oracle,
  type StatePolicy,
} from '../../core/index.ts';
import type { MarlBcModel } from '../../envs/marl-bc/setup.ts';
import { createRng } from '../../numerics/random.ts';

export interface QuietResponse {
  /** Of the policy, and of what it was learned in. */
  readonly name: string;
  readonly title: string;
  /** Percent of where the policy rests, by variable, [T] each. */
  readonly learned: Readonly<Record<string, Float64Array>>;
  readonly optimal: Readonly<Record<string, Float64Array>>;
}

/** Quiet periods in which a policy comes to rest; capital closes some 7 percent of a deviation in each. */
const SETTLING = 400;

/**
 * The response to `shock` log points of productivity from where a policy rests by itself, beside the optimum's from where that does. Households stay
 * alike. Throws an Error without an oracle or where labour is not chosen. Invariant: draws nothing.
 */
export function quietResponse(options: {
  readonly economy: Economy;
  readonly policy: StatePolicy;
  readonly name: string;
  readonly title: string;
  readonly shock: number;
  readonly periods: number;
}): QuietResponse {
  const { economy, policy, name, title, shock, periods } = options;
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${economy.id} has no oracle`);
  const run = (own: StatePolicy) => response(economy, own, oracle, shock, periods);
  return { name, title, learned: run(policy), optimal: run(optimalPolicy(economy, oracle)) };
}

function optimalPolicy(economy: Economy, oracle: Oracle): StatePolicy {
  const { count, actionSpace } = economy.types.household;
  const width = count * actionSpace.size;
  return (states) => {
    const household = new Float64Array(states.length * width);
    states.forEach((state, s) => {
      oracle.act(state, { household: household.subarray(s * width, (s + 1) * width) });
    });
    return { household };
  };
}

function response(
  economy: Economy,
  policy: StatePolicy,
  oracle: Oracle,
  shock: number,
  periods: number,
): Readonly<Record<string, Float64Array>> {
  const model = economy.model as MarlBcModel;
  if (model.kind !== 'chosen') throw new Error(`${economy.id}: labour is not chosen`);
  // Observations keep their units: it is the step alone that draws nothing.
  const quiet = { ...model, deviation: 0 };
  const accounts = economy.definition.accounts?.(quiet);
  const rewards = { household: new Float64Array(model.households) };
  const step = (state: EconomyState) => {
    const before = copyState(state);
    const actions = policy([before]);
    economy.definition.step({ model: quiet, state, actions, rewards, rng: createRng(0) });
    const {
      output = 0,
      consumption = 0,
      investment = 0,
      capital = 0,
    } = accounts?.entry(before, actions, state) ?? {};
    return { output, consumption, investment, capital, labour: actions.household[1] };
  };
  const state = copyState(oracle.steadyState);
  let rest = step(state);
  for (let t = 1; t < SETTLING; t++) rest = step(state);
  economy.shocks.productivity.apply(state, shock);
  const found: Record<string, Float64Array> = {};
  for (let t = 0; t < periods; t++) {
    for (const [name, value] of Object.entries(step(state))) {
      found[name] ??= new Float64Array(periods);
      found[name][t] = 100 * Math.log(value / rest[name as keyof typeof rest]);
    }
  }
  return found;
}
