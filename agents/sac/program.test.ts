/** The losses of soft actor-critic, in float64: worked by hand, and their gradients against central differences. */
import { describe, expect, it } from 'vitest';
import { referenceEngine } from '../../nn/arena-engine.ts';
import { centralDifferences } from '../../nn/central-differences.ts';
import type { Engine, Program } from '../../nn/engine.ts';
import { LOG_STD_MAX, LOG_STD_MIN } from '../../nn/gaussian.ts';
import { createRng } from '../../numerics/random.ts';
import { fillInputs, fillParameters, gap, largest } from '../off-policy/test-fixtures.ts';
import { type SacShape, sacProgram } from './program.ts';
import { SMALL, TRAINED } from './test-fixtures.ts';

/** Of a tensor's largest gradient: float64 against central differences of step 1e-5, through two layers. */
const DIFFERENCES = 1e-8;
/** A dozen operations in float64 on numbers below 10. */
const BY_HAND = 12;

function reference(shape: Partial<SacShape> = {}): { program: Program; engine: Engine<Float64Array> } {
  const program = sacProgram({ ...SMALL, ...shape });
  const engine = referenceEngine(program);
  const rng = createRng(5);
  fillParameters(engine, program, rng.split('parameters'));
  fillInputs(engine, program, rng.split('inputs'));
  return { program, engine };
}

describe('the gradient of the losses of soft actor-critic', () => {
  const shapes = (['tanh', 'relu'] as const).flatMap((activation) =>
    (['mean', 'minimum'] as const).flatMap((criticEnsemble) =>
      (['drawn', 'mean'] as const).map((futureActions) => ({ activation, criticEnsemble, futureActions })),
    ),
  );
  it.each(shapes)(
    'is that of central differences ($activation networks, $criticEnsemble of the critics, $futureActions future actions)',
    (shape) => {
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
    },
  );

  /** The program with another group in the place of those that the phase trains. */
  function training(phase: string, group: string): Program {
    const { program } = reference();
    const { [phase]: original } = program.phases;
    return { ...program, phases: { [phase]: { ...original, train: [group] } } };
  }

  it.each(['criticTarget', 'actor', 'temperature', 'actorAverage'])(
    'of the critic loss does not reach the group %s',
    (group) => {
      expect(() => referenceEngine(training('critic', group))).toThrow(
        new RegExp(`does not depend on any parameter of the group '${group}'`),
      );
    },
  );

  it.each(['criticTarget', 'actorAverage'])('of the actor loss does not reach the group %s', (group) => {
    expect(() => referenceEngine(training('actor', group))).toThrow(
      new RegExp(`does not depend on any parameter of the group '${group}'`),
    );
  });

  it('of the actor loss is computed for actor and temperature, and leaves the critics alone', () => {
    const { engine, program } = reference();
    expect(program.phases.actor.train).toEqual(['actor', 'temperature']);
    engine.run('critic');
    const before = engine.gradients('critic');
    engine.run('actor');
    expect(engine.gradients('critic')).toEqual(before);
    expect(engine.gradients('criticTarget').w0.every((value) => value === 0)).toBe(true);
  });

  it('of log T is entropy less target, whatever T', () => {
    const { engine } = reference();
    for (const temperature of [0.1, 3]) {
      engine.setParameters('temperature', { log: Float64Array.of(Math.log(temperature)) });
      engine.input('targetEntropy')[0] = -2;
      engine.run('actor');
      const entropy = engine.output('actor', 'entropy')[0];
      expect(engine.gradients('temperature').log[0]).toBeCloseTo(entropy + 2, BY_HAND);
    }
  });

  it("of the actor is affine in T: the temperature's loss, with its log T, is not in it", () => {
    const { engine } = reference();
    const [one, two, three] = [1, 2, 3].map((temperature) => {
      engine.setParameters('temperature', { log: Float64Array.of(Math.log(temperature)) });
      engine.run('actor');
      return engine.gradients('actor').w0;
    });
    two.forEach((value, i) => {
      expect(three[i] - value).toBeCloseTo(value - one[i], BY_HAND);
    });
    expect(gap(three, one)).toBeGreaterThan(1e-3);
  });
});

/**
 * Networks whose weights are all zero are constants, their last bias. Critics 1 and 1, targets 2 and 4, T = 0.2, and an
 * actor with mean 0 and middle spread, log std m = (LOG_STD_MIN + LOG_STD_MAX) / 2, at noise 0: u = 0, a = 0,
 * log pi = -log(2 pi) / 2 - m, the tanh's slope at 0 being 1. The average of the actor is another one.
 */
function constantNetworks(shape: Partial<SacShape> = {}): Engine<Float64Array> {
  const program = sacProgram({ ...SMALL, actionSize: 1, batchSize: 1, huberThreshold: 10, ...shape });
  const engine = referenceEngine(program);
  const setBias = (group: string, values: readonly number[]) => {
    engine.setParameters(group, { ...engine.parameters(group), b2: Float64Array.from(values) });
  };
  setBias('critic', [1, 1]);
  setBias('criticTarget', [2, 4]);
  setBias('actorAverage', [1, 1]);
  engine.setParameters('temperature', { log: Float64Array.of(Math.log(0.2)) });
  engine.input('observations').fill(3);
  engine.input('actions').fill(0.5);
  engine.input('nextObservations').fill(-2);
  engine.input('rewards').fill(0.7);
  return engine;
}

const LOG_DENSITY = -0.5 * Math.log(2 * Math.PI) - 0.5 * (LOG_STD_MIN + LOG_STD_MAX);

describe('the losses of soft actor-critic with constant networks', () => {
  const futures = [
    { criticEnsemble: 'mean', future: 3 },
    { criticEnsemble: 'minimum', future: 2 },
  ] as const;
  it.each(futures)(
    'value a truncated transition with its future, the $criticEnsemble of the targets',
    ({ criticEnsemble, future }) => {
      // y = 0.7 + 0.9 (future - 0.2 log pi); the loss (1 - y)^2 / 2 is the same for both critics, and its slope at each
      // one's bias (1 - y) / 2, the mean over two.
      const engine = constantNetworks({ criticEnsemble });
      engine.input('continues').fill(1);
      const y = 0.7 + 0.9 * (future - 0.2 * LOG_DENSITY);
      expect(engine.run('critic')).toBeCloseTo(0.5 * (1 - y) ** 2, BY_HAND);
      for (const slope of engine.gradients('critic').b2) expect(slope).toBeCloseTo(0.5 * (1 - y), BY_HAND);
      expect(engine.output('critic', 'meanValue')[0]).toBe(1);
    },
  );

  it('value the future at the mean action without the price of its entropy, where told so', () => {
    // y = 0.7 + 0.9 * 3 = 3.4, at any temperature.
    const engine = constantNetworks({ futureActions: 'mean' });
    engine.input('continues').fill(1);
    for (const temperature of [0.2, 5]) {
      engine.setParameters('temperature', { log: Float64Array.of(Math.log(temperature)) });
      expect(engine.run('critic')).toBeCloseTo(0.5 * 2.4 ** 2, BY_HAND);
    }
  });

  it('value a terminated transition with its reward alone', () => {
    // y = 0.7 whatever the targets, the next state's entropy and the temperature say.
    const engine = constantNetworks();
    engine.input('continues').fill(0);
    for (const target of [4, 400]) {
      const group = engine.parameters('criticTarget');
      engine.setParameters('criticTarget', { ...group, b2: Float64Array.of(2, target) });
      expect(engine.run('critic')).toBeCloseTo(0.5 * 0.3 ** 2, BY_HAND);
      for (const slope of engine.gradients('critic').b2) expect(slope).toBeCloseTo(0.5 * 0.3, BY_HAND);
    }
  });

  it('count the error of a critic linearly beyond the threshold', () => {
    // Each error is 0.3; Huber's loss at threshold 0.1 is 0.1 (0.3 - 0.05), its slope 0.1.
    const engine = constantNetworks({ huberThreshold: 0.1 });
    engine.input('continues').fill(0);
    expect(engine.run('critic')).toBeCloseTo(0.1 * 0.25, BY_HAND);
    for (const slope of engine.gradients('critic').b2) expect(slope).toBeCloseTo(0.5 * 0.1, BY_HAND);
  });

  it('weigh density against value in the actor, and lower the temperature where entropy is above its target', () => {
    // T log pi - Q = 0.2 log pi - 1. Entropy -log pi, target -2: gradient of log T is 2 - log pi > 0, so that T falls.
    const engine = constantNetworks();
    engine.input('targetEntropy').fill(-2);
    engine.run('actor');
    expect(engine.output('actor', 'actorLoss')[0]).toBeCloseTo(0.2 * LOG_DENSITY - 1, BY_HAND);
    expect(engine.output('actor', 'entropy')[0]).toBeCloseTo(-LOG_DENSITY, BY_HAND);
    expect(engine.gradients('temperature').log[0]).toBeCloseTo(2 - LOG_DENSITY, BY_HAND);
  });
});

describe('the actor', () => {
  it('asks the critics about the very action that it takes', () => {
    // The mean of Q in the actor's loss is T log pi less the loss; entropy is the mean of -log pi.
    const { engine } = reference();
    engine.run('actor');
    const temperature = Math.exp(engine.parameters('temperature').log[0]);
    const asked =
      -temperature * engine.output('actor', 'entropy')[0] - engine.output('actor', 'actorLoss')[0];
    const observations = engine.input('observations').slice();
    const noise = engine.input('noise').slice();
    const { action } = engine.evaluate('explore', { observations, noise }, SMALL.batchSize);
    engine.input('actions').set(action);
    engine.run('critic');
    expect(engine.output('critic', 'meanValue')[0]).toBeCloseTo(asked, BY_HAND);
  });

  it('at its mean is what the future is valued at, whatever is drawn, where told so', () => {
    const { engine } = reference({ futureActions: 'mean' });
    const { engine: drawn } = reference();
    const lossAt = (subject: typeof engine, noise: number) => {
      subject.input('nextNoise').fill(noise);
      return subject.run('critic');
    };
    expect(lossAt(engine, 2)).toBe(lossAt(engine, 0));
    expect(lossAt(drawn, 2)).not.toBe(lossAt(drawn, 0));
    // At noise 0 what is drawn is the mean, and at T = 0 entropy costs nothing.
    for (const subject of [engine, drawn])
      subject.setParameters('temperature', { log: Float64Array.of(-1000) });
    expect(lossAt(engine, 0)).toBeCloseTo(lossAt(drawn, 0), BY_HAND);
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
