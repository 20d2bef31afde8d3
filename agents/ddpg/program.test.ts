/** The losses of DDPG and TD3, in float64: their gradients against central differences, and what they reach. */
import { describe, expect, it } from 'vitest';
import { referenceEngine } from '../../nn/arena-engine.ts';
import { centralDifferences } from '../../nn/central-differences.ts';
import type { Engine, Program } from '../../nn/engine.ts';
import { createRng } from '../../numerics/random.ts';
import { fillInputs, fillParameters, gap, largest } from '../off-policy/test-fixtures.ts';
import { type DdpgShape, ddpgProgram } from './program.ts';
import { SMALL, TRAINED, VARIANTS } from './test-fixtures.ts';

/** Of a tensor's largest gradient: float64 against central differences of step 1e-5, through two layers. */
const DIFFERENCES = 1e-8;
/** A dozen operations in float64 on numbers below 10. */
const BY_HAND = 12;

function reference(shape: Partial<DdpgShape> = {}): { program: Program; engine: Engine<Float64Array> } {
  const program = ddpgProgram({ ...SMALL, ...shape });
  const engine = referenceEngine(program);
  const rng = createRng(5);
  fillParameters(engine, program, rng.split('parameters'));
  fillInputs(engine, program, rng.split('inputs'));
  return { program, engine };
}

/** Weights that take some rows' u beyond 3, and leave others within. */
function saturated(engine: Engine<Float64Array>): void {
  const actor = engine.parameters('actor');
  engine.setParameters('actor', { ...actor, w2: actor.w2.map((weight) => 8 * weight) });
}

describe('the gradient of the losses of deep deterministic policy gradient', () => {
  const shapes = (['tanh', 'relu'] as const).flatMap((activation) =>
    VARIANTS.map((shape) => ({ ...shape, activation })),
  );
  it.each(shapes)('is that of central differences ($variant, $activation networks)', (shape) => {
    const { program, engine } = reference(shape);
    for (const { phase, group } of TRAINED) {
      engine.run(phase);
      const exact = engine.gradients(group);
      const numeric = centralDifferences(engine, { program, phase, group });
      for (const name of Object.keys(numeric)) {
        expect(largest(numeric[name]), name).toBeGreaterThan(0);
        expect(gap(exact[name], numeric[name]), name).toBeLessThan(DIFFERENCES * largest(numeric[name]));
      }
    }
  });

  it('is that of central differences where part of the actor is saturated', () => {
    const { program, engine } = reference();
    engine.run('actor');
    const before = engine.gradients('actor');
    saturated(engine);
    const options = { program, phase: 'actor', group: 'actor' };
    engine.run('actor');
    const exact = engine.gradients('actor');
    const numeric = centralDifferences(engine, options);
    for (const name of Object.keys(numeric)) {
      expect(gap(exact[name], numeric[name]), name).toBeLessThan(DIFFERENCES * largest(numeric[name]));
    }
    // The penalty's slope is larger than any of the critic's.
    expect(largest(exact.b2)).toBeGreaterThan(10 * largest(before.b2));
  });

  it.each([
    ['critic', 'criticTarget'],
    ['critic', 'actor'],
    ['critic', 'actorTarget'],
    ['critic', 'actorAverage'],
    ['actor', 'criticTarget'],
    ['actor', 'actorTarget'],
    ['actor', 'actorAverage'],
  ])('of the %s loss does not reach the group %s', (phase, group) => {
    const { program } = reference();
    const { [phase]: original } = program.phases;
    const training = { ...program, phases: { [phase]: { ...original, train: [group] } } };
    expect(() => referenceEngine(training)).toThrow(
      new RegExp(`does not depend on any parameter of the group '${group}'`),
    );
  });

  it('of the actor loss is computed for the actor, and leaves the critics alone', () => {
    const { engine } = reference();
    engine.run('critic');
    const before = engine.gradients('critic');
    engine.run('actor');
    expect(engine.gradients('critic')).toEqual(before);
  });
});

describe('the actor', () => {
  it('without smoothing asks the critic about the very action that it takes', () => {
    const { engine } = reference({ actorSmoothing: 0 });
    const asked = -engine.run('actor');
    const observations = engine.input('observations').slice();
    const noise = new Float64Array(SMALL.batchSize * SMALL.actionSize);
    const { action } = engine.evaluate('explore', { observations, noise }, SMALL.batchSize);
    engine.input('actions').set(action);
    engine.run('critic');
    expect(engine.output('critic', 'meanValue')[0]).toBeCloseTo(asked, BY_HAND);
  });

  it('with smoothing asks about the action that it would explore with the same noise', () => {
    const { engine } = reference({ actorSmoothing: 0.1, explorationNoise: 0.1, smoothingClip: 10 });
    const asked = -engine.run('actor');
    const observations = engine.input('observations').slice();
    const noise = engine.input('noise').slice();
    const { action } = engine.evaluate('explore', { observations, noise }, SMALL.batchSize);
    engine.input('actions').set(action);
    engine.run('critic');
    expect(engine.output('critic', 'meanValue')[0]).toBeCloseTo(asked, BY_HAND);
  });

  it('explores with noise of the size that was set, within [-1, 1]', () => {
    const { engine } = reference({ actionSize: 1, explorationNoise: 0.1 });
    const row = [0.3, -0.2, 0.5];
    const observations = Float64Array.from([...row, ...row, ...row, ...row]);
    const noise = Float64Array.of(0, 1, -30, 30);
    const { action } = engine.evaluate('explore', { observations, noise }, 4);
    expect(Math.abs(action[0])).toBeLessThan(0.9);
    expect(action[1] - action[0]).toBeCloseTo(0.1, BY_HAND);
    expect([action[2], action[3]]).toEqual([-1, 1]);
  });

  it('without noise acts as its average does, once that is the actor', () => {
    const { engine } = reference();
    const observations = Float64Array.from({ length: 12 }, (_, i) => Math.cos(i));
    const act = () => ({
      explore: engine.evaluate('explore', { observations, noise: new Float64Array(8) }, 4).action,
      exploit: engine.evaluate('exploit', { observations }, 4).action,
    });
    expect(act().explore).not.toEqual(act().exploit);
    engine.softUpdate('actorAverage', 'actor', 1);
    expect(act().explore).toEqual(act().exploit);
  });
});
