import { describe, expect, it, vi } from 'vitest';
import { chooseTensorBackend, restoreRemovedUtilities } from './backend.ts';

type Load = (specifier: string) => Promise<unknown>;

const real: Load = (specifier) => import(specifier);

/** The real packages, but for those given. */
function loader(replaced: Readonly<Record<string, () => unknown>>): Load {
  return async (specifier) => (specifier in replaced ? replaced[specifier]() : real(specifier));
}

function failing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

/** tfjs as if it came with a native binding: real arithmetic, and answers to the questions about backends as given. */
async function nativeTensorflow(
  answers: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { tf } = await chooseTensorBackend({ request: 'cpu' });
  const native = {
    setBackend: async () => true,
    getBackend: () => 'tensorflow',
    backend: () => ({ isUsingGpuDevice: true }),
  };
  return { ...tf, ...native, ...answers };
}

describe('chooseTensorBackend', () => {
  it('leaves no handler of uncaught exceptions behind', async () => {
    const handlers = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listeners(event as 'exit'));
    const before = handlers();
    await chooseTensorBackend({ request: 'wasm' });
    expect(handlers()).toEqual(before);
  });

  it('starts without a word, even where tfjs has a banner', async () => {
    const spies = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    const { tf, backend } = await chooseTensorBackend({ request: 'cpu' });
    tf.tidy(() => tf.tensor1d([1, 2]).sum().dataSync());
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect(backend).toBe('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.env().getBool('PROD')).toBe(false);
    vi.restoreAllMocks();
  });

  it('takes wasm where no native binding is installed, and says why not the others', async () => {
    const absent = failing(new Error("Cannot find package 'x' imported from /somewhere\nRequire stack:"));
    const load = loader({ '@tensorflow/tfjs-node-gpu': absent, '@tensorflow/tfjs-node': absent });
    const { tf, backend, refused } = await chooseTensorBackend({ load });
    expect(backend).toBe('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(refused).toEqual([
      { name: 'node-gpu', reason: "Cannot find package 'x'" },
      { name: 'node', reason: "Cannot find package 'x'" },
    ]);
  });

  it('takes plain JavaScript where wasm does not load either, whatever is thrown', async () => {
    const load = loader({
      '@tensorflow/tfjs-node-gpu': failing('libcudart.so.11.0: cannot open shared object file'),
      '@tensorflow/tfjs-node': failing({ message: 'half installed' }),
      '@tensorflow/tfjs-backend-wasm': failing(undefined),
    });
    const { backend, refused } = await chooseTensorBackend({ load });
    expect(backend).toBe('cpu');
    expect(refused.map(({ reason }) => reason)).toEqual([
      'libcudart.so.11.0: cannot open shared object file',
      'half installed',
      'undefined',
    ]);
  });

  it('can be asked again and again, for any backend', async () => {
    for (const request of ['wasm', 'cpu', 'wasm', 'wasm'] as const) {
      const { tf, backend, refused } = await chooseTensorBackend({ request });
      expect([backend, tf.getBackend(), refused]).toEqual([request, request, []]);
    }
  });

  it('names every reason and a remedy where nothing works', async () => {
    const load: Load = async (specifier) => failing(new Error(`no ${specifier}`))();
    await expect(chooseTensorBackend({ load })).rejects.toThrow(
      /node-gpu: no .*; node: no .*; wasm: no .*; cpu: no .*npm ci/,
    );
  });

  it.each(['node-gpu', 'node', 'wasm', 'cpu'] as const)(
    'does not put another backend in the place of %s',
    async (request) => {
      const load: Load = async () => failing(new Error('broken'))();
      await expect(chooseTensorBackend({ request, load })).rejects.toThrow(
        new RegExp(
          `"${request}" does not work \\(${request}: broken\\)\\. .*npm (install --no-save @tensorflow/tfjs-${request}|ci)'`,
        ),
      );
    },
  );

  it('refuses a name that is none of its backends', async () => {
    const request = 'webgl' as 'cpu';
    await expect(chooseTensorBackend({ request })).rejects.toThrow(
      /"webgl" is unknown; the names are auto, node-gpu, node/,
    );
  });

  it('returns the tfjs instance of the native binding', async () => {
    const native = await nativeTensorflow({});
    const load = loader({ '@tensorflow/tfjs-node-gpu': () => ({ default: native }) });
    const { tf, backend, refused } = await chooseTensorBackend({ load });
    expect(tf).toBe(native);
    expect([backend, refused]).toEqual(['node-gpu', []]);
  });

  const silentFailures: readonly [string, Readonly<Record<string, unknown>>, RegExp][] = [
    ['finds no GPU', { backend: () => ({ isUsingGpuDevice: false }) }, /finds no GPU/],
    ['says false', { setBackend: async () => false }, /did not accept/],
    ['says true but keeps another backend', { getBackend: () => 'cpu' }, /did not accept/],
    [
      'fails to start',
      { setBackend: async () => false, findBackendFactory: () => failing('no cuDNN') },
      /^no cuDNN$/,
    ],
    ['multiplies wrongly', { matMul: (a: unknown) => a }, /self-test/],
    ['is not tfjs', { customGrad: undefined, setBackend: undefined }, /not tfjs/],
  ];
  it.each(silentFailures)('refuses a native binding that %s', async (_, answers, reason) => {
    const native = await nativeTensorflow(answers);
    const load = loader({
      '@tensorflow/tfjs-node-gpu': () => native,
      '@tensorflow/tfjs-node': failing(new Error('absent')),
    });
    const { refused, backend } = await chooseTensorBackend({ load });
    expect(backend).toBe('wasm');
    expect(refused[0].name).toBe('node-gpu');
    expect(refused[0].reason).toMatch(reason);
  });
});

describe('restoreRemovedUtilities', () => {
  it('puts back what Node 23 removed and leaves what is there', () => {
    const kept = (): boolean => true;
    const util: { isArray: () => boolean; isNullOrUndefined?: (value: unknown) => boolean } = {
      isArray: kept,
    };
    restoreRemovedUtilities(util);
    expect(util.isArray).toBe(kept);
    expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined?.(value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
