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
  /** The size that it had, in the unit; less than `size` where a state had no room for it. */
  applied(before: EconomyState, after: EconomyState): number;
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
 * UsageError for an unknown name, with the nearest one, for a state variable without a size, and for a size that the shock cannot have.
 */
export function impulseOf(economy: Economy, request: ShockRequest): Impulse {
  const { name, size } = request;
  if (Object.hasOwn(economy.shocks, name)) return declared(economy, request);
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
    applied: (before, after) => (isSame(before, after) ? 0 : size),
  };
}

function declared(economy: Economy, { name, size: asked }: ShockRequest): Impulse {
  const shock = economy.shocks[name];
  const { label, unit } = shock;
  const size = asked ?? shock.size;
  const impulse: Impulse = {
    name,
    label,
    unit,
    size,
    apply: (state) => shock.apply(state, size),
    applied: (before, after) => shock.applied?.(before, after) ?? (isSame(before, after) ? 0 : size),
  };
  try {
    impulse.apply(someState(economy));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${economy.id}: the shock ${name}=${size} cannot be: ${error.message}`);
  }
  return impulse;
}

/** Whether two states of one form hold the same numbers. */
function isSame(a: EconomyState, b: EconomyState): boolean {
  return Object.entries(a).every(([name, x]) => {
    const y = b[name];
    return typeof x === 'number' || typeof y === 'number'
      ? x === y
      : x.every((value: number, i: number) => value === y[i]);
  });
}

/** Names of the numbers in the economy's state, from a state drawn for the purpose. */
function scalarStates(economy: Economy): readonly string[] {
  const state = someState(economy);
  return Object.keys(state).filter((name) => typeof state[name] === 'number');
}

function someState({ definition, model }: Economy): EconomyState {
  return definition.init({ model, rng: createRng(0), options: {} });
}
