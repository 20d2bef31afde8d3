/** What computes a run: the suite's kernels, or tfjs, which is loaded only when it is asked for. */
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Backend } from '../../core/method.ts';
import type { KernelRequest } from '../../kernels/choose.ts';
import type { TensorBackendChoice, TensorBackendOptions } from '../../tensor/backend.ts';
import type { BACKENDS, KERNELS } from '../cli/options.ts';

export interface BackendOptions {
  /** The suite's `kernels`, the default, or `tensor` (tfjs), `tensor:wasm`, ... */
  readonly backend?: (typeof BACKENDS)[number];
  /** The set of kernels; `auto`, the default, is the best one that works. */
  readonly kernels?: (typeof KERNELS)[number];
}

/**
 * The backend of a run: `kernels` with the set asked for, or `tensor` with the tfjs backend asked for. Chosen in a fixed order, never
 * by timing. Throws a UsageError, with the reasons, if what was asked for does not work on this machine.
 */
export async function chooseBackend(options: BackendOptions = {}): Promise<Backend> {
  const { backend = 'kernels', kernels = 'auto' } = options;
  return backend === 'kernels' ? kernelBackend(kernels) : tensorBackend({ backend, kernels });
}

/**
 * The backend of a method's run: as `chooseBackend`, with tfjs for the economy's tensor twin where the method computes with it. Beside
 * kernels that is tfjs on WebAssembly, the same on every machine.
 */
export async function backendFor(
  { uses }: Pick<AnyMethod, 'uses'>,
  options: BackendOptions = {},
): Promise<Backend> {
  const backend = await chooseBackend(options);
  if (uses !== 'tensors' || backend.tensors !== undefined) return backend;
  const { tf } = await requestedTensorBackend({ request: 'wasm' });
  return { ...backend, tensors: tf };
}

/**
 * tfjs on the backend asked for, as `chooseTensorBackend` gives it. Throws a UsageError, with the reasons, if it does not work on this
 * machine.
 */
export async function requestedTensorBackend(
  options: Pick<TensorBackendOptions, 'request'>,
): Promise<TensorBackendChoice> {
  const { chooseTensorBackend } = await import('../../tensor/backend.ts');
  return asked(() => chooseTensorBackend(options));
}

async function kernelBackend(request: KernelRequest): Promise<Backend> {
  const [{ chooseKernels }, { arenaEngine }] = await Promise.all([
    import('../../kernels/choose.ts'),
    import('../../nn/arena-engine.ts'),
  ]);
  const { kernels, refused } = await asked(async () => chooseKernels({ request }));
  return {
    kind: 'kernels',
    name: kernels.name,
    refused,
    engine: (program) => arenaEngine(program, { kernels }),
  };
}

async function tensorBackend({ backend, kernels }: Required<BackendOptions>): Promise<Backend> {
  if (kernels !== 'auto') {
    throw new UsageError(
      `--kernels ${kernels} goes with --backend kernels; --backend ${backend} computes with tfjs.`,
    );
  }
  const [{ TENSOR_BACKENDS }, { tensorEngine }] = await Promise.all([
    import('../../tensor/backend.ts'),
    import('../../nn/tensor-engine.ts'),
  ]);
  const request = TENSOR_BACKENDS.find((name) => backend === `tensor:${name}`) ?? 'auto';
  const { tf, backend: name, refused } = await requestedTensorBackend({ request });
  return { kind: 'tensor', name, refused, engine: (program) => tensorEngine(program, { tf }), tensors: tf };
}

/** That a choice is not available here is a mistake in what was asked, not a failure of the run. */
async function asked<T>(choose: () => Promise<T>): Promise<T> {
  try {
    return await choose();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
