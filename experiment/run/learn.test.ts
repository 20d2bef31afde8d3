import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { instantiate } from '../../core/index.ts';
import { noBackend, toy, toyPlan, transcript, wanderer } from '../test-fixtures.ts';
import { learn } from './learn.ts';
import { startPipeline } from './pipeline.ts';
import { makeRunFolder } from './run-folder.ts';
import { trainRun } from './train-run.ts';

const common = { economy: instantiate(toy), method: wanderer, backend: noBackend };

describe('learning from a program', () => {
  it('ends as the command does with the same options', async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'learn-'));
    try {
      const plan = toyPlan({ seed: 3 });
      const pipeline = startPipeline(plan);
      const folder = makeRunFolder({ parent, name: 'run' });
      const run = await trainRun({ plan, pipeline, folder, terminal: transcript().terminal });
      const learned = await learn({ ...common, seed: 3 });
      expect(learned.agents.household.save()).toEqual(pipeline.agents.household.save());
      expect(run).toMatchObject({ evaluation: learned.evaluation, steps: 60, updates: learned.updates });
      expect(learned.converged).toBe(true);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  it('makes no folder of a run', async () => {
    await learn(common);
    expect(existsSync('runs/wanderer-toy-s1')).toBe(false);
  });

  it('gives the policy at any states, the same at the same state', async () => {
    const { policy } = await learn(common);
    const { household } = policy([{ wealth: 1 }, { wealth: -1 }, { wealth: 1 }]);
    expect(household).toHaveLength(3);
    expect(household[2]).toBe(household[0]);
    expect(household[1]).toBeLessThan(household[0]);
  });

  it('takes sizes, settings and seeds, and can be stopped', async () => {
    const quick = await learn({ ...common, preset: 'quick', settings: { copies: 4 } });
    expect(quick).toMatchObject({ steps: 20, settings: { copies: 4 }, updates: 15 });
    expect((await learn({ ...common, preset: 'quick' })).settings.copies).toBe(2);
    const other = await learn({ ...common, preset: 'quick', settings: { copies: 4 }, seed: 2 });
    expect(other.evaluation.return).not.toBe(quick.evaluation.return);
    const stopped = await learn({ ...common, callbacks: [({ step }) => (step === 7 ? 'stop' : undefined)] });
    expect(stopped).toMatchObject({ steps: 7, updates: 2 });
  });

  it.each([
    [{ steps: 0 }, 'steps is 0; give a positive whole number'],
    [{ steps: Number.NaN }, 'steps is NaN'],
    [{ preset: 'papr' }, 'preset "papr": wanderer has no such size; it has: quick'],
    [{ settings: { copies: 0 } }, 'wanderer: setting "copies" is 0'],
  ])('%j is refused', async (options, words) => {
    await expect(learn({ ...common, ...options })).rejects.toThrow(UsageError);
    await expect(learn({ ...common, ...options })).rejects.toThrow(words);
  });
});
