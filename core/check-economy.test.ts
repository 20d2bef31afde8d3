import { describe, expect, it } from 'vitest';
import { checkEconomy } from './check-economy.ts';
import { EconomyLog } from './checks/economy-log.ts';
import { ECONOMY_CHECKS, type EconomyCheck } from './checks/economy-names.ts';
import { type EconomyStep, walkPaths } from './checks/economy-paths.ts';
import { quietRng, quietSuccessor } from './checks/economy-quiet.ts';
import { stateGap } from './checks/economy-state-gap.ts';
import { GapRecord } from './checks/economy-tensor-probe.ts';
import { UsageError } from './errors.ts';
import { type Economy, instantiate } from './registry.ts';
import { orchard } from './testing/orchard.ts';
import { type VillageDefinition, type VillageModel, village } from './testing/village.ts';

const QUICK = { seeds: [1], steps: 40, tensors: 'skip' } as const;

async function countsOf(definition: VillageDefinition) {
  const report = await checkEconomy(instantiate(definition), QUICK);
  return {
    report,
    of: (name: EconomyCheck) => report.checks.find((check) => check.name === name),
  };
}

/** The village without some of its capabilities. */
function without(...names: readonly (keyof VillageDefinition)[]): VillageDefinition {
  return Object.fromEntries(
    Object.entries(village).filter(([name]) => !names.some((other) => other === name)),
  ) as unknown as VillageDefinition;
}

function pathsOf(economy: Economy, steps: number): readonly EconomyStep[] {
  const found: EconomyStep[] = [];
  const oracle = economy.oracle();
  walkPaths({ economy, oracle, steps, seeds: [1, 2], log: new EconomyLog(economy.id) }, (step) =>
    found.push(step),
  );
  return found;
}

describe('a report', () => {
  it('counts a check that an economy gives nothing for as not applicable, and never as passed', async () => {
    const report = await checkEconomy(instantiate(orchard), QUICK);
    const [runs, ...others] = report.checks;
    expect(runs).toEqual({ name: ECONOMY_CHECKS.runs, passed: 160, failed: 0, notApplicable: 0 });
    for (const { passed, failed, notApplicable } of others)
      expect([passed, failed, notApplicable]).toEqual([0, 0, 1]);
    expect(others.map(({ name }) => name)).toEqual(Object.values(ECONOMY_CHECKS).slice(1));
  });

  it('is the same every time, and leaves the economy as it was', async () => {
    const economy = instantiate(village);
    const first = await checkEconomy(economy, QUICK);
    expect(await checkEconomy(economy, QUICK)).toEqual(first);
    expect(first.environments).toEqual(['village']);
  });

  it('lists three failures of a check and counts them all, each with step, agent and policy', async () => {
    const { report, of } = await countsOf({
      ...village,
      step(context) {
        village.step(context);
        context.rewards.household[1] += 0.5;
      },
    });
    expect(of(ECONOMY_CHECKS.utility)?.failed).toBe(200);
    const failures = report.failures.filter(({ check }) => check === ECONOMY_CHECKS.utility);
    expect(failures).toHaveLength(3);
    expect(failures[1]).toMatchObject({ env: 'village', agent: 'household_1', step: 2 });
    expect(failures[1].actual).toContain('under random actions, seed 1');
  });

  it('keeps the largest gap of each quantity with what it was measured against', async () => {
    const { report } = await countsOf(village);
    const gap = report.gaps.find(({ check }) => check === ECONOMY_CHECKS.resources);
    expect(gap).toMatchObject({ env: 'village', quantity: 'output', tolerance: 1e-12, n: 200 });
    expect(gap?.maxRel).toBeLessThan(1e-14);
    expect(gap?.scale).toBeGreaterThan(0.5);
  });

  it('keeps a gap that is no number, whatever comes after it', () => {
    const log = new EconomyLog('x');
    const one = {
      check: ECONOMY_CHECKS.capital,
      quantity: 'k',
      expected: 1,
      scale: 1,
      tolerance: 1,
      law: '',
    };
    for (const found of [1, Number.NaN, 1]) log.compare({ ...one, found, under: '', hint: '' });
    const { checks, gaps } = log.report();
    expect(gaps[0]).toMatchObject({ maxRel: Infinity, n: 3 });
    expect(checks.find(({ name }) => name === ECONOMY_CHECKS.capital)).toMatchObject({
      passed: 2,
      failed: 1,
    });
  });

  it('compares tensors with tfjs that it loads itself, unless told to skip them', async () => {
    const nine = async (tensors: 'load' | 'skip') => {
      const { checks } = await checkEconomy(instantiate(village), { seeds: [1], steps: 5, tensors });
      return checks.find(({ name }) => name === ECONOMY_CHECKS.tensors);
    };
    expect(await nine('load')).toMatchObject({ passed: 18, failed: 0, notApplicable: 0 });
    expect(await nine('skip')).toMatchObject({ passed: 0, failed: 0, notApplicable: 1 });
  });

  it('is refused for no steps and for seeds that are none', async () => {
    const economy = instantiate(orchard);
    await expect(checkEconomy(economy, { steps: 0 })).rejects.toThrow(UsageError);
    await expect(checkEconomy(economy, { seeds: [] })).rejects.toThrow('at least one whole number');
    await expect(checkEconomy(economy, { seeds: [0.5] })).rejects.toThrow('seeds are [0.5]');
  });
});

describe('paths', () => {
  it('have the steps asked for under random actions, both ends of each, and the oracle, across a reset', () => {
    const steps = pathsOf(instantiate(village), 50);
    const policies = ['random', 'lowest', 'highest', 'either bound', 'oracle'];
    expect(steps).toHaveLength(50 * 2 * policies.length);
    for (const policy of policies) {
      const own = steps.filter((step) => step.policy === policy).slice(0, 50);
      expect(own.map(({ step }) => step).slice(23, 27)).toEqual([24, 25, 1, 2]);
      const shares = new Set(own.flatMap(({ actions }) => [...actions.household]));
      if (policy === 'random') expect(shares.size).toBe(100);
      if (policy === 'lowest') expect([...shares]).toEqual([0.02]);
      if (policy === 'highest') expect([...shares]).toEqual([0.9]);
      if (policy === 'either bound') expect([...shares].sort()).toEqual([0.02, 0.9]);
      if (policy === 'oracle') expect(Math.abs(Math.max(...shares) - 0.15)).toBeLessThan(1e-12);
    }
  });

  it('hand out states that later steps leave alone', () => {
    const steps = pathsOf(instantiate(village), 20);
    for (let i = 1; i < 10; i++) expect(steps[i].before).toEqual(steps[i - 1].after);
    expect(steps[1].before).not.toEqual(steps[5].before);
  });
});

describe('markets and chains', () => {
  it('may have a price at the end of its range, which is counted and not passed', async () => {
    const { of } = await countsOf({
      ...village,
      accounts: (model: VillageModel) => ({
        entry(before, actions, after) {
          const entry = village.accounts?.(model)?.entry(before, actions, after);
          return { ...entry, markets: { bonds: { supply: 1, demand: 0.5, clearing: 'at-bound' } } };
        },
      }),
    });
    expect(of(ECONOMY_CHECKS.markets)).toMatchObject({ passed: 0, failed: 0, notApplicable: 200 });
  });

  it('may keep rows that do not sum to one if they say so; draws must still follow them', async () => {
    const published = (rows: 'as-given' | 'stochastic'): VillageDefinition => ({
      ...village,
      enumerable(model) {
        const chain = village.enumerable?.(model);
        if (chain === undefined) throw new Error('the village has a chain');
        return {
          ...chain,
          rows,
          successors: (state, actions) =>
            chain.successors(state, actions).map((s) => ({ ...s, probability: s.probability * 1.0001 })),
        };
      },
    });
    const kept = await countsOf(published('as-given'));
    expect(kept.report.ok).toBe(true);
    expect(kept.of(ECONOMY_CHECKS.rows)).toMatchObject({ passed: 0, notApplicable: 1 });
    expect(kept.of(ECONOMY_CHECKS.frequencies)?.passed).toBe(3);
    const silent = await countsOf(published('stochastic'));
    expect(silent.of(ECONOMY_CHECKS.rows)?.failed).toBe(200);
  });
});

describe('the steady state', () => {
  it('is held by middle draws where successors are not enumerated', async () => {
    const { of } = await countsOf(without('enumerable', 'tensor'));
    expect(of(ECONOMY_CHECKS.steadyState)).toMatchObject({ passed: 1, failed: 0 });
    expect(of(ECONOMY_CHECKS.prices)).toMatchObject({ passed: 2, failed: 0 });
    expect(of(ECONOMY_CHECKS.rows)).toMatchObject({ passed: 0, notApplicable: 1 });
  });

  it('may drift as far as the oracle says, and does not apply where no quiet step exists', async () => {
    const drifting = (steadyStateDrift: number): VillageDefinition => ({
      ...village,
      oracle(model) {
        const oracle = village.oracle?.(model);
        if (oracle === undefined) throw new Error('the village has an oracle');
        const { steadyState } = oracle;
        const moved = { ...steadyState, capital: steadyState.capital.map((k) => 1.001 * k) };
        return { ...oracle, steadyState: moved, steadyStateDrift };
      },
    });
    const counts = async (drift: number) => (await countsOf(drifting(drift))).of(ECONOMY_CHECKS.steadyState);
    expect(await counts(1e-3)).toMatchObject({ passed: 1, failed: 0 });
    expect(await counts(1e-4)).toMatchObject({ passed: 0, failed: 1 });
    expect(await counts(Infinity)).toMatchObject({ passed: 0, failed: 0, notApplicable: 1 });
  });

  it('takes the successor that keeps the exogenous state', () => {
    const economy = instantiate(village);
    const oracle = economy.oracle();
    if (oracle === undefined) throw new Error('the village has an oracle');
    const actions = { household: new Float64Array(2) };
    oracle.act(oracle.steadyState, actions);
    const enumerable = economy.enumerable();
    for (const productivity of [0, 1, 2]) {
      const state = { ...oracle.steadyState, productivity };
      expect(quietSuccessor({ economy, enumerable, state, actions }).productivity).toBe(productivity);
    }
  });

  it('is drawn quietly: normals at zero, uniforms in the middle, categories the most probable', () => {
    const rng = quietRng();
    expect([rng.normal(), rng.uniform(), rng.between(2, 4), rng.integer(5)]).toEqual([0, 0.5, 3, 2]);
    expect(rng.categorical([0.1, 0.6, 0.3])).toBe(1);
    expect(rng.categorical([1, 0, 0.1, 0.1, 0.8], 2, 3)).toBe(2);
    expect(rng.split('x').normal()).toBe(0);
  });
});

describe('the gap between tensors and the loop', () => {
  it('is none where both say minus infinity, and counts what is no number', () => {
    const gap = new GapRecord(1);
    gap.add(-Infinity, -Infinity);
    expect(gap).toMatchObject({ maxAbs: 0, maxRel: 0, n: 1 });
    for (const [found, expected] of [
      [Number.NaN, Number.NaN],
      [1, -Infinity],
      [-Infinity, 1],
    ]) {
      const wrong = new GapRecord(1);
      wrong.add(found, expected);
      wrong.add(1, 1);
      expect(wrong.maxRel).toBe(Infinity);
    }
  });
});

describe('the gap between two states', () => {
  it('is the largest of all numbers, relative to the size of its field', () => {
    const gap = stateGap({ a: 2, b: Float64Array.of(1, 100) }, { a: 2.002, b: Float64Array.of(1.2, 100) });
    expect(gap.field).toBe('b[0]');
    expect(Math.abs(gap.relative - 0.002)).toBeLessThan(1e-12);
    expect(gap.scale).toBe(100);
  });

  it('is infinite for another form and for what is not a number', () => {
    expect(stateGap({ a: 1 }, { b: 1 }).relative).toBe(Infinity);
    expect(stateGap({ a: Number.NaN }, { a: 1 }).relative).toBe(Infinity);
    expect(stateGap({ a: 1 }, { a: 1 }).relative).toBe(0);
  });
});
