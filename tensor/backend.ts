/**
 * Choice of the tfjs backend: the GPU where tfjs-node-gpu is installed, then libtensorflow on the CPU, then WebAssembly, then plain
 * JavaScript. tfjs is loaded here, when asked for, and nowhere else in the suite.
 */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import nodeUtil from 'node:util';
import { repairMatMulGradient } from './matmul-gradient.ts';
import type { Tensorflow } from './ops.ts';

export const TENSOR_BACKENDS = ['node-gpu', 'node', 'wasm', 'cpu'] as const;
export type TensorBackendName = (typeof TENSOR_BACKENDS)[number];

export interface TensorBackendOptions {
  /** A backend by name, or the first of the fixed order that works. */
  readonly request?: 'auto' | TensorBackendName; // 'auto'
  /** Imports a package by name; a test passes its own. */
  readonly load?: (specifier: string) => Promise<unknown>;
}

export interface TensorBackendChoice {
  /** The tfjs instance that belongs to the backend; pass it to `tensorOps` and `tensorEngine`. */
  readonly tf: Tensorflow;
  readonly backend: TensorBackendName;
  /** The backends tried before this one, each with one sentence on why not. */
  readonly refused: readonly { readonly name: TensorBackendName; readonly reason: string }[];
}

const REMEDIES: Readonly<Record<TensorBackendName, string>> = {
  'node-gpu':
    "Install it with 'npm install --no-save @tensorflow/tfjs-node-gpu' (Linux, CUDA 11.2, cuDNN 8.1)",
  node: "Install it with 'npm install --no-save @tensorflow/tfjs-node'",
  wasm: "Reinstall the dependencies with 'npm ci'",
  cpu: "Reinstall the dependencies with 'npm ci'",
};

/**
 * Loads tfjs and makes a backend its current one: node-gpu, node, wasm, cpu, the first that loads and multiplies two matrices
 * right; never by timing. The current backend is tfjs's, one for the process: the last call decides for all.
 * With wasm, the gradient of the matrix product is replaced (see `matmul-gradient.ts`).
 *
 * Prints nothing. Throws if the requested backend, or every one, is refused, with the reasons and the remedy.
 * Invariant: `backend` is not in `refused`, and `refused` is in the fixed order.
 */
export async function chooseTensorBackend(options: TensorBackendOptions = {}): Promise<TensorBackendChoice> {
  const { request = 'auto', load = importPackage } = options;
  if (request !== 'auto' && !TENSOR_BACKENDS.includes(request)) {
    throw new Error(
      `tensor backend "${String(request)}" is unknown; the names are auto, ${TENSOR_BACKENDS.join(', ')}`,
    );
  }
  const refused: { name: TensorBackendName; reason: string }[] = [];
  for (const backend of request === 'auto' ? TENSOR_BACKENDS : [request]) {
    try {
      return { tf: await open(backend, load), backend, refused };
    } catch (error) {
      refused.push({ name: backend, reason: oneSentence(error) });
    }
  }
  const reasons = refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  if (request === 'auto') throw new Error(`no tensor backend works (${reasons}). ${REMEDIES.cpu}.`);
  throw new Error(
    `tensor backend "${request}" does not work (${reasons}). ${REMEDIES[request]}, or use "auto".`,
  );
}

async function open(
  backend: TensorBackendName,
  load: (specifier: string) => Promise<unknown>,
): Promise<Tensorflow> {
  switch (backend) {
    case 'node-gpu': {
      const tf = await openNode('@tensorflow/tfjs-node-gpu', load);
      if (!usesGpu(tf)) throw new Error('the package loads but finds no GPU');
      return tf;
    }
    case 'node':
      return openNode('@tensorflow/tfjs-node', load);
    case 'wasm': {
      const tf = asTensorflow(await load('@tensorflow/tfjs'));
      const wasm = interop(await load('@tensorflow/tfjs-backend-wasm'));
      if (typeof wasm.setWasmPaths !== 'function') throw new Error('the package has no setWasmPaths');
      const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
      wasm.setWasmPaths(path.dirname(entry) + path.sep);
      await withoutExceptionHandlers(() => activate(tf, 'wasm'));
      repairMatMulGradient(tf);
      return tf;
    }
    case 'cpu': {
      const tf = asTensorflow(await load('@tensorflow/tfjs'));
      await activate(tf, 'cpu');
      return tf;
    }
  }
}

/**
 * The wasm backend's loader leaves two handlers on the process which throw every uncaught exception once more: Node then prints
 * the loader's source, one line of 60,000 characters, and exits with 7. Takes them away again, known by their text.
 */
async function withoutExceptionHandlers(start: () => Promise<void>): Promise<void> {
  const handlers: EventEmitter = process;
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = new Set(events.flatMap((event) => handlers.listeners(event)));
  try {
    await start();
  } finally {
    for (const event of events) {
      for (const listener of handlers.listeners(event)) {
        const rethrows = /^function\s*\((\w+)\)\s*\{[^}]*throw \1\b/.test(String(listener));
        if (rethrows && !before.has(listener)) handlers.off(event, listener as () => void);
      }
    }
  }
}

async function openNode(
  specifier: string,
  load: (specifier: string) => Promise<unknown>,
): Promise<Tensorflow> {
  restoreRemovedUtilities(nodeUtil);
  const tf = asTensorflow(await load(specifier));
  await activate(tf, 'tensorflow');
  return tf;
}

/** tfjs-node calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed: puts back those that are missing. */
export function restoreRemovedUtilities(util: object): void {
  const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined;
  for (const [name, value] of Object.entries({ isNullOrUndefined, isArray: Array.isArray })) {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}

/** `tf.setBackend` may fail and say nothing, or say false with the name already changed; what counts is a right product. */
async function activate(tf: Tensorflow, name: string): Promise<void> {
  // Production mode silences tfjs's banner at the cpu backend's first tensor, and its warnings; set back below.
  const production = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  try {
    const accepted = await tf.setBackend(name);
    if (!accepted || tf.getBackend() !== name) throw new Error(await initialisationFailure(tf, name));
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync(),
    );
    if (Array.from(product).join() !== '19,22,43,50')
      throw new Error(`fails its self-test: a product is [${product}]`);
  } finally {
    tf.env().set('PROD', production);
  }
}

/** tfjs swallows the exception of a failed initialisation: starts it once more to hear it. */
async function initialisationFailure(tf: Tensorflow, name: string): Promise<string> {
  try {
    // Typed as always there, but null where no backend has registered under the name.
    const factory: (() => unknown) | null = tf.findBackendFactory(name);
    await factory?.();
  } catch (error) {
    return oneSentence(error);
  }
  return `tfjs did not accept the backend (current: ${tf.getBackend() || 'none'})`;
}

function usesGpu(tf: Tensorflow): boolean {
  const backend: object = tf.backend();
  return 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true;
}

async function importPackage(specifier: string): Promise<unknown> {
  return import(specifier);
}

/** The exports of a CommonJS package, which `import()` puts under `default`. */
function interop(module: unknown): Record<string, unknown> {
  const exported = isRecord(module) && isRecord(module.default) ? module.default : module;
  if (!isRecord(exported)) throw new Error('the package exports nothing');
  return exported;
}

function asTensorflow(module: unknown): Tensorflow {
  const exported = interop(module);
  if (!isTensorflow(exported))
    throw new Error('the package is not tfjs: it has no setBackend and customGrad');
  return exported;
}

function isTensorflow(exported: object): exported is Tensorflow {
  return (
    'setBackend' in exported &&
    typeof exported.setBackend === 'function' &&
    'customGrad' in exported &&
    typeof exported.customGrad === 'function'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The first line of whatever was thrown (binding loaders throw Errors, strings and records alike), without paths. */
function oneSentence(error: unknown): string {
  const message = isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
  const line = message.split('\n').find((text) => text.trim() !== '') ?? 'it failed without a message';
  return line
    .replace(/ imported from .*/, '')
    .trim()
    .slice(0, 200);
}
