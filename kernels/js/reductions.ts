/** Copies, reductions and their derivatives, in the reference kernels. */
import type { FloatArray } from '../arena.ts';

export function copyColumns(
  data: FloatArray,
  x: number,
  widthX: number,
  fromX: number,
  y: number,
  widthY: number,
  toY: number,
  rows: number,
  width: number,
  accumulate: number,
): void {
  for (let r = 0; r < rows; r++) {
    const xr = x + r * widthX + fromX;
    const yr = y + r * widthY + toY;
    for (let c = 0; c < width; c++) {
      data[yr + c] = accumulate === 0 ? data[xr + c] : data[yr + c] + data[xr + c];
    }
  }
}

export function sumLast(
  data: FloatArray,
  x: number,
  y: number,
  rows: number,
  width: number,
  scale: number,
): void {
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += data[x + r * width + c];
    data[y + r] = scale * sum;
  }
}

export function spreadLast(
  data: FloatArray,
  dy: number,
  dx: number,
  rows: number,
  width: number,
  scale: number,
  accumulate: number,
): void {
  for (let r = 0; r < rows; r++) {
    const term = scale * data[dy + r];
    for (let c = r * width; c < (r + 1) * width; c++) {
      data[dx + c] = accumulate === 0 ? term : data[dx + c] + term;
    }
  }
}

export function sumFirst(
  data: FloatArray,
  x: number,
  y: number,
  members: number,
  size: number,
  scale: number,
): void {
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let g = 0; g < members; g++) sum += data[x + g * size + i];
    data[y + i] = scale * sum;
  }
}

export function spreadFirst(
  data: FloatArray,
  dy: number,
  dx: number,
  members: number,
  size: number,
  scale: number,
  accumulate: number,
): void {
  for (let g = 0; g < members; g++) {
    for (let i = 0; i < size; i++) {
      const term = scale * data[dy + i];
      const at = dx + g * size + i;
      data[at] = accumulate === 0 ? term : data[at] + term;
    }
  }
}

export function minFirst(data: FloatArray, x: number, y: number, members: number, size: number): void {
  for (let i = 0; i < size; i++) {
    let least = data[x + i];
    for (let g = 1; g < members; g++) least = Math.min(least, data[x + g * size + i]);
    data[y + i] = least;
  }
}

export function minFirstGradient(
  data: FloatArray,
  x: number,
  y: number,
  dy: number,
  dx: number,
  members: number,
  size: number,
  accumulate: number,
): void {
  for (let i = 0; i < size; i++) {
    let taken = false;
    for (let g = 0; g < members; g++) {
      const at = g * size + i;
      const isFirst: boolean = !taken && data[x + at] === data[y + i];
      const term = isFirst ? data[dy + i] : 0;
      taken = taken || isFirst;
      data[dx + at] = accumulate === 0 ? term : data[dx + at] + term;
    }
  }
}
