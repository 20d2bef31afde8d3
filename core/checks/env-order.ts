/** Whether methods that are called at the wrong moment say so, and `close` may come twice. */

import { ACCEPTED, errorOf, isKind } from './env-actions.ts';
import { type CheckContext, check, type Fail, NOT_APPLICABLE, planOf } from './env-context.ts';
import { ENV_CHECKS } from './env-names.ts';
import { thrown } from './env-plain.ts';
import { type Actions, actionsAt, boundsOf, playing } from './env-play.ts';

/** `reached`: calls until an episode ends, where it does. */
export function checkOrder(context: CheckContext, reached: number | undefined): void {
  const { log, make, seed } = context;
  check(log, ENV_CHECKS.beforeReset, (fail) => {
    const driver = make();
    const actions = actionsAt(boundsOf(driver), driver.possible, seed, 1);
    expectOrderError(fail, () => driver.step(actions), { when: 'before the first reset', step: 0 });
    return undefined;
  });
  check(log, ENV_CHECKS.afterEnd, (fail) => {
    const driver = make();
    if (driver.resetsItself || reached === undefined) return NOT_APPLICABLE;
    let last: Actions = {};
    for (const { kind, actions, live, step } of playing({ ...planOf(context, driver), steps: reached })) {
      if (kind === 'step') last = actions;
      if (kind !== 'step' || live.length > 0) continue;
      const ways =
        driver.form === 'ParallelEnv'
          ? { 'with the last actions': last, 'with no actions': {} }
          : { '': last };
      for (const [way, given] of Object.entries(ways)) {
        expectOrderError(fail, () => driver.step(given), { when: `after the end ${way}`.trimEnd(), step });
      }
      return undefined;
    }
    return NOT_APPLICABLE;
  });
  check(log, ENV_CHECKS.close, (fail) => {
    const driver = make();
    driver.reset({ seed });
    driver.close();
    const error = errorOf(() => driver.close());
    if (error === ACCEPTED) return undefined;
    fail({
      expected: 'a second close() that does nothing',
      actual: thrown(error),
      hint: 'Return early if it is closed already.',
    });
    return undefined;
  });
}

function expectOrderError(
  fail: Fail,
  act: () => unknown,
  { when, step }: { readonly when: string; readonly step: number },
): void {
  const error = errorOf(act);
  if (isKind(error, 'OrderError')) return;
  fail({
    step,
    expected: `an OrderError for a step ${when}`,
    actual: error === ACCEPTED ? 'it was accepted' : thrown(error),
    hint: 'Keep whether an episode is running, and throw an OrderError that says to call reset.',
  });
}
