import { describe, expect, it } from 'vitest';
import { NonFiniteError } from '../../core/errors.ts';
import { Box } from '../../core/spaces.ts';
import { createRng } from '../../numerics/random.ts';
import { type Learner, type OffPolicySettings, offPolicyAgent } from './agent.ts';
import type { BatchTarget } from './replay.ts';

const settings: OffPolicySettings = {
  copies: 2,
  episodeLength: 0,
  observationNormalisation: 'none',
  bufferSize: 100,
  keptPerStep: null,
  warmup: 6,
  updatesPerStep: 2,
  rewards: 'centred',
};
const actionSpace = new Box({ coordinates: { catch: { low: 2, high: 6 } } });

/** Explores at 0.5, exploits at -0.5, and remembers the batches and progress it was given. */
function recorder() {
  const batch: BatchTarget = {
    observations: new Float32Array(4),
    actions: new Float32Array(4),
    rewards: new Float32Array(4),
    nextObservations: new Float32Array(4),
    continues: new Float32Array(4),
  };
  const seen: { progress: number; batch: BatchTarget }[] = [];
  const learner: Learner = {
    explore: (_observations, _rows, actions) => void actions.fill(0.5),
    exploit: (_observations, _rows, actions) => void actions.fill(-0.5),
    batch: () => batch,
    learn(progress) {
      seen.push({ progress, batch: structuredClone(batch) });
      return { loss: progress > 0.9 ? Number.NaN : 1 };
    },
    save: () => ({ engine: {} }),
    load: () => {},
  };
  return { learner, seen };
}

function transition(action: number, reward: number, terminated: number) {
  return {
    rows: 2,
    observations: Float32Array.of(1, 2),
    actions: Float64Array.of(action, action),
    rewards: Float64Array.of(reward, reward),
    nextObservations: Float32Array.of(3, 4),
    terminated: Uint8Array.of(terminated, terminated),
  };
}

function agentOf(learner: Learner, steps: number) {
  return offPolicyAgent({
    name: 'test',
    learner,
    observationSize: 1,
    actionSpace,
    rows: 2,
    discountFactor: 0.75,
    steps,
    settings,
    rng: createRng(1),
  });
}

const input = { rows: 2, observations: Float32Array.of(1, 2), states: [] };

describe('offPolicyAgent', () => {
  it('acts uniformly over the whole action space until the warm-up is over, then as the learner explores', () => {
    const agent = agentOf(recorder().learner, 100);
    const actions = new Float64Array(2);
    agent.act(input, actions, { deterministic: true });
    expect([...actions]).toEqual([3, 3]); // -0.5 of [-1, 1] is a quarter of [2, 6]
    const warm: number[] = [];
    for (let t = 0; t < 3; t++) {
      agent.act(input, actions, { deterministic: false });
      warm.push(...actions);
      expect(agent.update?.()).toBeUndefined();
      agent.observe?.(transition(3, 1, 0));
    }
    expect(new Set(warm).size).toBe(6);
    for (const a of warm) expect(a >= 2 && a <= 6).toBe(true);
    agent.act(input, actions, { deterministic: false });
    expect([...actions]).toEqual([5, 5]);
  });

  it('learns from rewards less their warm-up mean, with the future cut at terminations alone', () => {
    const { learner, seen } = recorder();
    const agent = agentOf(learner, 100);
    for (let t = 0; t < 3; t++) agent.observe?.(transition(3, t, 0));
    agent.update?.();
    expect(seen).toHaveLength(2);
    for (const { batch } of seen) {
      expect([...batch.continues]).toEqual([1, 1, 1, 1]);
      for (const reward of batch.rewards) expect([-1, 0, 1]).toContain(reward);
      for (const action of batch.actions) expect(action).toBe(-0.5);
    }
    for (let t = 0; t < 40; t++) agent.observe?.(transition(3, 100, 1));
    agent.update?.();
    const last = seen[seen.length - 1].batch;
    // less the mean of the warm-up, 1, and at an end less the discounted ones that no longer come, .75 / (1 - .75)
    last.rewards.forEach((reward, i) => {
      if (reward > 5) expect(reward).toBe(last.continues[i] === 1 ? 99 : 96);
    });
    expect(Math.max(...last.rewards)).toBe(96);
    expect([...last.continues]).toContain(0);
  });

  it('lowers the value of a life that ends by as much as that of one that does not', () => {
    // Mean reward of the warm-up 1, discount factor 3/4: a life without end is worth 1 / (1 - 3/4) = 4 less in centred rewards.
    // A life of rewards 2, 5, 4 is worth 2 + 3/4 * 5 + 9/16 * 4 = 8. Centred, with what its end adds, -3/4 / (1 - 3/4) = -3:
    // 1, 4 and 3 - 3 = 0, worth 1 + 3/4 * 4 + 9/16 * 0 = 4. Without that -3 it would be worth 9/16 * 3 more, and ending would pay.
    const { learner, seen } = recorder();
    const agent = agentOf(learner, 1000);
    const at = (time: number, reward: number, terminated: number) => ({
      ...transition(3, reward, terminated),
      observations: Float32Array.of(time, time),
    });
    for (const reward of [0, 1, 2]) agent.observe?.(at(-1, reward, 0));
    agent.update?.();
    for (const [time, reward] of [2, 5, 4].entries()) agent.observe?.(at(time, reward, time === 2 ? 1 : 0));
    for (let i = 0; i < 20; i++) agent.update?.();
    const centred = new Map<number, number>();
    for (const { batch } of seen) {
      batch.observations.forEach((time, row) => {
        centred.set(time, batch.rewards[row]);
        expect(batch.continues[row]).toBe(time === 2 ? 0 : 1);
      });
    }
    expect([0, 1, 2].map((time) => centred.get(time))).toEqual([1, 4, 0]);
  });

  it('refuses a reward that float32 does not hold, and a policy that gives no number', () => {
    const { learner } = recorder();
    const agent = agentOf(learner, 100);
    expect(() => agent.observe?.(transition(3, -1e39, 0))).toThrow(NonFiniteError);
    expect(() => agent.observe?.(transition(3, -1e39, 0))).toThrow(/reward of row 0 is -1e\+39/);
    const lost = agentOf(
      { ...learner, exploit: (_observations, _rows, actions) => void actions.fill(Number.NaN, 1) },
      100,
    );
    const act = () => lost.act(input, new Float64Array(2), { deterministic: true });
    expect(act).toThrow(NonFiniteError);
    expect(act).toThrow(
      /^test: action "catch" of row 1 is NaN in \[-1, 1\], where it sees 2\. Did the actor/,
    );
  });

  it('tells the learner which share of the planned updates is done, from 0 to 1', () => {
    const { learner, seen } = recorder();
    const agent = agentOf(learner, 8); // (8 - 3 warm-up steps) x 2 updates
    for (let t = 0; t < 3; t++) agent.observe?.(transition(3, t, 0));
    for (let t = 0; t < 4; t++) agent.update?.();
    expect(seen.map(({ progress }) => progress)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(() => {
      agent.update?.();
      agent.update?.();
    }).toThrow(/test: loss is NaN after update/);
  });

  it('keeps some transitions of each step, drawn anew and from all parts, where told so', () => {
    const rows = 12;
    const { learner, seen } = recorder();
    const make = () =>
      offPolicyAgent({
        name: 'test',
        learner,
        observationSize: 1,
        actionSpace,
        rows,
        discountFactor: 0.75,
        steps: 100,
        settings: { ...settings, bufferSize: 1000, keptPerStep: 3, warmup: 1 },
        rng: createRng(1),
      });
    const agent = make();
    const numbered = (t: number) => ({
      rows,
      observations: Float32Array.from({ length: rows }, (_, i) => rows * t + i),
      actions: new Float64Array(rows).fill(3),
      rewards: new Float64Array(rows),
      nextObservations: new Float32Array(rows),
      terminated: new Uint8Array(rows),
    });
    for (let t = 0; t < 40; t++) agent.observe?.(numbered(t));
    expect(agent.memory?.appended).toBe(120);
    expect(agent.memory?.capacity).toBe(300);
    const heldOf = (one: typeof agent, from: number, to: number) =>
      Array.from(one.memory?.rows(from, to).observations as Float32Array);
    const held = heldOf(agent, 0, 120);
    held.forEach((number, i) => {
      // the i-th is of step i / 3, and of the (i mod 3)-th third of its rows
      expect(Math.floor(number / 4)).toBe(i);
    });
    expect(new Set(held.map((number) => number % rows)).size).toBe(rows);
    // A copy made half way keeps the same from there on.
    const [first, second] = [make(), make()];
    for (let t = 0; t < 20; t++) first.observe?.(numbered(t));
    second.load(structuredClone(first.save()));
    for (let t = 20; t < 40; t++) for (const one of [first, second]) one.observe?.(numbered(t));
    expect(heldOf(first, 60, 120)).toEqual(held.slice(60));
    expect(heldOf(second, 0, 60)).toEqual(held.slice(60));
    agent.update?.();
    expect(seen.at(-1)?.batch.observations.every((number) => held.includes(number))).toBe(true);
  });

  it('sets aside room for what a run can see, not for all that the buffer could hold', () => {
    const before = process.memoryUsage().arrayBuffers;
    const agent = offPolicyAgent({
      name: 'test',
      learner: recorder().learner,
      observationSize: 1,
      actionSpace,
      rows: 2,
      discountFactor: 0.75,
      steps: 10,
      settings: { ...settings, bufferSize: 50_000_000 },
      rng: createRng(1),
    });
    for (let t = 0; t < 10; t++) agent.observe?.(transition(3, t, 0));
    const { appended, capacity } = agent.memory ?? { appended: 0, capacity: 0 };
    expect(Math.min(appended, capacity)).toBe(20);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8); // a full buffer has a gigabyte
  });
});
