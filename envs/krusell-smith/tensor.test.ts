import { beforeAll, describe, expect, it } from 'vitest';
import type { Tf } from '../../core/capabilities.ts';
import { checkEconomy } from '../../core/check-economy.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { KrusellSmithState } from './dynamics.ts';
import { krusellSmith } from './economy.ts';
import type { KrusellSmithModel } from './setup.ts';
import { tensorPeriod, tensorRows } from './tensor.ts';

/** Float32, some hundred roundings, relative to the size of what is compared. */
const SINGLE = 1e-5;

let tensors: Tf;
beforeAll(async () => {
  tensors = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

type Settings = Readonly<Record<string, unknown>>;
type KrusellSmith = Economy<KrusellSmithState, 'household'>;

function economyOf(calibration: string, set: Settings = {}): KrusellSmith {
  return instantiate(krusellSmith, { calibration, set });
}

/** B first states and shares of every household, the latter beyond their bounds too. */
function cases(economy: KrusellSmith, B: number) {
  const model = economy.model as KrusellSmithModel;
  const rng = createRng(11);
  return Array.from({ length: B }, () => ({
    state: economy.definition.init({ model, rng, options: {} }),
    shares: Float64Array.from({ length: model.households }, () => rng.between(-0.05, 1.05)),
  }));
}

function inputs(drawn: ReturnType<typeof cases>) {
  const rows = (read: (one: (typeof drawn)[number]) => ArrayLike<number>) =>
    tensors.tensor2d(drawn.map((one) => Array.from(read(one))));
  return {
    capital: rows(({ state }) => state.capital),
    status: rows(({ state }) => state.status),
    productivity: rows(({ state }) => [state.productivity]),
    shares: rows(({ shares }) => shares),
  };
}

describe('the Krusell-Smith economies on tensors', () => {
  it('have all successors, probabilities and rewards of the loop, for few households', async () => {
    for (const [calibration, set] of [
      ['annual', { households: 1 }],
      ['annual', { households: 2, riskAversion: 2.5 }],
      ['quarterly-insured', { households: 3, counts: 'independent' }],
      ['aiyagari', { households: 2, income: 'raw' }],
    ] as const) {
      const economy = economyOf(calibration, set);
      const report = await checkEconomy(economy, { tensors, steps: 3, seeds: [1] });
      expect(report.failures).toEqual([]);
      const found = report.checks.find(({ name }) => name.startsWith('E9'));
      expect(found?.passed).toBeGreaterThan(0);
    }
  });

  it('are not enumerated where successors are too many, or not independent', () => {
    expect(economyOf('annual').tensor()).toBeUndefined();
    expect(economyOf('annual').enumerable()).toBeUndefined();
    expect(economyOf('quarterly', { households: 2 }).tensor()).toBeUndefined();
  });

  it('pay, feed and move a hundred households as the loop does', () => {
    for (const [calibration, set] of [
      ['annual', {}],
      ['annual', { income: 'raw', riskAversion: 1 }],
      ['quarterly-insured', {}],
      ['quarterly', { counts: 'independent' }],
    ] as const) {
      const economy = economyOf(calibration, set);
      const model = economy.model as KrusellSmithModel;
      const drawn = cases(economy, 6);
      const found = tensors.tidy(() => {
        const { nextCapital, rewards, output, consumption } = tensorPeriod(tensors, model, inputs(drawn));
        return {
          nextCapital: nextCapital.arraySync(),
          rewards: rewards.arraySync(),
          output: output.arraySync(),
          consumption: consumption.arraySync(),
        };
      });
      drawn.forEach(({ state, shares }, b) => {
        const actions = { household: shares };
        const rewards = { household: new Float64Array(model.households) };
        const after = { ...state, capital: state.capital.slice(), status: state.status.slice() };
        economy.definition.step({ model, state: after, actions, rewards, rng: createRng(1) });
        const entry = economy.accounts()?.entry(state, actions, after);
        expect(Math.abs(found.output[b][0] / (entry?.output ?? 0) - 1)).toBeLessThan(SINGLE);
        for (let i = 0; i < model.households; i++) {
          const gap = (x: number, y: number) => Math.abs(x - y) / Math.max(1, Math.abs(y));
          expect(gap(found.nextCapital[b][i], after.capital[i])).toBeLessThan(SINGLE);
          expect(gap(found.consumption[b][i], entry?.consumptions?.household[i] ?? 0)).toBeLessThan(SINGLE);
          expect(gap(found.rewards[b][i], rewards.household[i])).toBeLessThan(SINGLE);
        }
      });
    }
  });

  it('have no wages, and capital that only wears off, where nobody works', () => {
    for (const set of [{}, { unemploymentBenefit: 0.15 }] as const) {
      const economy = economyOf('quarterly', { households: 2, counts: 'independent', ...set });
      const model = economy.model as KrusellSmithModel;
      const [drawn] = cases(economy, 1);
      const state = { ...drawn.state, status: Uint8Array.of(0, 0) };
      const shares = Float64Array.of(0.2, 0.6);
      const found = tensors.tidy(() => {
        const period = tensorPeriod(tensors, model, inputs([{ state, shares }]));
        return { w: period.w.dataSync()[0], r: period.r.dataSync()[0], next: period.nextCapital.dataSync() };
      });
      expect(model.exposure.labour[0]).toBe(0);
      expect(found.w).toBe(0);
      expect(found.r).toBeCloseTo(-model.depreciation, 7);
      state.capital.forEach((k, i) => {
        const kept = (1 - shares[i]) * (1 - model.depreciation) * k;
        expect(Math.abs(found.next[i] / kept - 1)).toBeLessThan(SINGLE);
      });
    }
  });

  it('give every household its own row of the chain, which the loop draws from', () => {
    const economy = economyOf('quarterly', { counts: 'independent' });
    const model = economy.model as KrusellSmithModel;
    const drawn = cases(economy, 4);
    const { status, productivity } = tensors.tidy(() => {
      const rows = tensorRows(tensors, model, inputs(drawn));
      return { status: rows.status.arraySync(), productivity: rows.productivity.arraySync() };
    });
    const { aggregate, conditional } = model.exposure;
    drawn.forEach(({ state }, b) => {
      for (let z = 0; z < 2; z++) {
        const pair = state.productivity * 2 + z;
        expect(productivity[b][z]).toBeCloseTo(aggregate[pair], 6);
        state.status.forEach((e, i) => {
          expect(status[b][i][z][0]).toBeCloseTo(conditional[(pair * 2 + e) * 2], 6);
        });
      }
    });
  });

  it('let prices answer to everyone: the gradient of own next capital in all capital is what differences say', () => {
    const economy = economyOf('annual', { households: 3 });
    const model = economy.model as KrusellSmithModel;
    const [one] = cases(economy, 1);
    const shares = Float64Array.of(0.2, 0.3, 0.4);
    const own = (capital: Float64Array) => {
      const state = { ...one.state, capital: capital.slice(), status: one.state.status.slice() };
      const rewards = { household: new Float64Array(3) };
      economy.definition.step({ model, state, actions: { household: shares }, rewards, rng: createRng(1) });
      return state.capital[0];
    };
    const found = tensors.tidy(() => {
      const { capital, status, productivity } = inputs([{ ...one, shares }]);
      const chosen = tensors.tensor2d([Array.from(shares)]);
      const f = tensors.grad((k) =>
        tensorPeriod(tensors, model, {
          capital: k.as2D(1, 3),
          status,
          productivity,
          shares: chosen,
        }).nextCapital.slice([0, 0], [1, 1]),
      );
      return Array.from(f(capital).dataSync());
    });
    found.forEach((slope, j) => {
      const [up, down] = [1e-5, -1e-5].map((h) =>
        own(one.state.capital.map((k, i) => (i === j ? k + h : k))),
      );
      expect(slope).toBeCloseTo((up - down) / 2e-5, 4);
    });
  });
});
