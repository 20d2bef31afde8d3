/** Aggregate shocks of all paths of an epoch. A generator per epoch and path: what one path draws depends on nothing else. */
import type { Structural, StructuralShock } from '../../core/structural.ts';
import type { Rng } from '../../numerics/random.ts';

export interface DrawOptions {
  readonly structural: Structural;
  readonly rng: Rng;
  readonly epoch: number;
  readonly paths: number;
  readonly periods: number;
  readonly first: 'uniform' | 'stationary' | 'carried';
  readonly draws: 'independent' | 'antithetic';
  /** States that follow the last of the epoch before, [N, shocks]; replaced by those that follow this one's last. */
  readonly last: Int32Array;
  /** Whether `last` holds anything yet. */
  readonly hasLast: 'yes' | 'no';
}

/**
 * Fills out [N, T + 1, shocks], the last states being those of `last`. Antithetic paths come in groups of 2^shocks that share a generator; path n of a group mirrors shock s where bit s of n is set,
 * which has the same law where the chain is symmetric. Invariant: only transitions of positive probability occur.
 */
export function drawShocks(options: DrawOptions, out: Int32Array): void {
  const { structural, rng, epoch, paths, periods, first, draws, last, hasLast } = options;
  const { shocks } = structural;
  const group = draws === 'antithetic' ? 2 ** shocks.length : 1;
  const ofEpoch = rng.split(epoch);
  for (let n = 0; n < paths; n++) {
    const stream = ofEpoch.split(Math.floor(n / group));
    const signs = n % group;
    for (let s = 0; s < shocks.length; s++) {
      const shock = shocks[s];
      const isMirrored = ((signs >> s) & 1) === 1;
      const own = stream.split(shock.name);
      let state =
        first === 'carried' && hasLast === 'yes'
          ? last[n * shocks.length + s]
          : mirror(shock, isMirrored, firstState(shock, first, own));
      for (let t = 0; t < periods; t++) {
        out[(n * (periods + 1) + t) * shocks.length + s] = state;
        state = mirror(shock, isMirrored, nextState(shock, mirror(shock, isMirrored, state), own));
      }
      out[(n * (periods + 1) + periods) * shocks.length + s] = state;
      last[n * shocks.length + s] = state;
    }
  }
}

function firstState(shock: StructuralShock, first: DrawOptions['first'], rng: Rng): number {
  return first === 'uniform' ? rng.integer(shock.states) : rng.categorical(shock.stationary);
}

function nextState({ transition, states }: StructuralShock, state: number, rng: Rng): number {
  return states === 1 ? 0 : rng.categorical(transition, state * states, states);
}

function mirror({ states }: StructuralShock, isMirrored: boolean, state: number): number {
  return isMirrored ? states - 1 - state : state;
}
