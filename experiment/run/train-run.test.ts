import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RestoreError } from '../../core/errors.ts';
import { type AnyMethod, train } from '../../core/index.ts';
import { toyPlan, transcript, wanderer } from '../test-fixtures.ts';
import { readCheckpoint } from './checkpoint.ts';
import { buildPipeline, environmentSeed, startPipeline } from './pipeline.ts';
import { Recorder, type RunPlan } from './recorder.ts';
import { restoreRun } from './restore.ts';
import { makeRunFolder, type RunFolder } from './run-folder.ts';
import { trainRun } from './train-run.ts';

const parent = mkdtempSync(path.join(tmpdir(), 'train-run-'));
afterAll(() => rmSync(parent, { recursive: true }));

const newFolder = () => makeRunFolder({ parent, name: 'run' });

async function run(changes: Partial<RunPlan> = {}) {
  const folder = newFolder();
  const plan = toyPlan(changes);
  const pipeline = startPipeline(plan);
  const result = await trainRun({ plan, pipeline, folder, terminal: transcript().terminal });
  if (result.interrupted !== undefined) throw new Error('nothing interrupts this test');
  return { folder, ...result, checkpoint: readCheckpoint(folder.lastCheckpoint) };
}

function lines(file: string): Record<string, number>[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const bytes = (folder: RunFolder) =>
  [folder.metrics, folder.lastCheckpoint, folder.bestCheckpoint].map((file) => readFileSync(file));

describe('a run', () => {
  it('leaves metrics, timing and checkpoints, the last of its last step', async () => {
    const { folder, steps, evaluation, checkpoint } = await run();
    expect(steps).toBe(60);
    expect(readdirSync(folder.checkpoints).sort()).toEqual(['best.msgpack', 'last.msgpack']);
    expect(checkpoint).toMatchObject({
      method: 'wanderer',
      seed: 1,
      step: 60,
      steps: 60,
      environment: { id: 'toy', version: 2 },
    });
    const metrics = lines(folder.metrics);
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(metrics[4]).not.toHaveProperty('position');
    expect(metrics[59]).toMatchObject({
      policyGap: evaluation.oracle?.policyGap,
      position: expect.any(Number),
    });
    expect(lines(folder.timing)[59]).toMatchObject({ step: 60, stepsPerSecond: expect.any(Number) });
  });

  it('writes a hundred lines of metrics, each the mean over its interval', async () => {
    const coarse = lines((await run({ steps: 250 })).folder.metrics);
    const fine = lines((await run({ steps: 90, oracle: undefined })).folder.metrics);
    expect(coarse.map(({ step }) => step)).toEqual([
      ...Array.from({ length: 83 }, (_, i) => 3 * (i + 1)),
      250,
    ]);
    expect(coarse[9].noise).toBeCloseTo((fine[27].noise + fine[28].noise + fine[29].noise) / 3, 14);
    expect(fine[0]).not.toHaveProperty('policyGap');
  });

  it('of the same plan gives the same bytes, whatever the clock; another seed gives others', async () => {
    const [one, same, other] = await Promise.all([run(), run(), run({ seed: 2 })]);
    expect(bytes(same.folder)).toEqual(bytes(one.folder));
    expect(same.evaluation).toEqual(one.evaluation);
    const [last, otherLast] = [one, other].map(({ folder }) => lines(folder.metrics)[59]);
    expect(otherLast.noise).not.toBe(last.noise);
    expect(otherLast.episodeReturn).not.toBe(last.episodeReturn);
  });

  it('ends the same with and without an oracle to be measured against', async () => {
    const [measured, free] = await Promise.all([run(), run({ oracle: undefined })]);
    expect(free.checkpoint.agents).toEqual(measured.checkpoint.agents);
    expect(free.checkpoint.env).toEqual(measured.checkpoint.env);
    expect(free.evaluation.oracle).toBeNull();
    expect(free.evaluation.return).toBe(measured.evaluation.return);
    expect(readdirSync(free.folder.checkpoints)).toEqual(['best.msgpack', 'last.msgpack']);
  });

  it('goes on from a checkpoint as if it had not stopped', async () => {
    const whole = await run();
    const plan = toyPlan();
    const first = startPipeline(plan);
    const folder = newFolder();
    const recorder = new Recorder({ plan, pipeline: first, folder });
    await train(first.agents, first.env, { steps: 25 });
    recorder.interrupt(25);

    const second = buildPipeline(plan);
    const checkpoint = readCheckpoint(folder.lastCheckpoint);
    restoreRun(second, checkpoint);
    await train(second.agents, second.env, { from: checkpoint.step, steps: 60 });
    expect(second.agents.household.save()).toEqual(whole.checkpoint.agents.household);
    expect(second.env.save()).toEqual(whole.checkpoint.env);
  });

  it('keeps as best the checkpoint with the smallest policy gap', async () => {
    const { folder } = await run({ steps: 5000 });
    const gaps = new Map(lines(folder.metrics).map(({ step, policyGap }) => [step, policyGap]));
    const saved = [1000, 2000, 3000, 4000, 5000];
    const best = saved.reduce((a, b) => ((gaps.get(b) ?? Number.NaN) < (gaps.get(a) ?? Number.NaN) ? b : a));
    expect(readCheckpoint(folder.bestCheckpoint).step).toBe(best);
  });

  it('keeps as best, without an oracle, the checkpoint with the highest return in evaluations', async () => {
    const { folder } = await run({ steps: 5000, oracle: undefined, watch: { evaluateEvery: 1000 } });
    const returns = lines(folder.metrics).flatMap(({ step, evaluationReturn }) =>
      evaluationReturn === undefined ? [] : [{ step, evaluationReturn }],
    );
    expect(returns.map(({ step }) => step)).toEqual([1000, 2000, 3000, 4000, 5000]);
    const best = returns.reduce((a, b) => (b.evaluationReturn > a.evaluationReturn ? b : a));
    expect(readCheckpoint(folder.bestCheckpoint).step).toBe(best.step);
  });

  it('counts every update of the steps in which its agents learned', async () => {
    // The wanderer learns from its sixth step on.
    expect((await run()).updates).toBe(55);
    const settings = { ...toyPlan().settings, updatesPerStep: 3 };
    expect((await run({ settings })).updates).toBe(165);
    expect((await run({ steps: 5 })).updates).toBe(0);
  });

  it('that fails keeps what it has written', async () => {
    const folder = newFolder();
    const failing: AnyMethod = {
      ...wanderer,
      create(options) {
        const agent = wanderer.create(options);
        let updates = 0;
        return {
          ...agent,
          update() {
            if (++updates === 30) throw new Error('the actor diverged');
            return agent.update?.();
          },
        };
      },
    };
    const plan = toyPlan({ method: failing });
    const pipeline = startPipeline(plan);
    const failed = trainRun({ plan, pipeline, folder, terminal: transcript().terminal });
    await expect(failed).rejects.toThrow('the actor diverged');
    expect(lines(folder.metrics)).toHaveLength(29);
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });
});

describe('the streams of a run', () => {
  it('differ between seeds and between training and evaluation, by more than the number of copies', () => {
    const seeds = [1, 2, 3].flatMap((seed) => [
      environmentSeed(seed, 'training'),
      environmentSeed(seed, 'evaluation'),
    ]);
    seeds.sort((a, b) => a - b);
    const gaps = seeds.slice(1).map((seed, i) => seed - seeds[i]);
    expect(Math.min(...gaps)).toBeGreaterThan(1e6);
  });
});

describe('restoring', () => {
  it('refuses agents of other types, and statistics that are not there', async () => {
    const { checkpoint } = await run();
    const pipeline = buildPipeline(toyPlan());
    expect(() => restoreRun(pipeline, { ...checkpoint, agents: { firm: {} } })).toThrow(RestoreError);
    expect(() => restoreRun(pipeline, { ...checkpoint, agents: { firm: {} } })).toThrow(
      'types firm; expected household',
    );
    const strange = { household: { ...checkpoint.agents.household, position: Float64Array.of(1, 2) } };
    expect(() => restoreRun(pipeline, { ...checkpoint, agents: strange })).toThrow(RestoreError);
    expect(() => restoreRun(pipeline, { ...checkpoint, agents: strange })).toThrow(
      'the agent of type household cannot be restored: wanderer: position is not one number',
    );
    expect(() => restoreRun(pipeline, { ...checkpoint, statistics: null })).toThrow(
      'no observation statistics',
    );
  });
});
