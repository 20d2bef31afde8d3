import { describe, expect, it } from 'vitest';
import {
  type Agents,
  constantAgent,
  discountedValues,
  instantiate,
  makeBatchedEnv,
  makeParallelEnv,
} from '../index.ts';
import fishWar from './fish-war.ts';

describe('the great fish war', () => {
  it('has the catch shares of Levhari and Mirman: 1 - ab alone, (1 - ab) / (2 - ab) each for two', () => {
    const share = (fishers: number) => {
      const catches = { fisher: new Float64Array(fishers) };
      instantiate(fishWar, { set: { fishers, growth: 0.4, discountFactor: 0.95 } })
        .oracle()
        ?.act({ stock: 1 }, catches);
      return catches.fisher;
    };
    const ab = 0.4 * 0.95;
    expect(share(1)[0]).toBeCloseTo(1 - ab, 12);
    expect(share(2)[0]).toBeCloseTo((1 - ab) / (2 - ab), 12);
    expect(share(2)[1]).toBe(share(2)[0]);
  });

  it('leaves the resting stock where it is, without shocks', () => {
    const economy = instantiate(fishWar, { set: { shock: 0 } });
    const env = makeBatchedEnv(economy);
    const oracle = economy.oracle();
    if (oracle === undefined) throw new Error('the fish war has a closed form');
    env.reset({ states: [oracle.steadyState] });
    const { actionSpace } = economy.types.fisher;
    const quantities = new Float64Array(2);
    oracle.act(oracle.steadyState, { fisher: quantities });
    const fisher = constantAgent({ actionSpace, quantities: [quantities[0]] });
    fisher.act({ rows: 2, observations: env.observations.fisher, states: env.states }, env.actions.fisher, {
      deterministic: true,
    });
    env.step();
    expect(env.states[0].stock).toBeCloseTo(Number(oracle.steadyState.stock), 12);
  });

  it('punishes any fisher who leaves the equilibrium alone', () => {
    const economy = instantiate(fishWar, { set: { shock: 0 } });
    const { actionSpace } = economy.types.fisher;
    const catches = { fisher: new Float64Array(2) };
    economy.oracle()?.act({ stock: 1 }, catches);
    const nash = catches.fisher[0];
    /** Fisher 0 takes its own share, fisher 1 the equilibrium's; twice the mean value less fisher 1's is fisher 0's. */
    const value = (own: number) => {
      const agents: Agents = {
        fisher: {
          ...constantAgent({ actionSpace, quantities: [nash] }),
          act({ rows }, actions) {
            const unit = (share: number) => (2 * (share - 0.005)) / 0.49 - 1;
            for (let row = 0; row < rows; row++) actions[row] = unit(row % 2 === 0 ? own : nash);
          },
        },
      };
      const mean = discountedValues({
        economy,
        agents,
        makeBatch: (o) => makeBatchedEnv(economy, o),
        states: [{ stock: 1 }],
        seed: 1,
      });
      const gapNow = Math.log(own / nash) / (1 - 0.9); // fisher 0 catches own / nash times what fisher 1 catches, always
      return mean.fisher + gapNow / 2;
    };
    expect(value(nash)).toBeGreaterThan(value(nash + 0.01));
    expect(value(nash)).toBeGreaterThan(value(nash - 0.01));
  });

  it('is an environment of two agents', () => {
    const env = makeParallelEnv(instantiate(fishWar));
    const { observations } = env.reset({ seed: 1 });
    expect(Object.keys(observations)).toEqual(['fisher_0', 'fisher_1']);
    const { rewards } = env.step({ fisher_0: [0], fisher_1: [1] });
    expect(rewards.fisher_1).toBeGreaterThan(rewards.fisher_0);
  });
});
