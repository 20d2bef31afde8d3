import { describe, expect, it } from 'vitest';
import { oracleAgents, statePolicy } from '../../core/evaluate.ts';
import { instantiate } from '../../core/registry.ts';
import { Simulation } from '../../core/simulation.ts';
import { createRng } from '../../numerics/random.ts';
import type { HuggettCalibration } from './calibration.ts';
import { huggett } from './economy.ts';
import { clearingPrice, eaten, priceOf } from './market.ts';
import { bondPrice, bondWorth, frozenPriceShare, netReturn, priceOfReturn, utility } from './model.ts';
import { policyOfShares, sampleWork, tradeByPolicy } from './priced-policy.ts';
import { type HuggettModel, huggettModel } from './setup.ts';
import { structuralSetup } from './sizes.ts';
import { firstState } from './state.ts';
import { structuralCore } from './structural-core.ts';

/** Products of numbers of order one. */
const ROUNDING = 1e-10;
/** What the search for a sample's price leaves, 1e-11 bonds each, over the slope of some tens. */
const CLEARED = 1e-9;

function modelOf(set: Readonly<Partial<HuggettCalibration>> = {}): HuggettModel {
  return huggettModel(huggett.calibration.parse({ households: 30, ...set }));
}

const stationary = { discountFactor: 0.98, borrowingLimit: 0, bondSupply: 5.6, timing: 'rate' as const };

describe('the household', () => {
  it('has the same budget in both timings where the price is that of the rate, but for when the return is paid', () => {
    const r = 0.03;
    const q = priceOfReturn('price', r);
    expect(netReturn('price', q)).toBeCloseTo(r, 14);
    expect(bondWorth('rate', r) / bondPrice('rate', r)).toBeCloseTo(
      bondWorth('price', q) / bondPrice('price', q),
      14,
    );
  });

  it('values consumption with constant relative risk aversion, and starvation like the floor', () => {
    expect(utility(2, 1e-3, 2)).toBeCloseTo(0.5, 14);
    expect(utility(1, 1e-3, Math.E)).toBeCloseTo(1, 14);
    expect(utility(3, 1e-3, 1)).toBeCloseTo(0, 14);
    expect(utility(2, 1e-3, 0)).toBe(utility(2, 1e-3, 1e-3));
  });

  it('who faces the return of patience for ever eats the return on its wealth', () => {
    const beta = 0.96;
    const share = frozenPriceShare({ timing: 'price', discountFactor: beta, riskAversion: 2, price: beta });
    expect(share).toBeCloseTo(1 / beta - 1, 14);
    expect(frozenPriceShare({ timing: 'rate', discountFactor: beta, riskAversion: 2, price: 0 })).toBe(
      Infinity,
    );
  });
});

describe('the market of a sample', () => {
  it.each([
    ['price', {}],
    ['rate', { timing: 'rate' as const, bondSupply: 1 }],
    ['price', { ...stationary, timing: 'price' as const }],
    ['rate', stationary],
  ])('clears at the %s that its formula gives', (_timing, set) => {
    const model = modelOf({ productivityDeviation: 0.02, ...set });
    const rng = createRng(4);
    for (let draw = 0; draw < 20; draw++) {
      const state = firstState(model, rng, {});
      // Around half of what can be spent: prices are inside their bounds then.
      const shares = Float64Array.from(state.bonds, () => 0.4 + 0.2 * rng.uniform());
      const price =
        model.timing === 'price' ? priceOf(model, state, shares) : clearingPrice(model, state, shares);
      const [p, g] = [bondPrice(model.timing, price), bondWorth(model.timing, price)];
      let bought = 0;
      state.bonds.forEach((b, i) => {
        const income =
          model.productivityLevels.levels[state.productivity] * model.incomeLevels.levels[state.status[i]];
        bought += (g * b + income - eaten(model, state, price, shares[i], i)) / p / state.bonds.length;
      });
      expect(bought).toBeCloseTo(model.bondSupply, 9);
    }
  });

  it('finds the price at which households trade who follow a policy of the price', () => {
    for (const set of [{}, { productivityStates: 7 }, { timing: 'rate' as const }]) {
      const model = modelOf(set);
      const setup = structuralSetup(model, { size: 'quick', assetNodes: 40, priceNodes: 20 });
      const [shares] = structuralCore(setup).start('closed-form');
      const policy = policyOfShares(setup, shares, 0);
      const bids = new Float64Array(model.households);
      const state = firstState(model, createRng(1), {});
      const meant = tradeByPolicy(model, policy, state, sampleWork(model.households), bids);
      expect(Math.abs(priceOf(model, state, bids) - meant)).toBeLessThan(CLEARED);
    }
  });

  it('follows a policy on another chain of productivity between its levels', () => {
    const model = modelOf({ productivityStates: 4 });
    const setup = structuralSetup(model, { size: 'quick', assetNodes: 30, shockNodes: 9 });
    const policy = policyOfShares(setup, structuralCore(setup).start('closed-form')[0], 0);
    const bids = new Float64Array(model.households);
    const prices = [0, 1, 2, 3].map((productivity) => {
      const state = { ...firstState(model, createRng(1), {}), productivity };
      return tradeByPolicy(model, policy, state, sampleWork(model.households), bids);
    });
    // More income now than later: more is lent, and bonds are dear.
    expect([...prices].sort()).toEqual(prices);
  });

  it('stays within its bounds, where the poorest can eat', () => {
    const model = modelOf();
    const state = firstState(model, createRng(1), {});
    const [low, high] = model.priceBounds;
    expect(priceOf(model, state, new Float64Array(30).fill(1))).toBe(low);
    expect(priceOf(model, state, new Float64Array(30))).toBe(high);
    expect(
      -1 * (1 - low) + model.incomeLevels.levels[0] * model.productivityLevels.levels[0],
    ).toBeGreaterThan(0);
  });
});

describe('structural households', () => {
  it('who eat all they have count as held at the limit, in both timings, so that they may learn to save', () => {
    for (const set of [stationary, { timing: 'rate' as const }, { borrowingLimit: -0.5 }]) {
      const setup = structuralSetup(modelOf(set), { size: 'quick', assetNodes: 20 });
      const { respond } = structuralCore(setup);
      const cells = setup.assets.length * setup.incomes.length;
      const price = setup.timing === 'price' ? 0.97 : 0.005;
      const zeros = () => new Float64Array(cells);
      const response = {
        next: zeros(),
        flow: zeros(),
        flowSlope: zeros(),
        nextSlope: zeros(),
        unit: zeros(),
        bound: new Uint8Array(cells),
      };
      const period = {
        nodes: new Int32Array(2),
        weights: new Float64Array(2),
        aggregates: Float64Array.of(price, 1),
      };
      respond(period, zeros().fill(1), response);
      expect(response.bound.every((held) => held === 1)).toBe(true);
      expect(response.next.every((b) => Math.abs(b - setup.borrowingLimit) < ROUNDING)).toBe(true);
      respond(period, zeros().fill(0.5), response);
      expect(response.bound.some((held) => held === 1)).toBe(false);
    }
  });
});

describe('the environment', () => {
  it('is one household where the price is given, which it then sees', () => {
    const economy = instantiate(huggett, { calibration: 'moving-price' });
    expect(economy.types.household.count).toBe(1);
    expect(economy.types.household.observationSpace.names).toEqual([
      'bonds',
      'income',
      'productivity',
      'return',
    ]);
    const fixed = instantiate(huggett, { calibration: 'fixed-price' });
    expect(fixed.types.household.observationSpace.names).toEqual(['bonds', 'income']);
  });

  it('keeps mean bonds at their supply while the market clears', () => {
    const economy = instantiate(huggett, { set: { households: 40 } });
    const oracle = economy.oracle();
    expect(oracle?.solution.converged).toBe(true);
    if (oracle === undefined) return;
    const env = new Simulation(economy, { copies: 1 });
    env.reset({ seed: 3 });
    const agents = oracleAgents(economy, oracle);
    for (let t = 0; t < 20; t++) {
      agents.household.act(
        { rows: 40, observations: env.observations.household, states: env.states },
        env.actions.household,
        { deterministic: true },
      );
      env.step();
      const bonds = env.states[0].bonds as Float64Array;
      expect(Math.abs(bonds.reduce((sum, b) => sum + b, 0) / 40)).toBeLessThan(ROUNDING);
    }
    const policy = statePolicy({ agents, makeBatch: (o) => new Simulation(economy, o) });
    const shares = policy(oracle.evaluationStates).household;
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });
});

describe('calibrations that cannot be', () => {
  it.each([
    [{ borrowingLimit: 0 }, 'nothing to hold'],
    [{ bondSupply: 60 }, 'raise highestBonds'],
    [{ market: 'fixed' as const, givenPrice: 0.01 }, 'give at least 0.05'],
    [{ market: 'fixed' as const, givenPrice: 0.9, borrowingLimit: -50 }, 'give borrowingLimit above'],
  ])('%j is refused with a remedy', (set, words) => {
    expect(() => modelOf(set)).toThrow(words);
  });

  it.each([0, 1, 1.2])('a discount factor of %d is refused', (discountFactor) => {
    expect(() => instantiate(huggett, { set: { discountFactor } })).toThrow('discountFactor');
  });
});
