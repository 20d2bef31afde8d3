import { describe, expect, it } from 'vitest';
import { type Economy, instantiate } from '../../core/registry.ts';
import { jesusfvExtended } from '../jesusfv-extended/economy.ts';
import { growthDomain } from './domain.ts';
import { jesusfv } from './economy.ts';
import { type GrowthModel, type GrowthState, resources } from './model.ts';
import { growthSuccessors } from './successors.ts';

const economies: readonly (readonly [string, Economy<GrowthState, 'household'>])[] = [
  ['jesusfv', instantiate(jesusfv)],
  ['jesusfv/annual', instantiate(jesusfv, { calibration: 'annual' })],
  ['jesusfv in levels', instantiate(jesusfv, { set: { action: 'level', reward: 'scaled' } })],
  ['jesusfv-extended', instantiate(jesusfvExtended)],
  ['jesusfv-extended/markov', instantiate(jesusfvExtended, { calibration: 'markov' })],
];

/** Over the grid, from the lowest coordinates to the highest. */
function statesOf(model: GrowthModel): readonly GrowthState[] {
  const { axes, fromCoordinates } = growthDomain(model);
  return [0, 0.2, 0.5, 0.77, 1].flatMap((share) =>
    Array.from({ length: 5 }, (_, z) =>
      fromCoordinates(
        axes.map((axis) => {
          if (axis.name === 'productivity') return z;
          if (axis.kind === 'finite') return axis.values[Math.floor(share * (axis.values.length - 1))];
          return axis.low + share * (axis.high - axis.low);
        }),
      ),
    ),
  );
}

describe.each(economies)('the domain of %s', (_, economy) => {
  const model = economy.model as GrowthModel;
  const domain = growthDomain(model);

  it('has coordinates that give back the state', () => {
    for (const state of statesOf(model)) {
      const coordinates = domain.toCoordinates(state);
      expect(coordinates.length).toBe(domain.axes.length);
      expect(domain.fromCoordinates(coordinates)).toEqual(state);
    }
  });

  it('says how much there is, what leaving a part of it earns, and how it is left, as the economy does', () => {
    const { saving } = domain;
    if (saving === undefined) throw new Error('the household saves');
    const { rewards, successors } = growthSuccessors(model);
    const actions = { household: new Float64Array(1) };
    for (const state of statesOf(model)) {
      // Not in the order of capital: nothing must stick from the state asked about before.
      saving.available(statesOf(model)[7]);
      const available = saving.available(state);
      expect(available).toBe(resources(model, state));
      for (const share of [0.05, 0.3, 0.6]) {
        const next = share * available;
        saving.quantities(state, next, actions);
        expect(saving.reward(available, next)).toBeCloseTo(rewards(state, actions).household[0], 12);
        for (const { state: to } of successors(state, actions)) expect(to.capital).toBeCloseTo(next, 12);
      }
      expect(saving.reward(available, available)).toBe(Number.NEGATIVE_INFINITY);
      expect(saving.reward(available, 0)).toBe(Number.NEGATIVE_INFINITY);
    }
  });
});

it("the grid of the benchmark is that of Aruoba and Fernández-Villaverde's programs", () => {
  const [capital] = growthDomain(instantiate(jesusfv).model as GrowthModel).axes;
  if (capital.kind !== 'continuous') throw new Error('capital is continuous');
  expect(capital.nodes).toBe(17_820);
  // Ends as envs/jesusfv/reference/summary.json says; its capital share has eleven digits.
  expect(capital.low).toBeCloseTo(0.08909914369569541, 10);
  expect(capital.high).toBeCloseTo(0.26728914369569545, 10);
});
