import type { Enumerable } from '../../core/capabilities.ts';
import { trade } from './market.ts';
import { utility } from './model.ts';
import type { HuggettModel, KnownChain } from './setup.ts';
import type { HuggettState } from './state.ts';

/** Most successors of a state that are worth enumerating: 15 levels of productivity and 3 incomes of 3 households are 405. */
const MOST_SUCCESSORS = 1024;

/** Z, states of a given price (1 where the market clears), E. */
export function shockCounts({ productivityLevels, priceLevels, incomeLevels }: HuggettModel): {
  readonly productivity: number;
  readonly price: number;
  readonly income: number;
} {
  return { productivity: productivityLevels.n, price: priceLevels?.n ?? 1, income: incomeLevels.n };
}

/** Z P E^n, or undefined where they are too many. */
export function successorCount(model: HuggettModel): number | undefined {
  const { productivity, price, income } = shockCounts(model);
  const count = productivity * price * income ** model.households;
  return count > MOST_SUCCESSORS ? undefined : count;
}

/**
 * Every z', given price and list of y' with its probability, for few households: undefined where they are more than 1,024. Invariant: probabilities sum to one; z' moves slowest, then the
 * price, then the first household's income.
 */
export function huggettSuccessors(model: HuggettModel): Enumerable<HuggettState, 'household'> | undefined {
  const count = successorCount(model);
  if (count === undefined) return undefined;
  const { households: n, productivityLevels, priceLevels, incomeLevels } = model;
  const { price: prices, income: incomes } = shockCounts(model);
  const settle = (state: HuggettState, shares: Float64Array) => {
    const after = { ...state, bonds: state.bonds.slice() };
    const rewards = new Float64Array(n);
    const price = trade(model, after, shares, rewards, utility);
    return { bonds: after.bonds, price, rewards };
  };
  return {
    rewards: (state, { household }) => ({ household: settle(state, household).rewards }),
    successors(state, { household }) {
      const { bonds, price } = settle(state, household);
      return Array.from({ length: count }, (_, at) => {
        const status = Uint8Array.from(
          { length: n },
          (_, i) => Math.floor(at / incomes ** (n - 1 - i)) % incomes,
        );
        const common = Math.floor(at / incomes ** n);
        const priceState = common % prices;
        const productivity = Math.floor(common / prices);
        let probability = row(productivityLevels, state.productivity, productivity);
        if (priceLevels !== undefined) probability *= row(priceLevels, state.priceState, priceState);
        for (let i = 0; i < n; i++) probability *= row(incomeLevels, state.status[i], status[i]);
        return {
          probability,
          state: {
            bonds: bonds.slice(),
            status,
            turn: state.turn.slice(),
            productivity,
            price: priceLevels === undefined ? price : priceLevels.levels[priceState],
            priceState,
          },
        };
      }).filter(({ probability }) => probability > 0);
    },
  };
}

function row({ transition, n }: KnownChain, from: number, to: number): number {
  return transition[from * n + to];
}
