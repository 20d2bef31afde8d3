// The activation of a layer, and its derivative.
import { Activation } from './codes';
import { softplus, softplusSlope, tanh } from './maths';
import { loadUpTo4, storeUpTo4, sumOf } from './vector';

@inline
export function activate(value: v128, activation: i32): v128 {
  if (activation == Activation.identity) return value;
  if (activation == Activation.relu) return f32x4.pmax(value, f32x4.splat(0)); // lets NaN through
  return activation == Activation.tanh ? tanh(value) : softplus(value);
}

@inline
function activationSlope(y: v128, activation: i32): v128 {
  const one = f32x4.splat(1);
  if (activation == Activation.relu) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (activation == Activation.tanh) return f32x4.sub(one, f32x4.mul(y, y));
  return activation == Activation.softplus ? softplusSlope(y) : one;
}

export function activationGradient(
  y: i32,
  dy: i32,
  db: i32,
  members: i32,
  rows: i32,
  outputs: i32,
  activation: i32,
  accumulate: i32,
): void {
  const size = members * rows * outputs;
  const values = (<usize>y) << 2;
  const slopes = (<usize>dy) << 2;
  if (db < 0 || outputs == 1) {
    if (activation != Activation.identity) {
      for (let i = 0; i < size; i += 4) {
        const at = (<usize>i) << 2;
        const slope = activationSlope(loadUpTo4(values + at, size - i), activation);
        storeUpTo4(slopes + at, f32x4.mul(loadUpTo4(slopes + at, size - i), slope), size - i);
      }
    }
    if (db < 0) return;
    for (let g = 0; g < members; g++) {
      const at = (<usize>(db + g)) << 2;
      const sum = <f32>sumOf(slopes + ((<usize>(g * rows)) << 2), rows);
      store<f32>(at, accumulate ? load<f32>(at) + sum : sum);
    }
    return;
  }
  // Row by row, the sums in db itself.
  const sums = (<usize>db) << 2;
  if (!accumulate) memory.fill(sums, 0, (<usize>(members * outputs)) << 2);
  for (let g = 0; g < members; g++) {
    const bias = sums + ((<usize>(g * outputs)) << 2);
    for (let r = g * rows; r < (g + 1) * rows; r++) {
      const row = (<usize>(r * outputs)) << 2;
      activationGradientRow(values + row, slopes + row, bias, outputs, activation);
    }
  }
}

@inline
function activationGradientFour(y: usize, dy: usize, bias: usize, left: i32, activation: i32): void {
  let slope = loadUpTo4(dy, left);
  if (activation != Activation.identity) {
    slope = f32x4.mul(slope, activationSlope(loadUpTo4(y, left), activation));
    storeUpTo4(dy, slope, left);
  }
  storeUpTo4(bias, f32x4.add(loadUpTo4(bias, left), slope), left);
}

function activationGradientRow(y: usize, dy: usize, bias: usize, outputs: i32, activation: i32): void {
  const end = bias + ((<usize>(outputs & ~3)) << 2);
  if (activation == Activation.relu) {
    for (; bias < end; y += 16, dy += 16, bias += 16) activationGradientFour(y, dy, bias, 4, Activation.relu);
  } else {
    for (; bias < end; y += 16, dy += 16, bias += 16) activationGradientFour(y, dy, bias, 4, activation);
  }
  if (outputs & 3) activationGradientFour(y, dy, bias, outputs & 3, activation);
}
