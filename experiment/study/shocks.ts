/** Which impulse is given to an economy: one that its author declared, or a step added to a variable of the state. */
import { type Economy, type EconomyState, type Quantity, UsageError } from '../../core/index.ts';
import { remedy } from '../../core/suggest.ts';
import { createRng } from '../../numerics/random.ts';
import { quantityOf } from './variables.ts';

export interface Impulse extends Quantity {
  readonly name: string;
  /** In the unit. */
  readonly size: number;
  /** Changes a state in place. */
  apply(state: EconomyState): void;
}

export interface ShockRequest {
  readonly name: string;
  /** Left out: the shock's own. */
  readonly size?: number | undefined;
}

/** `NAME` or `NAME=SIZE`. Throws a UsageError for a size that is no number, or zero. */
export function parseShock(text: string): ShockRequest {
  const at = text.indexOf('=');
  if (at < 0) return { name: text };
  const given = text.slice(at + 1).trim();
  const size = given === '' ? Number.NaN : Number(given);
  if (!Number.isFinite(size) || size === 0) {
    throw new UsageError(
      `--shock ${text}: the size is "${given}"; give a number other than 0, e.g. --shock ${text.slice(0, at)}=0.1.`,
    );
  }
  return { name: text.slice(0, at), size };
}

/**
 * The impulse asked for: a shock of the economy by its name, else a scalar state variable, to which the size is added. Throws a
 * UsageError for an unknown name, with the nearest one, and for a state variable without a size.
 */
export function impulseOf(economy: Economy, { name, size }: ShockRequest): Impulse {
  if (Object.hasOwn(economy.shocks, name)) {
    const shock = economy.shocks[name];
    const applied = size ?? shock.size;
    return {
      name,
      label: shock.label,
      unit: shock.unit,
      size: applied,
      apply: (state) => shock.apply(state, applied),
    };
  }
  const scalars = scalarStates(economy);
  if (!scalars.includes(name)) {
    const known = [...new Set([...Object.keys(economy.shocks), ...scalars])];
    throw new UsageError(`${economy.id}: there is no shock "${name}". ${remedy(name, known)}`);
  }
  if (size === undefined) {
    throw new UsageError(
      `${economy.id}: "${name}" is a variable of the state; say how much is to be added to it, e.g. --shock ${name}=0.1.`,
    );
  }
  return {
    name,
    ...quantityOf(economy, name),
    size,
    apply(state) {
      const value = state[name];
      if (typeof value === 'number') state[name] = value + size;
    },
  };
}

/** Names of the numbers in the economy's state, from a state drawn for the purpose. */
function scalarStates({ definition, model }: Economy): readonly string[] {
  const state = definition.init({ model, rng: createRng(0), options: {} });
  return Object.keys(state).filter((name) => typeof state[name] === 'number');
}
