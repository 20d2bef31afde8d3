import type { AgentReport } from '../../core/agent.ts';
import type { ClassicalStationary } from '../../core/classical.ts';
import { OrderError, RestoreError, UsageError } from '../../core/errors.ts';
import { solveClassicalStationary, stationaryOptions } from '../../solvers/classical.ts';
import { stationarySamplePolicy } from '../../solvers/sample-policy.ts';
import type { StationaryEquilibrium } from '../../solvers/stationary.ts';
import type { ClassicalSettings } from './settings.ts';
import type { ClassicalSolver } from './solver.ts';
import { stationaryReport } from './stationary-report.ts';

/** The stationary equilibrium of an economy without aggregate risk (Huggett 1993, Aiyagari 1994), all of it in one iteration. */
export function stationarySolver(
  classical: ClassicalStationary,
  settings: ClassicalSettings,
): ClassicalSolver {
  const cells = classical.economy.ownStates * stationaryOptions(classical, settings).assets.length;
  let found: StationaryEquilibrium | undefined;
  const solved = () => {
    if (found === undefined) throw new OrderError('classical: nothing is solved before the first iteration.');
    return found;
  };
  return {
    iterate() {
      const { isBracketed, ...equilibrium } = solveClassicalStationary(classical, settings);
      const { residual, price, iterations } = equilibrium;
      if (!isBracketed) {
        const { name, lower, upper } = classical.price;
        throw new UsageError(
          `classical: no ${name} from ${lower} to ${upper} clears the market; at ${price} households hold ${equilibrium.meanAssets}, and there ` +
            `is ${classical.economy.assetSupply(price)} to hold. Give households more risk, or a larger --set assetHigh.`,
        );
      }
      found = equilibrium;
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
      if (from !== null && (!(from?.savings instanceof Float64Array) || from.savings.length !== cells))
        throw new RestoreError(`classical: the saved policy is not of ${cells} cells; grids have changed.`);
      found = from ?? undefined;
    },
  };
}
