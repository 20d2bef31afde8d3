// Layers of one to three outputs, where tiles would be mostly padding.
import { activate } from './activations';
import { loadUpTo4, madd, putUpTo4 } from './vector';

/** Up to this many columns. */
export const FEW_COLUMNS: i32 = 3;

const FLOAT: usize = 4;

/** Sum of x[k] w[k]: sixteen running sums, in the same order whatever the row. */
function dot(x: usize, w: usize, size: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end = x + ((<usize>size) << 2);
  while (x + 64 <= end) {
    s0 = madd(v128.load(x), v128.load(w), s0);
    s1 = madd(v128.load(x, 16), v128.load(w, 16), s1);
    s2 = madd(v128.load(x, 32), v128.load(w, 32), s2);
    s3 = madd(v128.load(x, 48), v128.load(w, 48), s3);
    x += 64;
    w += 64;
  }
  for (; x < end; x += 16, w += 16) {
    const left = <i32>(end - x) >> 2;
    s0 = madd(loadUpTo4(x, left), loadUpTo4(w, left), s0);
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (
    f32x4.extract_lane(s, 0) +
    f32x4.extract_lane(s, 1) +
    (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  );
}

/** y [rows, outputs] for one to three outputs: a dot product each. */
export function linearFew(
  x: usize,
  w: usize,
  b: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  activation: i32,
  scratch: usize,
): void {
  let columns = w;
  const length = <usize>inputs * FLOAT;
  if (outputs > 1) {
    columns = scratch;
    for (let k = 0; k < inputs; k++) {
      for (let n = 0; n < outputs; n++) {
        store<f32>(
          scratch + <usize>n * length + ((<usize>k) << 2),
          load<f32>(w + ((<usize>(k * outputs + n)) << 2)),
        );
      }
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let n = 0; n < outputs; n++) {
      const bias: f32 = b ? load<f32>(b + ((<usize>n) << 2)) : 0;
      const sum = dot(x, columns + <usize>n * length, inputs) + bias;
      const value = activate(f32x4.splat(sum), activation);
      store<f32>(y, f32x4.extract_lane(value, 0));
      y += FLOAT;
    }
    x += length;
  }
}

/** dw [inputs, outputs] for one to three outputs: columns of x weighted by dy, sixteen at a time. */
export function weightGradientFew(
  x: usize,
  dy: usize,
  dw: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const stride = <usize>inputs * FLOAT;
  const step = <usize>outputs * FLOAT;
  for (let n = 0; n < outputs; n++) {
    const to = outputs == 1 ? dw : scratch;
    const weights = dy + ((<usize>n) << 2);
    const adds = outputs == 1 ? accumulate : 0;
    let k = 0;
    for (; k + 16 <= inputs; k += 16) {
      let from = x + ((<usize>k) << 2);
      let at = weights;
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      for (let r = 0; r < rows; r++) {
        const d = v128.load32_splat(at);
        s0 = madd(v128.load(from), d, s0);
        s1 = madd(v128.load(from, 16), d, s1);
        s2 = madd(v128.load(from, 32), d, s2);
        s3 = madd(v128.load(from, 48), d, s3);
        from += stride;
        at += step;
      }
      const target = to + ((<usize>k) << 2);
      putUpTo4(target, s0, 4, adds);
      putUpTo4(target + 16, s1, 4, adds);
      putUpTo4(target + 32, s2, 4, adds);
      putUpTo4(target + 48, s3, 4, adds);
    }
    for (; k < inputs; k += 4) {
      let from = x + ((<usize>k) << 2);
      let at = weights;
      let s = f32x4.splat(0);
      for (let r = 0; r < rows; r++) {
        s = madd(loadUpTo4(from, inputs - k), v128.load32_splat(at), s);
        from += stride;
        at += step;
      }
      putUpTo4(to + ((<usize>k) << 2), s, inputs - k, adds);
    }
    if (outputs > 1) {
      for (let i = 0; i < inputs; i++) {
        const target = dw + <usize>i * step + ((<usize>n) << 2);
        const value = load<f32>(scratch + ((<usize>i) << 2));
        store<f32>(target, accumulate ? load<f32>(target) + value : value);
      }
    }
  }
}
