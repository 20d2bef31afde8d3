/** Property tests (fast-check) of all folders: how many cases are tried, and from which seed. */
import fc from 'fast-check';

/** Cases of a property in `npm test`, unless it says fewer. */
const QUICK_CASES = 100;

/** The same cases every time, so that a failure is one for everybody. `PROPERTY_SEED` in the environment asks for others. */
const SEED = 20260101;

export interface PropertyOptions {
  /** Cases in `npm test`, for a property whose cases are slow. The slow suite tries as many of every property. */
  readonly quick?: number;
}

/** What `PROPERTY_CASES` in the environment asks for; the slow suite's configuration sets it. Undefined in `npm test`. */
function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} is "${text}"; give a whole number from 1.`);
  return value;
}

/** Cases that a property with this option is tried on now. */
export function casesOf({ quick = QUICK_CASES }: PropertyOptions = {}): number {
  return wholeNumber('PROPERTY_CASES') ?? quick;
}

/**
 * Tries a property. Throws for the first case that breaks it: the message holds the case in its shortest form, what went wrong there,
 * and seed and path, with which `fc.assert(property, { seed, path })` tries that case alone.
 */
export function holds<Case>(property: fc.IProperty<Case>, options: PropertyOptions = {}): void {
  fc.assert(property, {
    seed: wholeNumber('PROPERTY_SEED') ?? SEED,
    numRuns: casesOf(options),
    includeErrorInReport: true,
  });
}

/** Throws unless two numbers are equal within `slack`; many times faster than `expect`, for inner loops. `what` says where. */
export function requireNear(found: number, expected: number, slack: number, what: string | number): void {
  if (!(Math.abs(found - expected) <= slack)) {
    throw new Error(`${what}: ${found} is not ${expected} within ${slack}`);
  }
}

/** Throws unless low - slack <= found <= high + slack. */
export function requireBetween(
  found: number,
  range: { readonly low: number; readonly high: number; readonly slack?: number },
  what: string | number,
): void {
  const { low, high, slack = 0 } = range;
  if (!(found >= low - slack && found <= high + slack)) {
    throw new Error(`${what}: ${found} does not lie in [${low}, ${high}] within ${slack}`);
  }
}

/** Nothing in an economy is as small and not zero; quotients of what is larger stay finite. */
const SMALLEST = 1e-60;

/** Finite numbers between the ends, both included: of any size down to 1e-60, evenly spread ones, and 0 (never -0) where it is between. */
export function numbers(low: number, high: number): fc.Arbitrary<number> {
  const anySize = fc.double({ min: low, max: high, noNaN: true });
  const even = fc
    .integer({ min: 0, max: 1_000_000 })
    .map((i) => Math.min(high, Math.max(low, low * (1 - i / 1e6) + high * (i / 1e6))));
  const hasZero = low <= 0 && high >= 0;
  return fc.oneof(anySize, even).map((x) => (hasZero && Math.abs(x) < SMALLEST ? 0 : x));
}

/** Numbers above zero that are spread over the powers of ten between two exponents. */
export function magnitudes(lowExponent: number, highExponent: number): fc.Arbitrary<number> {
  return numbers(lowExponent, highExponent).map((exponent) => 10 ** exponent);
}

/** Increasing grids of 2 to 12 nodes in about [-size, size], with steps of very different lengths. */
export function grids(size = 1e6): fc.Arbitrary<Float64Array> {
  return fc
    .uniqueArray(fc.oneof(numbers(-1, 1), numbers(-1e-3, 1e-3)), {
      minLength: 2,
      maxLength: 12,
      selector: (x) => x * size,
    })
    .map((nodes) => Float64Array.from(nodes, (x) => x * size).sort());
}
