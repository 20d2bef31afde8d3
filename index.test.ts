import { describe, expect, it } from 'vitest';
import fishWar from './examples/fish-war.ts';
import {
  availableKernels,
  chooseBackend,
  environments,
  instantiate,
  learn,
  sac,
  UsageError,
} from './index.ts';

/** Small enough for a test, large enough for a few updates. */
const settings = { hidden: '8x8', batchSize: 16, copies: 4, warmup: 40 };

describe('the public interface', () => {
  it('trains soft actor-critic in a few lines, and gives agents, distances and policy', async () => {
    const economy = environments.economy('jesusfv', { depreciation: 0.5 });
    const { agents, evaluation, policy, updates } = await learn({
      economy,
      method: sac,
      steps: 30,
      settings,
    });
    // The warm-up of 40 transitions ends with the tenth step of four copies.
    expect(updates).toBe(21);
    expect(agents.household.name).toBe('sac');
    expect(evaluation.oracle?.policyGap).toBeGreaterThan(0);
    const [share] = policy([economy.oracle()?.steadyState ?? {}]).household;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
  });

  it('trains an economy of your own on the kernels of your choice, several times on one backend', async () => {
    const backend = await chooseBackend({ kernels: 'js' });
    const economy = instantiate(fishWar);
    const options = { economy, method: sac, steps: 12, settings, backend };
    const [first, again] = [await learn(options), await learn(options)];
    expect(again.evaluation).toEqual(first.evaluation);
    expect(first.policy([{ stock: 1 }]).fisher).toHaveLength(2);
    expect(availableKernels().map(({ name }) => name)).toContain('js');
  });

  it('refuses a setting that is none, at compile time and when it runs', async () => {
    const economy = environments.economy('jesusfv');
    // @ts-expect-error no method has such a setting
    const learning = learn({ economy, method: sac, settings: { hiden: '8x8' } });
    await expect(learning).rejects.toThrow(UsageError);
    await expect(learning).rejects.toThrow('Did you mean "hidden"?');
  });
});
