/** One update of the neural grid in small figures, worked step by step in the comments, on every engine. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Saved } from '../../core/agent.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { centralBank } from '../../core/testing/central-bank.ts';
import type { EngineState } from '../../nn/engine.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { neuralGridLearner } from './learner.ts';
import { settingOf } from './setting.ts';
import { engines, optionsFor } from './test-fixtures.ts';

/** The figures have at most six decimals, and float32 seven digits. */
const FIGURES = 5e-6;
const RATE = 0.01;

/** The bank that meets inflation 1 and no other: the networks see x = p - 1. */
const certain = instantiate({
  ...centralBank,
  domain: () => ({
    axes: [{ kind: 'finite', name: 'inflation', values: [1] }],
    toCoordinates: ({ inflation }) => [inflation],
    fromCoordinates: (row) => ({ inflation: row[0] }),
  }),
}) as unknown as Economy;

let tf: Tensorflow;
beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
});

/**
 * The actor's output is b = atanh 0.25 = 0.255413, so u = (1 + 0.25) / 2 = 0.625 and the rate i = -2 + 4 u = 0.5.
 * The slow critic is v(x) = 2 relu(-x) - 1, and V = -5 + 2 v. The critic itself says v = 0.
 */
function oneUpdate(make: ReturnType<typeof engines>[number]['engine']) {
  const backend = { kind: 'test', name: 'test', refused: [], engine: make, tensors: tf };
  const settings = {
    hidden: '1',
    activation: 'relu',
    batchSize: 1,
    coldStart: 'none',
    learningRate: RATE,
    finalLearningRate: 1,
    targetMix: 0.4,
    weightAverage: 1,
    huberThreshold: 10,
  } as const;
  const learner = neuralGridLearner(settingOf(optionsFor(certain, backend, { settings })));
  const saved = learner.save() as Saved & { engine: EngineState };
  const weights = (values: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float32Array.of(value)]));
  const { actor, critic, criticTarget } = saved.engine;
  actor.parameters = weights({ w0: 0, b0: 0, w1: 0, b1: Math.atanh(0.25) });
  critic.parameters = weights({ w0: -1, b0: 0, w1: 2, b1: 0 });
  criticTarget.parameters = weights({ w0: -1, b0: 0, w1: 2, b1: -1 });
  learner.load({ ...saved, level: -5, scale: 2 });
  const metrics = learner.update();
  return { metrics, after: learner.save() as typeof saved & { level: number; weight: number } };
}

describe('one update', () => {
  it('values what follows by the slow critic, on average over the shocks', () => {
    // p' = 1 - 0.5 +- 0.2 = 0.7 and 0.3, seen as -0.3 and -0.7: v = 2 * 0.3 - 1 = -0.4 and 0.4, V = -5.8 and -4.2.
    // r = -1 - 0.25 = -1.25, Q = -1.25 + 0.8 (-5.8 - 4.2) / 2 = -5.25.
    for (const { engine } of engines(tf)) {
      const { metrics } = oneUpdate(engine);
      expect(Math.abs(metrics.meanQ + 5.25)).toBeLessThan(FIGURES);
      // Target of v: (-5.25 + 5) / 2 = -0.125, where the critic says 0: halved square 0.0078125, and 2 * 0.125 in utility.
      expect(Math.abs(metrics.criticLoss - 0.0078125)).toBeLessThan(FIGURES);
      expect(Math.abs(metrics.bellmanResidual - 0.25)).toBeLessThan(FIGURES);
      expect(metrics.penalty).toBe(0);
    }
  });

  it('moves the critic to its target, and the slow one 0.4 of the way after it', () => {
    for (const { engine } of engines(tf)) {
      const { critic, criticTarget } = oneUpdate(engine).after.engine;
      // Adam's first step is the rate, downwards: b1 = -0.01, and -1 + 0.4 (-0.01 + 1) = -0.604.
      expect(Math.abs(critic.parameters.b1[0] + 0.01)).toBeLessThan(FIGURES);
      expect(Math.abs(criticTarget.parameters.b1[0] + 0.604)).toBeLessThan(FIGURES);
    }
  });

  it('moves the actor up the slope of Q', () => {
    // dQ/di = -2 * 0.5 - 0.8 dV/dp', where dV/dp' = 2 * 2 * (-1) = -4: -1 + 3.2 = 2.2. In u, whose range is 4, and in units of 2: 4.4.
    // du/db = (1 - 0.25^2) / 2 = 0.46875: the loss falls by 2.0625 with b, and the first moment is a tenth of that.
    for (const { engine } of engines(tf)) {
      const { actor, actorAverage } = oneUpdate(engine).after.engine;
      expect(Math.abs((actor.m.at(-1) ?? 0) + 0.20625)).toBeLessThan(FIGURES);
      expect(Math.abs(actor.parameters.b1[0] - (Math.atanh(0.25) + RATE))).toBeLessThan(FIGURES);
      expect(actorAverage.parameters).toEqual(actor.parameters);
    }
  });

  it('raises the level of the value by what Q is above V, for ever after', () => {
    // At the state x = 0: v = -1, V = -7, and Q = -5.25 is 1.75 above: a constant of 1.75 / (1 - 0.8) = 8.75, of which 0.4 is taken.
    for (const { engine } of engines(tf)) {
      const { level, weight } = oneUpdate(engine).after;
      expect(Math.abs(level + 1.5)).toBeLessThan(FIGURES);
      expect(weight).toBe(10 * 0.99);
    }
  });
});
