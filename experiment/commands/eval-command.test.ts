import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, defineEconomy } from '../../core/index.ts';
import { readCheckpoint, writeCheckpoint } from '../run/checkpoint.ts';
import { outcome, toy, toyEconomies, wanderer } from '../test-fixtures.ts';
import { evalCommand } from './eval-command.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'eval-command-'));
afterAll(() => rmSync(base, { recursive: true }));

const trainToy = trainCommand({
  method: wanderer,
  environments: toyEconomies,
  env: 'toy',
  file: 'train/wanderer.ts',
});
const evalToy = evalCommand({ methods: { wanderer }, environments: toyEconomies, file: 'train/eval.ts' });

const run = path.join(base, 'run');
const checkpoint = path.join(run, 'checkpoints', 'last.msgpack');
let trained: Record<string, unknown> = {};

beforeAll(async () => {
  const args = [
    '--json',
    '--kernels',
    'js',
    '--set',
    'stepSize=0.2',
    '--set',
    'persistence=0.5',
    '--out',
    run,
  ];
  const { code, out, err } = await outcome(trainToy, ...args);
  expect(code, err).toBe(0);
  trained = JSON.parse(out);
});

describe('the evaluation command', () => {
  it("finds what training found under the run's seed, from the run or from the file, and changes no file", async () => {
    const before = readFileSync(checkpoint);
    for (const from of [
      ['--run', run],
      ['--checkpoint', checkpoint],
    ]) {
      const args = ['--kernels', 'js', '--json', '--env', 'toy', '--seed', '1'];
      const { code, out } = await outcome(evalToy, ...from, ...args);
      expect(code).toBe(0);
      const { env, agent, seed, set, oracle, return: found, steps, trained: origin } = JSON.parse(out);
      expect({ env, agent, seed, set, oracle, return: found, steps }).toEqual({
        env: 'toy',
        agent: 'wanderer',
        seed: 1,
        set: trained.set,
        oracle: trained.oracle,
        return: trained.return,
        steps: 60,
      });
      expect(origin).toEqual({ seed: 1, step: 60, steps: 60, backend: 'kernels', kernels: 'js' });
    }
    expect(readFileSync(checkpoint)).toEqual(before);
    expect(readdirSync(path.dirname(checkpoint)).sort()).toEqual(['best.msgpack', 'last.msgpack']);
  });

  it("draws other episodes than the run's own table unless it is told a seed, and titles both seeds", async () => {
    const { code, out, err } = await outcome(evalToy, '--run', run, '--kernels', 'js', '--json');
    expect(code).toBe(0);
    const { seed, return: found, oracle, trained: origin } = JSON.parse(out);
    expect(seed).toBe(1_000_001);
    expect(origin.seed).toBe(1);
    expect(found).not.toBe(trained.return);
    expect(oracle.policyGap).toBe((trained.oracle as typeof oracle).policyGap);
    expect(err).toContain('wanderer on toy, trained with seed 1, evaluated with seed 1000001: A household');
    expect(err).toMatch(/set +persistence=0.5, stepSize=0.2\n/);
  });

  it('draws fresh episodes for another seed or number of episodes', async () => {
    const found = async (...args: string[]) =>
      JSON.parse((await outcome(evalToy, '--run', run, '--kernels', 'js', '--json', '--quiet', ...args)).out)
        .return;
    expect(await found('--seed', '2')).not.toBe(trained.return);
    expect(await found('--episodes', '3')).not.toBe(trained.return);
    expect(await found('--seed', '2')).toBe(await found('--seed', '2'));
  });

  it('asks for a checkpoint, and for one only', async () => {
    expect(await outcome(evalToy)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Give --run FOLDER'),
    });
    expect(await outcome(evalToy, '--run', run, '--checkpoint', checkpoint)).toMatchObject({ code: 2 });
    expect(await outcome(evalToy, '--run', base)).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
  });

  it('refuses a damaged checkpoint, naming it, with exit code 1', async () => {
    const whole = Uint8Array.from(readFileSync(checkpoint).values());
    const damaged = path.join(base, 'damaged.msgpack');
    for (const [length, words] of [
      [whole.length - 1, 'truncated'],
      [10, 'truncated'],
    ] as const) {
      writeFileSync(damaged, whole.subarray(0, length));
      const { code, err } = await outcome(evalToy, '--checkpoint', damaged);
      expect(err).toContain(`${damaged}: the checkpoint is ${words}`);
      expect(code).toBe(1);
    }
  });

  it('refuses a checkpoint of another economy, version, method or size, with exit code 1', async () => {
    const original = readCheckpoint(checkpoint);
    const { environment } = original;
    const other = path.join(base, 'other.msgpack');
    const refusal = async (changes: object, ...args: string[]) => {
      writeCheckpoint(other, { ...original, ...changes });
      const { code, err } = await outcome(evalToy, '--checkpoint', other, '--kernels', 'js', ...args);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(other) });
      return err;
    };
    expect(await refusal({}, '--env', 'toy/restless')).toContain(
      'of the economy "toy", not of "toy/restless"',
    );
    expect(await refusal({ environment: { ...environment, id: 'tot' } })).toContain(
      '"tot", which is not known here. Did you mean "toy"?',
    );
    expect(await refusal({ environment: { ...environment, version: 1 } })).toContain(
      'version 1 of toy; this program has version 2',
    );
    expect(await refusal({ environment: { ...environment, set: { risk: 1 } } })).toContain(
      'unknown setting "risk"',
    );
    expect(await refusal({ method: 'sac' })).toContain('of a "sac" agent');
    expect(await refusal({ settings: { stepSize: 7 } })).toContain('"stepSize" is 7');
    expect(await refusal({ agents: { firm: {} } })).toContain('agents of types firm; expected household');
    expect(await refusal({ agents: { household: { position: Float64Array.of(1, 2) } } })).toContain(
      'the agent of type household cannot be restored: wanderer: position is not one number',
    );
  });

  it("finds a user's economy again through the file that defines it, and says so if the file is gone", async () => {
    const file = path.join(base, 'mine.mjs');
    const fixtures = fileURLToPath(new URL('../test-fixtures.ts', import.meta.url));
    writeFileSync(
      file,
      `import { toy } from ${JSON.stringify(fixtures)}; export default { ...toy, id: 'mine' };`,
    );
    const out = path.join(base, 'mine');
    const { code } = await outcome(trainToy, '--module', file, '--kernels', 'js', '--quiet', '--out', out);
    expect(code).toBe(0);
    expect(await outcome(evalToy, '--run', out, '--kernels', 'js')).toMatchObject({
      code: 0,
      out: expect.stringContaining('wanderer on mine'),
    });
    rmSync(file);
    expect(await outcome(evalToy, '--run', out)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Name it with --module FILE'),
    });
  });

  it('reports an oracle that has not converged: the result still comes, with exit code 1', async () => {
    const unsolved = defineEconomy({
      ...toy,
      oracle: (model) => {
        const oracle = toy.oracle?.(model);
        return oracle === undefined
          ? undefined
          : { ...oracle, solution: { converged: false, iterations: 9000, residual: 0.25 } };
      },
    });
    const command = trainCommand({
      method: wanderer,
      environments: createRegistry([unsolved]),
      env: 'toy',
      file: 'train/x.ts',
    });
    const unsolvedRun = path.join(base, 'unsolved');
    const words = 'the oracle (by hand) has not converged: residual 0.2500 after 9,000 iterations';
    const { code, out, err } = await outcome(
      command,
      '--json',
      '--quiet',
      '--kernels',
      'js',
      '--out',
      unsolvedRun,
    );
    expect(code).toBe(1);
    expect(err).toBe(`${words}; distances to it may mislead.\n`);
    expect(JSON.parse(out)).toMatchObject({
      converged: false,
      solver: { iterations: 9000, residual: 0.25 },
    });
    const evaluation = evalCommand({
      methods: { wanderer },
      environments: createRegistry([unsolved]),
      file: 'train/eval.ts',
    });
    const again = await outcome(evaluation, '--run', unsolvedRun, '--kernels', 'js', '--quiet');
    expect(again.code).toBe(1);
    expect(again.err).toContain(words);
    expect(again.out).toContain(`WARNING: ${words}`);
  });
});
