import { describe, expect, it } from 'vitest';
import { referenceEngine } from './arena-engine.ts';
import type { Program } from './engine.ts';
import { deterministicAction, gaussianHeads, LOG_STD_MAX, LOG_STD_MIN, squashedSample } from './gaussian.ts';

/** One observation's heads [2A] as the parameters, noise [rows, A] as the input. */
function policy(rows: number, actions: number): Program {
  return {
    groups: { net: { outputs: [2 * actions] } },
    phases: {
      sample: {
        inputs: { noise: [rows, actions] },
        build(ops, { parameters, inputs }) {
          const { mean, logStd } = gaussianHeads(ops, parameters.net.outputs);
          const sample = squashedSample(ops, { mean, logStd }, inputs.noise);
          return { outputs: { ...sample, logStd, best: deterministicAction(ops, { mean, logStd }) } };
        },
      },
    },
  };
}

function sample(outputs: readonly number[], noise: Float64Array) {
  const actions = outputs.length / 2;
  const engine = referenceEngine(policy(noise.length / actions, actions), {
    initial: { net: { outputs: Float64Array.from(outputs) } },
  });
  engine.input('noise').set(noise);
  engine.run('sample');
  const read = (name: string) => engine.output('sample', name).slice();
  return {
    action: read('action'),
    logProbability: read('logProbability'),
    logStd: read('logStd'),
    best: read('best'),
  };
}

/** The trapezoid rule on 40,001 points over +-9 standard deviations leaves out 1e-18 and errs by less than 1e-9. */
const NOISE = Float64Array.from({ length: 40_001 }, (_, i) => (i - 20_000) * (9 / 20_000));

describe('the squashed Gaussian', () => {
  it.each([
    [0, 0],
    [0.7, -1],
    [-2, 0.3],
    [1.5, 0.6],
  ])('has a density over actions that integrates to one (mean %d, head %d)', (mean, head) => {
    const { action, logProbability } = sample([mean, head], NOISE);
    let integral = 0;
    for (let i = 1; i < action.length; i++) {
      const height = 0.5 * (Math.exp(logProbability[i]) + Math.exp(logProbability[i - 1]));
      // Where tanh has reached 1 in float64 the width is 0 and the density finite.
      integral += height * (action[i] - action[i - 1]);
    }
    expect(Math.abs(integral - 1)).toBeLessThan(1e-5);
  });

  it('has the density of the change of variables, log N(u) - log(1 - a^2), where that can be computed', () => {
    const noise = Float64Array.of(-2, -0.5, 0, 0.3, 1.7, 1, 1, -1);
    const { action, logProbability, logStd } = sample([0.4, -0.3, 0.1, -0.6], noise);
    for (let i = 0; i < 4; i++) {
      let naive = 0;
      for (let d = 0; d < 2; d++) {
        const epsilon = noise[2 * i + d];
        const normal = -0.5 * epsilon ** 2 - logStd[d] - 0.5 * Math.log(2 * Math.PI);
        naive += normal - Math.log(1 - action[2 * i + d] ** 2);
      }
      // 1 - a^2 loses a few digits of float64's sixteen near |a| = 1.
      expect(logProbability[i]).toBeCloseTo(naive, 11);
    }
  });

  it('stays finite where tanh has saturated and the naive formula is infinite', () => {
    const { action, logProbability } = sample([400, 0], Float64Array.of(0));
    expect(1 - action[0] ** 2).toBe(0);
    // log(1 - tanh^2 u) = 2 log 2 - 2u up to e^-2u; the density of u at its mean has logStd -1.5.
    expect(logProbability[0]).toBeCloseTo(1.5 - 0.5 * Math.log(2 * Math.PI) - 2 * Math.log(2) + 800, 9);
  });

  it('keeps the log standard deviation within its bounds, and in the middle at 0', () => {
    expect(sample([0, -50], Float64Array.of(0)).logStd[0]).toBe(LOG_STD_MIN);
    expect(sample([0, 50], Float64Array.of(0)).logStd[0]).toBe(LOG_STD_MAX);
    expect(sample([0, 0], Float64Array.of(0)).logStd[0]).toBe(-1.5);
  });

  it('acts at its median without noise', () => {
    const { action, best } = sample([0.8, 0.1], Float64Array.of(0));
    expect(best[0]).toBe(action[0]);
    expect(best[0]).toBeCloseTo(Math.tanh(0.8), 15);
  });

  it('refuses heads that cannot be halved', () => {
    const odd: Program = {
      groups: { net: { outputs: [3] } },
      phases: {
        sample: {
          inputs: {},
          build: (ops, { parameters }) => ({ outputs: { ...gaussianHeads(ops, parameters.net.outputs) } }),
        },
      },
    };
    expect(() => referenceEngine(odd)).toThrow(/the last axis of \[3\] is odd/);
  });
});
