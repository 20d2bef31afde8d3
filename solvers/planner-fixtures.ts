/** For tests of the planner: problems with their steady state. */
import type { PlannerProblem } from './planner.ts';

/** k and l at rest without risk, by beta (alpha y / k + 1 - delta) = 1 and l = w / (w + b c / l), log utility. */
export function problemOf(changes: Partial<Omit<PlannerProblem, 'steadyState'>> = {}): PlannerProblem {
  const problem = {
    capitalShare: 0.36,
    depreciation: 0.025,
    discountFactor: 0.95,
    riskAversion: 1,
    leisureWeight: 5,
    persistence: 0.9,
    deviation: 0.01,
    ...changes,
  };
  const { capitalShare: alpha, depreciation: delta, discountFactor: beta, leisureWeight: b } = problem;
  const ratio = (alpha / (1 / beta - 1 + delta)) ** (1 / (1 - alpha));
  const wage = (1 - alpha) * ratio ** alpha;
  const labour = wage / (wage + b * (ratio ** alpha - delta * ratio));
  return { ...problem, steadyState: { capital: ratio * labour, labour } };
}
