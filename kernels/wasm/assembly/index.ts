// The kernels of kernels/kernels.ts. Tensor arguments are offsets in elements; the arena is the imported memory.
export { linear, weightGradient, inputGradient } from './products';
export { activationGradient } from './activations';
export { binary, binaryGradient, unary, unaryGradient } from './elementwise';
export {
  fill,
  copyColumns,
  sumLast,
  spreadLast,
  sumFirst,
  spreadFirst,
  minFirst,
  minFirstGradient,
} from './reductions';
export { adam, softUpdate } from './optimiser';
