/**
 * Does every economy keep the contract and its own laws? `checkEnv` (the interface) and `checkEconomy` (the economics) over every
 * economy, under every named calibration.
 *
 * Economies of many households have nine here, unless they are asked for by name.
 *
 *   npx tsx sanity/check.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--backend NAME] [--json]
 */
import { fileURLToPath } from 'node:url';
import type { Tf } from '../core/capabilities.ts';
import { checkEconomy } from '../core/check-economy.ts';
import { checkEnv } from '../core/check-env.ts';
import type { EconomyGap, EconomyReport } from '../core/checks/economy-log.ts';
import { type CheckCount, type CheckFailure, mergeReports } from '../core/checks/report.ts';
import type { Economy } from '../core/registry.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
import { chosenEconomies, type TensorCheckOptions, tensorCheckOptions } from './check-command.ts';

/** Paths of `checkEconomy` for each kind of actions. */
const PATHS = 3;

/** Both checkers on one economy, as one report. */
export async function checkBoth(
  economy: Economy,
  options: { readonly seed: number; readonly tensors: Tf | 'skip' },
): Promise<EconomyReport> {
  const { seed, tensors } = options;
  const seeds = Array.from({ length: PATHS }, (_, i) => seed + i);
  const economics = await checkEconomy(economy, { seeds, tensors });
  return { ...mergeReports([checkEnv(economy, { seed }), economics]), gaps: economics.gaps };
}

/** A failure as a paragraph: what, where, what was expected and found, what to do. */
export function failureText(failure: CheckFailure): string {
  const { check, env, agent, step, expected, actual, hint } = failure;
  const place = [env, ...(agent === null ? [] : [agent]), ...(step === null ? [] : [`step ${step}`])];
  return `FAIL  ${check} (${place.join(', ')})\n  expected  ${expected}\n  found     ${actual}\n  hint      ${hint}`;
}

/** One row for each check: its counts, and the largest gap of what it compared, if it compares numbers. */
export function checkTable(checks: readonly CheckCount[], gaps: readonly EconomyGap[]): string {
  const rows = checks.map(({ name, passed, failed, notApplicable }) => {
    const worst = gaps
      .filter(({ check }) => check === name)
      .reduce<EconomyGap | undefined>(
        (a, b) => (a !== undefined && closeness(a) >= closeness(b) ? a : b),
        undefined,
      );
    const gap = worst === undefined ? [] : [worst.maxRel.toExponential(1), worst.tolerance.toExponential(0)];
    return [name, String(passed), String(failed), String(notApplicable), ...gap];
  });
  const header = ['check', 'passed', 'failed', 'not applicable', 'largest gap', 'allowed'];
  return formatTable(rows, { header });
}

/** `40 checks hold, 1 fails, 5 do not apply`: one that never applied holds nowhere. */
function summary(checks: readonly CheckCount[]): string {
  const failed = checks.filter((check) => check.failed > 0).length;
  const held = checks.filter((check) => check.failed === 0 && check.passed > 0).length;
  const rest = checks.length - failed - held;
  return `${held} checks hold, ${failed} ${failed === 1 ? 'FAILS' : 'FAIL'}, ${rest} do not apply`;
}

/** How near a gap comes to what is allowed. */
function closeness({ maxRel, tolerance }: EconomyGap): number {
  return maxRel / tolerance;
}

/** Of all economies together, those of many households are checked with as few as show everything; one asked for by name, as it is. */
const FEW_HOUSEHOLDS = 9;

function withFewHouseholds(economy: Economy): Economy {
  const { households } = economy.calibration;
  if (typeof households !== 'number' || households <= FEW_HOUSEHOLDS) return economy;
  return environments.economy(economy.id, { ...economy.set, households: FEW_HOUSEHOLDS });
}

export const checkCommand: CommandDefinition<TensorCheckOptions> = {
  name: 'check',
  summary: 'Checks the interface and the economics of every economy. Exit code 1 if a check fails.',
  options: tensorCheckOptions,
  async main(options, terminal) {
    const chosen = await chosenEconomies(options);
    const isAll = options.env === undefined && options.module === undefined;
    const economies = isAll ? chosen.map(withFewHouseholds) : chosen;
    const hasTwin = economies.some(({ definition }) => definition.tensor !== undefined);
    const loaded = hasTwin ? await requestedTensorBackend({ request: options.backend }) : undefined;
    const reports: EconomyReport[] = [];
    for (const economy of economies) {
      const report = await checkBoth(economy, { seed: options.seed, tensors: loaded?.tf ?? 'skip' });
      terminal.note(`${economy.id}: ${summary(report.checks)}`);
      reports.push(report);
    }
    const { ok, environments, checks, failures } = mergeReports(reports);
    const gaps = reports.flatMap((report) => report.gaps);
    terminal.print(
      `Interface and economics of ${environments.join(', ')}\n` +
        'Gaps are relative to the largest term. A check that an economy gives nothing for is not applicable, and no pass.\n\n' +
        `${checkTable(checks, gaps)}\n`,
    );
    for (const failure of failures) terminal.print(`${failureText(failure)}\n`);
    terminal.print(summary(checks));
    const backend = loaded?.backend ?? null;
    return { result: { ok, environments, checks, failures, gaps, backend }, exitCode: ok ? 0 : 1 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(checkCommand);
