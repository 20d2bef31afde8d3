import fc from 'fast-check';
import { describe, it } from 'vitest';
import { z } from 'zod';
import type { AnyEconomyDefinition } from '../core/economy.ts';
import { UsageError } from '../core/errors.ts';
import { economyOrRefusal, playCases, requireLaws } from '../core/testing/economy-laws.ts';
import { holds } from '../numerics/testing/property.ts';
import fishWar from './fish-war.ts';

/**
 * The schema's ranges, cut where numbers leave what float64 holds: with a growth exponent next to 0 or 1, patience next to 0 or shocks
 * of e^300 there is no resting stock, or no stock at all.
 */
const calibration = fishWar.calibration as typeof fishWar.calibration & z.ZodObject;
const bounded = calibration.extend({
  growth: z.number().min(0.01).max(0.9),
  shock: z.number().min(0).max(1),
  discountFactor: z.number().min(0.01).lt(1),
});

describe('the great fish war', () => {
  it('has finite catches and stocks for any fishers, growth, shocks and patience that its schema allows', () => {
    const definition = { ...(fishWar as AnyEconomyDefinition), calibration: bounded.partial() };
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
