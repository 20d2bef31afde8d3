import type { Accounts, AccountsEntry } from '../../core/capabilities.ts';
import { cashOnHand, consumption, type KrusellSmithState, payments } from './dynamics.ts';
import { meanAt, meanOf, newPayments, type Payments, utility } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/**
 * Y = C + I, K' = (1 - delta) K + I, (r + delta) K + w L = Y, clearing of capital, labour and goods at the firm's demands, and every
 * household's consumption, utility and capital. Means over households, in units of the good. Investment is added up from households'
 * own accounts. Where incomes are raw, what is paid beyond the wage bill comes from nowhere: it is entered as negative government use.
 */
export function krusellSmithAccounts(model: KrusellSmithModel): Accounts<KrusellSmithState, 'household'> {
  return {
    entry(before, actions, after) {
      const paid = payments(model, before, newPayments());
      const eaten = Array.from(before.capital, (_, i) =>
        consumption(actions.household[i], cashOnHand(model, before, paid, i)),
      );
      const invested = Float64Array.from(
        before.capital,
        (k, i) => after.capital[i] - (1 - model.depreciation) * k,
      );
      const { capital, labour, output, r, w } = paid;
      const use = {
        consumption: meanOf(eaten),
        investment: meanOf(invested),
        ...outside(model, before, paid),
      };
      return {
        output,
        ...use,
        capital,
        nextCapital: meanOf(after.capital),
        depreciation: model.depreciation,
        utility: {
          household: eaten.map((c) => utility(model.riskAversion, model.consumptionFloor, c)),
        },
        consumptions: { household: eaten },
        borrowing: { household: { assets: after.capital, limit: 0 } },
        factorPayments: { capital: (r + model.depreciation) * capital, labour: w * labour },
        markets: markets(model, before, paid, Object.values(use)),
        prices: { r, w },
      };
    },
  };
}

/** What households receive beyond what firms pay, where incomes are raw. */
function outside(
  { exposure }: KrusellSmithModel,
  { status }: KrusellSmithState,
  { labour, w }: Payments,
): Pick<AccountsEntry, 'government'> {
  if (exposure.earnings === exposure.labour) return {};
  return { government: -w * (meanAt(exposure.earnings, status) - labour) };
}

/** Demands by the firm's first-order conditions at the prices paid; without output there are no prices. */
function markets(
  { capitalShare: alpha, depreciation, exposure }: KrusellSmithModel,
  { productivity }: KrusellSmithState,
  { capital, labour, output, r, w }: Payments,
  uses: readonly number[],
): NonNullable<AccountsEntry['markets']> {
  const goods = { supply: output, demand: uses.reduce((sum, one) => sum + one, 0), price: 1 };
  if (!(output > 0)) return { goods };
  const z = exposure.productivity[productivity];
  const rent = r + depreciation;
  return {
    capital: { supply: capital, demand: labour * ((alpha * z) / rent) ** (1 / (1 - alpha)), price: rent },
    labour: { supply: labour, demand: capital * (((1 - alpha) * z) / w) ** (1 / alpha), price: w },
    goods,
  };
}
