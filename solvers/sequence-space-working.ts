/** Households that save and work (solvers/household-labour.ts) as a block: prices in; assets, consumption and efficiency units of labour out. */
import { requireLength } from '../numerics/checks.ts';
import {
  type SolveWorkingOptions,
  solveWorking,
  type WorkingHousehold,
  workingPeriod,
  workingScratch,
  workingStep,
} from './household-labour.ts';
import { blockAtRest, type HouseholdBlock, type SteadyBlock } from './sequence-space-block.ts';

const OUTPUTS = ['assets', 'consumption', 'labour'] as const;
export type WorkingOutput = (typeof OUTPUTS)[number];

export interface WorkingBlockOptions {
  /** What own state e gets of a unit of transfers, [E]; default 1 for all. */
  readonly incidence?: Float64Array;
  /** Which aggregates; fewer are faster. Default all three. */
  readonly outputs?: readonly WorkingOutput[];
}

/**
 * The block: inputs `grossReturn` R_t, `wage` w_t, `transfer` tau_t; outputs means of a'_t, c_t and y_e n_t. tau_e,t = incidence_e tau_t.
 * Throws on an incidence of another length. Invariant: consumption + assets = R times assets before + w labour + transfers.
 */
export function workingBlock(household: WorkingHousehold, options: WorkingBlockOptions = {}): HouseholdBlock {
  const { assets, transition, efficiency } = household;
  const states = efficiency.length;
  const { incidence = new Float64Array(states).fill(1), outputs = OUTPUTS } = options;
  requireLength('workingBlock', 'the incidence', incidence, states, 'the own states');
  const cells = states * assets.length;
  const period = workingPeriod(cells);
  const scratch = workingScratch(household);
  const prices = { grossReturn: 0, wage: 0, transfers: new Float64Array(states) };
  return {
    inputs: ['grossReturn', 'wage', 'transfer'],
    outputs,
    assets,
    transition,
    stepBack(inputs, next, to) {
      prices.grossReturn = inputs[0];
      prices.wage = inputs[1];
      for (let e = 0; e < states; e++) prices.transfers[e] = inputs[2] * incidence[e];
      workingStep(household, prices, next, period, scratch);
      to.carried.set(period.marginalValue);
      to.savings.set(period.savings);
      for (let o = 0; o < outputs.length; o++) {
        if (outputs[o] === 'assets') to.outputs.set(period.savings, o * cells);
        else if (outputs[o] === 'consumption') to.outputs.set(period.consumption, o * cells);
        else writeEffective(period.labour, efficiency, assets.length, to.outputs, o * cells);
      }
    },
  };
}

function writeEffective(
  labour: Float64Array,
  efficiency: Float64Array,
  count: number,
  out: Float64Array,
  offset: number,
): void {
  for (let e = 0; e < efficiency.length; e++) {
    for (let a = 0; a < count; a++) out[offset + e * count + a] = efficiency[e] * labour[e * count + a];
  }
}

export interface WorkingRestOptions extends SolveWorkingOptions {
  /** Cross-section to start from, [E, A]. */
  readonly start?: Float64Array;
}

/**
 * The block at rest under inputs (R, w, tau), solved from a policy on. Throws what `solveWorking` throws.
 * Invariant: independent of where it starts within the tolerances, where assets are bounded (beta R < 1).
 */
export function workingAtRest(
  household: WorkingHousehold,
  block: HouseholdBlock,
  inputs: Float64Array,
  options: WorkingRestOptions & { readonly incidence?: Float64Array } = {},
): SteadyBlock {
  requireLength('workingAtRest', 'the inputs', inputs, 3, 'the block');
  const states = household.efficiency.length;
  const { incidence = new Float64Array(states).fill(1) } = options;
  const transfers = incidence.map((share) => share * inputs[2]);
  const prices = { grossReturn: inputs[0], wage: inputs[1], transfers };
  const policy = solveWorking(household, prices, options);
  return blockAtRest(block, inputs, { carried: policy.marginalValue, converged: policy.converged }, options);
}
