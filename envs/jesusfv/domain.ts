import type { Domain } from '../../core/domain.ts';
import {
  depreciationRate,
  type GrowthModel,
  type GrowthState,
  nearestLevel,
  quantityOf,
  resources,
  steadyStateCapital,
} from './model.ts';
import { RESET_RANGE, WIDE_CAPITAL } from './setup.ts';

/** Nodes per unit of steady-state capital, at least; steps of the grid are powers of ten, 1e-5 in the benchmark. */
const FEWEST_NODES = 10_000;

/** Nodes in the rate of depreciation where it is a parameter of the state: the share bends by 3e-5 between them. */
const DEPRECIATION_NODES = 9;

/** Lowest capital, in units of the good, from which learners draw states. */
const LOWEST_CAPITAL = 0.04;

/** Lowest capital of a grid that is to reach down to what the wide reset draws. */
const LOWEST_NODE = 0.01;

/**
 * States (k, [d,] z) as solvers see them. Capital has nodes from half to one and a half steady states, a power of ten apart: with full
 * depreciation 17,820 of them, 1e-5 apart, as in the programs of Aruoba and Fernández-Villaverde (2015). What is left of
 * resources is the next capital.
 */
export function growthDomain(model: GrowthModel): Domain<GrowthState, 'household'> {
  const { depreciation, productivity, lowestShare, highestShare, rewardScale } = model;
  const [low, high] = capitalRange(model);
  const step =
    10 **
    Math.floor(Math.log10(steadyStateCapital({ ...model, depreciation: depreciation.mean }) / FEWEST_NODES));
  const nodes = Math.floor((high - low) / step) + 1;
  const levels = Array.from(productivity, (_, z) => z);
  return {
    axes: [
      {
        kind: 'continuous',
        name: 'capital',
        low,
        high: low + step * (nodes - 1),
        nodes,
        wide: [Math.min(LOWEST_CAPITAL, low), Math.max(WIDE_CAPITAL, high)],
      },
      ...depreciationAxes(model),
      { kind: 'finite', name: 'productivity', values: levels },
    ],
    toCoordinates: ({ capital, depreciation: d, productivity: z }) =>
      d === undefined ? [capital, z] : [capital, d, z],
    fromCoordinates(row) {
      if (depreciation.kind === 'fixed') return { capital: row[0], productivity: Math.round(row[1]) };
      const rate =
        depreciation.kind === 'markov'
          ? depreciation.levels[nearestLevel(depreciation.levels, row[1])]
          : row[1];
      return { capital: row[0], depreciation: rate, productivity: Math.round(row[2]) };
    },
    saving: {
      available: resourcesByCapital(model),
      reward(available, next) {
        const consumed = available - next;
        return consumed >= lowestShare * available && consumed <= highestShare * available
          ? rewardScale * Math.log(consumed)
          : Number.NEGATIVE_INFINITY;
      },
      quantities(state, next, actions) {
        const available = resources(model, state);
        actions.household[0] = quantityOf(model, available, 1 - next / available);
      },
    },
  };
}

/**
 * `resources`, to the last bit, keeping the power of the last capital: grids ask for every productivity of one capital in turn, and powers take
 * most of the time.
 */
function resourcesByCapital(model: GrowthModel): (state: GrowthState) => number {
  const { capitalShare, productivity } = model;
  let capital = Number.NaN;
  let power = Number.NaN;
  return (state) => {
    if (state.capital !== capital) {
      capital = state.capital;
      power = capital ** capitalShare;
    }
    return productivity[state.productivity] * power + (1 - depreciationRate(model, state)) * capital;
  };
}

function capitalRange(model: GrowthModel): readonly [number, number] {
  const [lowest, highest] = [model.depreciation.high, model.depreciation.low].map((depreciation) =>
    steadyStateCapital({ ...model, depreciation }),
  );
  const [low, high] = [RESET_RANGE[0] * lowest, RESET_RANGE[1] * highest];
  return model.reset === 'wide' ? [Math.min(LOWEST_NODE, low), Math.max(WIDE_CAPITAL, high)] : [low, high];
}

function depreciationAxes({ depreciation }: GrowthModel) {
  const name = 'depreciation';
  if (depreciation.kind === 'fixed') return [];
  if (depreciation.kind === 'markov')
    return [{ kind: 'finite' as const, name, values: [...depreciation.levels] }];
  const { low, high } = depreciation;
  return [{ kind: 'continuous' as const, name, low, high, nodes: DEPRECIATION_NODES }];
}
