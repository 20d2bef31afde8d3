/**
 * Matrix products of the reference kernels: row-major loops, four sums in float64 at a time, each in the order of the reduction.
 */
import type { FloatArray } from '../arena.ts';
import { ACTIVATION } from '../codes.ts';

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function activate(activation: number, x: number): number {
  if (activation === ACTIVATION.relu) return Math.max(x, 0);
  if (activation === ACTIVATION.tanh) return Math.tanh(x);
  if (activation === ACTIVATION.softplus) return softplus(x);
  return x;
}

/** One member of `linear`: y [rows, outputs] = activation(x [rows, inputs] w [inputs, outputs] + b [outputs]). */
function linearMember(
  data: FloatArray,
  x: number,
  w: number,
  b: number,
  y: number,
  rows: number,
  inputs: number,
  outputs: number,
  activation: number,
): void {
  const whole = outputs - (outputs % 4);
  for (let i = 0; i < rows; i++) {
    const xi = x + i * inputs;
    const yi = y + i * outputs;
    for (let j = 0; j < whole; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0, at = w + j; k < inputs; k++, at += outputs) {
        const xk = data[xi + k];
        s0 += xk * data[at];
        s1 += xk * data[at + 1];
        s2 += xk * data[at + 2];
        s3 += xk * data[at + 3];
      }
      data[yi + j] = s0;
      data[yi + j + 1] = s1;
      data[yi + j + 2] = s2;
      data[yi + j + 3] = s3;
    }
    for (let j = whole; j < outputs; j++) {
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += data[xi + k] * data[w + k * outputs + j];
      data[yi + j] = sum;
    }
    for (let j = 0; j < outputs; j++) {
      const bias = b < 0 ? 0 : data[b + j];
      data[yi + j] = activate(activation, data[yi + j] + bias);
    }
  }
}

export function linear(
  data: FloatArray,
  x: number,
  w: number,
  b: number,
  y: number,
  members: number,
  rows: number,
  inputs: number,
  outputs: number,
  strideX: number,
  activation: number,
): void {
  for (let g = 0; g < members; g++) {
    const bias = b < 0 ? b : b + g * outputs;
    const weights = w + g * inputs * outputs;
    linearMember(
      data,
      x + g * strideX,
      weights,
      bias,
      y + g * rows * outputs,
      rows,
      inputs,
      outputs,
      activation,
    );
  }
}

/** One member of `weightGradient`: dw [inputs, outputs] (+)= x^T [inputs, rows] dy [rows, outputs]. */
function weightGradientMember(
  data: FloatArray,
  x: number,
  dy: number,
  dw: number,
  rows: number,
  inputs: number,
  outputs: number,
  accumulate: number,
): void {
  const whole = outputs - (outputs % 4);
  for (let i = 0; i < inputs; i++) {
    const wi = dw + i * outputs;
    for (let j = 0; j < whole; j += 4) {
      let s0 = accumulate === 0 ? 0 : data[wi + j];
      let s1 = accumulate === 0 ? 0 : data[wi + j + 1];
      let s2 = accumulate === 0 ? 0 : data[wi + j + 2];
      let s3 = accumulate === 0 ? 0 : data[wi + j + 3];
      for (let r = 0, at = dy + j; r < rows; r++, at += outputs) {
        const xr = data[x + r * inputs + i];
        s0 += xr * data[at];
        s1 += xr * data[at + 1];
        s2 += xr * data[at + 2];
        s3 += xr * data[at + 3];
      }
      data[wi + j] = s0;
      data[wi + j + 1] = s1;
      data[wi + j + 2] = s2;
      data[wi + j + 3] = s3;
    }
    for (let j = whole; j < outputs; j++) {
      let sum = accumulate === 0 ? 0 : data[wi + j];
      for (let r = 0; r < rows; r++) sum += data[x + r * inputs + i] * data[dy + r * outputs + j];
      data[wi + j] = sum;
    }
  }
}

export function weightGradient(
  data: FloatArray,
  x: number,
  dy: number,
  dw: number,
  members: number,
  rows: number,
  inputs: number,
  outputs: number,
  strideX: number,
  accumulate: number,
): void {
  for (let g = 0; g < members; g++) {
    const weights = dw + g * inputs * outputs;
    weightGradientMember(
      data,
      x + g * strideX,
      dy + g * rows * outputs,
      weights,
      rows,
      inputs,
      outputs,
      accumulate,
    );
  }
}

/** One member of `inputGradient`: dx [rows, inputs] (+)= dy [rows, outputs] w^T [outputs, inputs]. */
function inputGradientMember(
  data: FloatArray,
  dy: number,
  w: number,
  dx: number,
  rows: number,
  inputs: number,
  outputs: number,
  accumulate: number,
): void {
  const whole = inputs - (inputs % 4);
  for (let i = 0; i < rows; i++) {
    const xi = dx + i * inputs;
    const yi = dy + i * outputs;
    for (let j = 0; j < whole; j += 4) {
      let s0 = accumulate === 0 ? 0 : data[xi + j];
      let s1 = accumulate === 0 ? 0 : data[xi + j + 1];
      let s2 = accumulate === 0 ? 0 : data[xi + j + 2];
      let s3 = accumulate === 0 ? 0 : data[xi + j + 3];
      for (let k = 0, at = w + j * outputs; k < outputs; k++, at++) {
        const yk = data[yi + k];
        s0 += yk * data[at];
        s1 += yk * data[at + outputs];
        s2 += yk * data[at + 2 * outputs];
        s3 += yk * data[at + 3 * outputs];
      }
      data[xi + j] = s0;
      data[xi + j + 1] = s1;
      data[xi + j + 2] = s2;
      data[xi + j + 3] = s3;
    }
    for (let j = whole; j < inputs; j++) {
      let sum = accumulate === 0 ? 0 : data[xi + j];
      for (let k = 0; k < outputs; k++) sum += data[yi + k] * data[w + j * outputs + k];
      data[xi + j] = sum;
    }
  }
}

export function inputGradient(
  data: FloatArray,
  dy: number,
  w: number,
  dx: number,
  members: number,
  rows: number,
  inputs: number,
  outputs: number,
  strideX: number,
  accumulate: number,
): void {
  for (let g = 0; g < members; g++) {
    const adds = accumulate === 1 || (strideX === 0 && g > 0) ? 1 : 0;
    const weights = w + g * inputs * outputs;
    inputGradientMember(
      data,
      dy + g * rows * outputs,
      weights,
      dx + g * strideX,
      rows,
      inputs,
      outputs,
      adds,
    );
  }
}

/** The derivative of an activation at x, from y = activation(x). */
function activationSlope(activation: number, y: number): number {
  if (activation === ACTIVATION.relu) return y > 0 ? 1 : 0;
  if (activation === ACTIVATION.tanh) return 1 - y * y;
  if (activation === ACTIVATION.softplus) return -Math.expm1(-y);
  return 1;
}

export function activationGradient(
  data: FloatArray,
  y: number,
  dy: number,
  db: number,
  members: number,
  rows: number,
  outputs: number,
  activation: number,
  accumulate: number,
): void {
  if (activation !== ACTIVATION.identity) {
    const size = members * rows * outputs;
    for (let i = 0; i < size; i++) data[dy + i] *= activationSlope(activation, data[y + i]);
  }
  if (db < 0) return;
  for (let g = 0; g < members; g++) {
    for (let j = 0; j < outputs; j++) {
      const at = db + g * outputs + j;
      let sum = accumulate === 0 ? 0 : data[at];
      for (let r = 0; r < rows; r++) sum += data[dy + (g * rows + r) * outputs + j];
      data[at] = sum;
    }
  }
}
