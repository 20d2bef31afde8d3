/**
 * Is the oracle itself right? For every economy whose oracle knows its Euler equation: unit-free errors |1 - implied c / c|
 * (Judd 1992) of the oracle's own policy, on its evaluation states and along a simulated path.
 *
 *   npx tsx sanity/euler-error.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--seed N] [--json]
 */
import { fileURLToPath } from 'node:url';
import type { Oracle } from '../core/capabilities.ts';
import type { EconomyState } from '../core/economy.ts';
import { oracleAgents, statePolicy } from '../core/evaluate.ts';
import type { Economy } from '../core/registry.ts';
import { Simulation } from '../core/simulation.ts';
import { copyState } from '../core/state.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import {
  type CheckCase,
  chosenEconomies,
  conclude,
  type EconomyCheckOptions,
  economyCheckOptions,
} from './check-command.ts';

/** A formula in float64, a dozen roundings deep. */
export const CLOSED_FORM_GATE = 1e-12;

/** A numerical solution: a hundredth of a thousandth of consumption, far beyond what is learned. */
export const NUMERICAL_GATE = 1e-5;

/** Periods of the simulated path. */
const PATH = 500;

export interface EulerCase extends CheckCase {
  readonly method: string;
  readonly where: 'evaluation states' | 'path';
  readonly mean: number;
  readonly max: number;
  readonly log10Mean: number;
  readonly log10Max: number;
  readonly gate: number;
  readonly n: number;
}

/** Euler errors of an economy's oracle; undefined if it has none. */
export function eulerCases(economy: Economy, seed: number): readonly EulerCase[] | undefined {
  const oracle = economy.oracle();
  if (oracle?.eulerErrors === undefined) return undefined;
  const places = { 'evaluation states': oracle.evaluationStates, path: path(economy, oracle, seed) } as const;
  return (['evaluation states', 'path'] as const).map((where) =>
    eulerCase(economy, oracle, where, places[where]),
  );
}

function eulerCase(
  economy: Economy,
  oracle: Oracle,
  where: EulerCase['where'],
  states: readonly EconomyState[],
): EulerCase {
  const agents = oracleAgents(economy, oracle);
  const policy = statePolicy({ agents, makeBatch: (options) => new Simulation(economy, options) });
  const errors = Array.from(oracle.eulerErrors?.(policy, states) ?? []);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const max = errors.reduce((worst, error) => Math.max(worst, error), 0);
  const gate = oracle.method === 'closed form' ? CLOSED_FORM_GATE : NUMERICAL_GATE;
  return {
    env: economy.id,
    method: oracle.method,
    where,
    mean,
    max,
    log10Mean: Math.log10(mean),
    log10Max: Math.log10(max),
    gate,
    n: errors.length,
    ok: oracle.solution.converged && errors.length > 0 && max <= gate,
  };
}

/** States along one path under the oracle, from a drawn first state. */
function path(economy: Economy, oracle: Oracle, seed: number): readonly EconomyState[] {
  const env = new Simulation(economy, { horizon: PATH });
  const agents = oracleAgents(economy, oracle);
  env.reset({ seed });
  const states: EconomyState[] = [];
  for (let t = 0; t < PATH; t++) {
    states.push(copyState(env.states[0]));
    for (const [type, { count }] of Object.entries(env.types)) {
      const input = { rows: count, observations: env.observations[type], states: env.states };
      agents[type].act(input, env.actions[type], { deterministic: true });
    }
    env.step();
  }
  return states;
}

export const eulerErrorCheck: CommandDefinition<EconomyCheckOptions> = {
  name: 'euler-error',
  summary: "Measures the Euler errors of every economy's oracle.",
  options: economyCheckOptions,
  async main(options, terminal) {
    const checked = (await chosenEconomies(options)).map((economy) => ({
      id: economy.id,
      cases: eulerCases(economy, options.seed),
    }));
    return conclude({
      terminal,
      cases: checked.flatMap(({ cases }) => cases ?? []),
      columns: {
        economy: ({ env }) => env,
        states: ({ where }) => where,
        n: ({ n }) => String(n),
        mean: ({ mean }) => mean.toExponential(1),
        max: ({ max }) => max.toExponential(1),
        'log10 mean': ({ log10Mean }) => log10Mean.toFixed(1),
        'log10 max': ({ log10Max }) => log10Max.toFixed(1),
        gate: ({ gate }) => gate.toExponential(0),
        oracle: ({ method }) => method,
      },
      title:
        'Euler errors |1 - implied consumption / consumption| of oracles\n' +
        `Allowed: ${CLOSED_FORM_GATE.toExponential()} in closed form, ${NUMERICAL_GATE.toExponential()} numerically`,
      needs: 'oracle with an Euler equation',
      skipped: checked.filter(({ cases }) => cases === undefined).map(({ id }) => id),
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(eulerErrorCheck);
