/** Whether an environment that is saved, as plain data, and loaded goes on as if nothing had happened. */
import { type CheckContext, check, failParting, NOT_APPLICABLE, planOf, unbroken } from './env-context.ts';
import type { Driver } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { firstDifference, plain, text } from './env-plain.ts';
import { type Frame, frameOf, framesOf, parting, playing } from './env-play.ts';

const HINT =
  'Save state (in float64), clock, generator and whatever else a step reads; copy at save and at load.';

/** Share of the run after which it is saved. */
const SAVED_AT = 0.4;

/**
 * Saves in the middle of a run and in the middle of an episode; the rest must be the reference's rest, across the ends of episodes: in
 * the environment that went on, in a new one, and, from the same saved data a second time, in the first after it has moved on.
 */
export function checkRestored(context: CheckContext, reference: readonly Frame[] | undefined): void {
  check(context.log, ENV_CHECKS.restored, (fail) => {
    const driver = context.make();
    if (driver.save === undefined || driver.load === undefined) return NOT_APPLICABLE;
    if (reference === undefined || !unbroken(reference)) return NOT_APPLICABLE;
    const at = momentOf(reference);
    if (at === undefined) return NOT_APPLICABLE;
    let [raw, saved]: unknown[] = [];
    const frames: Frame[] = [];
    for (const event of playing(planOf(context, driver))) {
      frames.push(frameOf(event));
      if (event.call !== at) continue;
      raw = driver.save();
      saved = structuredClone(raw);
    }
    const kept = structuredClone(saved);
    const rest = (other: Driver) => {
      other.load?.(saved);
      return [...framesOf({ ...planOf(context, other), after: at + 1 })];
    };
    // The clock of a run that starts in the middle of an episode is not the reference's; only what happens is compared.
    const expected = reference.slice(at + 1).map(unclocked);
    const runs = {
      'in the environment that was saved and went on': () => frames.slice(at + 1),
      'in a new environment that loaded it': () => rest(context.make()),
      'in the same environment, loaded again': () => rest(driver),
    };
    for (const [where, run] of Object.entries(runs)) {
      const found = parting(expected, run().map(unclocked));
      if (found === undefined) continue;
      failParting(fail, found, { driver, first: 'without saving', second: where, hint: HINT });
    }
    for (const [what, data] of Object.entries({ save: raw, load: saved })) {
      const changed = firstDifference(plain(kept), plain(data));
      if (changed === undefined) continue;
      fail({
        expected: `saved data that ${what} does not share with the environment`,
        actual: `${changed.path.join('.')} went from ${text(changed.first)} to ${text(changed.second)} as it went on`,
        hint: HINT,
      });
    }
    return undefined;
  });
}

function unclocked(frame: Frame): Frame {
  return { ...frame, step: 0 };
}

/** A call after which an episode is on its way. */
function momentOf(reference: readonly Frame[]): number | undefined {
  const from = Math.floor(SAVED_AT * reference.length);
  for (let call = from; call < reference.length - 1; call++) {
    if (reference[call].kind === 'step' && reference[call].live.length > 0) return call;
  }
  return undefined;
}
