import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { AnyEconomyDefinition } from '../../core/index.ts';
import { toy, toyEconomies, wanderer } from '../test-fixtures.ts';
import { changesByName, methodSettings, sortSettings } from './settings.ts';
import { settingsHelp } from './settings-help.ts';

const owners = { definition: toy as AnyEconomyDefinition, method: wanderer };
const sort = (...texts: string[]) => sortSettings(texts, owners);

describe('--set', () => {
  it('gives each setting to the one that has it', () => {
    expect(sort('persistence=0.5', 'stepSize=1e-3')).toEqual({
      env: { persistence: '0.5' },
      method: { stepSize: '1e-3' },
    });
  });

  it('gives a name that both have to the economy, which the method follows, unless the owner is named', () => {
    expect(sort('discountFactor=0.7')).toEqual({ env: { discountFactor: '0.7' }, method: {} });
    expect(sort('wanderer.discountFactor=0.6', 'env.discountFactor=0.7')).toEqual({
      env: { discountFactor: '0.7' },
      method: { discountFactor: '0.6' },
    });
  });

  it('takes the last of a name, text with equal signs, and null', () => {
    expect(sort('stepSize=1', 'stepSize=a=b').method).toEqual({ stepSize: 'a=b' });
    expect(sort('wanderer.discountFactor=null').method).toEqual({ discountFactor: null });
  });

  it.each([
    ['persistance=1', 'neither toy nor wanderer has a setting "persistance". Did you mean "persistence"?'],
    ['stepsize=1', 'Did you mean "stepSize"?'],
    ['env.stepSize=1', 'toy has no setting "stepSize"'],
    ['wanderer.persistence=1', 'wanderer has no setting "persistence"'],
    ['sac.stepSize=1', 'unknown prefix "sac"; write env.stepSize or wanderer.stepSize'],
    ['constructor=1', 'neither toy nor wanderer'],
    ['__proto__.polluted=1', 'unknown prefix'],
    ['stepSize', 'give name=value'],
  ])('%s is refused with the nearest name', (text, words) => {
    expect(() => sort(text)).toThrow(UsageError);
    expect(() => sort(text)).toThrow(words);
  });
});

describe('changes', () => {
  it('have names that --set takes, also where economy and method share one', () => {
    const changes = sort('discountFactor=0.7', 'wanderer.discountFactor=0.6', 'stepSize=0.1');
    const named = changesByName(changes, owners);
    expect(named).toEqual({ discountFactor: '0.7', 'wanderer.discountFactor': '0.6', stepSize: '0.1' });
    expect(sort(...Object.entries(named).map(([name, value]) => `${name}=${value}`))).toEqual(changes);
  });
});

describe("a method's settings", () => {
  const economy = (advice: Readonly<Record<string, unknown>>) => ({
    ...toyEconomies.economy('toy'),
    advice: () => advice,
  });
  const settings = (
    advice: Readonly<Record<string, unknown>>,
    preset: Readonly<Record<string, unknown>>,
    set: Readonly<Record<string, unknown>>,
  ) => methodSettings({ method: wanderer, economy: economy(advice), preset, set });

  it("are its defaults, then the size's, then the economy's advice, then the user's own", () => {
    expect(settings({}, {}, {})).toMatchObject({ stepSize: 0.05, copies: 3 });
    expect(settings({}, { stepSize: 0.1, copies: 4 }, {})).toMatchObject({ stepSize: 0.1, copies: 4 });
    expect(settings({ stepSize: 0.2 }, { stepSize: 0.1 }, {})).toMatchObject({ stepSize: 0.2, copies: 3 });
    expect(settings({ stepSize: 0.2 }, { stepSize: 0.1 }, { stepSize: '0.3' })).toMatchObject({
      stepSize: 0.3,
    });
  });

  it('that the author of an economy got wrong are blamed on the advice, even where the user sets another value', () => {
    expect(() => settings({ stepsize: 1 }, {}, {})).toThrow(
      'toy: advice for wanderer: unknown setting "stepsize"',
    );
    expect(() => settings({ stepSize: 2 }, {}, { stepSize: '0.1' })).toThrow(
      'toy: advice for wanderer: setting "stepSize" is 2',
    );
    expect(() => settings({}, {}, { stepSize: '2' })).toThrow(/^wanderer: setting "stepSize" is "2"/);
  });
});

describe('--help --env', () => {
  it('lists every setting with default, range, unit, meaning and source, the calibrations and the sizes', () => {
    const help = settingsHelp(owners);
    expect(help).toContain(
      '  persistence: default 0.9; [0, 1); per period\n      a number of the toy\n      Source: the tests',
    );
    expect(help).toContain('  stepSize: default 0.05; (0, 1]');
    expect(help).toContain('  observationNormalisation: default running; none | running');
    expect(help).toContain('  discountFactor: default null; (0, 1) | null');
    expect(help).toContain('  copies: default 3; whole, [1, inf)');
    expect(help).toContain('toy/restless  persistence=0.1');
    expect(help).toContain('--preset quick  steps=20, copies=2');
  });
});
