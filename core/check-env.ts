import { type CheckEnvOptions, FEWEST_STEPS } from './checks/env-context.ts';
import type { AnyEnv } from './checks/env-driver.ts';
import { ENV_CHECKS } from './checks/env-names.ts';
import { checkContractOnly, checkSubject } from './checks/env-run.ts';
import { economySubjects, envSubjects, fullLengthSubject } from './checks/env-subjects.ts';
import { type CheckReport, mergeReports } from './checks/report.ts';
import { show, UsageError } from './errors.ts';
import type { Economy } from './registry.ts';

export type { CheckEnvOptions, Endings, Exchangeable } from './checks/env-context.ts';
export type { AnyEnv } from './checks/env-driver.ts';

/**
 * Checks the interface of an economy, in all its forms, or of any environment: `checkEnv(economy)`, or
 * `checkEnv(() => makeMyEnv())`, where each call makes a new `Env`, `ParallelEnv` or `BatchedEnv` (clocks together, statistics frozen). It looks only at what an
 * environment does; nothing is taken on trust from where it comes from.
 *
 * Every check of `ENV_CHECKS` is in the report, once for each form: passed, failed, or not applicable where the environment has not
 * what the check needs (`save` and `load`, say). Checks that compare runs do not apply if the same seed does not even give the same
 * run. What an environment throws is a failure of the check at hand, and the others go on. Warnings are `process.emitWarning`,
 * `console.warn` and `console.error`; they are caught, and nothing is printed. The report depends on source and options only.
 * Throws a UsageError for a source or an option that cannot be.
 */
export function checkEnv(source: Economy | (() => AnyEnv), options: CheckEnvOptions = {}): CheckReport {
  checkOptions(options);
  if (typeof source === 'function') {
    const name = options.name ?? 'environment';
    return inOrder(envSubjects(source, options).map((subject) => checkSubject(name, subject, options)));
  }
  if (!isEconomy(source)) {
    throw new UsageError(
      'checkEnv: needs an economy, or a function that makes a new environment at each call: checkEnv(() => makeMyEnv()).',
    );
  }
  const name = options.name ?? source.id;
  const reports = economySubjects(source, options).map((subject) => checkSubject(name, subject, options));
  const long = fullLengthSubject(source, options);
  return inOrder(long === undefined ? reports : [...reports, checkContractOnly(name, long, options)]);
}

function isEconomy(source: unknown): source is Economy {
  return typeof source === 'object' && source !== null && 'definition' in source && 'types' in source;
}

function checkOptions({ steps, horizon }: CheckEnvOptions): void {
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= FEWEST_STEPS))
    throw new UsageError(`checkEnv: steps is ${show(steps)}; give a whole number from ${FEWEST_STEPS}.`);
  if (horizon !== undefined && !(Number.isInteger(horizon) && horizon >= 1))
    throw new UsageError(`checkEnv: horizon is ${show(horizon)}; give a positive whole number of periods.`);
}

/** One report, its checks in the order of `ENV_CHECKS`. */
function inOrder(reports: readonly CheckReport[]): CheckReport {
  const merged = mergeReports(reports);
  const names: readonly string[] = Object.values(ENV_CHECKS);
  const checks = [...merged.checks].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return { ...merged, checks };
}
