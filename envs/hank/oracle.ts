import type { Oracle } from '../../core/capabilities.ts';
import { createRng, type Rng } from '../../numerics/random.ts';
import { marginalUtility } from '../../solvers/preferences.ts';
import { blockPeriod } from '../../solvers/sequence-space-block.ts';
import { type HankShock, hankResponse, solveHankLinear } from './linear.ts';
import type { HankModel } from './setup.ts';
import type { HankState } from './state.ts';
import { type HankSteadyState, hankSteadyState } from './steady-state.ts';

/** Policies of the endogenous grid hardly change beyond this many nodes, responses beyond this horizon. */
const NODES = 100;
const HORIZON = 150;
/** Period of a response from which the surprise of its first period has passed. */
const AFTER_SURPRISE = 3;
const STEP = 1e-4;
const EVALUATION_STATES = 12;
const SEED = 'hank evaluation states';

/** What moves with a shock per unit of it once the first surprise is over: consumption by cell, [E, A], and aggregates. */
interface Loading {
  readonly consumption: Float64Array;
  readonly inflation: number;
  readonly realReturn: number;
  readonly wage: number;
  readonly dividend: number;
}

/** The solution to first order as policies: where households rest, and loadings on log z and on e. */
export interface FirstOrder {
  readonly rest: HankSteadyState;
  readonly productivity: Loading;
  readonly monetary: Loading;
}

/**
 * What everybody does to first order in the shocks about rest: c(b, y; z, e) = c(b, y) + log z c_z(b, y) + e c_e(b, y). Expectations are rational; of the distribution's own
 * movements only those are in it that go with the shocks. Throws what the solvers throw.
 */
export function firstOrder(model: HankModel): FirstOrder {
  const rest = hankSteadyState(model, { nodes: NODES });
  const linear = solveHankLinear({ ...model, bondNodes: NODES }, rest, { horizon: HORIZON });
  const loading = (shock: HankShock): Loading => {
    const persistence = shock === 'productivity' ? model.productivityPersistence : model.monetaryPersistence;
    const paths = hankResponse(linear, model, shock);
    // Without persistence there is nothing after the first period.
    const from = persistence > 0 ? AFTER_SURPRISE : 0;
    const scale = persistence ** from;
    const at = (name: string) => paths[name][from] / scale;
    return {
      consumption: cellResponse(model, rest, paths, from).map((x) => x / scale),
      inflation: at('Pi'),
      realReturn: at('r'),
      wage: at('w'),
      dividend: at('d'),
    };
  };
  return { rest, productivity: loading('productivity'), monetary: loading('monetary') };
}

/** d consumption in period `from` of a path of responses that is known from there on, [E, A]. */
function cellResponse(
  { bonds }: HankModel,
  rest: HankSteadyState,
  paths: Readonly<Record<string, Float64Array>>,
  from: number,
): Float64Array {
  const cells = rest.distribution.length;
  const [up, down] = [STEP, -STEP].map((size) => {
    const period = blockPeriod(rest.block);
    const carried = rest.households.carried.slice();
    for (let t = paths.r.length - 1; t >= from; t--) {
      const inputs = Float64Array.of(
        rest.R + size * paths.r[t],
        rest.wage + size * paths.w[t],
        rest.transfer + size * (paths.d[t] - bonds * paths.r[t]),
      );
      rest.block.stepBack(inputs, carried, period);
      carried.set(period.carried);
    }
    return period.outputs.slice(cells, 2 * cells);
  });
  return up.map((c, j) => (c - down[j]) / (2 * STEP));
}

/**
 * The continuum's solution to first order, acted out by the sample. A surprise in the real return counts as the bonds that it is worth, tax and all. Throws what the solvers
 * throw.
 */
export function hankOracle(model: HankModel): Oracle<HankState, 'household' | 'firm'> {
  const solution = firstOrder(model);
  const { rest, productivity: byZ, monetary: byE } = solution;
  const { converged, iterations, residual } = rest;
  const { target, bonds: B, incidence, incomes } = model;
  const policy = new Float64Array(rest.distribution.length);
  const states = evaluationStates(model, rest);
  return {
    method: `endogenous grid with ${NODES} nodes at rest; shocks to first order in sequence space`,
    solution: { converged, iterations, residual },
    act(state, { household, firm }) {
      const logZ = Math.log(model.productivities.levels[state.productivity]);
      const e = model.monetary.levels[state.monetary];
      const mixed = (at: number, z: number, m: number) => at + logZ * z + e * m;
      const inflation = mixed(rest.inflation, byZ.inflation, byE.inflation);
      const usual = mixed(rest.R, byZ.realReturn, byE.realReturn);
      const wage = mixed(rest.wage, byZ.wage, byE.wage);
      const dividend = mixed(rest.dividend, byZ.dividend, byE.dividend);
      const surprise = state.nominalRate / (1 + inflation) - usual;
      for (let j = 0; j < policy.length; j++) {
        policy[j] = mixed(rest.consumptionTable[j], byZ.consumption[j], byE.consumption[j]);
      }
      for (let i = 0; i < state.bonds.length; i++) {
        const own = state.status[i];
        const b = state.bonds[i];
        const worthBonds = b + (surprise * (b - incidence[own] * B)) / usual;
        const c = Math.max(model.consumptionFloor, readRow(rest.assets, policy, own, worthBonds));
        const worth = marginalUtility(c, model.riskAversion);
        const pay = wage * incomes.levels[own];
        const hours = ((worth * pay) / model.labourWeight) ** (1 / model.labourCurvature);
        const base = target * b + pay * hours + incidence[own] * (dividend - (target - 1) * B);
        household[2 * i] = base > c ? c / base : 1;
        household[2 * i + 1] = worth;
      }
      firm.fill(inflation);
    },
    evaluationStates: states,
    steadyState: states[EVALUATION_STATES >> 1],
    // Incomes keep moving: nobody rests.
    steadyStateDrift: Infinity,
    welfareLossPercent: ({ policy: own, optimum }) => {
      const { riskAversion: sigma, discountFactor: beta } = model;
      const lost = (1 - beta) * (own.household - optimum.household);
      if (sigma === 1) return 100 * (1 - Math.exp(lost));
      // Of consumption at rest: labour is not scaled with it.
      const felt = rest.distribution.reduce(
        (sum, m, j) => sum + m * rest.consumptionTable[j] ** (1 - sigma),
        0,
      );
      return 100 * (1 - Math.max(0, 1 + ((1 - sigma) * lost) / felt) ** (1 / (1 - sigma)));
    },
  };
}

/** A row of a table [E, A], linear between the nodes and beyond them. */
function readRow(nodes: Float64Array, table: Float64Array, row: number, x: number): number {
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodes[middle] <= x) low = middle;
    else high = middle;
  }
  const at = row * nodes.length + low;
  const weight = (x - nodes[low]) / (nodes[high] - nodes[low]);
  return (1 - weight) * table[at] + weight * table[at + 1];
}

/** Samples of the cross-section at rest, with productivity from its worst to its best state and the central bank in every third of its own. */
function evaluationStates(model: HankModel, rest: HankSteadyState): readonly HankState[] {
  const rng = createRng(SEED);
  return Array.from({ length: EVALUATION_STATES }, (_, k) => {
    const share = k / (EVALUATION_STATES - 1);
    return {
      ...drawn(model, rest, rng.split(k)),
      turn: Int32Array.from({ length: model.households }, (_, i) => i),
      relativePrices: new Float64Array(model.firms).fill(1),
      nominalRate: rest.R * (1 + rest.inflation),
      productivity: Math.round(share * (model.productivities.n - 1)),
      monetary: Math.round(((k % 3) / 2) * (model.monetary.n - 1)),
      wage: rest.wage,
    };
  });
}

/** Households drawn from the cross-section at rest, distances from the limit scaled so that they hold B on average. */
function drawn(
  model: HankModel,
  { assets, distribution }: HankSteadyState,
  rng: Rng,
): Pick<HankState, 'bonds' | 'status'> {
  const { households: n, borrowingLimit, bonds: B } = model;
  const bonds = new Float64Array(n);
  const status = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const cell = rng.categorical(distribution);
    const a = cell % assets.length;
    const width = a === 0 || a === assets.length - 1 ? 0 : assets[a + 1] - assets[a];
    bonds[i] = assets[a] + width * rng.uniform();
    status[i] = Math.floor(cell / assets.length);
  }
  const mean = bonds.reduce((sum, b) => sum + b - borrowingLimit, 0) / n;
  const scale = mean > 0 ? (B - borrowingLimit) / mean : 0;
  return {
    bonds: bonds.map((b) => (scale > 0 ? borrowingLimit + scale * (b - borrowingLimit) : B)),
    status,
  };
}
