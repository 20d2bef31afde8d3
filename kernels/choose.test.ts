import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { availableKernels, CANDIDATES, chooseKernels } from './choose.ts';
import { jsKernels } from './js/index.ts';
import type { KernelSet } from './kernels.ts';
import { loadNativeKernels } from './native/load.ts';

/** The reference, but for one kernel that is off by a factor. */
function wrongBy(factor: number): KernelSet {
  return {
    ...jsKernels,
    name: 'wrong',
    over(arena) {
      const kernels = jsKernels.over(arena);
      return {
        ...kernels,
        adam: (p, g, m, v, size, step, ...rest) => kernels.adam(p, g, m, v, size, step * factor, ...rest),
      };
    },
  };
}

describe('the choice of kernels', () => {
  it('goes down a fixed order: native, relaxed SIMD, SIMD, JavaScript', () => {
    expect(CANDIDATES.map(({ name }) => name)).toEqual(['native', 'wasm-relaxed', 'wasm-simd', 'js']);
  });

  it('takes the first that works and says of each better one why not', () => {
    const { kernels, refused } = chooseKernels();
    expect(['native', 'wasm-relaxed', 'wasm-simd']).toContain(kernels.name);
    const passedOver = CANDIDATES.slice(0, refused.length).map(({ name }) => name);
    expect(refused.map(({ name }) => name)).toEqual(passedOver);
    expect(CANDIDATES[refused.length].name).toBe(kernels.name);
    for (const { reason } of refused) expect(reason).toMatch(/\w+ \w+/);
  });

  it.each(['wasm-simd', 'js'] as const)('gives %s where it is asked for', (request) => {
    expect(chooseKernels({ request })).toMatchObject({ kernels: { name: request }, refused: [] });
  });

  it('gives one of the two wasm sets for wasm', () => {
    expect(chooseKernels({ request: 'wasm' }).kernels.name).toMatch(/^wasm-(relaxed|simd)$/);
  });

  it('passes over kernels that compute something else than the reference', () => {
    const candidates = [
      { name: 'wrong', load: () => wrongBy(1.01) },
      { name: 'js', load: () => jsKernels },
    ];
    const { kernels, refused } = chooseKernels({ candidates });
    expect(kernels.name).toBe('js');
    expect(refused[0].name).toBe('wrong');
    expect(refused[0].reason).toMatch(/^self-test: .* where the reference has/);
    expect(chooseKernels({ candidates: [{ name: 'right', load: () => wrongBy(1) }] }).kernels.name).toBe(
      'wrong',
    );
  });

  it('lists all that work, best first, the one it would take at the head', () => {
    const names = availableKernels().map(({ name }) => name);
    expect(names[0]).toBe(chooseKernels().kernels.name);
    expect(names).toEqual(expect.arrayContaining(['wasm-simd', 'js']));
  });

  it('refuses to go on with less than was asked for, and says what there is', () => {
    const native = {
      name: 'native',
      load: () => loadNativeKernels({ folder: path.join(tmpdir(), 'nowhere') }),
    };
    const candidates = [native, ...CANDIDATES.slice(1)];
    expect(() => chooseKernels({ request: 'native', candidates })).toThrow(
      "kernels: 'native' cannot be used (native: native kernels have not been built: npm run build:native). " +
        'Mend that, or use --kernels auto, or one of native, wasm-relaxed, wasm-simd, js.',
    );
  });
});
