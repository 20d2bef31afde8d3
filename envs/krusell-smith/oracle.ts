import type { Oracle } from '../../core/capabilities.ts';
import type { Classical } from '../../core/classical.ts';
import { type ClassicalSize, lawOfMotionOptions, solveClassicalStationary } from '../../solvers/classical.ts';
import { type LawOfMotionSolution, solveLawOfMotion } from '../../solvers/krusell-smith.ts';
import {
  capitalSamplePolicy,
  type SamplePolicy,
  stationarySamplePolicy,
} from '../../solvers/sample-policy.ts';
import { krusellSmithClassical } from './classical.ts';
import type { KrusellSmithState } from './dynamics.ts';
import type { KrusellSmithModel } from './setup.ts';

type KrusellSmithOracle = Oracle<KrusellSmithState, 'household'>;

/** Coarser than `train/classical.ts`, in a fraction of its time; consumption is within about a thousandth of the finer solution's. */
const QUICK = { assetNodes: 100, capitalNodes: 6, periods: 4_000, discard: 500, tolerance: 1e-4 } as const;

/** Evaluation states: mean capital over its own mean. */
const CAPITAL = [0.85, 1, 1.15] as const;

/** What the solver found. */
interface Solved {
  readonly solution: KrusellSmithOracle['solution'];
  readonly policy: SamplePolicy;
  /** Cross-section over (e, a), [E, A], and its assets. */
  readonly distribution: Float64Array;
  readonly assets: Float64Array;
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
  if (classical.kind === 'law-of-motion') {
    const options = lawOfMotionOptions(classical, QUICK);
    const { converged, iterations, residual, policy, path } = solveLawOfMotion(classical.economy, options);
    return {
      solution: { converged, iterations, residual },
      policy: capitalSamplePolicy(classical.economy, policy),
      distribution: path.distribution,
      assets: options.assets,
    };
  }
  const equilibrium = solveStationary(
    classical.economy,
    stationaryOptions(classical, { assetNodes: QUICK.assetNodes }),
  );
  const { converged, iterations, residual, distribution, assets } = equilibrium;
  return {
    solution: { converged, iterations, residual },
    policy: stationarySamplePolicy(classical.economy, equilibrium),
    distribution,
    assets,
  };
}

/** Low, middle and high z, each with little, usual and much capital. */
function evaluationStates(model: KrusellSmithModel, solved: Solved): readonly KrusellSmithState[] {
  const last = model.exposure.productivity.length - 1;
  const levels = [...new Set([0, Math.floor(last / 2), last])];
  return levels.flatMap((z) => CAPITAL.map((scale) => sampleState(model, solved, scale, z)));
}

/** Households at evenly spread quantiles of the cross-section, those of each own state among them in proportion; wealth times `scale`. */
function sampleState(model: KrusellSmithModel, solved: Solved, scale: number, z: number): KrusellSmithState {
  const { households: n, exposure } = model;
  const { assets, distribution } = solved;
  const E = exposure.labour.length;
  const A = assets.length;
  const capital = new Float64Array(n);
  const status = new Uint8Array(n);
  // By wealth, and within a node by own state: the i-th household stands at (i + 1/2) / n of all.
  let cell = 0;
  let below = 0;
  for (let i = 0; i < n; i++) {
    const place = (i + 0.5) / n;
    while (cell < A * E - 1 && below + massAt(distribution, cell, A, E) <= place) {
      below += massAt(distribution, cell, A, E);
      cell += 1;
    }
    capital[i] = scale * assets[Math.floor(cell / E)];
    status[i] = cell % E;
  }
  // At least something is there to produce with.
  if (capital.every((k) => k === 0)) capital.fill(scale * model.usualCapital);
  return { capital, status, turn: Int32Array.from({ length: n }, (_, i) => i), productivity: z };
}

/** Mass of a cell in the order of wealth first, then own state. */
function massAt(distribution: Float64Array, cell: number, A: number, E: number): number {
  return distribution[(cell % E) * A + Math.floor(cell / E)];
}
