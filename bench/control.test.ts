import { describe, expect, it } from 'vitest';
import { constantAgent } from '../core/baselines.ts';
import { makeBatchedEnv } from '../core/make.ts';
import { environments } from '../envs/index.ts';
import { outcome } from '../experiment/test-fixtures.ts';
import { interquartileMean } from '../numerics/statistics.ts';
import { controlBench, episodeReturns, summariseReturns } from './control.ts';

/** Enough for the order of magnitude of an interval. */
const RESAMPLES = 2000;

const range = (n: number, from: number) => Array.from({ length: n }, (_, i) => from + i);

describe('the returns of several runs', () => {
  it('are summed up over all episodes of all runs, not over means of runs', () => {
    const returns = [[-400, -100, -100, -100], range(4, -103)];
    const summary = summariseReturns(returns, { resamples: RESAMPLES });
    expect(summary.interquartileMean).toBe(interquartileMean(returns.flat()));
    expect(summary.mean).toBe((-700 - 406) / 8);
    expect(summary.runMeans).toEqual([-175, -101.5]);
    expect([summary.runs, summary.episodes]).toEqual([2, 8]);
  });

  it('are as uncertain as the runs differ, however many episodes each has', () => {
    const alike = range(5, 0).map(() => range(100, -50));
    const apart = range(5, 0).map((i) => range(100, -50 + 100 * i));
    const width = (returns: readonly number[][]) => {
      const [low, high] = summariseReturns(returns, { resamples: RESAMPLES }).interval;
      return high - low;
    };
    // Five runs 100 apart: the mean of five draws has the standard deviation 63, and its interval 3.9 of these;
    // 500 episodes of standard deviation 29 leave one of 5 around the mean, and twice that around the middle half's.
    expect(width(apart)).toBeGreaterThan(150);
    expect(width(alike)).toBeGreaterThan(3);
    expect(width(alike)).toBeLessThan(15);
  });

  it('have the same interval at every call', () => {
    const returns = [range(10, 0), range(10, 3)];
    const first = summariseReturns(returns, { resamples: RESAMPLES });
    expect(summariseReturns(returns, { resamples: RESAMPLES })).toEqual(first);
  });
});

describe('the return of an episode', () => {
  it('is the sum of its rewards, in each copy its own', () => {
    const economy = environments.economy('pendulum', { horizon: 3 });
    const env = makeBatchedEnv(economy, { copies: 2 });
    const idle = constantAgent({ actionSpace: env.types.controller.actionSpace, quantities: [0] });
    const returns = episodeReturns(env, { controller: idle }, 7);
    const again = makeBatchedEnv(economy, { copies: 2 });
    again.reset({ seed: 7 });
    const sums = [0, 0];
    for (let t = 0; t < 3; t++) {
      again.actions.controller.fill(0);
      again.step();
      again.rewards.controller.forEach((reward, b) => {
        sums[b] += reward;
      });
    }
    expect(Array.from(returns)).toEqual(sums);
  });
});

describe('the command', () => {
  it('asks for runs that have ended where none are given', async () => {
    const { code, err } = await outcome(controlBench);
    expect(code).toBe(2);
    expect(err).toContain('no run has ended: give --run FOLDER');
  });
});
