/** Numbers on an axis: where the ticks are and how they read. */

export interface Ticks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

export type Range = readonly [low: number, high: number];

/** What is smaller in size is taken for zero, and what is larger cannot be drawn: room for the arithmetic of the axes. */
export const SMALLEST = 1e-290;
export const LARGEST = 1e290;

/** No margin reaches further: beyond are zero, infinity and numbers with few digits. */
const [SMALLEST_DRAWN, LARGEST_DRAWN] = [1e-300, 1e300];

/** A spread below this share of the level is rounding, and the series a constant. */
const ROUNDING = 1e-12;

/** Range of a linear axis: that of the values and `margin` times their spread on both sides; around a constant, a tenth of it. */
export function linearRange(values: readonly number[], margin: number): Range {
  const [low, high] = extent(values) ?? [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(ROUNDING * size, SMALLEST)) {
    return [low - margin * (high - low), high + margin * (high - low)];
  }
  return size < SMALLEST ? [-1, 1] : [low - 0.1 * size, high + 0.1 * size];
}

/** Range of a logarithmic axis over positive values, with the margin in logarithms; around a constant, a factor of two. */
export function logRange(values: readonly number[], margin: number): Range {
  const [low, high] = extent(values) ?? [0.1, 1];
  // Power by power: the quotient overflows where its ends are further apart than numbers reach.
  const factor = high > low * (1 + ROUNDING) ? high ** margin / low ** margin : 2;
  return [Math.max(low / factor, Math.min(low, SMALLEST_DRAWN)), Math.min(high * factor, LARGEST_DRAWN)];
}

function extent(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  let [low, high] = [values[0], values[0]];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** At most `most` (at least one) round numbers, one, two or five times a power of ten apart; whole numbers if `step` says so. */
export function linearTicks(
  [low, high]: Range,
  most: number,
  options: { readonly step?: 'any' | 'whole' } = {},
): Ticks {
  let exponent = Math.floor(Math.log10((high - low) / most)) - 1;
  if (options.step === 'whole') exponent = Math.max(0, exponent);
  for (; ; exponent++) {
    for (const digit of [1, 2, 5]) {
      const values = multiples([low, high], digit, exponent);
      if (values.length <= most) return { values, labels: linearLabels(values, exponent) };
    }
  }
}

/** Multiples of digit 10^exponent in the range, each the number nearest to its decimal notation. */
function multiples([low, high]: Range, digit: number, exponent: number): readonly number[] {
  const step = Number(`${digit}e${exponent}`);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const count = (first + i) * digit;
    return count === 0 ? 0 : Number(`${count}e${exponent}`);
  });
}

const PLAIN_FROM = 1e-3;
const PLAIN_BELOW = 1e6;

function linearLabels(values: readonly number[], exponent: number): readonly string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest === 0 || (largest >= PLAIN_FROM && largest < PLAIN_BELOW)) {
    return values.map((value) => plain(value, Math.max(0, -exponent)));
  }
  const power = Math.floor(Math.log10(largest) + 1e-9);
  const decimals = Math.max(0, power - exponent);
  return values.map((value) =>
    value === 0 ? '0' : `${plain(value / Number(`1e${power}`), decimals)}×${ten(power)}`,
  );
}

/** With thousands apart and a true minus sign. */
function plain(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(Math.min(decimals, 100)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

function ten(power: number): string {
  const digits = String(Math.abs(power)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]);
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}

/**
 * At most `most` ticks of a logarithmic axis: powers of ten, of which some are left out if there are too many; where there is one or
 * none, also their multiples; in the end, round numbers as on a linear axis.
 */
export function logTicks([low, high]: Range, most: number): Ticks {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const within = (digits: readonly number[], stride: number) => {
    const values: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % stride !== 0) continue;
      for (const digit of digits) values.push(Number(`${digit}e${power}`));
    }
    return values.filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  };
  for (const digits of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const values = within(digits, 1);
    if (values.length >= 3 && values.length <= most) return { values, labels: logLabels(values) };
  }
  const powers = within([1], 1);
  if (powers.length < 3) return linearTicks([low, high], most);
  for (let stride = 2; ; stride++) {
    const values = within([1], stride);
    if (values.length <= most) return { values, labels: logLabels(values) };
  }
}

function logLabels(values: readonly number[]): readonly string[] {
  const isPlain = values[0] >= 1e-4 && values[values.length - 1] <= 1e5;
  return values.map((value) => {
    const power = Math.floor(Math.log10(value) + 1e-9);
    if (isPlain) return plain(value, Math.max(0, -power));
    const digit = value.toExponential(0)[0];
    return digit === '1' ? ten(power) : `${digit}×${ten(power)}`;
  });
}
