import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import type { ActInput, Agent } from './agent.ts';
import { constantAgent, randomAgent } from './baselines.ts';
import { box } from './spaces.ts';

const actionSpace = box({ saving: [0, 2], work: [-1, 1] });
const input: ActInput = { rows: 3, observations: new Float32Array(3), states: [] };

function actionsOf(agent: Agent, deterministic = false): number[] {
  const actions = new Float64Array(6);
  agent.act(input, actions, { deterministic });
  return [...actions];
}

describe('the random agent', () => {
  it('draws within the bounds, and takes their middle when it may not draw', () => {
    const agent = randomAgent({ actionSpace, rng: createRng(1) });
    const drawn = actionsOf(agent);
    expect(new Set(drawn).size).toBe(6);
    for (let row = 0; row < 3; row++)
      expect(actionSpace.contains(drawn.slice(2 * row, 2 * row + 2))).toBe(true);
    expect(actionsOf(agent, true)).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it('goes on with its stream after save and load', () => {
    const [one, other] = [1, 2].map((seed) => randomAgent({ actionSpace, rng: createRng(seed) }));
    actionsOf(one);
    other.load(structuredClone(one.save()));
    expect(actionsOf(other)).toEqual(actionsOf(one));
  });
});

describe('the constant agent', () => {
  const agent = constantAgent({ actionSpace, quantities: [0.5, 0] });

  it('does the same in every row, and after save and load', () => {
    expect(actionsOf(agent)).toEqual([0.5, 0, 0.5, 0, 0.5, 0]);
    const other = constantAgent({ actionSpace, quantities: [1, 1] });
    other.load(structuredClone(agent.save()));
    expect(actionsOf(other)).toEqual(actionsOf(agent));
  });

  it('refuses quantities and saved actions of another number', () => {
    expect(() => constantAgent({ actionSpace, quantities: [1] })).toThrow(/1 quantities for saving, work/);
    expect(() => agent.load({ action: new Float64Array(3) })).toThrow(/does not fit/);
  });
});
