import type { Accounts } from '../../core/capabilities.ts';
import { cashOf, clearingPrice, eaten, incomeOf, priceOf } from './market.ts';
import { bondPrice, bondWorth, utility } from './model.ts';
import type { HuggettModel } from './setup.ts';
import type { HuggettState } from './state.ts';

/**
 * Per household. `government` is what goes outside: to who issues the bonds, or lends at a given price, and whatever a price at its bound leaves open; from the bonds alone.
 */
export function huggettAccounts(model: HuggettModel): Accounts<HuggettState, 'household'> {
  return {
    entry(before, { household: shares }, after) {
      const n = before.bonds.length;
      const price = priceOf(model, before, shares);
      const each = Array.from({ length: n }, (_, i) => i);
      const consumptions = each.map((i) => eaten(model, before, price, shares[i], i));
      const mean = (values: ArrayLike<number>) => {
        let sum = 0;
        for (let i = 0; i < values.length; i++) sum += values[i];
        return sum / values.length;
      };
      const [p, g] = [bondPrice(model.timing, price), bondWorth(model.timing, price)];
      const bought = each.map((i) => (cashOf(model, before, price, i) - consumptions[i]) / p);
      const [low, high] = model.priceBounds;
      const isAtBound = !(price > low && price < high) || Number.isNaN(clearingPrice(model, before, shares));
      return {
        output: mean(each.map((i) => incomeOf(model, before, i))),
        consumption: mean(consumptions),
        government: withoutRounding(p * mean(after.bonds) - g * mean(before.bonds)),
        utility: {
          household: consumptions.map((c) => utility(model.riskAversion, model.consumptionFloor, c)),
        },
        consumptions: { household: consumptions },
        borrowing: { household: { assets: after.bonds, limit: model.borrowingLimit } },
        prices: { [model.timing === 'price' ? 'q' : 'r']: price },
        // A price at its bound clears nothing.
        ...(model.market === 'clearing' && !isAtBound
          ? {
              markets: {
                bonds: {
                  // Gross, so that a market without bonds of its own has a size.
                  supply: model.bondSupply + mean(bought.map((b) => Math.max(0, -b))),
                  demand: mean(bought.map((b) => Math.max(0, b))),
                },
              },
            }
          : {}),
      };
    },
  };
}

/** Of sums of numbers of order one. */
const ROUNDING = 1e-13;

function withoutRounding(x: number): number {
  return Math.abs(x) < ROUNDING ? 0 : x;
}
