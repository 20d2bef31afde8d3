/** HANK in the hands of the structural agent: two learners, their gradients, and what short training leads to. */
import { describe, expect, it } from 'vitest';
import { structural } from '../agents/structural/index.ts';
import { instantiate } from '../core/registry.ts';
import { hank } from '../envs/hank/economy.ts';
import { createRng } from '../numerics/random.ts';
import { hankFindings, hankFixtureFindings } from './structural-hank.ts';

describe('the structural gradients of HANK', () => {
  it.each([...hankFixtureFindings(), ...hankFindings()])('$what: $allowed', ({ ok, gap }) => {
    expect(gap).toBeGreaterThanOrEqual(0);
    expect(ok).toBe(true);
  });
});

interface Found {
  readonly oracle: { readonly steadyState: { readonly rGap?: number; readonly wGap?: number } };
}

const SMALL = { assetNodes: 12, horizon: 24, paths: 8, shockNodes: 5, priceNodes: 3 };

function agentsOf(
  set: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
  steps = 6,
) {
  const economy = instantiate(hank, { set: { households: 4, ...set } }) as never as ReturnType<
    typeof instantiate
  >;
  const common = {
    rows: 1,
    discountFactor: 0.975,
    steps,
    settings: structural.settings.parse({ ...SMALL, ...settings }),
    rng: createRng(1),
    backend: undefined as never,
    economy: economy as never,
  };
  const make = (type: string, others = {}) => {
    const { observationSpace, actionSpace } = economy.types[type as never] as never as {
      observationSpace: never;
      actionSpace: never;
    };
    return structural.create({ ...common, observationSpace, actionSpace, type, others });
  };
  const household = make('household');
  return { economy, household, firm: make('firm', { household }), make };
}

describe('households and firms that learn together', () => {
  it("the firm acts by what the households' agent has learned, and cannot be made without it", () => {
    const { economy, household, firm, make } = agentsOf({}, { threads: 1 });
    household.update?.();
    expect(firm.update?.()).toBeUndefined();
    expect(firm.converged).toBe(false);
    const state = economy.definition.init({ model: economy.model, rng: createRng(2), options: {} });
    const actions = new Float64Array(1);
    firm.act({ rows: 1, observations: new Float32Array(0), states: [state] }, actions, {
      deterministic: true,
    });
    expect(Math.abs(actions[0])).toBeLessThan(1);
    expect(actions[0]).not.toBe(0);
    expect(() => make('firm')).toThrow(/make agents of all types together/);
  });

  it.each(['recommended', 'published'])(
    'with the %s information threads do not matter, nor does saving on the way',
    (information) => {
      const run = (threads: number, interrupted: 'yes' | 'no') => {
        let { household } = agentsOf({ information }, { threads });
        for (let k = 0; k < 4; k++) {
          household.update?.();
          if (k !== 1 || interrupted === 'no') continue;
          const saved = structuredClone(household.save());
          household = agentsOf({ information }, { threads }).household;
          household.load(saved);
        }
        return household.save();
      };
      const expected = run(1, 'no');
      expect(run(1, 'yes')).toEqual(expected);
      expect(run(2, 'no')).toEqual(expected);
    },
  );

  it('without shocks the rate comes near that of value iteration on the same nodes', () => {
    const settings = { assetNodes: 60, horizon: 120, paths: 1, threads: 1 };
    const { household } = agentsOf({ productivityDeviation: 0, monetaryDeviation: 0 }, settings, 200);
    for (let k = 0; k < 200; k++) household.update?.();
    const { rGap, wGap } = (household.report?.()?.json as Found | undefined)?.oracle.steadyState ?? {};
    expect(Math.abs(rGap ?? Infinity)).toBeLessThan(5e-5);
    expect(Math.abs(wGap ?? Infinity)).toBeLessThan(5e-4);
  });
});
