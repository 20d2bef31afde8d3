import type { Oracle } from '../../core/capabilities.ts';
import type { CapitalEconomy, Classical, ClassicalCapital } from '../../core/classical.ts';
import { UsageError } from '../../core/errors.ts';
import { lawOfMotionOptions, solveClassicalStationary } from '../../solvers/classical.ts';
import {
  type LawOfMotionOptions,
  type LawOfMotionSolution,
  solveLawOfMotion,
} from '../../solvers/krusell-smith.ts';
import {
  capitalSamplePolicy,
  type SamplePolicy,
  stationarySamplePolicy,
} from '../../solvers/sample-policy.ts';
import { capitalNodes, krusellSmithClassical } from './classical.ts';
import type { KrusellSmithState } from './dynamics.ts';
import { meanOf } from './model.ts';
import { type KrusellSmithModel, SHARE_BOUNDS } from './setup.ts';

type KrusellSmithOracle = Oracle<KrusellSmithState, 'household'>;

/** Coarser than `train/classical.ts`, in a fraction of its time; consumption is within about a thousandth of the finer solution's. */
const QUICK = { periods: 4_000, discard: 500, tolerance: 1e-4 } as const;
const ASSET_NODES = { 'law-of-motion': 100, stationary: 200 } as const;
const CAPITAL_NODES = 6;
const MOST_ITERATIONS = 40;

/** Where mean capital leaves its nodes they are widened to its range and this much more, so many times. */
const WIDER = 1.25;
const WIDENED_AT_MOST = 3;

/** Evaluation states: mean capital over its own mean. */
const CAPITAL = [0.85, 1, 1.15] as const;

/** What the solver found. */
interface Solved {
  readonly solution: KrusellSmithOracle['solution'];
  readonly policy: SamplePolicy;
  /** Cross-section over (e, a), [E, A], and its assets. */
  readonly distribution: Float64Array;
  readonly assets: Float64Array;
  /** In the long run. */
  readonly meanCapital: number;
}

/**
 * The classical solution for the continuum of which the households are a sample: policies under a law of motion of capital (Krusell and Smith
 * 1998), or the stationary equilibrium where z does not move (Aiyagari 1994). Solved when first asked. A sample of n households differs from
 * the continuum by terms of order 1/n and by its sampling noise: the policy is optimal in the limit.
 */
export function krusellSmithOracle(model: KrusellSmithModel): KrusellSmithOracle {
  const classical = krusellSmithClassical(model);
  let found: Solved | undefined;
  const solved = () => {
    found ??= solve(classical);
    return found;
  };
  let states: readonly KrusellSmithState[] | undefined;
  return {
    method:
      classical.kind === 'law-of-motion'
        ? 'classical solution of the continuum: endogenous grid under a law of motion'
        : 'classical solution of the continuum: stationary equilibrium by endogenous grid',
    get solution() {
      return solved().solution;
    },
    act(state, actions) {
      classical.quantities(state, solved().policy(classical.sample(state)), actions);
    },
    get evaluationStates() {
      states ??= evaluationStates(model, solved());
      return states;
    },
    get steadyState() {
      return sampleState(model, solved(), 1, Math.floor((model.exposure.productivity.length - 1) / 2));
    },
    // The sample draws incomes: no period is like the next, whatever the households do.
    steadyStateDrift: Number.POSITIVE_INFINITY,
    welfareLossPercent({ policy, optimum }) {
      const { riskAversion: sigma, discountFactor } = model;
      if (sigma === 1)
        return 100 * (1 - Math.exp((1 - discountFactor) * (policy.household - optimum.household)));
      const level = 1 / ((1 - sigma) * (1 - discountFactor));
      return 100 * (1 - ((policy.household + level) / (optimum.household + level)) ** (1 / (1 - sigma)));
    },
  };
}

function solve(classical: Classical<KrusellSmithState, 'household'>): Solved {
  const assetNodes = ASSET_NODES[classical.kind];
  if (classical.kind === 'law-of-motion') {
    const { converged, iterations, residual, policy, path } = solveWithin(classical);
    return {
      solution: { converged, iterations, residual },
      policy: capitalSamplePolicy(classical.economy, policy),
      distribution: path.distribution,
      assets: policy.problem.assets,
      meanCapital: meanOf(path.capital.subarray(QUICK.discard)),
    };
  }
  const equilibrium = solveClassicalStationary(classical, { assetNodes });
  const { converged, iterations, residual, distribution, assets } = equilibrium;
  return {
    solution: { converged, iterations, residual },
    policy: stationarySamplePolicy(classical.economy, equilibrium),
    distribution,
    assets,
    // What households hold, where that is an equilibrium.
    meanCapital: classical.economy.assetSupply(equilibrium.price),
  };
}

/** The solution on nodes of capital that its path does not leave. */
function solveWithin(classical: ClassicalCapital<KrusellSmithState, 'household'>): LawOfMotionSolution {
  let { low, high } = classical.capital;
  for (let widened = 0; ; widened++) {
    const nodes = capitalNodes({ low, high, nodes: CAPITAL_NODES });
    const options = lawOfMotionOptions(
      { ...classical, capital: { low, high, nodes } },
      { ...QUICK, assetNodes: ASSET_NODES['law-of-motion'] },
    );
    const solution = solvedOrExplained(classical.economy, { ...options, maxIterations: MOST_ITERATIONS });
    const { outside, capital } = solution.path;
    if (outside === 0 || widened === WIDENED_AT_MOST) return solution;
    low = Math.min(low, capital.reduce((a, b) => Math.min(a, b)) / WIDER);
    high = Math.max(high, capital.reduce((a, b) => Math.max(a, b)) * WIDER);
  }
}

/** A chain that hardly ever leaves its state shows a path without variation, to which no law can be fitted. */
function solvedOrExplained(economy: CapitalEconomy, options: LawOfMotionOptions): LawOfMotionSolution {
  try {
    return solveLawOfMotion(economy, options);
  } catch (error) {
    throw new UsageError(
      `krusell-smith: no law of motion of capital can be found for these settings (${error instanceof Error ? error.message : error}). Does ` +
        'productivity move? Give more productivityStates, or productivityChain "rouwenhorst".',
    );
  }
}

/** Low, middle and high z, each with little, usual and much capital. */
function evaluationStates(model: KrusellSmithModel, solved: Solved): readonly KrusellSmithState[] {
  const last = model.exposure.productivity.length - 1;
  const levels = [...new Set([0, Math.floor(last / 2), last])];
  return levels.flatMap((z) => CAPITAL.map((scale) => sampleState(model, solved, scale, z)));
}

/** Who has eaten as much as possible keeps this share. */
const LEAST_KEPT = 1 - SHARE_BOUNDS[1];

/**
 * As many households in each own state as z has, at evenly spread quantiles of the wealth of that state in the cross-section; all wealth is scaled, so that its
 * mean is `scale` times that of the long run. The first are those of the lowest state, each state's poorest first.
 */
function sampleState(model: KrusellSmithModel, solved: Solved, scale: number, z: number): KrusellSmithState {
  const { households: n, exposure, exactCounts, usualCash } = model;
  const { assets, distribution, meanCapital } = solved;
  const E = exposure.labour.length;
  const A = assets.length;
  const capital = new Float64Array(n);
  const status = new Uint8Array(n);
  let i = 0;
  for (let e = 0; e < E; e++) {
    const mass = distribution.subarray(e * A, (e + 1) * A);
    const all = mass.reduce((sum, m) => sum + m, 0);
    const count = exactCounts[z * E + e];
    let node = 0;
    let below = mass[0];
    for (let j = 0; j < count; j++, i++) {
      const place = ((j + 0.5) / count) * all;
      while (node < A - 1 && below < place) {
        node += 1;
        below += mass[node];
      }
      capital[i] = Math.max(assets[node], LEAST_KEPT * usualCash);
      status[i] = e;
    }
  }
  const factor = (scale * meanCapital) / meanOf(capital);
  for (let j = 0; j < n; j++) capital[j] *= factor;
  return { capital, status, turn: Int32Array.from({ length: n }, (_, j) => j), productivity: z };
}
