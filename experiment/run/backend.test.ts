import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Program } from '../../nn/engine.ts';
import { chooseBackend, requestedTensorBackend } from './backend.ts';
import { backendNames } from './pipeline.ts';

/** loss = mean of (w - x)^2, one number each. */
const program: Program = {
  groups: { point: { w: [1, 1] } },
  phases: {
    fit: {
      inputs: { x: [1, 1] },
      train: ['point'],
      build(ops, { parameters, inputs }) {
        const gap = ops.sub(parameters.point.w, inputs.x);
        return { loss: ops.mean(ops.mul(gap, gap)) };
      },
    },
  },
};

describe('the backend of a run', () => {
  it('is the kernel set asked for, and makes engines that differentiate', async () => {
    const backend = await chooseBackend({ backend: 'kernels', kernels: 'js' });
    expect(backendNames(backend)).toEqual({ backend: 'kernels', kernels: 'js' });
    const engine = backend.engine(program);
    engine.setParameters('point', { w: Float32Array.of(3) });
    engine.input('x')[0] = 1;
    expect(engine.run('fit')).toBe(4);
    expect(engine.gradients('point').w[0]).toBe(4);
  });

  it('left to the suite is the first set that works, with a reason for each better one', async () => {
    const backend = await chooseBackend({ backend: 'kernels', kernels: 'auto' });
    const order = ['native', 'wasm-relaxed', 'wasm-simd', 'js'];
    expect(backend.refused.map(({ name }) => name)).toEqual(order.slice(0, order.indexOf(backend.name)));
    for (const { reason } of backend.refused) expect(reason).toMatch(/\w/);
  });

  it('is tfjs where it is asked for, with the same loss and gradient', async () => {
    const backend = await chooseBackend({ backend: 'tensor:cpu', kernels: 'auto' });
    expect(backendNames(backend)).toEqual({ backend: 'tensor:cpu', kernels: 'none' });
    const engine = backend.engine(program);
    engine.setParameters('point', { w: Float32Array.of(3) });
    engine.input('x')[0] = 1;
    expect(engine.run('fit')).toBe(4);
    expect(engine.gradients('point').w[0]).toBe(4);
    engine.dispose();
  });

  it('is the best set of kernels if nothing is asked for', async () => {
    const [silent, asked] = await Promise.all([chooseBackend(), chooseBackend({ kernels: 'auto' })]);
    expect(backendNames(silent)).toEqual(backendNames(asked));
    expect(silent.kind).toBe('kernels');
  });

  it('that this machine does not have is a mistake in what was asked', async () => {
    const request = chooseBackend({ backend: 'tensor:wasm', kernels: 'js' });
    await expect(request).rejects.toThrow(UsageError);
    await expect(request).rejects.toThrow('--kernels js goes with --backend kernels');
    await expect(requestedTensorBackend({ request: 'nogpu' as 'node-gpu' })).rejects.toThrow(UsageError);
    await expect(requestedTensorBackend({ request: 'nogpu' as 'node-gpu' })).rejects.toThrow(
      'the names are auto, node-gpu',
    );
  });
});
