import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { environments } from '../envs/index.ts';
import fishWar from '../examples/fish-war.ts';
import { type CheckEnvOptions, checkEnv } from './check-env.ts';
import { ENV_CHECKS } from './checks/env-names.ts';
import type { CheckReport } from './checks/report.ts';
import { defineEconomy, type EconomyState } from './economy.ts';
import { UsageError } from './errors.ts';
import { makeEnv } from './make.ts';
import { instantiate } from './registry.ts';
import { Simulation } from './simulation.ts';
import { box } from './spaces.ts';
import { orchard } from './testing/orchard.ts';
import { POND_HORIZON, pondBatch, pondEnv, pondParallel } from './testing/pond.ts';
import { alter } from './testing/pond-mutants.ts';
import {
  EpisodeStatistics,
  NormaliseObservations,
  observationStatistics,
  RescaleActions,
} from './wrappers/index.ts';

/** A report of nothing wrong, or what is. */
function expectSound(report: CheckReport): void {
  expect(report.failures).toEqual([]);
  expect(report.ok).toBe(true);
}

function countsOf({ checks }: CheckReport, name: string): readonly [number, number, number] | undefined {
  const found = checks.find((one) => one.name === name);
  return found && [found.passed, found.failed, found.notApplicable];
}

const failedChecks = ({ checks }: CheckReport) =>
  checks.filter(({ failed }) => failed > 0).map(({ name }) => name);

const terminal = globalThis.console;

const stormy = instantiate(orchard, { calibration: 'stormy' });

describe('checkEnv passes', () => {
  for (const id of environments.ids) {
    it(`${id}, in every form`, () => {
      const economy = environments.economy(id);
      const isMany = Object.hasOwn(economy.calibration, 'households');
      expectSound(checkEnv(isMany ? environments.economy(id, { households: 9 }) : economy));
    });
  }

  it('the example economy, whose fishers are exchangeable', () => {
    const report = checkEnv(instantiate(fishWar, { set: { fishers: 3 } }), { exchangeable: { fisher: {} } });
    expectSound(report);
    expect(countsOf(report, ENV_CHECKS.exchangeable)).toEqual([4, 0, 0]);
    expectSound(checkEnv(instantiate(fishWar, { set: { fishers: 1 } })));
  });

  it('economies of several types, with options of reset', () => {
    expectSound(checkEnv(instantiate(orchard), { resetOptions: { fruit: 3.5 } }));
    expectSound(checkEnv(stormy, { exchangeable: { grower: {} } }));
  });

  it('an economy that ends by itself before its horizon, or at it', () => {
    const definition = defineEconomy({
      ...orchard,
      id: 'frost',
      step(context) {
        orchard.step(context);
        context.state.fruit = context.rng.uniform() < 0.2 ? -1 : 2;
      },
      terminated: ({ state }) => state.fruit < 0,
    });
    expectSound(checkEnv(instantiate(definition)));
    const last = defineEconomy({ ...definition, id: 'last', terminated: ({ state }) => state.fruit === 99 });
    expectSound(checkEnv(instantiate(last), { endings: 'both' }));
    expect(failedChecks(checkEnv(instantiate(definition), { endings: 'truncation' }))).toEqual([
      ENV_CHECKS.horizon,
    ]);
  });

  it('environments that were written by hand', () => {
    expectSound(checkEnv(pondEnv));
    const told = { horizon: POND_HORIZON, endings: 'truncation' } as const;
    expectSound(checkEnv(() => pondEnv(), { ...told, batched: pondBatch }));
    const report = checkEnv(pondParallel, {
      horizon: POND_HORIZON,
      endings: 'both',
      exchangeable: { fisher: {} },
    });
    expectSound(report);
    // Of one form, a ParallelEnv, only what batches have does not apply.
    const absent = report.checks.filter(({ notApplicable }) => notApplicable > 0).map(({ name }) => name);
    expect(absent).toEqual([ENV_CHECKS.buffers, ENV_CHECKS.batched]);
  });

  it('batches in every mode of autoreset, and behind wrappers', () => {
    for (const autoreset of ['same-step', 'next-step', 'disabled'] as const)
      expectSound(checkEnv(() => pondBatch({ autoreset, horizon: 7 })));
    expectSound(checkEnv(() => new RescaleActions(new Simulation(stormy, { copies: 2 }))));
    expectSound(checkEnv(() => new EpisodeStatistics(new Simulation(stormy))));
    const frozen = () => ({ statistics: observationStatistics(stormy), until: 0 });
    expectSound(checkEnv(() => new NormaliseObservations(new Simulation(stormy), frozen())));
  });
});

describe('the report of checkEnv', () => {
  it('holds every check, in order, once for each form', () => {
    const report = checkEnv(pondEnv);
    expect(report.checks.map(({ name }) => name)).toEqual(Object.values(ENV_CHECKS));
    for (const { passed, failed, notApplicable } of report.checks)
      expect(passed + failed + notApplicable).toBe(1);
    expect(report.environments).toEqual(['environment']);
    expect(checkEnv(pondEnv, { name: 'pond' }).environments).toEqual(['pond']);
  });

  it('never counts as passed what an environment does not give', () => {
    const bare = checkEnv(() => alter(pondEnv(), { save: undefined, load: undefined }));
    expect(countsOf(bare, ENV_CHECKS.restored)).toEqual([0, 0, 1]);
    expect(countsOf(bare, ENV_CHECKS.exchangeable)).toEqual([0, 0, 1]);
    expect(countsOf(bare, ENV_CHECKS.agents)).toEqual([0, 0, 1]);
    expectSound(bare);
  });

  it('is the same each time, and nothing is printed on the way to it', () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const erred = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const run = () => checkEnv(() => noisy());
      expect(run()).toEqual(run());
      expect(written).not.toHaveBeenCalled();
      expect(erred).not.toHaveBeenCalled();
    } finally {
      written.mockRestore();
      erred.mockRestore();
    }
  });

  it('names every form in which an economy fails', () => {
    const report = checkEnv(pondWithObservation((stock) => 6 + stock));
    expect(failedChecks(report)).toEqual([ENV_CHECKS.inSpace]);
    expect(new Set(report.failures.map(({ actual }) => actual.split(':')[0]))).toEqual(
      new Set([
        'Env',
        'ParallelEnv',
        'BatchedEnv',
        'BatchedEnv with autoreset next-step',
        'BatchedEnv with autoreset disabled',
        'BatchedEnv at full length',
      ]),
    );
    expect(report.failures[0]).toMatchObject({ env: 'test-pond', agent: 'fisher_0', step: 0 });
  });

  it('gives what an economy says of NaN itself to the check of that number', () => {
    const report = checkEnv(pondWithObservation((_stock, period) => (period === 17 ? Number.NaN : 1)));
    expect(failedChecks(report)).toEqual([ENV_CHECKS.inSpace]);
    expect(report.failures[0]).toMatchObject({ agent: 'fisher_0', step: 17 });
    expect(report.failures[0].actual).toMatch(/NonFiniteError: .*"stock" of fisher_0 is NaN at step 17/);
  });

  it('follows an economy to the end of its own horizon', () => {
    const report = checkEnv(pondWithObservation((_stock, period) => (period === 55 ? 7 : 1)));
    expect(failedChecks(report)).toEqual([ENV_CHECKS.inSpace]);
    expect(report.failures).toHaveLength(3); // of two copies, in observations and finalObservations, the first three
    expect(report.failures[0]).toMatchObject({ agent: 'fisher_0 of copy 0', step: 55 });
    expect(report.failures[0].actual).toMatch(/^BatchedEnv at full length: "stock" \(index 0\) is 7/);
  });
});

describe('checkEnv, where nothing works,', () => {
  it('says that the function does not make environments', () => {
    const env = pondEnv();
    const same = checkEnv(() => env);
    expect(failedChecks(same)).toEqual([ENV_CHECKS.made]);
    expect(same.failures[0].hint).toMatch(/not checkEnv\(\(\) => myEnv\)/);
    const broken = checkEnv(() => {
      throw new Error('no water');
    });
    expect(failedChecks(broken)).toEqual([ENV_CHECKS.made]);
    expect(broken.failures[0].actual).toBe('Error: no water');
    expect(broken.checks.reduce((sum, { passed }) => sum + passed, 0)).toBe(1); // no warnings
  });

  it('reports an environment without spaces, and goes no further', () => {
    const report = checkEnv(() => alter(pondEnv(), { actionSpace: undefined }));
    expect(failedChecks(report)).toEqual([ENV_CHECKS.spaces]);
    expect(report.failures[0].actual).toMatch(/it has no names, low/);
  });

  it('reports a reset that always throws under each check that needs one, and goes on to the last', () => {
    const report = checkEnv(() =>
      alter(pondEnv(), {
        reset() {
          throw new RangeError('no fish');
        },
      }),
    );
    expect(failedChecks(report)).toContain(ENV_CHECKS.reset);
    expect(failedChecks(report)).toContain(ENV_CHECKS.sameSeed);
    expect(report.failures.every(({ actual }) => actual.includes('RangeError: no fish'))).toBe(true);
    expect(countsOf(report, ENV_CHECKS.warnings)).toEqual([1, 0, 0]);
  });

  it('refuses sources and options that cannot be', () => {
    const check = checkEnv as (source: unknown, options?: CheckEnvOptions) => CheckReport;
    expect(() => check(pondEnv())).toThrow(/checkEnv\(\(\) => makeMyEnv\(\)\)/);
    expect(() => check(undefined)).toThrow(UsageError);
    expect(() => checkEnv(pondEnv, { steps: 100 })).toThrow(/steps is 100; .* from 200/);
    expect(() => checkEnv(pondEnv, { horizon: 0 })).toThrow(/horizon is 0/);
  });
});

describe('the options of checkEnv', () => {
  it('list the warnings that are no failures', () => {
    expect(failedChecks(checkEnv(noisy))).toEqual([ENV_CHECKS.warnings]);
    expectSound(checkEnv(noisy, { warnings: ['shallow', /^the pond is (cold|warm)$/g] }));
  });

  it('put back what listens for warnings', () => {
    const before = [process.emitWarning, terminal.warn, terminal.error];
    checkEnv(noisy);
    expect([process.emitWarning, terminal.warn, terminal.error]).toEqual(before);
  });

  it('let an economy without randomness pass only if it is said to have none', () => {
    const fixed = () => {
      const env = makeEnv(pondWithObservation(() => 1));
      return alter(env, { step: (action: number[]) => ({ ...env.step(action), info: {}, reward: 0 }) });
    };
    expect(failedChecks(checkEnv(fixed))).toEqual([ENV_CHECKS.otherSeed, ENV_CHECKS.stream]);
    expectSound(checkEnv(fixed, { deterministic: true }));
  });

  it('find an end within more steps than the usual', () => {
    const long = () => pondEnv({ horizon: 6000 });
    expect(failedChecks(checkEnv(long))).toEqual([ENV_CHECKS.end]);
    expectSound(checkEnv(long, { horizon: 6000 }));
  });

  it('exchange agents that start apart with the help of `permute`', () => {
    const apart = instantiate(
      defineEconomy({
        ...orchard,
        id: 'apart',
        init: (context) => ({ ...orchard.init(context), stock: Float64Array.of(1, 2) }),
      }),
    );
    const without = checkEnv(apart, { exchangeable: { grower: {} } });
    expect(failedChecks(without)).toEqual([ENV_CHECKS.exchangeable]);
    expect(without.failures[0].hint).toMatch(/permute/);
    const permute = (state: EconomyState, order: readonly number[]) => ({
      ...state,
      stock: Float64Array.from(order, (i) => (state.stock as Float64Array)[i]),
    });
    const given = checkEnv(apart, { exchangeable: { grower: { permute } } });
    expectSound(given);
    // Only batches show states that can be permuted.
    expect(countsOf(given, ENV_CHECKS.exchangeable)).toEqual([3, 0, 1]);
    const nobody = checkEnv(apart, { exchangeable: { gardener: {} } });
    expect(nobody.failures[0].expected).toMatch(/gardener_0, gardener_1/);
  });
});

/** A pond that warns in three ways. */
function noisy() {
  const env = pondEnv();
  return alter(env, {
    close() {
      process.emitWarning('the pond is shallow');
      terminal.warn('the pond is', 'cold');
      terminal.error('the pond is warm');
    },
  });
}

/** An economy of 60 periods that shows something else than its stock, in [0, 6]. */
function pondWithObservation(observe: (stock: number, period: number) => number) {
  return instantiate(
    defineEconomy({
      id: 'test-pond',
      version: 1,
      title: 'A pond with one fisher',
      calibration: z.strictObject({}),
      model: () => ({}),
      discountFactor: () => 0.9,
      horizon: () => 60,
      types: () => ({
        fisher: {
          count: 1,
          observationSpace: box({ stock: [0, 6] }),
          actionSpace: box({ effort: [0, 1] }),
        },
      }),
      init: ({ rng }) => ({ stock: rng.between(3, 7), period: 0 }),
      observe({ state }, { fisher }) {
        fisher[0] = observe(state.stock, state.period);
      },
      step({ state, actions, rewards, rng }) {
        rewards.fisher[0] = actions.fisher[0] * state.stock;
        state.stock = rng.between(3, 7);
        state.period += 1;
      },
    }),
  );
}
