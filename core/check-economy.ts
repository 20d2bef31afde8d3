import type { Tf } from './capabilities.ts';
import { checkAccounts } from './checks/economy-accounts.ts';
import { checkFrequencies, checkSuccessors, type DrawPlace, keepPlace } from './checks/economy-chain.ts';
import { EconomyLog, type EconomyReport } from './checks/economy-log.ts';
import { ECONOMY_CHECKS } from './checks/economy-names.ts';
import { type EconomyStep, walkPaths } from './checks/economy-paths.ts';
import { checkSteadyState } from './checks/economy-steady-state.ts';
import { tensorSubject } from './checks/economy-tensor-probe.ts';
import { checkTensors } from './checks/economy-tensors.ts';
import { UsageError } from './errors.ts';
import type { Economy } from './registry.ts';

export interface CheckEconomyOptions {
  /** Of the first states, draws and random actions of each path. */
  readonly seeds?: readonly number[]; // [1, 2, 3]
  /** Steps of each path: one for each seed and each kind of actions. */
  readonly steps?: number; // 200
  /**
   * tfjs for the tensor twin: an instance of yours, `load` to load it if the economy has a twin (which makes its choice of backend
   * the process's), or `skip`.
   */
  readonly tensors?: Tf | 'load' | 'skip'; // 'load'
}

/**
 * Whether an economy obeys the laws that it says it does. It reads `accounts` (resources, capital, markets, Walras' law, masses,
 * consumption, borrowing, factor payments, utility) at every step of paths under random actions, both ends of every action and the
 * oracle's, across a reset; holds `step` against `enumerable` and its draws against the probabilities (chi-square, at a fixed seed);
 * takes one step from the oracle's steady state without shocks; and compares `tensor` with the loop. `ECONOMY_CHECKS` has the names.
 *
 * A check whose quantities the economy does not give is counted as not applicable, never as passed. Errors of the economy are
 * failures in the report; throws a UsageError for steps or seeds that cannot be, and an Error if tfjs was to be loaded and cannot.
 * Invariant: equal economies and options give equal reports, and the economy is left as it was.
 */
export async function checkEconomy(
  economy: Economy,
  options: CheckEconomyOptions = {},
): Promise<EconomyReport> {
  const { seeds = [1, 2, 3], steps = 200, tensors = 'load' } = options;
  checkOptions(steps, seeds);
  const log = new EconomyLog(economy.id);
  const [accounts, enumerable, oracle] = [
    attempt(log, 'accounts', () => economy.accounts()),
    attempt(log, 'enumerable', () => economy.enumerable()),
    attempt(log, 'oracle', () => economy.oracle()),
  ];
  const chain = enumerable === undefined ? undefined : { economy, enumerable, log };
  const places = new Map<string, DrawPlace>();
  const visit = (step: EconomyStep) => {
    if (accounts !== undefined) {
      checkAccounts(accounts.entry(step.before, step.actions, step.after), step, log);
    }
    if (chain === undefined) return;
    const successors = checkSuccessors(chain, step);
    if (step.policy === 'random') keepPlace(places, { step, successors });
  };
  walkPaths({ economy, oracle, steps, seeds, log }, visit);
  if (chain !== undefined) attempt(log, 'step', () => checkFrequencies(chain, [...places.values()]));
  if (oracle !== undefined) {
    attempt(log, 'oracle', () => checkSteadyState({ economy, oracle, enumerable, accounts, log }));
  }
  const subject = attempt(log, 'tensor', () => tensorSubject(economy));
  if (subject !== undefined && tensors !== 'skip') {
    const tf = tensors === 'load' ? await loadTensors() : tensors;
    attempt(log, 'tensor', () => checkTensors(subject, { tf, seed: seeds[0], log }));
  }
  return log.report();
}

/** tfjs is large: loaded only for an economy that has a twin. */
async function loadTensors(): Promise<Tf> {
  const { chooseTensorBackend } = await import('../tensor/backend.ts');
  return (await chooseTensorBackend()).tf;
}

/** An error of the economy's own is a finding like any other. */
function attempt<X>(log: EconomyLog, what: string, run: () => X): X | undefined {
  try {
    return run();
  } catch (error) {
    log.fail(ECONOMY_CHECKS.runs, {
      expected: `${what} without an error`,
      actual: error instanceof Error ? error.message : String(error),
      hint: `Look at ${what} of the economy's definition, called with the model of this calibration.`,
    });
    return undefined;
  }
}

function checkOptions(steps: number, seeds: readonly number[]): void {
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError(`checkEconomy: steps is ${steps}; it must be a positive whole number.`);
  const wrong = seeds.find((seed) => !Number.isSafeInteger(seed));
  if (seeds.length === 0 || wrong !== undefined)
    throw new UsageError(`checkEconomy: seeds are [${seeds}]; give at least one whole number.`);
}
