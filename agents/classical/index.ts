/** The classical solution of an economy of many households, as an agent: solved from what the economy tells, and at work in its sample. */
import type { Agent } from '../../core/agent.ts';
import { UsageError } from '../../core/errors.ts';
import type { CreateOptions, Method } from '../../core/method.ts';
import { fromQuantities } from '../../core/quantities.ts';
import type { Economy } from '../../core/registry.ts';
import type { SamplePolicy } from '../../solvers/sample-policy.ts';
import { lawSolver } from './law-solver.ts';
import { type ClassicalSettings, classicalSettings } from './settings.ts';
import { stationarySolver } from './stationary-solver.ts';

export type { ClassicalSettings } from './settings.ts';

/** Krusell and Smith's law of motion, or the stationary equilibrium where there is no aggregate risk. */
export const classical: Method<ClassicalSettings> = {
  name: 'classical',
  title:
    'Classical solution: endogenous grid, histogram, law of motion (Krusell and Smith 1998) or stationary equilibrium',
  settings: classicalSettings,
  steps: 100,
  presets: {
    quick: { steps: 100, settings: { assetNodes: 100, capitalNodes: 6, periods: 4_000, tolerance: 1e-5 } },
    notebook: { steps: 100, settings: {} },
    paper: { steps: 200, settings: { assetNodes: 400, capitalNodes: 16, periods: 100_000, tolerance: 1e-7 } },
  },
  create: classicalAgent,
};

/** Seeds of aggregate paths leave room for `seed + 1`. */
const SEEDS = 2 ** 31;

/**
 * An agent that makes an outer iteration an update and acts by the policy found, linear between assets. It looks at states, not at observations.
 * Throws a UsageError for an economy that tells no `classical` problem, or asks this type to play another's part.
 */
export function classicalAgent(options: CreateOptions<ClassicalSettings>): Agent {
  const { economy, type, settings, rng, actionSpace } = options;
  const problem = problemOf(economy, type);
  const solver =
    problem.kind === 'law-of-motion'
      ? lawSolver(problem, settings, rng.split('aggregate states').integer(SEEDS))
      : stationarySolver(problem, settings);
  const { count } = economy.types[type];
  const quantities = Object.fromEntries(
    Object.entries(economy.types).map(([name, t]) => [name, new Float64Array(t.count * t.actionSpace.size)]),
  );
  const width = count * actionSpace.size;
  let policy: SamplePolicy | undefined;
  return {
    name: 'classical',
    act({ states }, actions) {
      policy ??= solver.policy();
      for (let b = 0; b < states.length; b++) {
        problem.quantities(states[b], policy(problem.sample(states[b])), quantities);
        fromQuantities(quantities[type], actions.subarray(b * width, (b + 1) * width), actionSpace);
      }
    },
    update() {
      policy = undefined;
      return solver.iterate();
    },
    get converged() {
      return solver.converged;
    },
    report: () => solver.report(),
    save: () => solver.save(),
    load(saved) {
      policy = undefined;
      solver.load(saved);
    },
  };
}

function problemOf(economy: Economy, type: string) {
  const problem = economy.classical();
  if (problem === undefined) {
    throw new UsageError(
      `classical: ${economy.id} does not tell the problem of its households (\`classical\` of defineEconomy). Try --env krusell-smith, or --agent grid.`,
    );
  }
  if (problem.type !== type)
    throw new UsageError(
      `classical: the households of ${economy.id} are of type ${problem.type}, not ${type}.`,
    );
  return problem;
}
