import { describe, expect, it } from 'vitest';
import { environments } from '../../envs/index.ts';
import { toyEconomies } from '../test-fixtures.ts';
import { optimalActors } from './actors.ts';
import { baselineActors } from './baselines.ts';
import { agentCount, crossSectionBlocks } from './cross-section.ts';

function optimum(id: string, set: Readonly<Record<string, unknown>>) {
  const economy = environments.economy(id, set);
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${id} has an oracle`);
  return { economy, actors: optimalActors(economy, oracle), seed: 1 };
}

describe('what is said of households as a whole', () => {
  it('with jobs is mean capital, inequality and the law of motion, near those of the continuum', () => {
    const found = crossSectionBlocks(optimum('marl-bc/ks', { households: 50 }));
    // Of the continuum: mean capital 11.64, Gini index .220, log K' = .19 + .926 log K. A sample of 50 scatters around it.
    expect(found?.distribution).toMatchObject({ periods: 1000, burnIn: 500 });
    expect(Math.abs((found?.distribution.meanCapital ?? 0) - 11.64)).toBeLessThan(0.6);
    expect(Math.abs((found?.distribution.gini ?? 0) - 0.22)).toBeLessThan(0.03);
    expect(found?.distribution.saturatedShare).toBeLessThan(0.01);
    expect(found?.law).toHaveLength(2);
    for (const { logCapital } of found?.law ?? []) expect(Math.abs(logCapital - 0.926)).toBeLessThan(0.02);
    expect(found?.r2).toBeGreaterThan(0.998);
    expect(found?.denHaan?.mean).toBeLessThan(2);
    expect(crossSectionBlocks(optimum('marl-bc/ks', { households: 50 }))).toEqual(found);
  });

  it('has no law where productivity is no one of a few, and no inequality where all are alike', () => {
    const found = crossSectionBlocks(optimum('marl-bc/rbc-textbook', { households: 2 }));
    expect(Object.keys(found ?? {})).toEqual(['distribution']);
    expect(Math.abs((found?.distribution.meanCapital ?? 0) / 0.0305 - 1)).toBeLessThan(0.02);
    expect(found?.distribution.gini).toBeLessThan(1e-9);
  });

  it('tells actions that stand at their bounds', () => {
    const { economy } = optimum('marl-bc/rbc-typical', { households: 3 });
    const constants = { consumptionShare: 0.99, labour: 0.2 };
    const actors = baselineActors({
      baseline: 'constant',
      economy,
      oracle: undefined,
      seed: 1,
      constants,
      remedy: '',
    });
    expect(crossSectionBlocks({ economy, actors, seed: 1 })?.distribution.saturatedShare).toBe(0.5);
  });

  it('is nothing where there are no households to speak of', () => {
    const economy = toyEconomies.economy('toy');
    const actors = baselineActors({
      baseline: 'random',
      economy,
      oracle: undefined,
      seed: 1,
      constants: {},
      remedy: '',
    });
    expect(crossSectionBlocks({ economy, actors, seed: 1 })).toBeUndefined();
    expect(agentCount(environments.economy('marl-bc/rbc-het'))).toBe(9);
  });
});
