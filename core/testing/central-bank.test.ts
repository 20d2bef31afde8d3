import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { randomAgent } from '../baselines.ts';
import { checkEconomy } from '../check-economy.ts';
import { ECONOMY_CHECKS } from '../checks/economy-names.ts';
import { evaluate, oracleAgents } from '../evaluate.ts';
import { type Economy, instantiate } from '../registry.ts';
import { Simulation } from '../simulation.ts';
import { centralBank, optimalRule } from './central-bank.ts';

/** A dozen float64 operations on numbers below 10. */
const ROUNDING = 1e-12;

describe('the central bank', () => {
  const economy = instantiate(centralBank);
  const model = centralBank.calibration.parse({});
  const oracle = centralBank.oracle?.(model);
  const enumerable = centralBank.enumerable?.(model);
  if (oracle?.value === undefined || enumerable === undefined) throw new Error('it has both');
  const value = oracle.value;

  /** Reward plus what follows, on average. */
  const worth = (inflation: number, rate: number) => {
    const actions = { bank: Float64Array.of(rate) };
    const { bank } = enumerable.rewards({ inflation }, actions);
    const next = enumerable.successors({ inflation }, actions);
    return bank[0] + model.discountFactor * next.reduce((sum, s) => sum + s.probability * value(s.state), 0);
  };

  it('responds to a point of inflation with 0.554 points of rate, and loses 1.554 by it for ever after', () => {
    // 0.8 P^2 - 0.6 P - 1 = 0: P = (0.6 + sqrt(0.36 + 3.2)) / 1.6 = (0.6 + 1.886796) / 1.6.
    const { response, cost } = optimalRule(model);
    expect(cost).toBeCloseTo(1.554248, 6);
    expect(response).toBeCloseTo(0.554248, 6);
  });

  it("has a value that solves Bellman's equation, and a rule that no other rate is better than", () => {
    const { response } = optimalRule(model);
    for (const p of [-2, -0.3, 0, 0.7, 1]) {
      expect(Math.abs(worth(p, response * p) - value({ inflation: p }))).toBeLessThan(ROUNDING);
      for (const off of [-0.5, -0.01, 0.01, 0.5]) {
        // The loss is (lambda + beta P) off^2.
        const loss = (1 + 0.8 * 1.554248) * off ** 2;
        expect(worth(p, response * p) - worth(p, response * p + off)).toBeCloseTo(loss, 6);
      }
    }
  });

  it('moves as its successors say', () => {
    const env = new Simulation(economy, { copies: 64, horizon: 5 });
    env.reset({ seed: 3 });
    const inflations = () => env.states.map((state) => Number(state.inflation));
    const before = inflations();
    for (let b = 0; b < 64; b++) env.actions.bank[b] = Math.sin(b);
    env.step();
    const seen = new Set<number>();
    const after = inflations();
    before.forEach((inflation, b) => {
      const actions = { bank: Float64Array.of(Math.sin(b)) };
      const next = enumerable.successors({ inflation }, actions).map((s) => s.state.inflation);
      seen.add(next.indexOf(after[b]));
      expect(env.rewards.bank[b]).toBe(enumerable.rewards({ inflation }, actions).bank[0]);
    });
    expect([...seen].sort()).toEqual([0, 1]);
  });

  it('has a twin on tensors that moves as it does', async () => {
    const report = await checkEconomy(instantiate(centralBank) as unknown as Economy, {
      seeds: [1],
      steps: 20,
    });
    const twin = report.checks.find(({ name }) => name === ECONOMY_CHECKS.tensors);
    expect(twin).toMatchObject({ failed: 0, notApplicable: 0 });
    expect(twin?.passed).toBeGreaterThan(0);
  });

  it('measures its own rule as optimal and a random one as far from it', () => {
    const options = { economy, oracle: economy.oracle(), seed: 1, episodes: 8 };
    const best = evaluate({ ...options, agents: oracleAgents(economy, oracle) });
    expect(best.oracle).toMatchObject({ policyGap: 0, welfareLossPercent: 0 });
    const { actionSpace } = economy.types.bank;
    const random = evaluate({
      ...options,
      agents: { bank: randomAgent({ actionSpace, rng: createRng(1) }) },
    });
    expect(random.oracle?.welfareLossPercent).toBeGreaterThan(20);
  });
});
