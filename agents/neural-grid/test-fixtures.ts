/** What the tests of the neural grid share: economies with a tensor twin, backends, and a small agent's setting. */
import { parseSettings } from '../../core/calibration.ts';
import type { Backend, CreateOptions } from '../../core/method.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { centralBank } from '../../core/testing/central-bank.ts';
import { availableKernels, chooseKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import { tensorEngine } from '../../nn/tensor-engine.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { type NeuralGridSettings, neuralGridSettings } from './settings.ts';

export const bank = instantiate(centralBank) as unknown as Economy;

/** The best kernels of this machine, with tfjs beside them; or tfjs alone. */
export async function backends(): Promise<Readonly<Record<'kernels' | 'tensor', Backend>>> {
  const { tf } = await chooseTensorBackend({ request: 'wasm' });
  const { kernels } = chooseKernels();
  const about = { name: 'test', refused: [], tensors: tf };
  return {
    kernels: { ...about, kind: 'kernels', engine: (program) => arenaEngine(program, { kernels }) },
    tensor: { ...about, kind: 'tensor', engine: (program) => tensorEngine(program, { tf }) },
  };
}

/** Every engine of this machine by name. */
export function engines(
  tf: Tensorflow,
): readonly { readonly name: string; readonly engine: Backend['engine'] }[] {
  return [
    ...availableKernels().map((kernels) => ({
      name: kernels.name,
      engine: ((program) => arenaEngine(program, { kernels })) satisfies Backend['engine'],
    })),
    { name: 'tfjs', engine: (program) => tensorEngine(program, { tf }) },
  ];
}

/** Options of an agent of the economy's only type. */
export function optionsFor(
  economy: Economy,
  backend: Backend,
  own: {
    readonly settings?: Readonly<Partial<NeuralGridSettings>>;
    readonly steps?: number;
    readonly seed?: number;
  } = {},
): CreateOptions<NeuralGridSettings> {
  const { settings = {}, steps = 100, seed = 1 } = own;
  const [[type, { observationSpace, actionSpace }]] = Object.entries(economy.types);
  return {
    observationSpace,
    actionSpace,
    rows: 1,
    discountFactor: economy.discountFactors[type],
    steps,
    settings: parseSettings({ schema: neuralGridSettings, settings, where: 'test' }),
    rng: createRng(seed),
    backend,
    economy,
    type,
  };
}
