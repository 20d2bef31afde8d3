import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { economyOrRefusal, playCases, requireLaws } from '../core/testing/economy-laws.ts';
import { holds } from '../numerics/testing/property.ts';
import { environments } from './index.ts';

/** Thirty steps of three copies, alone, together and restored. */
const QUICK = 60;

describe('any valid calibration and any valid actions', () => {
  it.each([...environments.definitions.values()].map((definition) => [definition.id, definition] as const))(
    'in %s give finite results within the spaces, accounts that add up, and the same alone, in a batch and restored',
    (_id, definition) => {
      const seen = { accepted: 0, refused: 0 };
      holds(
        fc.property(playCases(definition), (play) => {
          const economy = economyOrRefusal(definition, play.settings);
          if (economy instanceof UsageError) seen.refused += 1;
          else {
            seen.accepted += 1;
            requireLaws(economy, play);
          }
        }),
        { quick: QUICK },
      );
      // A range of which most is refused says little about what is allowed.
      expect(seen.accepted).toBeGreaterThanOrEqual(seen.refused);
    },
  );
});
