/** The checks of one form of an environment, in an order in which each may use what was found before. */
import { checkActions } from './env-actions.ts';
import { checkBatched } from './env-batched.ts';
import { type CheckContext, type CheckEnvOptions, check } from './env-context.ts';
import { checkContract } from './env-contract.ts';
import { checkArguments, checkBuffers, checkCopies } from './env-copies.ts';
import { driverOf } from './env-driver.ts';
import { checkExchangeable } from './env-exchange.ts';
import { ENV_CHECKS } from './env-names.ts';
import { checkOrder } from './env-order.ts';
import { boundsOf } from './env-play.ts';
import { checkRestored } from './env-save.ts';
import { checkOtherSeed, checkSameSeed, checkShared, checkStream } from './env-seeds.ts';
import { checkSameSpaces, checkSpaces } from './env-spaces.ts';
import type { Subject } from './env-subjects.ts';
import { checkWarnings, warningsOf } from './env-warnings.ts';
import { CheckLog, type CheckReport } from './report.ts';

const STEPS = 250;
/** Calls within which an episode must end, if the caller does not say. */
const LIMIT = 5000;
/** Calls after the end of an episode that a comparison of runs must see. */
const BEYOND = 50;

/** Every check; one that could not be made is not applicable. */
export function checkSubject(name: string, subject: Subject, options: CheckEnvOptions): CheckReport {
  const log = new CheckLog(name);
  const context = contextOf(log, subject, options);
  const texts = warningsOf(() => {
    if (checkMade(context)) runChecks(context);
  });
  checkWarnings(log, texts, options.warnings ?? []);
  const done = new Set(log.report().checks.map((one) => one.name));
  for (const one of Object.values(ENV_CHECKS)) if (!done.has(one)) log.skip(one);
  return labelled(log.report(), subject);
}

/** Only what must hold at every call of one run, until an episode has ended. */
export function checkContractOnly(name: string, subject: Subject, options: CheckEnvOptions): CheckReport {
  const log = new CheckLog(name);
  const texts = warningsOf(() => checkContract(contextOf(log, subject, options)));
  checkWarnings(log, texts, options.warnings ?? []);
  return labelled(log.report(), subject);
}

function contextOf(log: CheckLog, subject: Subject, options: CheckEnvOptions): CheckContext {
  const { seed = 1, steps, deterministic = false, resetOptions = {}, exchangeable = {} } = options;
  const { make, agent = 'agent', horizon, endings, single } = subject;
  return {
    log,
    make: () => driverOf(make(), agent),
    seed,
    steps: steps ?? STEPS,
    limit: steps ?? Math.max(LIMIT, (horizon ?? 0) + BEYOND),
    horizon,
    endings,
    deterministic,
    resetOptions: () => structuredClone(resetOptions),
    exchangeable,
    single: single && (() => driverOf(single(), agent)),
  };
}

/** Without two environments, of a form that can be told, nothing can be checked. */
function checkMade({ log, make }: CheckContext): boolean {
  return check(log, ENV_CHECKS.made, (fail) => {
    const [first, second] = [make(), make()];
    if (first.env === second.env) {
      fail({
        expected: 'a new environment at each call of the function',
        actual: 'the same one again',
        hint: 'Make it within: checkEnv(() => makeMyEnv()), not checkEnv(() => myEnv).',
      });
    }
    return undefined;
  });
}

function runChecks(context: CheckContext): void {
  if (!checkSpaces(context) && !workable(context)) return;
  checkSameSpaces(context);
  const { reached, longest } = checkContract(context);
  const rest: CheckContext = {
    ...context,
    steps: Math.max(context.steps, (reached ?? 0) + BEYOND),
    horizon: context.horizon ?? longest,
  };
  const reference = checkSameSeed(rest);
  checkOtherSeed(rest, reference);
  checkStream(rest, reference);
  checkShared(rest, reference);
  checkCopies(rest, reference);
  checkBuffers(rest);
  checkArguments(rest);
  checkActions(rest, reference);
  checkOrder(rest, reached);
  checkRestored(rest, reference);
  checkExchangeable(rest);
  checkBatched(rest, reference);
}

/** Whether spaces that are not all they should be have at least bounds and sizes. */
function workable({ make }: CheckContext): boolean {
  try {
    const driver = make();
    boundsOf(driver);
    return driver.possible.every((agent) => driver.observationSpace(agent).low.length > 0);
  } catch {
    return false;
  }
}

function labelled(report: CheckReport, { label }: Subject): CheckReport {
  if (label === undefined) return report;
  const failures = report.failures.map((one) => ({ ...one, actual: `${label}: ${one.actual}` }));
  return { ...report, failures };
}
