/** E7: what an economy enumerates is what it draws. */
import { createRng } from '../../numerics/random.ts';
import type { Enumerable, Successor } from '../capabilities.ts';
import type { EconomyState } from '../economy.ts';
import { show } from '../errors.ts';
import type { Economy } from '../registry.ts';
import { copyState } from '../state.ts';
import { chiSquare } from './economy-chi-square.ts';
import type { EconomyLog } from './economy-log.ts';
import { ECONOMY_CHECKS, FALSE_ALARM, IDENTITY_TOLERANCE } from './economy-names.ts';
import type { EconomyStep } from './economy-paths.ts';
import { stateGap } from './economy-state-gap.ts';

export interface ChainSubject {
  readonly economy: Economy;
  readonly enumerable: Enumerable;
  readonly log: EconomyLog;
}

/** Rows, successor and rewards of one step; the enumerated successors, for whoever wants to draw from there. */
export function checkSuccessors(
  subject: ChainSubject,
  step: EconomyStep,
): readonly Successor<EconomyState>[] {
  const { enumerable, log } = subject;
  const successors = enumerable.successors(step.before, step.actions);
  rowSum(subject, successors, step);
  const gaps = successors.map(({ state }) => stateGap(step.after, state));
  const nearest = gaps.reduce((a, b) => (b.relative < a.relative ? b : a), {
    field: 'any',
    found: Number.NaN,
    expected: Number.NaN,
    scale: 1,
    relative: Infinity,
  });
  if (!(nearest.relative <= IDENTITY_TOLERANCE)) {
    log.fail(ECONOMY_CHECKS.successors, {
      step: step.step,
      expected: `one of the ${successors.length} successors; the nearest has ${nearest.field} ${nearest.expected}`,
      actual: `${nearest.field} ${nearest.found}, off by ${nearest.relative.toExponential(1)} of ${show(nearest.scale)}, ${step.under}`,
      hint: 'step and successors must be the same equations; is a successor of positive probability missing?',
    });
  } else log.pass(ECONOMY_CHECKS.successors);
  const rewards = enumerable.rewards(step.before, step.actions);
  for (const [type, block] of Object.entries(step.rewards)) {
    block.forEach((reward, i) => {
      const expected = rewards[type]?.[i] ?? Number.NaN;
      log.compare({
        check: ECONOMY_CHECKS.successors,
        quantity: `reward of ${type}`,
        found: reward,
        expected,
        scale: Math.max(1, Math.abs(expected)),
        tolerance: IDENTITY_TOLERANCE,
        law: 'rewards of step = rewards of the enumeration',
        agent: `${type}_${i}`,
        step: step.step,
        under: step.under,
        hint: 'step and rewards(state, actions) must be the same equations.',
      });
    });
  }
  return successors;
}

function rowSum(
  { enumerable, log }: ChainSubject,
  successors: readonly Successor<EconomyState>[],
  step: EconomyStep,
): void {
  const bad = successors.find(({ probability: p }) => !(p >= 0 && p < Infinity));
  if (bad !== undefined) {
    log.fail(ECONOMY_CHECKS.rows, {
      step: step.step,
      expected: 'probabilities that are finite and not negative',
      actual: `${bad.probability}, ${step.under}`,
      hint: 'Look at the transition matrix for a sign or a missing entry.',
    });
    return;
  }
  if (enumerable.rows === 'as-given') return;
  log.compare({
    check: ECONOMY_CHECKS.rows,
    quantity: 'sum of probabilities',
    found: successors.reduce((sum, { probability }) => sum + probability, 0),
    expected: 1,
    scale: 1,
    tolerance: IDENTITY_TOLERANCE,
    law: 'probabilities of all successors sum to one',
    step: step.step,
    under: step.under,
    hint: "Correct the row, or say `rows: 'as-given'` in the enumeration if a published table is to be kept.",
  });
}

/** A place to draw from: the first step found there. */
export interface DrawPlace {
  readonly step: EconomyStep;
  readonly successors: readonly Successor<EconomyState>[];
}

/** Most places to draw from, and draws at each: enough to see one per cent of probability that sits in the wrong place. */
const MOST_PLACES = 12;
const DRAWS = 4000;

/** Keeps a step as a place to draw from if its probabilities are ones not kept before. */
export function keepPlace(places: Map<string, DrawPlace>, place: DrawPlace): void {
  if (places.size >= MOST_PLACES) return;
  const key = place.successors.map(({ probability }) => probability).join(' ');
  if (!places.has(key)) places.set(key, place);
}

/** Draws many times from each place, and holds the counts against the probabilities. */
export function checkFrequencies({ economy, log }: ChainSubject, places: readonly DrawPlace[]): void {
  const level = FALSE_ALARM / Math.max(1, places.length);
  places.forEach(({ step, successors }, place) => {
    const distinct = merged(successors);
    const counts = distinct.map(() => 0);
    const rng = createRng(1).split('draws').split(place);
    const rewards = Object.fromEntries(
      Object.entries(economy.types).map(([type, { count }]) => [type, new Float64Array(count)]),
    );
    let lost = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const state = copyState(step.before);
      economy.definition.step({ model: economy.model, state, actions: step.actions, rewards, rng });
      const at = distinct.findIndex((s) => stateGap(state, s.state).relative <= IDENTITY_TOLERANCE);
      if (at < 0) lost += 1;
      else counts[at] += 1;
    }
    const weights = distinct.map(({ probability }) => probability);
    const { statistic, degrees, pValue } = chiSquare([...counts, lost], [...weights, 0]);
    if (pValue >= level) {
      log.pass(ECONOMY_CHECKS.frequencies);
      return;
    }
    const mass = weights.reduce((sum, p) => sum + p, 0);
    const shares = (values: readonly number[], whole: number) =>
      values.map((x) => (x / whole).toPrecision(3)).join(', ');
    log.fail(ECONOMY_CHECKS.frequencies, {
      step: step.step,
      expected: `shares [${shares(weights, mass)}] of ${DRAWS} draws, to chance of ${level.toExponential(0)}`,
      actual:
        `[${shares(counts, DRAWS)}] and ${lost} elsewhere: chi-square ${show(statistic)} with ${degrees} degrees of freedom, ` +
        `p = ${pValue.toExponential(0)}, ${step.under}`,
      hint: 'Does step draw from the row of the state that it leaves, with all the probabilities that are enumerated?',
    });
  });
}

/** Successors that are the same state count as one. */
function merged(successors: readonly Successor<EconomyState>[]): readonly Successor<EconomyState>[] {
  const distinct: Successor<EconomyState>[] = [];
  for (const one of successors) {
    const at = distinct.findIndex(({ state }) => stateGap(state, one.state).relative <= IDENTITY_TOLERANCE);
    if (at < 0) distinct.push(one);
    else distinct[at] = { state: one.state, probability: distinct[at].probability + one.probability };
  }
  return distinct;
}
