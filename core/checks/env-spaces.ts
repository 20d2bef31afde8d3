/** Whether the spaces of an environment can be what they say. */
import type { Box } from '../spaces.ts';
import { type CheckContext, check } from './env-context.ts';
import type { Driver } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { text } from './env-plain.ts';
import { playing } from './env-play.ts';

/** Samples that are looked for in their space. */
const SAMPLES = 20;

/** Returns whether the spaces can be worked with: nothing else can be checked without them. */
export function checkSpaces({ log, make, seed }: CheckContext): boolean {
  return check(log, ENV_CHECKS.spaces, (fail) => {
    const driver = make();
    if (driver.possible.length === 0 || new Set(driver.possible).size < driver.possible.length) {
      fail({
        expected: 'at least one agent, each with an id of its own',
        actual: text(driver.possible),
        hint: 'List every agent that may ever live in possibleAgents.',
      });
    }
    const looked = new Set<unknown>();
    for (const agent of driver.possible) {
      for (const kind of ['observation', 'action'] as const) {
        const space = kind === 'action' ? driver.actionSpace(agent) : driver.observationSpace(agent);
        if (looked.has(space)) continue;
        looked.add(space);
        const wrong = wrongSpace(space, { kind, seed });
        if (wrong !== undefined) fail({ agent, ...wrong });
      }
    }
    return undefined;
  });
}

function wrongSpace(
  space: Box,
  { kind, seed }: { readonly kind: 'observation' | 'action'; readonly seed: number },
): { readonly expected: string; readonly actual: string; readonly hint: string } | undefined {
  const here = `the ${kind} space`;
  const missing = ['names', 'low', 'high', 'size', 'contains', 'sample', 'seed'].filter(
    (name) => (space as unknown as Record<string, unknown> | undefined)?.[name] === undefined,
  );
  if (missing.length > 0) {
    return {
      expected: `${here} is a Box`,
      actual: `it has no ${missing.join(', ')}`,
      hint: 'Make it with box({ name: [low, high] }) or unitBox.',
    };
  }
  const { names, low, high, size } = space;
  if (names.length !== size || low.length !== size || high.length !== size || new Set(names).size < size) {
    return {
      expected: `${here} has ${size} distinct names and as many bounds`,
      actual: `names ${text(names)}, ${low.length} lower and ${high.length} upper bounds`,
      hint: 'Make it with box({ name: [low, high] }) or unitBox.',
    };
  }
  const wrong = names.findIndex((_, i) => !(low[i] < high[i]));
  if (wrong >= 0) {
    return {
      expected: `bounds of ${here} with low below high`,
      actual: `"${names[wrong]}" has [${low[wrong]}, ${high[wrong]}]`,
      hint: 'Drop a coordinate that cannot vary.',
    };
  }
  const endless = names.findIndex((_, i) => !Number.isFinite(low[i]) || !Number.isFinite(high[i]));
  if (kind === 'action' && endless >= 0) {
    return {
      expected: 'finite bounds of actions',
      actual: `"${names[endless]}" has [${low[endless]}, ${high[endless]}]`,
      hint: 'Agents explore between the bounds: give the largest sensible action.',
    };
  }
  return wrongMembers(space, here, seed);
}

/** Samples lie in the space and repeat after the same seed. Leaves the space's generator at its start, seed 0. */
function wrongMembers(space: Box, here: string, seed: number) {
  const draw = () => {
    space.seed(seed);
    return Array.from({ length: SAMPLES }, () => space.sample());
  };
  const [samples, again] = [draw(), draw()];
  space.seed(0);
  const hint = 'Use Box, or make sample, contains and seed agree.';
  const outside = samples.find((sample) => !space.contains(sample));
  if (outside !== undefined)
    return { expected: `${here} contains what it samples`, actual: text(outside), hint };
  if (samples.some((sample, i) => sample.some((x, j) => !Object.is(x, again[i][j])))) {
    return {
      expected: `samples of ${here} repeat after the same seed`,
      actual: `${text(samples[0])}, then ${text(again[0])}`,
      hint,
    };
  }
  const not = [samples[0].map(() => Number.NaN), Float64Array.of(...samples[0], 0)];
  const held = not.find((x) => space.contains(x));
  if (held !== undefined)
    return {
      expected: `${here} contains neither NaN nor vectors of another length`,
      actual: text(held),
      hint,
    };
  return undefined;
}

/** The same space object for an agent before the first reset, after it, and after a step. */
export function checkSameSpaces({ log, make, seed }: CheckContext): void {
  check(log, ENV_CHECKS.sameSpaces, (fail) => {
    const driver = make();
    const before = spacesOf(driver);
    const moments: Record<string, readonly Box[]> = { 'when asked again': spacesOf(driver) };
    for (const { kind } of playing({ driver, seed, steps: 1 })) moments[`after a ${kind}`] = spacesOf(driver);
    for (const [when, spaces] of Object.entries(moments)) {
      const at = spaces.findIndex((space, i) => space !== before[i]);
      if (at < 0) continue;
      const kind = at % 2 === 0 ? 'observation' : 'action';
      fail({
        agent: driver.possible[Math.floor(at / 2)],
        expected: `one ${kind} space object for the life of the environment`,
        actual: `another object ${when}`,
        hint: 'Make spaces once, where the environment is made, and return the same ones: sample() draws from their own generator.',
      });
      return undefined;
    }
    return undefined;
  });
}

/** Observation and action space of every agent, in turn. */
function spacesOf(driver: Driver): readonly Box[] {
  return driver.possible.flatMap((agent) => [driver.observationSpace(agent), driver.actionSpace(agent)]);
}
