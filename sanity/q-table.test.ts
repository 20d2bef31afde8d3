import { describe, expect, it } from 'vitest';
import { instantiate } from '../core/registry.ts';
import { centralBank } from '../core/testing/central-bank.ts';
import { orchard } from '../core/testing/orchard.ts';
import { environments } from '../envs/index.ts';
import { type QTable, qCases, qTable } from './q-table.ts';

function tableOf(id: string): QTable {
  const table = qTable(environments.economy(id), 1);
  if (table === undefined) throw new Error(`${id} can be solved on a grid`);
  return table;
}

const failing = (table: QTable) =>
  qCases(table, 1)
    .filter(({ ok }) => !ok)
    .map(({ quantity }) => quantity);

describe('the check of Q tables', () => {
  const table = tableOf('jesusfv-extended/markov');

  it('holds where the agent saves, and where it chooses among actions', () => {
    expect(failing(table)).toEqual([]);
    const bank = qTable(instantiate(centralBank), 1);
    if (bank === undefined) throw new Error('the central bank can be solved on a grid');
    expect(failing(bank)).toEqual([]);
  });

  it('finds tables whose Q is off by a hundred millionth, by another discount factor, or of another V', () => {
    const off = table.probes.map((probe, i) => ({ ...probe, q: probe.q * (i === 7 ? 1 + 1e-8 : 1) }));
    expect(failing({ ...table, probes: off })).toEqual(['Q']);
    const impatient = { ...table.player, discountFactor: 0.9499 };
    expect(failing({ ...table, player: impatient })).toEqual(['Q']);
    expect(
      failing({ ...table, value: table.value.map((v, i) => v + (i === 0 ? 1 : 0)).reverse() }),
    ).toContain('Q');
  });

  it('finds successors that the economy does not have, and probabilities that it does not draw with', () => {
    const { enumerable } = table.player;
    const elsewhere: QTable = {
      ...table,
      player: {
        ...table.player,
        enumerable: {
          ...enumerable,
          successors: (state, actions) =>
            enumerable.successors(state, actions).map((one) => ({
              ...one,
              state: { ...one.state, capital: Number(one.state.capital) * 1.001 },
            })),
        },
      },
    };
    expect(failing(elsewhere)).toContain('next states');
    const even: QTable = {
      ...table,
      player: {
        ...table.player,
        enumerable: {
          ...enumerable,
          successors(state, actions) {
            const all = enumerable.successors(state, actions);
            return all.map((one) => ({ ...one, probability: 1 / all.length }));
          },
        },
      },
    };
    expect(failing(even)).toEqual(['Q', 'mean of V, standard errors']);
  });

  it('does not apply to games', () => {
    expect(qTable(instantiate(orchard), 1)).toBeUndefined();
  });
});
