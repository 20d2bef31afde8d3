import { describe, expect, it } from 'vitest';
import { ACTION_SLACK } from '../quantities.ts';
import { instantiate } from '../registry.ts';
import { Simulation } from '../simulation.ts';
import { orchard } from '../testing/orchard.ts';
import { EpisodeStatistics, NormaliseObservations, observationStatistics, RescaleActions } from './index.ts';

const economy = instantiate(orchard, { calibration: 'stormy' });

describe('NormaliseObservations', () => {
  it('gives observations of mean zero and unit variance once the statistics are known', () => {
    const statistics = observationStatistics(economy);
    const env = new NormaliseObservations(new Simulation(economy, { copies: 50 }), {
      statistics,
      until: 1e9,
    });
    env.reset({ seed: 1 });
    for (let t = 0; t < 400; t++) env.step();
    const frozen = new NormaliseObservations(new Simulation(economy, { copies: 50 }), {
      statistics,
      until: 0,
    });
    frozen.reset({ seed: 1000 });
    const seen: number[] = [];
    for (let t = 0; t < 400; t++) {
      frozen.step();
      seen.push(...frozen.observations.trader);
    }
    const mean = seen.reduce((a, b) => a + b) / seen.length;
    const variance = seen.reduce((a, b) => a + (b - mean) ** 2, 0) / seen.length;
    expect(Math.abs(mean)).toBeLessThan(0.05); // a random walk within episodes: some 4,000 independent episodes
    expect(Math.abs(variance - 1)).toBeLessThan(0.1);
  });

  it('leaves frozen statistics as they are and limits what it gives', () => {
    const statistics = observationStatistics(economy);
    statistics.trader.push(Float32Array.of(1, 1.001));
    statistics.grower.push(Float32Array.of(1, 1, 2, 2));
    const env = new NormaliseObservations(new Simulation(economy), { statistics, until: 0 });
    env.reset({ seed: 1, options: { fruit: 9 } });
    expect([...env.observations.trader]).toEqual([10]);
    expect(statistics.trader.count).toBe(2);
    expect(env.types.trader.observationSpace.contains(env.observations.trader)).toBe(true);
  });

  it('keeps its statistics when saved and loaded', () => {
    const make = () =>
      new NormaliseObservations(new Simulation(economy), {
        statistics: observationStatistics(economy),
        until: 1e9,
      });
    const [env, other] = [make(), make()];
    env.reset({ seed: 1 });
    for (let t = 0; t < 7; t++) env.step();
    other.load(structuredClone(env.save()));
    env.step();
    other.step();
    expect(other.observations).toEqual(env.observations);
  });
});

describe('RescaleActions', () => {
  it('maps [-1, 1] to the bounds of the inner space and keeps the quantities', () => {
    const env = new RescaleActions(new Simulation(instantiate(orchard)));
    env.reset({ seed: 1 });
    env.actions.grower.set([-1, 1]);
    env.actions.trader.set([0]);
    expect([...env.quantities().trader]).toEqual([0.25]);
    expect([...env.quantities().grower]).toEqual([0, 2]);
    expect([env.types.trader.actionSpace.low[0], env.types.trader.actionSpace.high[0]]).toEqual([-1, 1]);
    env.actions.trader[0] = 1.5;
    expect(() => env.step()).toThrow(/action "fee" of trader_0/);
    for (const beyond of [1 + 2 * ACTION_SLACK, -1 - 2 * ACTION_SLACK, Number.NaN, Infinity]) {
      env.actions.trader[0] = beyond;
      expect(() => env.step()).toThrow(/action "fee" of trader_0/);
    }
    env.actions.trader[0] = 1 + ACTION_SLACK / 2;
    expect([...env.quantities().trader]).toEqual([0.5]);
  });
});

describe('EpisodeStatistics', () => {
  it('counts finished episodes with return per agent and length', () => {
    const env = new EpisodeStatistics(new Simulation(instantiate(orchard), { copies: 2 }));
    env.reset({ seed: 1 });
    for (let t = 0; t < 12; t++) {
      env.actions.grower.set([0, -1, 0, -1]); // one picks 1, the other nothing; no fee
      env.step();
    }
    expect(env.episodes).toEqual({ finished: 4, meanReturn: { grower: 2.5, trader: 0 }, meanLength: 5 });
    const other = new EpisodeStatistics(new Simulation(instantiate(orchard), { copies: 2 }));
    other.load(structuredClone(env.save()));
    expect(other.episodes).toEqual(env.episodes);
  });
});
