import { beforeAll, describe, expect, it } from 'vitest';
import type { Tf } from '../../core/capabilities.ts';
import { checkEconomy } from '../../core/check-economy.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import { huggett } from './economy.ts';
import type { HuggettModel } from './setup.ts';
import type { HuggettState } from './state.ts';
import { tensorPeriod } from './tensor.ts';

/** Float32, some hundred roundings, relative to the size of what is compared. */
const SINGLE = 1e-5;

let tensors: Tf;
beforeAll(async () => {
  tensors = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

type Huggett = Economy<HuggettState, 'household'>;

function economyOf(calibration: string, set: Readonly<Record<string, unknown>> = {}): Huggett {
  return instantiate(huggett, { set, ...(calibration === '' ? {} : { calibration }) });
}

describe('the economies of Huggett on tensors', () => {
  it('have all successors, probabilities and rewards of the loop, for few households', async () => {
    for (const [calibration, set] of [
      ['', { households: 3, productivityStates: 3 }],
      ['fixed-price', { households: 2, riskAversion: 1 }],
      ['moving-price', { riskAversion: 2.5 }],
      ['moving-price', { timing: 'rate', givenPrice: 0.01, priceStep: 0.005 }],
    ] as const) {
      const report = await checkEconomy(economyOf(calibration, set), { tensors, steps: 3, seeds: [1] });
      expect(report.failures).toEqual([]);
      const found = report.checks.find(({ name }) => name.startsWith('E9'));
      expect(found?.passed).toBeGreaterThan(0);
    }
  }, 60_000);

  it('are not enumerated where successors are too many; a rate that clears the market has no twin', () => {
    expect(economyOf('').enumerable()).toBeUndefined();
    expect(economyOf('').tensor()).toBeUndefined();
    expect(economyOf('rate', { households: 2 }).enumerable()).toBeDefined();
    expect(economyOf('rate', { households: 2 }).tensor()).toBeUndefined();
  });

  it('clear the market of a hundred households as the loop does, and keep bonds at their supply', () => {
    const economy = economyOf('', { households: 100 });
    const model = economy.model as HuggettModel;
    const rng = createRng(11);
    const drawn = Array.from({ length: 6 }, () => ({
      state: economy.definition.init({ model, rng, options: {} }),
      shares: Float64Array.from({ length: 100 }, () => rng.between(0.3, 0.9)),
    }));
    const found = tensors.tidy(() => {
      const period = tensorPeriod(tensors, model, {
        bonds: tensors.tensor2d(drawn.map(({ state }) => Array.from(state.bonds))),
        status: tensors.tensor2d(drawn.map(({ state }) => Array.from(state.status))),
        productivity: tensors.tensor2d(drawn.map(({ state }) => [state.productivity])),
        priceState: tensors.zeros([6, 1]),
        shares: tensors.tensor2d(drawn.map(({ shares }) => Array.from(shares))),
      });
      return {
        price: period.price.arraySync(),
        nextBonds: period.nextBonds.arraySync(),
        rewards: period.rewards.arraySync(),
      };
    });
    drawn.forEach(({ state, shares }, b) => {
      const after = { ...state, bonds: state.bonds.slice(), status: state.status.slice() };
      const rewards = { household: new Float64Array(100) };
      economy.definition.step({
        model,
        state: after,
        actions: { household: shares },
        rewards,
        rng: createRng(1),
      });
      expect(Math.abs(found.price[b][0] / after.price - 1)).toBeLessThan(SINGLE);
      expect(Math.abs(found.nextBonds[b].reduce((sum, x) => sum + x, 0))).toBeLessThan(100 * SINGLE);
      after.bonds.forEach((bonds, i) => {
        expect(Math.abs(found.nextBonds[b][i] - bonds) / Math.max(1, Math.abs(bonds))).toBeLessThan(SINGLE);
        const reward = rewards.household[i];
        expect(Math.abs(found.rewards[b][i] - reward) / Math.max(1, Math.abs(reward))).toBeLessThan(SINGLE);
      });
    });
  });
});
