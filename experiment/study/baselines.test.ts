import { describe, expect, it } from 'vitest';
import { createRegistry, instantiate, type Oracle, UsageError } from '../../core/index.ts';
import { orchard } from '../../core/testing/orchard.ts';
import { toy } from '../test-fixtures.ts';
import { baselineActors, constantQuantities } from './baselines.ts';

const economy = instantiate(toy);
const oracle = economy.oracle();
if (oracle === undefined) throw new Error('the toy has an oracle');

/** The oracle at states where its spending, 0.1 + wealth / 2, has no symmetry. */
const skewed: Oracle = { ...oracle, evaluationStates: [0, 1, 8].map((wealth) => ({ wealth })) };

describe('the constant baseline', () => {
  it('is the median of the optimal actions, not their mean and not the middle of the range', () => {
    const { household } = constantQuantities({ economy, oracle: skewed });
    expect(household).toHaveLength(1);
    // 0.1, 0.6 and 4.1.
    expect(household[0]).toBeCloseTo(0.6, 12);
  });

  it('does what it is told, of every action that it is told', () => {
    expect(constantQuantities({ economy, oracle: skewed, constants: { spending: 2 } }).household).toEqual([
      2,
    ]);
    const garden = createRegistry([orchard]).economy('orchard');
    const constants = { 'grower.picked': 0.5, 'trader.fee': 0.1 };
    expect(constantQuantities({ economy: garden, oracle: undefined, constants })).toEqual({
      grower: [0.5],
      trader: [0.1],
    });
  });

  it('is refused without an oracle for actions that nobody gives, never guessed', () => {
    const garden = createRegistry([orchard]).economy('orchard');
    const constant = (constants: Readonly<Record<string, number>>) => () =>
      baselineActors({
        baseline: 'constant',
        economy: garden,
        oracle: undefined,
        seed: 1,
        constants,
        remedy: 'do',
      });
    expect(constant({})).toThrow(UsageError);
    expect(constant({})).toThrow('no best constant is known for grower.picked, trader.fee; do.');
    expect(constant({ 'grower.picked': 0.5 })).toThrow('known for trader.fee; do.');
  });

  it('is refused for what is no action, or out of its range', () => {
    const constant = (constants: Readonly<Record<string, number>>) => () =>
      constantQuantities({ economy, oracle: skewed, constants });
    expect(constant({ spendng: 1 })).toThrow('there is no action "spendng". Did you mean "spending"?');
    expect(constant({ spending: 6 })).toThrow('"spending" is 6; it lies in [-5, 5].');
  });
});
