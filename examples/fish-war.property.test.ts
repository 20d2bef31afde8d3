import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { AnyEconomyDefinition } from '../core/economy.ts';
import { UsageError } from '../core/errors.ts';
import { economyOrRefusal, playCases, requireLaws } from '../core/testing/economy-laws.ts';
import { holds } from '../numerics/testing/property.ts';
import fishWar from './fish-war.ts';

describe('the great fish war', () => {
  it('has finite catches and stocks for any fishers, growth, shocks and patience that its schema allows', () => {
    const definition = fishWar as AnyEconomyDefinition;
    holds(
      fc.property(playCases(definition), (play) => {
        const economy = economyOrRefusal(fishWar as AnyEconomyDefinition, play.settings);
        if (economy instanceof UsageError) throw economy;
        requireLaws(economy, play);
      }),
      { quick: 30 },
    );
  });
});
