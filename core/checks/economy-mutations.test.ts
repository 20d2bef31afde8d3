import { beforeAll, describe, expect, it } from 'vitest';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tf } from '../capabilities.ts';
import { checkEconomy } from '../check-economy.ts';
import { instantiate } from '../registry.ts';
import { brokenVillages } from '../testing/broken-villages.ts';
import { village } from '../testing/village.ts';
import { ECONOMY_CHECKS } from './economy-names.ts';

let tf: Tf;
beforeAll(async () => {
  tf = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

/** Shorter paths than by default: what is broken here is broken soon. */
const QUICK = { seeds: [1, 2], steps: 60 };

describe('checkEconomy', () => {
  it('passes the intact village in every check, none not applicable', async () => {
    const report = await checkEconomy(instantiate(village), { tensors: tf });
    expect(report.failures).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual(Object.values(ECONOMY_CHECKS));
    for (const { passed, failed, notApplicable } of report.checks) {
      expect({ some: passed > 0, failed, notApplicable }).toEqual({
        some: true,
        failed: 0,
        notApplicable: 0,
      });
    }
  });

  it('is broken in every check by one village at least', () => {
    const broken = new Set(brokenVillages.flatMap(({ fails }) => fails));
    expect(Object.values(ECONOMY_CHECKS).filter((name) => !broken.has(name))).toEqual([]);
  });

  it.each(brokenVillages.map((broken) => [broken.name, broken] as const))(
    'rejects %s',
    async (_, { definition, fails, says }) => {
      const report = await checkEconomy(instantiate(definition), { ...QUICK, tensors: tf });
      const failed = report.checks.filter((check) => check.failed > 0).map(({ name }) => name);
      expect(report.ok).toBe(false);
      expect(failed.toSorted()).toEqual([...fails].sort());
      const [first] = report.failures.filter(({ check }) => check === fails[0]);
      expect(`${first.expected} | ${first.actual}`).toMatch(says);
      for (const { hint, env } of report.failures) {
        expect(hint.length).toBeGreaterThan(20);
        expect(env).toBe('village');
      }
    },
  );
});
