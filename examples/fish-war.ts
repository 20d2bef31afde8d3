/**
 * The great fish war (Levhari and Mirman 1980): fishers share one stock, x' = shock (x - total catch)^alpha, and each maximises
 * its own discounted log catch. In the symmetric Nash equilibrium every fisher takes the share (1 - ab) / (n (1 - ab) + ab) of
 * the stock, with ab = alpha * beta: more than the fishers would agree on, (1 - ab) / n.
 */
import { box, defineEconomy, parameter, unitBox, z } from 'equilibrium-gym';

const source = 'Levhari and Mirman 1980';

export default defineEconomy({
  id: 'fish-war',
  version: 1,
  title: 'Fishers who share one stock (Levhari and Mirman 1980)',
  agentSetting: 'fishers',
  calibration: z.strictObject({
    fishers: parameter(z.int().min(1).max(50), 2, {
      description: 'number of fishers',
      unit: 'agents',
      source,
    }),
    growth: parameter(z.number().min(0.01).max(0.9), 0.5, {
      description: 'exponent of stock growth',
      unit: '',
      source,
    }),
    shock: parameter(z.number().min(0).max(1), 0.1, {
      description: 's.d. of log growth',
      unit: 'log points',
      source,
    }),
    discountFactor: parameter(z.number().min(0.01).lt(1), 0.9, {
      description: 'discount factor',
      unit: 'per period',
      source,
    }),
  }),
  model(calibration) {
    const { fishers: n, growth: alpha, discountFactor: beta } = calibration;
    const catchShare = (1 - alpha * beta) / (n * (1 - alpha * beta) + alpha * beta);
    return {
      ...calibration,
      n,
      alpha,
      beta,
      catchShare,
      restStock: (1 - n * catchShare) ** (alpha / (1 - alpha)),
    };
  },
  discountFactor: (model) => model.beta,
  horizon: () => 50,
  types: ({ n }) => ({
    fisher: {
      count: n,
      observationSpace: box({ logStock: [-Infinity, Infinity] }),
      actionSpace: unitBox({ catchShare: [0.01 / n, 0.99 / n] }),
    },
  }),
  init: ({ model, rng }) => ({ stock: model.restStock * rng.between(0.5, 1.5) }),
  observe({ model, state }, { fisher }) {
    fisher.fill(Math.log(state.stock / model.restStock));
  },
  step({ model, state, actions, rewards, rng }) {
    let left = state.stock;
    for (let i = 0; i < model.n; i++) {
      const taken = actions.fisher[i] * state.stock;
      rewards.fisher[i] = Math.log(taken);
      left -= taken;
    }
    state.stock = Math.exp(model.shock * rng.normal()) * left ** model.alpha;
  },
  // What checkEconomy holds the steps to: the stock is caught or left to grow, and rewards are the logarithms of catches.
  accounts: () => ({
    entry({ stock: output }, { fisher }) {
      const catches = Array.from(fisher, (share) => share * output);
      const consumption = catches.reduce((sum, taken) => sum + taken, 0);
      const utility = { fisher: catches.map((taken) => Math.log(taken)) };
      return { output, consumption, investment: output - consumption, utility };
    },
  }),
  // What a learner remembers of the others must be how they act now; long memories learn to hold back with them.
  advice: () => ({ sac: { bufferSize: 50_000 } }),
  oracle: (model) => ({
    method: 'closed form (symmetric Nash equilibrium)',
    solution: { converged: true, iterations: 0, residual: 0 },
    act: (_state, { fisher }) => {
      fisher.fill(model.catchShare);
    },
    steadyState: { stock: model.restStock },
    evaluationStates: Array.from({ length: 21 }, (_, i) => ({ stock: model.restStock * (0.5 + i / 20) })),
    welfareLossPercent: ({ policy, optimum }) =>
      100 * (1 - Math.exp((1 - model.beta) * (policy.fisher - optimum.fisher))),
  }),
});
