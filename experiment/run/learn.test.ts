import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { type Callback, instantiate } from '../../core/index.ts';
import { noBackend, toy, toyPlan, transcript, wanderer } from '../test-fixtures.ts';
import { readCheckpoint } from './checkpoint.ts';
import { learn } from './learn.ts';
import { startPipeline } from './pipeline.ts';
import { makeRunFolder, runPaths } from './run-folder.ts';
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

  it('records in a folder as the command does, and goes on where it stopped', async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'learn-'));
    try {
      const [whole, parts] = ['whole', 'parts'].map((name) => path.join(parent, name));
      const options = { ...common, steps: 300, checkpointEvery: 50 };
      const expected = await learn({ ...options, folder: whole });
      const stop: Callback = ({ step }) => {
        if (step === 130) throw new Error('a bolt from the blue');
        return undefined;
      };
      await expect(learn({ ...options, folder: parts, callbacks: [stop] })).rejects.toThrow('a bolt');
      expect(readCheckpoint(runPaths(parts).lastCheckpoint).step).toBe(100);
      const found = await learn({ ...options, folder: parts });
      expect(found.evaluation).toEqual(expected.evaluation);
      expect(found.updates).toBe(expected.updates);
      const bytes = (folder: string) =>
        [runPaths(folder).metrics, runPaths(folder).lastCheckpoint].map((file) => readFileSync(file, 'hex'));
      expect(bytes(parts)).toEqual(bytes(whole));
      await expect(learn({ ...options, folder: parts, seed: 2 })).rejects.toThrow(/seed are 1.*2/);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  it('stops at a policy gap or without improvement, in a folder and without one, alike', async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'learn-'));
    try {
      const options = { ...common, steps: 300, evaluateEvery: 10, patience: 2 };
      const free = await learn(options);
      const recorded = await learn({ ...options, folder: path.join(parent, 'run') });
      expect(free.steps).toBeLessThan(300);
      expect(free.stopped).toBe('the policy gap has not improved in 2 evaluations');
      expect(recorded).toMatchObject({
        steps: free.steps,
        stopped: free.stopped,
        evaluation: free.evaluation,
      });
      const wide = await learn({ ...common, steps: 300, evaluateEvery: 10, stopAtGap: 1000 });
      expect(wide).toMatchObject({ steps: 10, stopped: expect.stringContaining('at most 1000') });
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  it('in a folder keeps the calibration that a program chose, and goes on under no other', async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'learn-'));
    try {
      const folder = path.join(parent, 'run');
      const economy = instantiate(toy, { set: { persistence: 0.5 } });
      await learn({ ...common, economy, folder, steps: 20 });
      const { environment } = readCheckpoint(runPaths(folder).lastCheckpoint);
      expect(environment).toMatchObject({ set: { persistence: 0.5 }, calibration: { persistence: 0.5 } });
      expect(JSON.parse(readFileSync(runPaths(folder).result, 'utf8'))).toMatchObject({
        env: 'toy',
        steps: 20,
      });
      await expect(learn({ ...common, folder, steps: 20 })).rejects.toThrow(
        /persistence 0.5; here it is 0.9/,
      );
      await expect(learn({ ...common, economy, folder, steps: 20, patience: 3 })).rejects.toThrow(/watch/);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });

  it.each([
    [{ checkpointEvery: 0 }, /checkpointEvery is 0/],
    [{ evaluateEvery: 2.5 }, /evaluateEvery is 2.5/],
    [{ patience: -1 }, /patience is -1/],
    [{ stopAtGap: 0 }, /gap of 0/],
  ])('refuses %j before anything is made', async (watch, words) => {
    const parent = mkdtempSync(path.join(tmpdir(), 'learn-'));
    try {
      for (const folder of [undefined, path.join(parent, 'run')]) {
        const options = folder === undefined ? { ...common, ...watch } : { ...common, ...watch, folder };
        await expect(learn(options)).rejects.toThrow(words);
      }
      expect(existsSync(path.join(parent, 'run'))).toBe(false);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
