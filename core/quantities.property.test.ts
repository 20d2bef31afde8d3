import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, numbers, requireBetween, requireNear } from '../numerics/testing/property.ts';
import { ACTION_SLACK, fromQuantities, toQuantities } from './quantities.ts';
import { Box } from './spaces.ts';

const ROUNDING = 8 * Number.EPSILON;

const range = fc
  .tuple(fc.oneof(numbers(-10, 10), numbers(-1e9, 1e9)), fc.oneof(numbers(-10, 10), numbers(-1e9, 1e9)))
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))
  .filter(({ low, high }) => low < high);

/** Quantities, on either scale; what a log scale rounds is in proportion to its range, which stays moderate. */
const quantityRange = fc.oneof(
  range,
  fc
    .tuple(numbers(1e-4, 1), numbers(1.01, 1e3))
    .map(([low, factor]) => ({ low, high: low * factor, scale: 'log' as const })),
);

/** Action spaces: coordinates that are quantities, that are rescaled from [-1, 1], or from any other range, linearly or in logs. */
const actionSpaces = fc
  .array(fc.tuple(fc.oneof(fc.constant({ low: -1, high: 1 }), range), fc.option(quantityRange)), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) => {
    const coordinates = Object.fromEntries(list.map(([own], i) => [`x${i}`, own]));
    const rescaled = list.flatMap(([, quantity], i) =>
      quantity === null ? [] : [[`x${i}`, quantity] as const],
    );
    return new Box({ coordinates, quantities: Object.fromEntries(rescaled) });
  });
/** Where actions lie between their bounds, next to them too, for two agents. */
const places = fc.array(fc.oneof(numbers(0, 1), fc.constantFrom(0, 1, 2 ** -53, 1 - 2 ** -53)), {
  minLength: 6,
  maxLength: 6,
});

function between(low: Float64Array, high: Float64Array, shares: readonly number[]): Float64Array {
  const n = low.length;
  return Float64Array.from({ length: 2 * n }, (_, k) =>
    Math.min(high[k % n], Math.max(low[k % n], low[k % n] * (1 - shares[k]) + high[k % n] * shares[k])),
  );
}

/** Error of one coordinate when the other, of size `from`, is rounded. */
function errorOf(from: { low: number; high: number }, to: { low: number; high: number }): number {
  const size = ({ low, high }: { low: number; high: number }) => Math.max(Math.abs(low), Math.abs(high));
  return ROUNDING * (size(to) + ((to.high - to.low) * size(from)) / (from.high - from.low));
}

const rangesOf = (space: Box, j: number) => ({
  own: { low: space.low[j], high: space.high[j] },
  quantity: { low: space.quantityLow[j], high: space.quantityHigh[j] },
});

describe('actions and the quantities that they stand for', () => {
  it('are turned into one another and back', () => {
    holds(
      fc.property(actionSpaces, places, (space, shares) => {
        const actions = between(space.low, space.high, shares);
        const quantities = new Float64Array(actions.length);
        const back = new Float64Array(actions.length);
        expect(toQuantities(actions, quantities, space.size, space)).toBe(-1);
        fromQuantities(quantities, back, space);
        actions.forEach((action, k) => {
          const { own, quantity } = rangesOf(space, k % space.size);
          requireBetween(quantities[k], quantity, `quantity ${k}`);
          requireBetween(back[k], own, `action ${k}`);
          requireNear(back[k], action, errorOf(quantity, own), `action ${k}`);
        });
        const given = between(space.quantityLow, space.quantityHigh, shares);
        fromQuantities(given, actions, space);
        expect(toQuantities(actions, quantities, space.size, space)).toBe(-1);
        given.forEach((value, k) => {
          const { own, quantity } = rangesOf(space, k % space.size);
          requireNear(quantities[k], value, errorOf(own, quantity), `quantity ${k}`);
        });
      }),
    );
  });

  it('meet at both ends, within the slack beyond them, and in order between', () => {
    holds(
      fc.property(
        actionSpaces,
        numbers(0, ACTION_SLACK / 2),
        numbers(0, 1),
        numbers(0, 1),
        (space, beyond, a, b) => {
          const { size, low, high, quantityLow, quantityHigh } = space;
          const convert = (actions: Float64Array) => {
            const quantities = new Float64Array(size);
            expect(toQuantities(actions, quantities, size, space)).toBe(-1);
            return Array.from(quantities);
          };
          expect(convert(low)).toEqual(Array.from(quantityLow));
          expect(convert(high)).toEqual(Array.from(quantityHigh));
          expect(convert(low.map((x) => x - beyond))).toEqual(Array.from(quantityLow));
          expect(convert(high.map((x) => x + beyond))).toEqual(Array.from(quantityHigh));
          const at = (share: number) => between(low, high, new Array(2 * size).fill(share)).subarray(0, size);
          const [lower, upper] = [Math.min(a, b), Math.max(a, b)].map((share) => convert(at(share)));
          lower.forEach((x, j) => {
            requireBetween(upper[j], { low: x, high: quantityHigh[j] }, `coordinate ${j}`);
          });
        },
      ),
    );
  });

  it('are refused beyond the slack, and where they are NaN or infinite, at the first such place', () => {
    const wrong = fc.oneof(
      fc.constantFrom(Number.NaN, Infinity, -Infinity),
      numbers(2, 1e9).map((times) => times * ACTION_SLACK),
    );
    holds(
      fc.property(actionSpaces, places, wrong, fc.nat(), fc.boolean(), (space, shares, amount, at, above) => {
        const actions = between(space.low, space.high, shares);
        const k = at % actions.length;
        const j = k % space.size;
        const bad = above ? space.high[j] + amount : space.low[j] - amount;
        // A bound of 1e9 has digits of 1e-7: what rounds to within the slack is within it.
        if (bad <= space.high[j] + ACTION_SLACK && bad >= space.low[j] - ACTION_SLACK) return;
        actions[k] = bad;
        expect(toQuantities(actions, new Float64Array(actions.length), space.size, space)).toBe(k);
      }),
    );
  });
});
