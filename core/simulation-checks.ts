/** What a simulation is given, first states and saved data, checked before anything is changed. */
import { createRng, type RngState } from '../numerics/random.ts';
import type { SavedEnv } from './batched.ts';
import type { EconomyState } from './economy.ts';
import { RestoreError, show, UsageError } from './errors.ts';
import type { Economy } from './registry.ts';
import { sameForm } from './state.ts';

export interface SavedCopy {
  readonly state: EconomyState;
  readonly rng: RngState;
  readonly period: number;
  readonly ended: boolean;
}

export interface SavedSimulation {
  readonly id: string;
  readonly version: number;
  readonly started: boolean;
  readonly copies: readonly SavedCopy[];
  readonly observations: Readonly<Record<string, Float32Array>>;
}

/** A state that somebody gave: of the right form, of finite numbers, and seen within the observation spaces. */
export function checkGivenState(
  state: EconomyState,
  options: { readonly economy: Economy; readonly copy: number; readonly form: EconomyState },
): void {
  const { economy, copy: b, form } = options;
  const { definition, model, id, types } = economy;
  if (!sameForm(form, state)) {
    throw new UsageError(
      `${id}: state ${b} of reset has fields ${Object.keys(state)}; expected ${Object.keys(form)}.`,
    );
  }
  for (const [name, value] of Object.entries(state)) {
    const numbers = typeof value === 'number' ? [value] : Array.from(value);
    const bad = numbers.find((x) => !Number.isFinite(x));
    if (bad !== undefined)
      throw new UsageError(`${id}: ${name} in state ${b} of reset is ${bad}; give finite numbers.`);
  }
  const observations = Object.fromEntries(
    Object.entries(types).map(([type, t]) => [type, new Float32Array(t.count * t.observationSpace.size)]),
  );
  definition.observe({ model, state }, observations);
  for (const [type, { observationSpace: space, count }] of Object.entries(types)) {
    for (let i = 0; i < count; i++) {
      const seen = observations[type].subarray(i * space.size, (i + 1) * space.size);
      if (space.contains(seen)) continue;
      const at = seen.findIndex(
        (x, j) => !(x >= Math.fround(space.low[j]) && x <= Math.fround(space.high[j])),
      );
      throw new UsageError(
        `${id}: state ${b} of reset cannot be: ${type}_${i} would see "${space.names[at]}" at ${show(seen[at])}, ` +
          `outside of [${space.low[at]}, ${space.high[at]}].`,
      );
    }
  }
}

/** What was saved, if it fits this simulation. Throws a RestoreError that says what does not. */
export function checkSaved(
  saved: SavedEnv,
  options: {
    readonly economy: Economy;
    readonly copies: number;
    readonly form: EconomyState;
    /** The observations that the saved ones will replace. */
    readonly blocks: Readonly<Record<string, Float32Array>>;
  },
): SavedSimulation {
  const { economy, form, blocks } = options;
  const { id, version, started, copies, observations } = saved as Partial<SavedSimulation>;
  const here = `${economy.id} (version ${economy.version})`;
  if (id !== economy.id || version !== economy.version) {
    throw new RestoreError(`${here}: the saved environment is ${show(id)} (version ${show(version)}).`);
  }
  if (!Array.isArray(copies) || copies.length !== options.copies) {
    throw new RestoreError(
      `${here}: saved with ${copies?.length ?? 'no'} copies, loaded into ${options.copies}.`,
    );
  }
  copies.forEach(({ state, rng, period, ended }: SavedCopy, b) => {
    if (started === true && !sameForm(form, state)) {
      throw new RestoreError(
        `${here}: saved state of copy ${b} has fields ${Object.keys(state)}; expected ${Object.keys(form)}.`,
      );
    }
    if (!Number.isInteger(period) || period < 0 || typeof ended !== 'boolean') {
      throw new RestoreError(`${here}: the saved clock of copy ${b} is ${show(period)}, ${show(ended)}.`);
    }
    createRng(0).restore(rng);
  });
  for (const [type, own] of Object.entries(blocks)) {
    const block: unknown = observations?.[type];
    if (!(block instanceof Float32Array) || block.length !== own.length) {
      throw new RestoreError(`${here}: saved observations of ${type} do not fit.`);
    }
  }
  return saved as unknown as SavedSimulation;
}
