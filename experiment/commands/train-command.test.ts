import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { outcome, toy, toyEconomies, wanderer } from '../test-fixtures.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'train-command-'));
afterAll(() => rmSync(base, { recursive: true }));

const trainToy = trainCommand({
  method: wanderer,
  environments: toyEconomies,
  env: 'toy',
  file: 'train/wanderer.ts',
});

const run = path.join(base, 'run');
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
      set: { stepSize: '0.2', persistence: '0.5' },
      agent: 'wanderer',
      seed: 1,
      steps: 60,
      updates: 55,
      run,
      converged: true,
      solver: { iterations: 0, residual: 0 },
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
    expect(trained.returns).toEqual({ household: trained.return });
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
      set: { stepSize: '0.2' },
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
      '--set',
      'wanderer.discountFactor=0.5',
      '--out',
      out,
    );
    expect(table).toContain('wanderer on toy, seed 1: A household');
    expect(table).toMatch(/set +wanderer.discountFactor=0.5\n/);
    expect(table).toMatch(/wanderer +optimal +best constant/);
    expect(table).toMatch(/episode return, 10 periods, undiscounted +-?\d/);
    expect(table).toContain('it is no measure of optimality, and a learner may beat it');
    expect(table).toContain('The policy gap is the mean distance of actions to the optimal ones;');
    expect(table).toMatch(/policy gap +0\.\d+ +0 +0\.3333/);
    expect(table).toMatch(/steps +20\n/);
    expect(table).toContain(`npx tsx train/eval.ts --run ${out}\n`);
    expect(table).toContain(
      'npx tsx train/wanderer.ts --set=wanderer.discountFactor=0.5 --preset=quick --seeds=1-5 --kernels=js\n',
    );
  });

  it.each([
    [['--env', 'tov'], 'unknown environment "tov". Did you mean "toy"?'],
    [['--env', 'toy/restles'], 'Did you mean "toy/restless"?'],
    [['--set', 'persistence=1.5'], 'setting "persistence" is "1.5"'],
    [['--set', 'persistnce=0.5'], 'Did you mean "persistence"?'],
    [['--set', 'stepSize=0'], 'setting "stepSize" is "0"'],
    [['--seed', '3', '--seeds', '1-5'], '--seed 3 and --seeds 1-5: give one of them'],
    [['--threads', '2'], '--threads 2 says how many of several runs go on at once'],
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

  it('leaves no folder behind if agents, buffers or the first state cannot be made', async () => {
    const before = readdirSync(base);
    const broken = [
      {
        method: {
          ...wanderer,
          create(): never {
            throw new Error('the buffer does not fit into memory');
          },
        },
        economy: toy,
      },
      {
        method: wanderer,
        economy: {
          ...toy,
          init(): never {
            throw new Error('no first state');
          },
        },
      },
    ];
    for (const { method, economy } of broken) {
      const environments = createRegistry([economy]);
      const command = trainCommand({ method, environments, env: 'toy', file: 'train/x.ts' });
      const { code, err } = await outcome(command, '--kernels', 'js', '--out', path.join(base, 'none'));
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/does not fit|no first state/) });
      expect(readdirSync(base)).toEqual(before);
    }
  });

  it('warns of a run too short for any update, whose result still comes', async () => {
    const out = path.join(base, 'short');
    const args = ['--kernels', 'js', '--quiet', '--json'];
    const { code, out: line, err } = await outcome(trainToy, ...args, '--steps', '5', '--out', out);
    expect(code).toBe(0);
    expect(JSON.parse(line).updates).toBe(0);
    expect(err).toContain(
      'wanderer has made no update (steps 5): the policy is as it began. Give more --steps.',
    );
    const longer = await outcome(trainToy, ...args, '--steps', '6', '--out', path.join(base, 'longer'));
    expect(longer).toMatchObject({ code: 0, err: '' });
  });

  it("takes the economy's advice over the size's settings, and blames a wrong advice on the economy", async () => {
    const command = (advice: Readonly<Record<string, unknown>>) =>
      trainCommand({
        method: wanderer,
        environments: createRegistry([{ ...toy, advice: () => ({ wanderer: advice }) }]),
        env: 'toy',
        file: 'train/x.ts',
      });
    const out = path.join(base, 'advised');
    const args = ['--preset', 'quick', '--kernels', 'js', '--quiet', '--out', out];
    expect(await outcome(command({ copies: 5 }), ...args)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(path.join(out, 'config.json'), 'utf8')).settings.copies).toBe(5);
    expect(await outcome(command({ copies: 0 }), ...args, '--set', 'copies=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('toy: advice for wanderer: setting "copies" is 0'),
    });
  });

  it('evaluates as often as the method asks for, unless the user says otherwise or a rule waits for it', async () => {
    const command = trainCommand({
      method: wanderer,
      environments: toyEconomies,
      env: 'toy',
      file: 'train/x.ts',
      evaluations: 2,
    });
    const evaluations = async (name: string, ...more: readonly string[]) => {
      const out = path.join(base, name);
      const given = [
        '--steps',
        '60',
        '--kernels',
        'js',
        '--quiet',
        '--report',
        'none',
        '--out',
        out,
        ...more,
      ];
      expect(await outcome(command, ...given)).toMatchObject({ code: 0 });
      const lines = readFileSync(path.join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
      return lines.filter((line) => 'evaluationReturn' in JSON.parse(line)).length;
    };
    expect(await evaluations('two')).toBe(2);
    expect(await evaluations('six', '--evaluate-every', '10')).toBe(6);
    expect(await evaluations('awaited', '--patience', '100')).toBe(12);
  });

  it('has help that lists economies, and with --env every setting', async () => {
    expect((await outcome(trainToy, '--help')).out).toContain('Economies: toy, toy/restless (default toy)');
    expect((await outcome(trainToy, '--help', '--env', 'toy')).out).toContain('stepSize: default 0.05');
    expect((await outcome(trainToy, '--help', '--env', 'toi')).code).toBe(2);
  });

  it('never writes where it was not asked to', () => {
    expect(existsSync('runs/wanderer-toy-s1')).toBe(false);
  });
});

describe('how many agents', () => {
  it('is a setting of economies that say so', async () => {
    const command = trainCommand({
      method: wanderer,
      environments,
      env: 'krusell-smith/aiyagari',
      file: 'train/wanderer.ts',
    });
    const out = path.join(base, 'counted');
    const args = ['--json', '--quiet', '--kernels', 'js', '--report', 'none', '--out', out];
    const { code, out: text } = await outcome(command, ...args, '--steps', '3', '--agents', '7');
    expect(code).toBe(0);
    expect(JSON.parse(text).set).toEqual({ households: '7' });
  });

  it('is refused of those that do not', async () => {
    const { code, err } = await outcome(trainToy, '--agents', '7');
    expect(code).toBe(2);
    expect(err).toContain('--agents 7: how many agents toy has is no setting of it.');
  });
});
