import type { Accounts, AccountsEntry } from '../../core/capabilities.ts';
import { meanOf, utility } from '../krusell-smith/model.ts';
import { within } from './budgets.ts';
import { type Factors, hire, newFactors, wealth, weightedMean } from './model.ts';
import type { MarlBcState } from './part.ts';
import type { MarlBcModel } from './setup.ts';

/** What a period was produced with: A, and l_i of every household, [n]. */
export interface Produced<S extends MarlBcState> {
  of(before: S, after: S): { readonly productivity: number; readonly labour: Float64Array };
}

/**
 * Y = C + I, K' = (1 - delta) K + I, rent K + wage L = Y, clearing of capital, labour and goods at the firm's demands, and every household's
 * consumption, utility and capital. `capital` is mean k as a good; factors are weighted by productivity. Means over households, in units of the
 * good. Investment is added up from households' own accounts.
 */
export function marlBcAccounts<S extends MarlBcState>(
  model: MarlBcModel,
  produced: Produced<S>,
): Accounts<S, 'household'> {
  const { productivities, depreciation, lowest, highest, riskAversion, consumptionFloor } = model;
  const { capital: kappa, labour: lambda } = productivities;
  const chosen = model.kind === 'chosen';
  const leisureWeight = chosen ? model.leisureWeight : 0;
  return {
    entry(before, actions, after) {
      const { productivity, labour } = produced.of(before, after);
      const factors = hire(
        model,
        productivity,
        weightedMean(kappa, before.capital, 0, 1),
        weightedMean(lambda, labour, 0, 1),
        newFactors(),
      );
      const eaten = Array.from(before.capital, (k, i) => {
        const share = within(lowest, highest, actions.household[chosen ? 2 * i : i]);
        return share * wealth(factors, depreciation, kappa[i], k, lambda[i] * labour[i]);
      });
      const invested = Float64Array.from(before.capital, (k, i) => after.capital[i] - (1 - depreciation) * k);
      const [consumption, investment] = [meanOf(eaten), meanOf(invested)];
      const { output, rent, wage } = factors;
      return {
        output,
        consumption,
        investment,
        capital: meanOf(before.capital),
        nextCapital: meanOf(after.capital),
        depreciation,
        utility: {
          household: eaten.map((c, i) => {
            const own = utility(riskAversion, consumptionFloor, c);
            return leisureWeight > 0 ? own + leisureWeight * Math.log(1 - labour[i]) : own;
          }),
        },
        consumptions: { household: eaten },
        borrowing: { household: { assets: after.capital, limit: 0 } },
        factorPayments: { capital: rent * factors.capital, labour: wage * factors.labour },
        markets: markets(model, productivity, factors, consumption + investment),
        prices: { rent, wage },
      };
    },
  };
}

/** Demands by the firm's first-order conditions at the prices paid. */
function markets(
  { capitalShare: alpha }: MarlBcModel,
  A: number,
  { capital, labour, output, rent, wage }: Factors,
  uses: number,
): NonNullable<AccountsEntry['markets']> {
  // Where nothing is produced there is no market; the resource constraint holds what is eaten against capital.
  if (!(output > 0)) return {};
  return {
    capital: { supply: capital, demand: labour * ((alpha * A) / rent) ** (1 / (1 - alpha)), price: rent },
    labour: { supply: labour, demand: capital * (((1 - alpha) * A) / wage) ** (1 / alpha), price: wage },
    goods: { supply: output, demand: uses, price: 1 },
  };
}
