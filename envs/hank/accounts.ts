import type { Accounts } from '../../core/capabilities.ts';
import { CLEARING_TOLERANCE, clearPeriod, periodWork, profitOf } from './market.ts';
import { utility } from './model.ts';
import type { HankModel } from './setup.ts';
import type { HankState } from './state.ts';

/**
 * Per household. `government` is what goes outside when households hold other than B: bonds sold, less interest, plus taxes; from the bonds alone, and nothing
 * but rounding where the wage clears. The markets for goods and for bonds clear together (Walras' law).
 */
export function hankAccounts(model: HankModel): Accounts<HankState, 'household' | 'firm'> {
  const { bonds: B, borrowingLimit, households: n } = model;
  return {
    entry(before, { household, firm }, after) {
      const work = periodWork(model);
      clearPeriod(model, before, household, firm, work);
      const { realReturn: R, wage, labour, output, cost, meanConsumption } = work;
      const held = mean(before.bonds);
      const clearing = work.atBound === 1 ? ('at-bound' as const) : ('free' as const);
      // To hold B, whatever was held.
      const planned = B - R * held + (R - 1) * B;
      const tolerance = 2 * CLEARING_TOLERANCE;
      return {
        output,
        consumption: meanConsumption,
        adjustmentCost: cost * output,
        government: mean(after.bonds) - R * held + (R - 1) * B,
        factorPayments: { capital: 0, labour: wage * labour, profits: output - wage * labour },
        utility: {
          household: Array.from({ length: n }, (_, i) => utility(model, work.consumption[i], work.hours[i])),
          firm: Array.from({ length: model.firms }, (_, j) => profitOf(model, before, work, j)),
        },
        consumptions: { household: work.consumption },
        borrowing: { household: { assets: after.bonds, limit: borrowingLimit } },
        prices: { r: R - 1, w: wage, Pi: work.inflation },
        markets: {
          bonds: {
            supply: B,
            demand: mean(after.bonds),
            price: 1,
            clearing,
            scale: Math.max(1, B),
            tolerance,
          },
          goods: {
            supply: output,
            demand: meanConsumption + cost * output + planned,
            price: 1,
            clearing,
            // Bonds are what is searched, to a part of B or of one.
            scale: Math.max(1, output, B),
            tolerance,
          },
        },
      };
    },
  };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
