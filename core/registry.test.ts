import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings } from './calibration.ts';
import { defineEconomy } from './economy.ts';
import { UsageError } from './errors.ts';
import { createRegistry, instantiate } from './registry.ts';
import { nearest } from './suggest.ts';
import { orchard } from './testing/orchard.ts';

describe('registry', () => {
  const registry = createRegistry([orchard]);

  it('lists models and their calibrations, and applies the changes of a calibration', () => {
    expect(registry.ids).toEqual(['orchard', 'orchard/stormy']);
    expect(registry.economy('orchard').calibration.noise).toBe(0);
    expect(registry.economy('orchard/stormy').calibration.noise).toBe(0.5);
    expect(registry.economy('orchard/stormy', { noise: '0.25' }).calibration.noise).toBe(0.25);
  });

  it('names the nearest id, setting or calibration for one it does not know', () => {
    expect(() => registry.economy('orchid')).toThrow(
      /unknown environment "orchid". Did you mean "orchard"\?/,
    );
    expect(() => registry.economy('orchard', { noize: 1 })).toThrow(
      /unknown setting "noize". Did you mean "noise"\?/,
    );
    expect(() => instantiate(orchard, { calibration: 'storm' })).toThrow(/unknown calibration "storm"/);
    expect(() => createRegistry().economy('x')).toThrow(/None is registered/);
  });

  it('names setting, value and what is allowed for a value out of range', () => {
    expect(() => registry.economy('orchard', { noise: 2 })).toThrow(
      /"noise" is 2; it must be a number from 0 up to 1/,
    );
    expect(() => registry.economy('orchard', { noise: 'much' })).toThrow(/"noise" is "much"/);
    expect(() => registry.economy('orchard', { season: 'cold' })).toThrow(
      /"season" is "cold"; it must be dry or wet/,
    );
    expect(() => registry.economy('orchard', { discountFactor: Number.NaN })).toThrow(UsageError);
  });

  it('reads text as what the setting takes: a width as text, a rate as a number, null as nothing', () => {
    const schema = z.strictObject({
      hidden: z.string(),
      rate: z.number(),
      discount: z.number().nullable(),
      fast: z.boolean(),
    });
    const settings = { hidden: '64', rate: '1e-3', discount: 'null', fast: 'true' };
    expect(parseSettings({ schema, settings, where: 'test' })).toEqual({
      hidden: '64',
      rate: 0.001,
      discount: null,
      fast: true,
    });
    expect(() => parseSettings({ schema, settings: { ...settings, rate: '' }, where: 'test' })).toThrow(
      /"rate" is ""; it must be a number/,
    );
  });

  it('refuses two economies of one id, and leaves itself as it was when it grows', () => {
    expect(() => registry.with(orchard)).toThrow(/two economies have the id "orchard"/);
    const meadow = defineEconomy({ ...orchard, id: 'meadow' });
    expect(registry.with(meadow).ids).toContain('meadow');
    expect(registry.ids).not.toContain('meadow');
  });

  it('tells how long a period is where the author does, for the calibration at hand', () => {
    const noisy = {
      ...orchard,
      periodsPerYear: (model: { readonly noise: number }) => (model.noise > 0 ? 12 : 4),
    };
    expect(instantiate(orchard).periodsPerYear).toBeUndefined();
    expect(instantiate(noisy).periodsPerYear).toBe(4);
    expect(instantiate(noisy, { calibration: 'stormy' }).periodsPerYear).toBe(12);
    for (const wrong of [0, -4, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => instantiate({ ...orchard, periodsPerYear: () => wrong })).toThrow(
        `orchard: periodsPerYear is ${wrong}; give 1 for years`,
      );
    }
  });

  it('refuses definitions that cannot be', () => {
    expect(() => defineEconomy({ ...orchard, id: 'My Orchard' })).toThrow(/id "My Orchard"/);
    expect(() => defineEconomy({ ...orchard, version: 0 })).toThrow(/version is 0/);
    expect(() => instantiate(defineEconomy({ ...orchard, horizon: () => 0 }))).toThrow(/horizon is 0/);
    expect(() => instantiate(defineEconomy({ ...orchard, discountFactor: () => 1 }))).toThrow(
      /discount factor of grower is 1/,
    );
    const open = defineEconomy({
      ...orchard,
      calibration: z.strictObject({}),
      calibrations: {},
      model: () => ({ noise: 0, discountFactor: 0.9, season: 'dry' as const }),
    });
    expect(instantiate(open).calibration).toEqual({});
  });
});

describe('nearest', () => {
  it('finds the name with the fewest edits', () => {
    expect(nearest('krusel-smith', ['huggett', 'krusell-smith', 'hank'])).toBe('krusell-smith');
    expect(nearest('x', [])).toBeUndefined();
  });
});
