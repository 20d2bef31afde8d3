import { describe, expect, it } from 'vitest';
import { oracleAgents, UsageError } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { pathTable } from './path-report.ts';
import { simulatePaths } from './paths.ts';

function tableOf(paths: number, periods: number) {
  const economy = environments.economy('jesusfv');
  const oracle = economy.oracle();
  if (oracle === undefined) throw new UsageError('jesusfv has an oracle');
  const actors = { agents: oracleAgents(economy, oracle) };
  return pathTable({ paths: simulatePaths({ economy, actors, paths, periods, seed: 1 }), name: 'oracle' });
}

describe('the table of paths', () => {
  it('holds whole paths, at most five thousand rows, and says in its title which', () => {
    const some = tableOf(30, 200);
    expect(some.title).toBe('Simulated paths, the first 25 of 30');
    for (const { values } of some.columns) expect(values).toHaveLength(25 * 200);
    const all = tableOf(3, 20);
    expect(all.title).toBe('Simulated paths');
    for (const { values } of all.columns) expect(values).toHaveLength(3 * 20);
  });
});
