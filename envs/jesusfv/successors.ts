import type { Enumerable, Successor } from '../../core/capabilities.ts';
import {
  consumption,
  depreciationRate,
  type GrowthModel,
  type GrowthState,
  nearestLevel,
  resources,
} from './model.ts';

/**
 * Every (k', [d',] z') of positive probability: k' = m - c is certain, z' has P(z, z') and, where depreciation is a chain, d' is
 * independent of it. Source: spec of the benchmark, P as the calibration says, so that published probabilities may sum to
 * 1.0001. Rewards [1]. Invariant: every successor has the same capital.
 */
export function growthSuccessors(model: GrowthModel): Enumerable<GrowthState, 'household'> {
  return {
    rows: model.transitionRows,
    rewards: (state, actions) => ({
      household: Float64Array.of(
        model.rewardScale * Math.log(consumption(model, resources(model, state), actions.household[0])),
      ),
    }),
    successors(state, actions) {
      const available = resources(model, state);
      const capital = available - consumption(model, available, actions.household[0]);
      return nextDepreciation(model, state).flatMap((d) =>
        nextProductivity(model, state).map(
          (z): Successor<GrowthState> => ({
            probability: d.probability * z.probability,
            state: { capital, ...d.coordinate, productivity: z.productivity },
          }),
        ),
      );
    },
  };
}

function nextProductivity(model: GrowthModel, state: GrowthState) {
  const z = model.productivity.length;
  const row = model.transition.subarray(state.productivity * z, (state.productivity + 1) * z);
  return Array.from(row, (probability, productivity) => ({ probability, productivity })).filter(positive);
}

function nextDepreciation(model: GrowthModel, state: GrowthState) {
  const { depreciation } = model;
  const current = depreciationRate(model, state);
  if (depreciation.kind === 'fixed') return [{ probability: 1, coordinate: {} }];
  if (depreciation.kind === 'static') return [{ probability: 1, coordinate: { depreciation: current } }];
  const { levels, transition } = depreciation;
  const from = nearestLevel(levels, current) * levels.length;
  return Array.from(levels, (level, to) => ({
    probability: transition[from + to],
    coordinate: { depreciation: level },
  })).filter(positive);
}

function positive({ probability }: { readonly probability: number }): boolean {
  return probability > 0;
}
