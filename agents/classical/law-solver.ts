import type { AgentReport } from '../../core/agent.ts';
import type { ClassicalCapital } from '../../core/classical.ts';
import { OrderError, RestoreError } from '../../core/errors.ts';
import { type Assessment, assessLawOfMotion } from '../../solvers/assessment.ts';
import { capitalProblem, chainsOf } from '../../solvers/capital-tables.ts';
import type { CapitalPolicy } from '../../solvers/capital-walk.ts';
import { lawOfMotionOptions } from '../../solvers/classical.ts';
import { filterOf } from '../../solvers/cycle-moments.ts';
import { savingsOf } from '../../solvers/household-euler.ts';
import {
  advanceLawOfMotion,
  finishLawOfMotion,
  type LawOfMotionSolution,
  type LawOfMotionState,
  startLawOfMotion,
} from '../../solvers/krusell-smith.ts';
import { lawReport } from '../../solvers/law-report.ts';
import { capitalSamplePolicy } from '../../solvers/sample-policy.ts';
import type { ClassicalSettings } from './settings.ts';
import type { ClassicalSolver } from './solver.ts';

/**
 * The equilibrium of Krusell and Smith (1998), an outer iteration at a time: the law is fitted to one path of aggregate states and tried on another, both
 * drawn from `seed`. What is found last is kept, so that reports and policies of a finished run cost one more solution only.
 */
export function lawSolver(
  classical: ClassicalCapital,
  settings: ClassicalSettings,
  seed: number,
): ClassicalSolver {
  const { economy, capital } = classical;
  const middle = Math.sqrt(capital.low * capital.high);
  const range = {
    ...capital,
    low: middle * (capital.low / middle) ** settings.capitalWidth,
    high: middle * (capital.high / middle) ** settings.capitalWidth,
  };
  const { law: form, ...size } = settings;
  const options = lawOfMotionOptions({ ...classical, capital: range }, { ...size, form, seed });
  const chains = chainsOf(economy);
  let state = startLawOfMotion(economy, options);
  let solution: LawOfMotionSolution | undefined;
  let assessment: Assessment | undefined;

  function solved(): LawOfMotionSolution {
    if (state.iteration === 0)
      throw new OrderError('classical: nothing is solved before the first iteration.');
    solution ??= finishLawOfMotion(economy, options, state);
    return solution;
  }

  /** Under way, the policy as it stands; it is not worth a solution of its own. */
  function currentPolicy(): CapitalPolicy {
    if (state.converged || state.policy === null || settings.method !== 'euler') return solved().policy;
    const { assets, capital: nodes, interpolation = 'cubic' } = options;
    const problem = capitalProblem(economy, chains, { assets, capital: nodes, interpolation }, state.law);
    return { problem, savings: savingsOf(problem, state.policy), logCapital: nodes.map(Math.log) };
  }

  return {
    iterate() {
      state = advanceLawOfMotion(economy, options, state);
      solution = undefined;
      assessment = undefined;
      const { residual, fit, relaxation, household } = state;
      return {
        lawChange: residual,
        unexplained: 1 - (fit?.rSquared ?? 0),
        relaxation,
        householdIterations: household?.iterations ?? 0,
      };
    },
    get converged() {
      return state.converged;
    },
    policy: () => capitalSamplePolicy(economy, currentPolicy()),
    report(): AgentReport {
      if (state.iteration === 0) return { json: {} };
      assessment ??= assessLawOfMotion(economy, solved(), {
        periods: settings.periods,
        discard: settings.discard,
        seed: seed + 1,
        lambda: filterOf(classical.periodsPerYear),
      });
      const { json, ...shown } = lawReport({
        economy,
        solution: solved(),
        assessment,
        expectations: 'law',
        pathName: 'classical-path',
      });
      return { json: { iterations: state.iteration, lastChange: state.residual, ...json }, ...shown };
    },
    save: () => ({ state: structuredClone(state) }),
    load(saved) {
      const from = saved.state as LawOfMotionState | undefined;
      const { distribution, law } = startLawOfMotion(economy, options);
      const cells = distribution.length;
      const entries = cells * options.capital.length * economy.productivity.length;
      if (
        !(from?.distribution instanceof Float64Array && from.distribution.length === cells) ||
        !(from.policy === null || from.policy?.length === entries) ||
        from.law?.form !== law.form
      )
        throw new RestoreError(
          `classical: the saved state is not of a ${law.form} law, ${cells} cells of households and ${entries} entries of policies; the grids or ` +
            'the law have changed.',
        );
      state = from;
      solution = undefined;
      assessment = undefined;
    },
  };
}
