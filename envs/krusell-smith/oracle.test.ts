import { describe, expect, it } from 'vitest';
import { oracleAgents, policyDistance, statePolicy } from '../../core/evaluate.ts';
import { instantiate } from '../../core/registry.ts';
import { Simulation } from '../../core/simulation.ts';
import { solveClassicalStationary } from '../../solvers/classical.ts';
import { krusellSmith } from './economy.ts';
import { krusellSmithModel } from './setup.ts';

type Settings = Readonly<Record<string, unknown>>;

function economyOf(set: Settings, calibration?: string) {
  const economy = instantiate(krusellSmith, { set, ...(calibration === undefined ? {} : { calibration }) });
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error('it has an oracle');
  const model = krusellSmithModel(krusellSmith.calibration.parse(economy.calibration));
  const n = economy.types.household.count;
  const act = (state: Parameters<typeof oracle.act>[0]) => {
    const household = new Float64Array(n);
    oracle.act(state, { household });
    return household;
  };
  return { economy, oracle, model, act, n };
}

const annual = economyOf({ households: 40 });
const quarterly = economyOf({ households: 50 }, 'quarterly');
const aiyagari = economyOf({ households: 5 }, 'aiyagari');

describe('the oracle', () => {
  it('is solved when it is first asked, and not before', () => {
    // Solving this takes seconds.
    const begun = process.cpuUsage();
    const { oracle } = economyOf({ productivityStates: 31, households: 10 });
    expect(oracle.method).toContain('law of motion');
    const { user } = process.cpuUsage(begun);
    // A third of a second: a hundred times what it takes to build the chains.
    expect(user / 1e6).toBeLessThan(0.33);
  });

  it('says that it converged', () => {
    for (const { oracle } of [annual, quarterly, aiyagari]) expect(oracle.solution.converged).toBe(true);
    expect(aiyagari.oracle.method).toContain('stationary');
  });

  it('says that it did not where nothing is to be found, and answers all the same', () => {
    const { oracle, act } = economyOf({ incomeDeviation: 0, households: 3 }, 'aiyagari');
    expect(oracle.solution.converged).toBe(false);
    const [state] = oracle.evaluationStates;
    // At just less than impatience, assets are eaten slowly: income and a bit more than the interest.
    for (const share of act(state)) {
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(1);
    }
  });
});

describe('a productivity that hardly ever moves', () => {
  it('shows no law of motion, and the error says what to set', () => {
    const { oracle } = economyOf({ productivityStates: 2, households: 2 });
    expect(() => oracle.solution).toThrow(/no law of motion.*productivityChain "rouwenhorst"/);
  });
});

describe('households so impatient and cautious that they hold twice the usual capital', () => {
  it('have the nodes of mean capital widened until its path lies among them', () => {
    const settings = { discountFactor: 0.9, riskAversion: 5, households: 2 };
    const { oracle, economy } = economyOf(settings, 'quarterly');
    const classical = economy.classical();
    if (classical?.kind !== 'law-of-motion') throw new Error('productivity moves');
    const capital = (oracle.steadyState.capital[0] + oracle.steadyState.capital[1]) / 2;
    expect(oracle.solution.converged).toBe(true);
    expect(capital).toBeGreaterThan(classical.capital.high);
  });
});

describe('an evaluation state', () => {
  it.each([
    ['annual', annual],
    ['quarterly', quarterly],
    ['aiyagari', aiyagari],
  ])(
    'is possible: capital is positive, and as many are in each own state as the period has (%s)',
    (_, one) => {
      const { oracle, model, n } = one;
      const E = model.exposure.labour.length;
      for (const state of [...oracle.evaluationStates, oracle.steadyState]) {
        expect(state.capital).toHaveLength(n);
        expect(Math.min(...state.capital)).toBeGreaterThan(0);
        const counts = new Int32Array(E);
        for (const e of state.status) counts[e] += 1;
        const from = state.productivity * E;
        expect(counts).toEqual(model.exactCounts.subarray(from, from + E));
      }
    },
  );

  it('has little, usual or much capital, in bad, middle and good times', () => {
    const { oracle } = annual;
    const levels = oracle.evaluationStates.map(({ productivity }) => productivity);
    expect(levels).toEqual([0, 0, 0, 5, 5, 5, 10, 10, 10]);
    const capitals = oracle.evaluationStates.map(({ capital }) => capital.reduce((a, b) => a + b) / 40);
    for (const i of [0, 3, 6]) {
      expect(capitals[i + 1] / capitals[i]).toBeCloseTo(1 / 0.85, 6);
      expect(capitals[i + 2] / capitals[i]).toBeCloseTo(1.15 / 0.85, 6);
    }
    // The mean of 100,000 periods of another program's solution, and what 4,000 may be from it.
    expect(Math.abs(capitals[4] - 5.226)).toBeLessThan(0.2);
    expect(quarterly.oracle.evaluationStates).toHaveLength(6);
    expect(aiyagari.oracle.evaluationStates).toHaveLength(3);
  });

  it('is where a step of the environment leads to another state of as many jobs', () => {
    const { economy, oracle, model } = quarterly;
    const env = new Simulation(economy, { copies: 1 });
    env.reset({ seed: 1, states: [oracle.evaluationStates[0]] });
    env.step();
    const [state] = env.states as unknown as readonly { status: Uint8Array; productivity: number }[];
    const employed = state.status.reduce((sum, e) => sum + e, 0);
    expect(employed).toBe(model.exactCounts[state.productivity * 2 + 1]);
  });
});

describe('the policy of the oracle', () => {
  it('has a household at the limit with a low income eat nearly all, and the rich a small share', () => {
    const { oracle, act } = annual;
    const state = oracle.evaluationStates[4];
    const capital = Float64Array.from(state.capital);
    const status = Uint8Array.from(state.status);
    capital[0] = 1e-9;
    status[0] = 0;
    capital[1] = 60;
    status[1] = 1;
    const shares = act({ ...state, capital, status });
    expect(shares[0]).toBeGreaterThan(0.99);
    expect(shares[1]).toBeLessThan(0.12);
    for (const share of shares) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it('has who owns nothing and earns nothing eat all of it, not a share that is no number', () => {
    const { oracle, act } = quarterly;
    const state = oracle.evaluationStates[0];
    const capital = Float64Array.from(state.capital);
    capital[0] = 0;
    expect(state.status[0]).toBe(0);
    expect(act({ ...state, capital })[0]).toBe(1);
    const nobody = act({ ...state, capital: new Float64Array(50) });
    expect(nobody.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it('is the table of the stationary equilibrium at its nodes', () => {
    const { economy, oracle, act } = aiyagari;
    const classical = economy.classical();
    if (classical?.kind !== 'stationary') throw new Error('it is stationary');
    const { assets, savings, price } = solveClassicalStationary(classical, { assetNodes: 200 });
    const state = oracle.evaluationStates[1];
    const nodes = [0, 20, 60, 100, 150];
    const shares = act({ ...state, capital: Float64Array.from(nodes, (a) => assets[a]) });
    nodes.forEach((a, i) => {
      const e = state.status[i];
      const cash = classical.economy.grossReturn(price) * assets[a] + classical.economy.income(price, e);
      expect(Math.abs(shares[i] - (1 - savings[e * assets.length + a] / cash))).toBeLessThan(1e-12);
    });
  });

  it('is unchanged by other households that change places', () => {
    const { oracle, act } = annual;
    const state = oracle.evaluationStates[4];
    const shares = act(state);
    const turned = {
      ...state,
      capital: state.capital.slice().reverse(),
      status: state.status.slice().reverse(),
    };
    // The mean is summed in another order.
    act(turned)
      .reverse()
      .forEach((share, i) => {
        expect(Math.abs(share - shares[i])).toBeLessThan(1e-12);
      });
  });
});

describe('the distance to the oracle', () => {
  it('is nothing for the oracle itself, and its loss of welfare none', () => {
    const { economy, oracle } = annual;
    const agents = oracleAgents(economy, oracle);
    const policy = statePolicy({ agents, makeBatch: (options) => new Simulation(economy, options) });
    const { policyGap, constantGap } = policyDistance(economy, oracle, policy);
    expect(policyGap).toBe(0);
    expect(constantGap).toBeGreaterThan(0.05);
    expect(oracle.welfareLossPercent({ policy: { household: 2 }, optimum: { household: 2 } })).toBe(0);
  });

  it.each([
    ['log utility', quarterly],
    ['risk aversion 3', annual],
    ['risk aversion 1/2', economyOf({ riskAversion: 0.5, households: 1 })],
  ])('is 10 % of consumption where a tenth less is eaten for ever (%s)', (_, { oracle, model }) => {
    const { riskAversion: sigma, discountFactor: beta } = model;
    const worth = (c: number) =>
      (sigma === 1 ? Math.log(c) : (c ** (1 - sigma) - 1) / (1 - sigma)) / (1 - beta);
    const values = { policy: { household: worth(0.9 * 1.3) }, optimum: { household: worth(1.3) } };
    expect(oracle.welfareLossPercent(values)).toBeCloseTo(10, 9);
  });
});
