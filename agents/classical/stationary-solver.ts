import type { AgentReport } from '../../core/agent.ts';
import type { ClassicalStationary } from '../../core/classical.ts';
import { OrderError, RestoreError } from '../../core/errors.ts';
import { stationaryOptions } from '../../solvers/classical.ts';
import { stationarySamplePolicy } from '../../solvers/sample-policy.ts';
import { type StationaryEquilibrium, solveStationary } from '../../solvers/stationary.ts';
import type { ClassicalSettings } from './settings.ts';
import type { ClassicalSolver } from './solver.ts';
import { stationaryReport } from './stationary-report.ts';

/** The stationary equilibrium of an economy without aggregate risk (Huggett 1993, Aiyagari 1994), all of it in one iteration. */
export function stationarySolver(
  classical: ClassicalStationary,
  settings: ClassicalSettings,
): ClassicalSolver {
  const options = stationaryOptions(classical, settings);
  let found: StationaryEquilibrium | undefined;
  const solved = () => {
    if (found === undefined) throw new OrderError('classical: nothing is solved before the first iteration.');
    return found;
  };
  return {
    iterate() {
      found = solveStationary(classical.economy, options);
      const { residual, price, iterations } = found;
      return { excess: residual, price, priceIterations: iterations };
    },
    get converged() {
      return found?.converged ?? false;
    },
    policy: () => stationarySamplePolicy(classical.economy, solved()),
    report: (): AgentReport => (found === undefined ? { json: {} } : stationaryReport(classical, found)),
    save: () => ({ equilibrium: found === undefined ? null : structuredClone(found) }),
    load(saved) {
      const from = saved.equilibrium as StationaryEquilibrium | null | undefined;
      const cells = classical.economy.ownStates * options.assets.length;
      if (from !== null && (!(from?.savings instanceof Float64Array) || from.savings.length !== cells))
        throw new RestoreError(`classical: the saved policy is not of ${cells} cells; grids have changed.`);
      found = from ?? undefined;
    },
  };
}
