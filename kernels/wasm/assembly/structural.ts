// The loops of agents/structural/loops.ts in float64, over one memory that its threads share. Arguments are addresses in bytes and counts. Two cells at a time where
// nothing is scattered; sums are in the order of the JavaScript, products are rounded before they are added: the same bits.

@inline
function real(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}

@inline
function whole(p: usize, i: i32): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}

/** to = weight x, by pairs and the one that may be left. */
@inline
function scale(x: usize, weight: f64, to: usize, bytes: usize): void {
  const both = f64x2.splat(weight);
  const even = bytes & ~15;
  for (let j: usize = 0; j < even; j += 16) v128.store(to + j, f64x2.mul(both, v128.load(x + j)));
  if (even != bytes) store<f64>(to + even, weight * load<f64>(x + even));
}

/** to += weight x. */
@inline
function addScaled(x: usize, weight: f64, to: usize, bytes: usize): void {
  const both = f64x2.splat(weight);
  const even = bytes & ~15;
  for (let j: usize = 0; j < even; j += 16) {
    v128.store(to + j, f64x2.add(v128.load(to + j), f64x2.mul(both, v128.load(x + j))));
  }
  if (even != bytes) store<f64>(to + even, load<f64>(to + even) + weight * load<f64>(x + even));
}

export function mixTable(table: usize, nodes: usize, weights: usize, width: i32, cells: i32, out: usize): void {
  const bytes = (<usize>cells) << 3;
  let first = 0;
  if (width > 1) {
    const p = real(weights, 0);
    const q = real(weights, 1);
    const low = table + <usize>whole(nodes, 0) * bytes;
    const high = table + <usize>whole(nodes, 1) * bytes;
    const both = f64x2.splat(p);
    const others = f64x2.splat(q);
    const even = bytes & ~15;
    for (let j: usize = 0; j < even; j += 16) {
      const sum = f64x2.add(f64x2.mul(both, v128.load(low + j)), f64x2.mul(others, v128.load(high + j)));
      v128.store(out + j, sum);
    }
    if (even != bytes) store<f64>(out + even, p * load<f64>(low + even) + q * load<f64>(high + even));
    first = 2;
  }
  for (let w = first; w < width; w++) {
    const weight = real(weights, w);
    const from = table + <usize>whole(nodes, w) * bytes;
    if (w == 0) scale(from, weight, out, bytes);
    else if (weight != 0) addScaled(from, weight, out, bytes);
  }
}

export function mixOwnStates(
  source: usize,
  transition: usize,
  rowStride: i32,
  columnStride: i32,
  ownStates: i32,
  count: i32,
  out: usize,
): void {
  const bytes = (<usize>count) << 3;
  const even = bytes & ~15;
  for (let r = 0; r < ownStates; r++) {
    const first = transition + ((<usize>(r * rowStride)) << 3);
    const row = out + <usize>r * bytes;
    if (ownStates == 3) {
      const p = real(first, 0);
      const q = real(first, columnStride);
      const u = real(first, 2 * columnStride);
      const second = source + bytes;
      const third = second + bytes;
      const P = f64x2.splat(p);
      const Q = f64x2.splat(q);
      const U = f64x2.splat(u);
      for (let i: usize = 0; i < even; i += 16) {
        const two = f64x2.add(f64x2.mul(P, v128.load(source + i)), f64x2.mul(Q, v128.load(second + i)));
        v128.store(row + i, f64x2.add(two, f64x2.mul(U, v128.load(third + i))));
      }
      if (even != bytes) {
        const two = p * load<f64>(source + even) + q * load<f64>(second + even);
        store<f64>(row + even, two + u * load<f64>(third + even));
      }
      continue;
    }
    for (let s = 0; s < ownStates; s++) {
      const p = real(first, s * columnStride);
      if (s == 0) scale(source, p, row, bytes);
      else addScaled(source + <usize>s * bytes, p, row, bytes);
    }
  }
}

/** 1 where held at the limit, 0 inside a segment, 2 at an end or beyond. */
export function placeNext(
  assets: usize,
  inverseStep: usize,
  count: i32,
  next: usize,
  bound: usize,
  cells: i32,
  lower: usize,
  upperWeight: usize,
  place: usize,
): void {
  const last = count - 2;
  for (let begin = 0; begin < cells; begin += count) {
    let i = 0;
    let low = real(assets, 0);
    let high = real(assets, 1);
    for (let j = begin; j < begin + count; j++) {
      const x = real(next, j);
      // Steps are branches, which are foreseen: without them each cell would wait for the one before.
      while (i < last && high <= x) {
        i++;
        low = high;
        high = real(assets, i + 1);
      }
      while (i > 0 && low > x) {
        i--;
        high = low;
        low = real(assets, i);
      }
      const weight = (x - low) * real(inverseStep, i);
      store<i32>(lower + ((<usize>j) << 2), i);
      store<f64>(upperWeight + ((<usize>j) << 3), weight < 0 ? 0 : weight > 1 ? 1 : weight);
      const inside = i32(weight > 0) & i32(weight < 1);
      store<u8>(place + <usize>j, load<u8>(bound + <usize>j) == 1 ? 1 : 2 - 2 * inside);
    }
  }
}

export function push(
  mass: usize,
  lower: usize,
  upperWeight: usize,
  transition: usize,
  ownStates: i32,
  count: i32,
  moved: usize,
  pushed: usize,
): void {
  memory.fill(moved, 0, (<usize>(ownStates * count)) << 3);
  let row = moved;
  for (let e = 0, j = 0; e < ownStates; e++) {
    for (let a = 0; a < count; a++, j++) {
      const m = real(mass, j);
      const up = m * real(upperWeight, j);
      const node = row + ((<usize>whole(lower, j)) << 3);
      store<f64>(node, load<f64>(node) + (m - up));
      store<f64>(node, load<f64>(node, 8) + up, 8);
    }
    row += (<usize>count) << 3;
  }
  mixOwnStates(moved, transition, 1, ownStates, ownStates, count, pushed);
}

/** What node i and the next are worth, of two cells: [low, low'] and [high, high']. */
@inline
function lowOf(one: v128, other: v128): v128 {
  return v128.shuffle<i64>(one, other, 0, 2);
}

@inline
function highOf(one: v128, other: v128): v128 {
  return v128.shuffle<i64>(one, other, 1, 3);
}

/** Whether dL/dx counts in a cell that lies so. `rule`: at the limit 0 keeps nothing, 1 what asks for less, 2 everything. */
@inline
function isKept(how: i32, total: f64, rule: i32): i32 {
  return i32(how != 1) | i32(rule == 2) | (i32(rule == 1) & i32(total < 0));
}

/** No relative errors where `unit` is 0. */
export function slopes(
  expected: usize,
  inverseStep: usize,
  count: i32,
  discountFactor: f64,
  lower: usize,
  place: usize,
  flowSlope: usize,
  nextSlope: usize,
  unit: usize,
  out: usize,
  relative: usize,
  cells: i32,
  rule: i32,
): void {
  const beta = f64x2.splat(discountFactor);
  for (let begin = 0; begin < cells; begin += count) {
    const row = expected + ((<usize>begin) << 3);
    const end = begin + count;
    let j = begin;
    for (; j + 1 < end; j += 2) {
      const at = (<usize>j) << 3;
      const i = whole(lower, j);
      const k = whole(lower, j + 1);
      const one = v128.load(row + ((<usize>i) << 3));
      const other = v128.load(row + ((<usize>k) << 3));
      const inverse = f64x2.replace_lane(f64x2.splat(real(inverseStep, i)), 1, real(inverseStep, k));
      const slope = f64x2.mul(f64x2.sub(highOf(one, other), lowOf(one, other)), inverse);
      let ahead = f64x2.mul(f64x2.mul(beta, slope), v128.load(nextSlope + at));
      const how = <i32>load<u8>(place + <usize>j);
      const otherHow = <i32>load<u8>(place + <usize>j, 1);
      const both = how | otherHow;
      if (both & 2) {
        if (how == 2) ahead = f64x2.replace_lane(ahead, 0, 0);
        if (otherHow == 2) ahead = f64x2.replace_lane(ahead, 1, 0);
      }
      let kept = f64x2.add(v128.load(flowSlope + at), ahead);
      if (both & 1) {
        if (!isKept(how, f64x2.extract_lane(kept, 0), rule)) kept = f64x2.replace_lane(kept, 0, 0);
        if (!isKept(otherHow, f64x2.extract_lane(kept, 1), rule)) kept = f64x2.replace_lane(kept, 1, 0);
      }
      v128.store(out + at, kept);
      if (unit != 0) v128.store(relative + at, f64x2.div(kept, v128.load(unit + at)));
    }
    if (j < end) {
      const at = (<usize>j) << 3;
      const how = <i32>load<u8>(place + <usize>j);
      const i = whole(lower, j);
      const node = row + ((<usize>i) << 3);
      const slope = (load<f64>(node, 8) - load<f64>(node)) * real(inverseStep, i);
      const ahead: f64 = how == 2 ? 0 : discountFactor * slope * load<f64>(nextSlope + at);
      const total = load<f64>(flowSlope + at) + ahead;
      const kept: f64 = isKept(how, total, rule) ? total : 0;
      store<f64>(out + at, kept);
      if (unit != 0) store<f64>(relative + at, kept / load<f64>(unit + at));
    }
  }
}

export function values(
  expected: usize,
  count: i32,
  discountFactor: f64,
  lower: usize,
  upperWeight: usize,
  flow: usize,
  lambda: usize,
  cells: i32,
): void {
  const beta = f64x2.splat(discountFactor);
  for (let begin = 0; begin < cells; begin += count) {
    const row = expected + ((<usize>begin) << 3);
    const end = begin + count;
    let j = begin;
    for (; j + 1 < end; j += 2) {
      const at = (<usize>j) << 3;
      const one = v128.load(row + ((<usize>whole(lower, j)) << 3));
      const other = v128.load(row + ((<usize>whole(lower, j + 1)) << 3));
      const low = lowOf(one, other);
      const rise = f64x2.mul(v128.load(upperWeight + at), f64x2.sub(highOf(one, other), low));
      v128.store(lambda + at, f64x2.add(v128.load(flow + at), f64x2.mul(beta, f64x2.add(low, rise))));
    }
    if (j < end) {
      const at = (<usize>j) << 3;
      const node = row + ((<usize>whole(lower, j)) << 3);
      const low = load<f64>(node);
      const ahead = low + load<f64>(upperWeight + at) * (load<f64>(node, 8) - low);
      store<f64>(lambda + at, load<f64>(flow + at) + discountFactor * ahead);
    }
  }
}

/** Divides by the sum, which is taken in order. */
export function normalise(x: usize, cells: i32): void {
  let sum: f64 = 0;
  for (let j = 0; j < cells; j++) sum += real(x, j);
  scale(x, 1 / sum, x, (<usize>cells) << 3);
}

export function times(x: usize, weight: usize, out: usize, cells: i32): void {
  for (let j = 0; j < cells; j++) store<f64>(out + ((<usize>j) << 3), real(weight, j) * real(x, j));
}

export function addToNodes(
  x: usize,
  nodes: usize,
  weights: usize,
  width: i32,
  factor: f64,
  to: usize,
  cells: i32,
): void {
  const bytes = (<usize>cells) << 3;
  for (let w = 0; w < width; w++) {
    const weight = real(weights, w) * factor;
    if (weight != 0) addScaled(x, weight, to + <usize>whole(nodes, w) * bytes, bytes);
  }
}

export function add(x: usize, to: usize, cells: i32): void {
  addScaled(x, 1, to, (<usize>cells) << 3);
}
