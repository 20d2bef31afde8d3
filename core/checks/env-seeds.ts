/** Whether randomness comes from the seed alone: the same seed, another, none, and two environments at once. */
import { type CheckContext, check, failParting, NOT_APPLICABLE, planOf } from './env-context.ts';
import type { Driver, DriverReset } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { type Frame, frameOf, framesOf, parting, playing } from './env-play.ts';

const OWN_GENERATOR =
  'Draw everything from one generator of the environment, made anew by reset({ seed }); no unseeded random numbers, no clock, no module variables.';

/**
 * The run that the other checks compare with, if the same seed gives it again: in a second instance, and in the first one after
 * all that it has done. Undefined if it does not.
 */
export function checkSameSeed(context: CheckContext): readonly Frame[] | undefined {
  let reference: readonly Frame[] = [];
  const same = check(context.log, ENV_CHECKS.sameSeed, (fail) => {
    const driver = context.make();
    reference = [...framesOf(planOf(context, driver))];
    if (reference.every(({ kind }) => kind === 'error')) {
      fail({
        expected: 'a run to compare',
        actual: reference[0]?.error ?? 'nothing happened',
        hint: 'See the failures of reset.',
      });
      return undefined;
    }
    const runs = {
      'in a second instance': () => framesOf(planOf(context, context.make())),
      'in the same instance, reset with the same seed': () => framesOf(planOf(context, driver)),
    };
    for (const [where, run] of Object.entries(runs)) {
      const found = parting(reference, run());
      if (found === undefined) continue;
      failParting(fail, found, { driver, first: 'in the first run', second: where, hint: OWN_GENERATOR });
    }
    return undefined;
  });
  return same ? reference : undefined;
}

/** Under the same actions other seeds give other trajectories, or else the seed is ignored. */
export function checkOtherSeed(context: CheckContext, reference: readonly Frame[] | undefined): void {
  const { log, make, seed, deterministic, resetOptions } = context;
  check(log, ENV_CHECKS.otherSeed, (fail) => {
    if (deterministic || reference === undefined) return NOT_APPLICABLE;
    const driver = make();
    for (const other of [seed + 1, seed + 1000]) {
      const run = framesOf({ ...planOf(context, driver), first: { seed: other, options: resetOptions() } });
      if (parting(reference, run) !== undefined) continue;
      fail({
        expected: `another trajectory for seed ${other} than for seed ${seed}`,
        actual: `the same ${reference.length} records under the same actions`,
        hint: 'Make the generator from the seed of reset; if nothing is drawn at all, say deterministic: true.',
      });
    }
    return undefined;
  });
}

/** After `reset()` the stream goes on: it does not start again, and before any seed it is that of seed 0. */
export function checkStream(context: CheckContext, reference: readonly Frame[] | undefined): void {
  const { log, make, deterministic, resetOptions } = context;
  check(log, ENV_CHECKS.stream, (fail) => {
    if (deterministic || reference === undefined) return NOT_APPLICABLE;
    const driver = make();
    const run = (of: Driver, first: DriverReset) => framesOf({ ...planOf(context, of), first });
    for (const { kind } of playing(planOf(context, driver))) if (kind === 'step') break;
    const unseeded = [...run(driver, { options: resetOptions() })];
    const again =
      parting(reference, unseeded) === undefined ||
      parting(unseeded, run(driver, { options: resetOptions() })) === undefined;
    if (again) {
      fail({
        expected: 'another episode after reset() than before',
        actual: `the same ${unseeded.length} records under the same actions`,
        hint: 'Make a new generator only where a seed is given; reset() goes on with the one there is.',
      });
    }
    const found = parting(
      [...run(make(), { seed: 0, options: resetOptions() })],
      run(make(), { options: resetOptions() }),
    );
    if (found !== undefined) {
      failParting(fail, found, {
        driver,
        first: 'after a first reset({ seed: 0 })',
        second: 'after a first reset()',
        hint: 'Start with the generator of seed 0, so that a run without a seed can be repeated too.',
      });
    }
    return undefined;
  });
}

/** A run is the same while another instance runs in turn with it, under another seed. */
export function checkShared(context: CheckContext, reference: readonly Frame[] | undefined): void {
  const { log, make, seed, resetOptions } = context;
  check(log, ENV_CHECKS.shared, (fail) => {
    if (reference === undefined) return NOT_APPLICABLE;
    const driver = make();
    const other = playing({ ...planOf(context, make()), first: { seed: seed + 7, options: resetOptions() } });
    const frames: Frame[] = [];
    for (const event of playing(planOf(context, driver))) {
      frames.push(frameOf(event));
      other.next();
    }
    const found = parting(reference, frames);
    if (found !== undefined) {
      failParting(fail, found, {
        driver,
        first: 'when it runs alone',
        second: 'while another instance runs in turn with it',
        hint: 'Keep state and generator in the environment, not in the module or on a shared object.',
      });
    }
    return undefined;
  });
}
