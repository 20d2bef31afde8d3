import { describe, expect, it } from 'vitest';
import { jsKernels } from '../kernels/js/index.ts';
import { makeTwins } from './replay-loss.ts';

/** Of the largest parameter: three updates in float32, of which the two differ in the order of some sums. Adam makes 1e-7 to 1e-5. */
const TOLERANCE = 1e-4;

describe('the update by hand', () => {
  it.each(['relu', 'tanh'] as const)(
    'comes, with %s, to the parameters of the learner that it is compared with',
    (activation) => {
      const { learner, fused } = makeTwins({ kernels: jsKernels, hidden: 24, activation, batch: 40 });
      const start = fused.parameters('critic');
      for (let update = 0; update < 3; update++) {
        learner.learn(0);
        fused.learn();
      }
      const { engine } = learner.save();
      for (const group of ['actor', 'actorAverage', 'critic', 'criticTarget', 'temperature'] as const) {
        const expected = Object.values(engine[group].parameters).flatMap((values) => [...values]);
        const found = fused.parameters(group);
        expect(found.length).toBe(expected.length);
        const gap = Math.max(...expected.map((value, i) => Math.abs(found[i] - value)));
        expect(gap, group).toBeLessThan(TOLERANCE * Math.max(...expected.map(Math.abs)));
      }
      const moved = Math.max(...fused.parameters('critic').map((value, i) => Math.abs(value - start[i])));
      expect(moved).toBeGreaterThan(0.001);
    },
  );
});
