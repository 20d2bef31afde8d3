// Layers and their derivatives, member by member.
import { Activation } from './codes';
import { FEW_COLUMNS, linearFew, weightGradientFew } from './few-columns';
import { multiply } from './tiles';

const FLOAT: usize = 4;

export function linear(
  x: i32,
  w: i32,
  b: i32,
  y: i32,
  members: i32,
  rows: i32,
  inputs: i32,
  outputs: i32,
  strideX: i32,
  activation: i32,
  scratch: i32,
): void {
  const stride = <usize>outputs * FLOAT;
  const working = (<usize>scratch) << 2;
  for (let g = 0; g < members; g++) {
    const from = (<usize>(x + g * strideX)) << 2;
    const weights = (<usize>(w + g * inputs * outputs)) << 2;
    const bias = b < 0 ? 0 : (<usize>(b + g * outputs)) << 2;
    const to = (<usize>(y + g * rows * outputs)) << 2;
    if (outputs <= FEW_COLUMNS)
      linearFew(from, weights, bias, to, rows, inputs, outputs, activation, working);
    else
      multiply(
        from,
        <usize>inputs * FLOAT,
        false,
        weights,
        stride,
        false,
        to,
        rows,
        outputs,
        inputs,
        bias,
        activation,
        0,
        working,
      );
  }
}

export function weightGradient(
  x: i32,
  dy: i32,
  dw: i32,
  members: i32,
  rows: i32,
  inputs: i32,
  outputs: i32,
  strideX: i32,
  accumulate: i32,
  scratch: i32,
): void {
  const working = (<usize>scratch) << 2;
  for (let g = 0; g < members; g++) {
    const from = (<usize>(x + g * strideX)) << 2;
    const slopes = (<usize>(dy + g * rows * outputs)) << 2;
    const to = (<usize>(dw + g * inputs * outputs)) << 2;
    if (outputs <= FEW_COLUMNS)
      weightGradientFew(from, slopes, to, rows, inputs, outputs, accumulate, working);
    else
      multiply(
        from,
        <usize>inputs * FLOAT,
        true,
        slopes,
        <usize>outputs * FLOAT,
        false,
        to,
        inputs,
        outputs,
        rows,
        0,
        Activation.identity,
        accumulate,
        working,
      );
  }
}

export function inputGradient(
  dy: i32,
  w: i32,
  dx: i32,
  members: i32,
  rows: i32,
  inputs: i32,
  outputs: i32,
  strideX: i32,
  accumulate: i32,
  scratch: i32,
): void {
  const stride = <usize>outputs * FLOAT;
  for (let g = 0; g < members; g++) {
    const slopes = (<usize>(dy + g * rows * outputs)) << 2;
    const weights = (<usize>(w + g * inputs * outputs)) << 2;
    const to = (<usize>(dx + g * strideX)) << 2;
    const adds = accumulate || (strideX == 0 && g > 0) ? 1 : 0;
    multiply(
      slopes,
      stride,
      false,
      weights,
      stride,
      true,
      to,
      rows,
      inputs,
      outputs,
      0,
      Activation.identity,
      adds,
      (<usize>scratch) << 2,
    );
  }
}
