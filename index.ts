/** The public interface of the suite: economies, environments, agents, and the checks that tell how far they are from the truth. */

/** For calibrations: the zod that the suite itself uses. */
export { z } from 'zod';
export { type ClassicalSettings, classical } from './agents/classical/index.ts';
export { type DdpgSettings, ddpg } from './agents/ddpg/index.ts';
export { type GridSettings, grid } from './agents/grid/index.ts';
export { type NeuralGridSettings, neuralGrid } from './agents/neural-grid/index.ts';
export { type SacSettings, sac } from './agents/sac/index.ts';
export * from './core/index.ts';
export { environments } from './envs/index.ts';
export { type BackendOptions, chooseBackend } from './experiment/run/backend.ts';
export { type Learned, type LearnOptions, learn } from './experiment/run/learn.ts';
export { readSaved, writeSaved } from './experiment/run/saved-file.ts';
export {
  availableKernels,
  chooseKernels,
  type KernelChoice,
  type KernelRequest,
} from './kernels/choose.ts';
export * as numerics from './numerics/index.ts';
