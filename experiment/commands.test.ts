import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, defineEconomy } from '../core/index.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type CommandDefinition, execute, type OutputChoice } from './command.ts';
import { evalCommand } from './eval-command.ts';
import { toy, toyEconomies, transcript, wanderer } from './test-fixtures.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'commands-'));
afterAll(() => rmSync(base, { recursive: true }));

const trainToy = trainCommand({
  method: wanderer,
  environments: toyEconomies,
  env: 'toy',
  file: 'train/wanderer.ts',
});
const evalToy = evalCommand({ methods: { wanderer }, environments: toyEconomies, file: 'train/eval.ts' });

async function outcome<O extends OutputChoice>(command: CommandDefinition<O>, ...args: string[]) {
  const { streams, out, err } = transcript();
  const code = await execute(command, args, streams);
  return { code, out: out(), err: err() };
}

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
  expect(err).toContain('policy gap');
  expect(code).toBe(0);
  trained = JSON.parse(out);
});

describe('the training command', () => {
  it('gives one record with everything that the design names', () => {
    expect(trained).toMatchObject({
      command: 'train/wanderer.ts',
      env: 'toy',
      version: 2,
      preset: null,
      agent: 'wanderer',
      seed: 1,
      steps: 60,
      run,
      converged: true,
      backend: 'kernels',
      kernels: 'js',
      threads: 1,
      return: expect.any(Number),
      seconds: expect.any(Number),
      oracle: {
        method: 'by hand',
        policyGap: expect.any(Number),
        policyGaps: { spending: expect.any(Number) },
        constantGap: 1 / 3,
        correlations: { spending: expect.any(Number) },
        welfareLossPercent: expect.any(Number),
        eulerError: null,
        return: expect.closeTo(0, 12),
      },
    });
  });

  it('saves what decided the run', () => {
    const config = JSON.parse(readFileSync(path.join(run, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      command: 'train/wanderer.ts',
      environment: {
        id: 'toy',
        version: 2,
        set: { persistence: '0.5' },
        calibration: { persistence: 0.5, discountFactor: 0.8 },
      },
      settings: { stepSize: 0.2, copies: 3 },
      versions: { node: process.version, economy: 2, package: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      kernels: 'js',
    });
    expect(config).not.toHaveProperty('oracle');
  });

  it('ends with a table: return and distances beside the optimum and the best constant, and what to type next', async () => {
    const out = path.join(base, 'table');
    const { out: table } = await outcome(
      trainToy,
      '--preset',
      'quick',
      '--quiet',
      '--kernels',
      'js',
      '--out',
      out,
    );
    expect(table).toMatch(/learned +optimal +best constant/);
    expect(table).toMatch(/episode return, undiscounted +-?\d/);
    expect(table).toMatch(/policy gap +0\.\d+ +0 +0\.3333/);
    expect(table).toMatch(/steps +20\n/);
    expect(table).toContain(`npx tsx train/eval.ts --run ${out}\n`);
    expect(table).toContain('npx tsx train/wanderer.ts --preset=quick --seeds=1-5 --kernels=js\n');
  });

  it.each([
    [['--env', 'tov'], 'unknown environment "tov". Did you mean "toy"?'],
    [['--env', 'toy/restles'], 'Did you mean "toy/restless"?'],
    [['--set', 'persistence=1.5'], 'setting "persistence" is "1.5"'],
    [['--set', 'persistnce=0.5'], 'Did you mean "persistence"?'],
    [['--set', 'stepSize=0'], 'setting "stepSize" is "0"'],
    [['--preset', 'paper'], 'wanderer has no such size; it has: quick'],
    [['--kernels', 'native', '--backend', 'tensor'], '--kernels native goes with --backend kernels'],
    [['--module', 'none.ts'], 'no such file'],
    [['--seeds', '3-1'], 'runs backwards'],
    [['--out', run], 'the folder is not empty'],
  ])('%j is refused with exit code 2 and leaves nothing behind', async (args, words) => {
    const before = readdirSync(base);
    const out = args.includes('--out') ? [] : ['--out', path.join(base, 'refused')];
    const { code, out: printed, err } = await outcome(trainToy, '--kernels', 'js', ...out, ...args);
    expect(err).toContain(words);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(readdirSync(base)).toEqual(before);
  });

  it('has help that lists economies, and with --env every setting', async () => {
    expect((await outcome(trainToy, '--help')).out).toContain('Economies: toy, toy/restless (default toy)');
    expect((await outcome(trainToy, '--help', '--env', 'toy')).out).toContain('stepSize: default 0.05');
    expect((await outcome(trainToy, '--help', '--env', 'toi')).code).toBe(2);
  });
});

describe('the evaluation command', () => {
  it('finds what training found, from the run or from the file, and changes no file', async () => {
    const before = readFileSync(checkpoint);
    for (const from of [
      ['--run', run],
      ['--checkpoint', checkpoint],
    ]) {
      const { code, out } = await outcome(evalToy, ...from, '--kernels', 'js', '--json', '--env', 'toy');
      expect(code).toBe(0);
      const { env, agent, oracle, return: found, steps, trained: origin } = JSON.parse(out);
      expect({ env, agent, oracle, return: found, steps }).toEqual({
        env: 'toy',
        agent: 'wanderer',
        oracle: trained.oracle,
        return: trained.return,
        steps: 60,
      });
      expect(origin).toEqual({ seed: 1, step: 60, steps: 60, backend: 'kernels', kernels: 'js' });
    }
    expect(readFileSync(checkpoint)).toEqual(before);
    expect(readdirSync(path.dirname(checkpoint)).sort()).toEqual(['best.msgpack', 'last.msgpack']);
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
    expect(await refusal({ agents: { household: {} } })).toContain('');
  });

  it("finds a user's economy again through the file that defines it, and says so if the file is gone", async () => {
    const file = path.join(base, 'mine.mjs');
    const fixtures = fileURLToPath(new URL('./test-fixtures.ts', import.meta.url));
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
          : { ...oracle, solution: { converged: false, iterations: 9, residual: 1 } };
      },
    });
    const command = trainCommand({
      method: wanderer,
      environments: createRegistry([unsolved]),
      env: 'toy',
      file: 'train/x.ts',
    });
    const { code, out } = await outcome(
      command,
      '--json',
      '--quiet',
      '--kernels',
      'js',
      '--out',
      path.join(base, 'unsolved'),
    );
    expect(code).toBe(1);
    expect(JSON.parse(out).converged).toBe(false);
  });

  it('never writes where it was not asked to', () => {
    expect(existsSync('runs/wanderer-toy-s1')).toBe(false);
  });
});
