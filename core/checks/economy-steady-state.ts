/** E8 and E10: where the economy rests without shocks, and at which prices. */
import type { Accounts, Enumerable, Oracle } from '../capabilities.ts';
import type { EconomyState } from '../economy.ts';
import type { Economy } from '../registry.ts';
import type { EconomyLog } from './economy-log.ts';
import { ECONOMY_CHECKS, LARGEST_DRIFT, STEADY_STATE_TOLERANCE } from './economy-names.ts';
import { quietSuccessor } from './economy-quiet.ts';
import { stateGap } from './economy-state-gap.ts';

const UNDER = "in one step from the steady state under the oracle's actions, shocks at their means";

/**
 * Takes one quiet step from the oracle's steady state. E8 does not apply without an oracle, or where its `steadyStateDrift` is
 * Infinity; E10 not without `steadyStatePrices` of the oracle and `prices` of the accounts.
 */
export function checkSteadyState(options: {
  readonly economy: Economy;
  readonly oracle: Oracle;
  readonly enumerable: Enumerable | undefined;
  readonly accounts: Accounts | undefined;
  readonly log: EconomyLog;
}): void {
  const { economy, oracle, enumerable, accounts, log } = options;
  const state = oracle.steadyState;
  const { steadyStateDrift: drift = 0 } = oracle;
  if (drift === Infinity) return;
  const tolerance = Math.min(LARGEST_DRIFT, Math.max(STEADY_STATE_TOLERANCE, drift));
  const actions = Object.fromEntries(
    Object.entries(economy.types).map(([type, { count, actionSpace }]) => [
      type,
      new Float64Array(count * actionSpace.size),
    ]),
  );
  oracle.act(state, actions);
  const after = quietSuccessor({ economy, enumerable, state, actions });
  const gap = stateGap(after, state);
  log.compare({
    check: ECONOMY_CHECKS.steadyState,
    quantity: gap.field === '' ? 'state' : gap.field,
    found: gap.found,
    expected: gap.expected,
    scale: gap.scale,
    tolerance,
    law: 'next state = steady state',
    under: UNDER,
    hint:
      'Solve the steady state with the parameters that step uses. If it is that of the economy without risk, allow its drift: ' +
      '`steadyStateDrift` of the oracle.',
  });
  comparePrices({ oracle, prices: accounts?.entry(state, actions, after).prices, tolerance, log });
}

function comparePrices(options: {
  readonly oracle: Oracle<EconomyState>;
  readonly prices: Readonly<Record<string, number>> | undefined;
  readonly tolerance: number;
  readonly log: EconomyLog;
}): void {
  const { oracle, prices, tolerance, log } = options;
  if (oracle.steadyStatePrices === undefined || prices === undefined) return;
  for (const [name, expected] of Object.entries(oracle.steadyStatePrices)) {
    log.compare({
      check: ECONOMY_CHECKS.prices,
      quantity: name,
      found: prices[name] ?? Number.NaN,
      expected,
      scale: Math.abs(expected),
      tolerance,
      law: 'price = its value in the steady state',
      under: UNDER,
      hint: 'Is the price of the accounts that of the step, in the unit of the analytical one (gross or net, per period)?',
    });
  }
}
