/** Coordinates for an economy that does not tell its own: the fields of its state, over the range that random play visits. */
import type { Domain, StateAxis } from '../../core/domain.ts';
import type { EconomyState } from '../../core/economy.ts';
import { UsageError } from '../../core/errors.ts';
import { Simulation } from '../../core/simulation.ts';
import { copyState } from '../../core/state.ts';
import type { Rng } from '../../numerics/random.ts';
import type { Player } from './player.ts';

const COPIES = 64;
const PERIODS = 200;
/** A field with no more values than this, in so many states, is a finite one. */
const MOST_VALUES = 32;
/** Room beyond what was visited, as a share of it, on either side. */
const MARGIN = 0.1;

/**
 * The domain of a state whose fields are all numbers: fields with few values are finite, the others continuous over the range that uniform actions visit, from
 * first states on. What leads out of it is valued as at its ends. Throws a UsageError for fields that are arrays, with the remedy. Invariant: depends on the
 * economy and the generator alone.
 */
export function derivedDomain({ economy, type, actionSpace }: Player, rng: Rng): Domain {
  const states = visited(economy, type, actionSpace, rng);
  const fields = Object.keys(states[0]);
  const array = fields.find((name) => typeof states[0][name] !== 'number');
  if (array !== undefined) {
    throw new UsageError(
      `grid: the field ${array} of ${economy.id}'s state is an array; give the definition a \`domain\` that says over which coordinates a grid is to be laid.`,
    );
  }
  const described = fields.map((name) =>
    axisOf(
      name,
      states.map((state) => Number(state[name])),
    ),
  );
  // Continuous ones first, the longest-ranging choice of cubic interpolation.
  const axes = [...described].sort((a, b) => Number(a.kind === 'finite') - Number(b.kind === 'finite'));
  return {
    axes,
    toCoordinates: (state) => axes.map(({ name }) => Number(state[name])),
    fromCoordinates: (row) => Object.fromEntries(axes.map(({ name }, d) => [name, row[d]])),
  };
}

function visited(
  economy: Player['economy'],
  type: string,
  { low, high }: Player['actionSpace'],
  rng: Rng,
): readonly EconomyState[] {
  const env = new Simulation(economy, { copies: COPIES, autoreset: 'next-step' });
  env.reset({ seed: rng.integer(2 ** 32) });
  const states: EconomyState[] = env.states.map(copyState);
  const actions = env.actions[type];
  for (let t = 0; t < PERIODS; t++) {
    for (let i = 0; i < actions.length; i++)
      actions[i] = rng.between(low[i % low.length], high[i % low.length]);
    env.step();
    states.push(...env.states.map(copyState));
  }
  return states;
}

function axisOf(name: string, values: readonly number[]): StateAxis {
  const distinct = new Set(values);
  if (distinct.size <= MOST_VALUES)
    return { kind: 'finite', name, values: [...distinct].sort((a, b) => a - b) };
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const margin = MARGIN * (most - least);
  // An end that was met again and again is a limit of the economy's own; and what never reaches zero may have no meaning there.
  const isLimit = (end: number) => values.filter((value) => value === end).length > 1;
  const below = least > 0 ? Math.max(least / 2, least - margin) : least - margin;
  const above = most < 0 ? Math.min(most / 2, most + margin) : most + margin;
  const low = isLimit(least) ? least : below;
  const high = isLimit(most) ? most : above;
  return { kind: 'continuous', name, low, high, nodes: Number.MAX_SAFE_INTEGER };
}
