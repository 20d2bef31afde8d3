import type { Oracle } from '../../core/capabilities.ts';
import { createRng, type Rng } from '../../numerics/random.ts';
import { stationaryDistribution } from '../../solvers/histogram.ts';
import { type Reference, solveReference } from './exact-solution.ts';
import { bondPrice, bondWorth } from './model.ts';
import { sampleWork, tradeByPolicy } from './priced-policy.ts';
import type { HuggettModel } from './setup.ts';
import { structuralSetup } from './sizes.ts';
import { type HuggettState, usualPrice } from './state.ts';
import type { StructuralSetup } from './structural-core.ts';

/** Prices of the endogenous grid change by less than 3e-5 beyond so many nodes with aggregate risk, and the interest rate by less than 3e-4 points without. */
const NODES = { risk: 120, none: 400 };

/** The continuum solved finely, and what it was solved on. */
export interface FineSolution {
  readonly setup: StructuralSetup;
  readonly reference: Reference;
}

/** By model, which is read only: a run asks several times. */
const solutions = new WeakMap<HuggettModel, FineSolution>();

/** The continuum by the endogenous grid. Throws what the solvers throw. Invariant: a function of the model's values. */
export function fineSolution(model: HuggettModel): FineSolution {
  const known = solutions.get(model);
  if (known !== undefined) return known;
  const setup = structuralSetup(model, {
    size: 'quick',
    assetNodes: model.market === 'clearing' && model.productivityLevels.n === 1 ? NODES.none : NODES.risk,
    shockNodes: model.productivityStates,
  });
  const found = { setup, reference: solveReference(setup, { method: 'euler', prices: 'wide' }) };
  solutions.set(model, found);
  return found;
}
const EVALUATION_STATES = 12;
const SEED = 'huggett evaluation states';

/**
 * The classical solution of the continuum, finely: what a household of it would do in a sample whose price strays from the rule by the sample's luck, which it takes to pass. Its policies are
 * functions of the price too, so that the sample's market clears by them. Throws what the solvers throw.
 */
export function huggettOracle(model: HuggettModel): Oracle<HuggettState, 'household'> {
  const { setup, reference } = fineSolution(model);
  const work = sampleWork(model.households);
  const states = evaluationStates(model, setup, reference);
  const { converged, iterations, residual, description } = reference;
  return {
    method: description,
    solution: { converged, iterations, residual },
    act(state, { household }) {
      tradeByPolicy(model, reference.policy, state, work, household);
    },
    evaluationStates: states,
    steadyState: states[EVALUATION_STATES >> 1],
    // Incomes keep moving: nobody rests.
    steadyStateDrift: Infinity,
    welfareLossPercent: ({ policy, optimum }) =>
      welfareLossPercent(model, policy.household, optimum.household),
  };
}

/** Percent of consumption for ever that separates two discounted sums of utility. */
function welfareLossPercent(
  { riskAversion: sigma, discountFactor: beta }: HuggettModel,
  policy: number,
  optimum: number,
): number {
  if (sigma === 1) return 100 * (1 - Math.exp((1 - beta) * (policy - optimum)));
  // u(c) = (c^(1 - sigma) - 1) / (1 - sigma): without the constant sums scale with c^(1 - sigma).
  const scaled = (value: number) => (1 - sigma) * value + 1 / (1 - beta);
  return 100 * (1 - (scaled(policy) / scaled(optimum)) ** (1 / (1 - sigma)));
}

/** Samples of the long-run cross-section under z from its worst to its best state. */
function evaluationStates(
  model: HuggettModel,
  setup: StructuralSetup,
  reference: Reference,
): readonly HuggettState[] {
  const rng = createRng(SEED);
  const mass = reference.distribution.length > 0 ? reference.distribution : longRun(setup, reference);
  return Array.from({ length: EVALUATION_STATES }, (_, k) => {
    const share = k / (EVALUATION_STATES - 1);
    const priceState = model.priceLevels === undefined ? 0 : k % model.priceLevels.n;
    return {
      ...drawn(model, setup, mass, rng.split(k)),
      productivity: Math.round(share * (model.productivityLevels.n - 1)),
      price: model.priceLevels === undefined ? usualPrice(model) : model.priceLevels.levels[priceState],
      priceState,
    };
  });
}

/** Where households end up who always face the middle state and price. */
function longRun(setup: StructuralSetup, { policy }: Reference): Float64Array {
  const { assets, incomes, productivity, prices, timing, incomeTransition, borrowingLimit } = setup;
  const [z, k] = [productivity.length >> 1, prices.length >> 1];
  const cells = assets.length * incomes.length;
  const from = (z * prices.length + k) * cells;
  const savings = Float64Array.from({ length: cells }, (_, j) => {
    const e = Math.floor(j / assets.length);
    const cash = bondWorth(timing, prices[k]) * assets[j % assets.length] + productivity[z] * incomes[e];
    return Math.max(borrowingLimit, (cash - policy.consumption[from + j]) / bondPrice(timing, prices[k]));
  });
  return stationaryDistribution(assets, savings, incomeTransition, { tolerance: 1e-8, maxIterations: 20_000 })
    .distribution;
}

/** Households drawn from a cross-section [E, A], bonds spread evenly towards the next node; moved together to clear on average. */
function drawn(
  { households: n, market, bondSupply, borrowingLimit }: HuggettModel,
  { assets }: StructuralSetup,
  mass: Float64Array,
  rng: Rng,
): Pick<HuggettState, 'bonds' | 'status' | 'turn'> {
  const bonds = new Float64Array(n);
  const status = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const cell = rng.categorical(mass);
    const a = cell % assets.length;
    const width = a === 0 || a === assets.length - 1 ? 0 : assets[a + 1] - assets[a];
    bonds[i] = assets[a] + width * rng.uniform();
    status[i] = Math.floor(cell / assets.length);
  }
  if (market === 'clearing') {
    // Distances from the limit are scaled, so that nobody passes it.
    const mean = bonds.reduce((sum, b) => sum + b - borrowingLimit, 0) / n;
    const scale = mean > 0 ? (bondSupply - borrowingLimit) / mean : 1;
    for (let i = 0; i < n; i++) bonds[i] = borrowingLimit + scale * (bonds[i] - borrowingLimit);
  }
  return { bonds, status, turn: Int32Array.from({ length: n }, (_, i) => i) };
}
