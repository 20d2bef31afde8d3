import { describe, expect, it } from 'vitest';
import { referenceEngine } from './arena-engine.ts';
import { centralDifferences } from './central-differences.ts';
import { OP_CASES, opOperands, opProgram } from './op-cases.ts';

/** Central differences in float64 with step 1e-5: truncation 1e-10, rounding 1e-11, and room for large third derivatives. */
const TOLERANCE = 2e-8;

/** Park and Miller's minimal standard generator: enough to draw operands away from kinks. */
function uniforms(seed: number): { uniform(): number } {
  let state = seed;
  return {
    uniform() {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    },
  };
}

function largestGap(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

describe('derivatives', () => {
  it.each(OP_CASES)('the derivative of $name is that of its value', (opCase) => {
    const program = opProgram(opCase);
    const engine = referenceEngine(program, { initial: { x: opOperands(opCase, uniforms(7)) } });
    engine.run('phase');
    const exact = engine.gradients('x');
    const numeric = centralDifferences(engine, { program, phase: 'phase', group: 'x' });
    for (const name of Object.keys(exact)) {
      const scale = Math.max(1, ...exact[name].map(Math.abs));
      expect(largestGap(exact[name], numeric[name])).toBeLessThan(TOLERANCE * scale);
    }
  });
});
