import type { Oracle } from '../../core/capabilities.ts';
import type { Classical } from '../../core/classical.ts';
import { krusellSmithClassical } from '../krusell-smith/classical.ts';
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { krusellSmithOracle } from '../krusell-smith/oracle.ts';
import { within } from './budgets.ts';
import type { EmploymentModel } from './setup.ts';

/** Whether the households are a sample of krusell-smith's continuum: alike, and choosing when they have seen. */
function isSample({ productivities, timing }: EmploymentModel): boolean {
  return !productivities.differ.capital && !productivities.differ.labour && timing === 'observe-first';
}

/** What classical solvers are told: krusell-smith's continuum. Undefined where households differ, or choose before they see. */
export function employmentClassical(
  model: EmploymentModel,
): Classical<KrusellSmithState, 'household'> | undefined {
  return isSample(model) ? krusellSmithClassical(model.base) : undefined;
}

/**
 * The classical solution of the continuum, cut to what actions reach: optimal in the limit of many households, off by terms of the order of 1/n
 * before. Solved when first asked. Undefined where households differ, or choose before they see.
 */
export function employmentOracle(model: EmploymentModel): Oracle<KrusellSmithState, 'household'> | undefined {
  if (!isSample(model)) return undefined;
  const classical = krusellSmithOracle(model.base);
  const { lowest, highest } = model;
  return {
    method: classical.method,
    get solution() {
      return classical.solution;
    },
    act(state, actions) {
      classical.act(state, actions);
      const shares = actions.household;
      for (let i = 0; i < shares.length; i++) shares[i] = within(lowest, highest, shares[i]);
    },
    get evaluationStates() {
      return classical.evaluationStates;
    },
    get steadyState() {
      return classical.steadyState;
    },
    // The sample draws jobs: no period is like the next.
    steadyStateDrift: Number.POSITIVE_INFINITY,
    welfareLossPercent: (values) => classical.welfareLossPercent(values),
  };
}
