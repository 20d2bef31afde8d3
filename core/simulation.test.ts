import { describe, expect, it } from 'vitest';
import type { EconomyState } from './economy.ts';
import { defineEconomy } from './economy.ts';
import { NonFiniteError, OrderError, RestoreError, UsageError } from './errors.ts';
import { instantiate } from './registry.ts';
import { Simulation } from './simulation.ts';
import { orchard } from './testing/orchard.ts';

const stormy = instantiate(orchard, { calibration: 'stormy' });

/** Every observation, reward and end flag of a run under fixed actions. */
function trajectory(env: Simulation, steps: number): number[] {
  const seen: number[] = [];
  for (let t = 0; t < steps; t++) {
    env.actions.grower.fill(-0.8);
    env.actions.trader.fill(0.1);
    env.step();
    for (const blocks of [env.finalObservations, env.observations, env.rewards])
      seen.push(...Object.values(blocks).flatMap((b) => [...b]));
    seen.push(...env.truncated);
  }
  return seen;
}

describe('Simulation', () => {
  it('converts unit actions to quantities and pays them', () => {
    const env = new Simulation(instantiate(orchard));
    env.reset({ seed: 1, options: { fruit: 3 } });
    env.actions.grower.set([-1, 0.5]);
    env.actions.trader.set([0.25]);
    env.step();
    // picked 0 and 1.5 of the range [0, 2]; fee 0.25; fruit 3 + 1 - 1.5
    expect([...env.rewards.grower]).toEqual([0, 1.125]);
    expect([...env.rewards.trader]).toEqual([0.375]);
    expect([...env.observations.grower]).toEqual([2.5, 0, 2.5, 1.5]);
  });

  it('gives the same trajectory for the same seed and another for another', () => {
    const run = (seed: number) => {
      const env = new Simulation(stormy, { copies: 3 });
      env.reset({ seed });
      return trajectory(env, 17);
    };
    expect(run(4)).toEqual(run(4));
    expect(run(4)).not.toEqual(run(5));
  });

  it('moves copy b of a batch like a single copy with seed + b', () => {
    const batch = new Simulation(stormy, { copies: 3 });
    const single = new Simulation(stormy);
    batch.reset({ seed: 10 });
    single.reset({ seed: 12 });
    for (let t = 0; t < 12; t++) {
      trajectory(batch, 1);
      trajectory(single, 1);
      expect(batch.observations.grower.subarray(8, 12)).toEqual(single.observations.grower);
      expect(batch.rewards.trader[2]).toBe(single.rewards.trader[0]);
    }
  });

  it('goes on with the stream when reset without a seed', () => {
    const env = new Simulation(stormy);
    env.reset({ seed: 1 });
    const first = env.observations.grower[0];
    env.reset();
    expect(env.observations.grower[0]).not.toBe(first);
  });

  it('truncates at the horizon, never terminates, and shows the last observation before the reset', () => {
    const env = new Simulation(instantiate(orchard));
    env.reset({ seed: 1, options: { fruit: 2 } });
    env.actions.grower.fill(-1);
    for (let t = 1; t <= 5; t++) {
      env.step();
      expect([env.truncated[0], env.terminated[0]]).toEqual([t === 5 ? 1 : 0, 0]);
      expect(env.finalObservations.trader[0]).toBe(2 + t);
    }
    expect(env.observations.trader[0]).toBeLessThan(4);
  });

  it('resets at the next step in mode next-step, and says which copies did', () => {
    const env = new Simulation(instantiate(orchard), { autoreset: 'next-step' });
    env.reset({ seed: 1, options: { fruit: 2 } });
    env.actions.grower.fill(-1);
    for (let t = 1; t <= 5; t++) env.step();
    expect([env.truncated[0], env.wasReset[0], env.observations.trader[0]]).toEqual([1, 0, 7]);
    env.step();
    expect([env.truncated[0], env.wasReset[0], env.rewards.trader[0]]).toEqual([0, 1, 0]);
    expect(env.observations.trader[0]).toBeLessThan(4);
  });

  it('spreads the first ends of staggered copies over the horizon', () => {
    const env = new Simulation(instantiate(orchard), { copies: 5, clocks: 'staggered' });
    env.reset({ seed: 1 });
    env.actions.grower.fill(-1);
    const ends: number[] = [];
    for (let t = 1; t <= 5; t++) {
      env.step();
      ends.push(env.truncated.indexOf(1));
    }
    expect(ends).toEqual([4, 3, 2, 1, 0]);
  });

  it('continues after save and load as if nothing had happened', () => {
    const env = new Simulation(stormy, { copies: 2 });
    env.reset({ seed: 3 });
    trajectory(env, 3);
    const saved = structuredClone(env.save());
    const rest = trajectory(env, 9);
    const other = new Simulation(stormy, { copies: 2 });
    other.load(saved);
    expect(trajectory(other, 9)).toEqual(rest);
  });

  it('does not load what was saved from another economy, version or number of copies', () => {
    const env = new Simulation(stormy);
    env.reset({ seed: 3 });
    const saved = env.save();
    expect(() => new Simulation(instantiate(orchard)).load(saved)).toThrow(RestoreError);
    expect(() => new Simulation(stormy, { copies: 2 }).load(saved)).toThrow(/1 copies.*2/);
    expect(() => new Simulation(stormy).load({ ...saved, version: 2 })).toThrow(/version 3.*version 2/);
    const copies = (saved.copies as { state: EconomyState }[]).map((c) => ({ ...c, state: { fruit: 1 } }));
    expect(() => new Simulation(stormy).load({ ...saved, copies })).toThrow(/fields fruit/);
  });

  it('names agent, coordinate, value and remedy of an action that cannot be', () => {
    const env = new Simulation(instantiate(orchard), { copies: 2 });
    env.reset({ seed: 1 });
    env.actions.grower[3] = Number.NaN;
    expect(() => env.step()).toThrow(/orchard: action "picked" of grower_1 is NaN at step 0; .*\[-1, 1\]/);
    env.actions.grower[3] = 1.01;
    expect(() => env.step()).toThrow(UsageError);
    env.actions.grower[3] = 1 + 1e-7;
    env.step();
    expect(env.states[1].stock).toEqual(Float64Array.of(1, 2));
  });

  it('refuses to step before reset, after the end and after close', () => {
    const env = new Simulation(instantiate(orchard), { autoreset: 'disabled', horizon: 1 });
    expect(() => env.step()).toThrow(OrderError);
    env.reset({ seed: 1 });
    env.step();
    expect(() => env.step()).toThrow(/after the end/);
    env.close();
    env.close();
    expect(() => env.reset()).toThrow(/closed/);
  });

  it('refuses unknown reset options and values out of range', () => {
    const env = new Simulation(instantiate(orchard));
    expect(() => env.reset({ options: { fruits: 3 } })).toThrow(/unknown setting "fruits".*"fruit"/);
    expect(() => env.reset({ options: { fruit: 100 } })).toThrow(/"fruit" is 100/);
  });

  it('stops at a reward or observation that is not finite, and says where', () => {
    const broken = defineEconomy({
      ...orchard,
      id: 'broken',
      step(context) {
        orchard.step(context);
        if (context.state.fruit > 4.5) context.rewards.grower[1] = Number.NaN;
      },
    });
    const env = new Simulation(instantiate(broken));
    env.reset({ seed: 1, options: { fruit: 3 } });
    env.actions.grower.fill(-1);
    env.step();
    expect(() => env.step()).toThrow(NonFiniteError);
    expect(() => env.step()).toThrow(/reward of grower_1 is NaN at step \d+; the state is fruit/);
    env.reset({ seed: 1, options: { fruit: 3 } });
    env.step();
    expect([...env.rewards.grower]).toEqual([0, 0]);
  });

  it('leaves everything as it was when it refuses to load', () => {
    const env = new Simulation(stormy, { copies: 2 });
    env.reset({ seed: 3 });
    trajectory(env, 2);
    const before = structuredClone(env.save());
    const other = new Simulation(stormy, { copies: 2 });
    other.reset({ seed: 9 });
    const saved = other.save() as { copies: object[]; observations: object };
    expect(() =>
      env.load({ ...saved, copies: [saved.copies[0], { ...saved.copies[1], period: -1 }] }),
    ).toThrow(/clock of copy 1/);
    expect(() => env.load({ ...saved, observations: {} })).toThrow(/observations of grower/);
    expect(env.save()).toEqual(before);
  });

  it('refuses first states and seeds that cannot be', () => {
    const env = new Simulation(instantiate(orchard));
    const stock = Float64Array.of(1, 2);
    expect(() => env.reset({ states: [{ fruit: 7 }] })).toThrow(
      /state 0 of reset has fields fruit; expected fruit,stock/,
    );
    expect(() => env.reset({ states: [{ fruit: Number.NaN, stock }] })).toThrow(
      /fruit in state 0 of reset is NaN/,
    );
    const rich = Float64Array.of(11, 2);
    expect(() => env.reset({ states: [{ fruit: 7, stock: rich }] })).toThrow(
      /grower_0 would see "own" at 11/,
    );
    expect(() => env.reset({ seed: 1.5 })).toThrow(/seed of reset is 1.5/);
  });

  it('starts from given states, copied', () => {
    const env = new Simulation(instantiate(orchard));
    const state = { fruit: 7, stock: Float64Array.of(1, 2) };
    env.reset({ states: [state] });
    env.step();
    expect(state).toEqual({ fruit: 7, stock: Float64Array.of(1, 2) });
    expect([...env.finalObservations.trader]).toEqual([6]);
  });
});
