import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, defineEconomy } from '../../core/index.ts';
import { orchard } from '../../core/testing/orchard.ts';
import { environments } from '../../envs/index.ts';
import { outcome, toy, wanderer } from '../test-fixtures.ts';
import { simulateCommand } from './simulate-command.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'simulate-command-'));
afterAll(() => rmSync(base, { recursive: true }));

const all = environments.with(toy, orchard);
const command = simulateCommand({
  methods: { wanderer },
  environments: all,
  env: 'jesusfv/annual',
  file: 'train/simulate.ts',
});
const small = ['--periods', '12', '--paths', '3', '--burn-in', '5', '--horizon', '4'];

function simulate(...args: string[]) {
  return outcome(command, ...small, ...args);
}

/** The JSON line of a simulation that went well. */
async function resultOf(...args: string[]) {
  const { code, out, err } = await simulate('--json', '--quiet', ...args);
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** Every file of a folder with its content. */
function contents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[a-z]+$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(path.join(folder, name), 'base64')]),
  );
}

const run = path.join(base, 'run');

beforeAll(async () => {
  const train = trainCommand({ method: wanderer, environments: all, env: 'toy', file: 'train/wanderer.ts' });
  const { code, err } = await outcome(train, '--quiet', '--kernels', 'js', '--out', run);
  expect(code, err).toBe(0);
});

describe('the simulation command', () => {
  it('writes tables and pictures of the oracle, and says in JSON what they hold', async () => {
    const out = path.join(base, 'oracle');
    const result = await resultOf('--out', out, '--filter', '6.25');
    expect(result).toMatchObject({
      command: 'train/simulate.ts',
      env: 'jesusfv/annual',
      version: 1,
      agent: 'oracle',
      seed: 1,
      periods: 12,
      paths: 3,
      burnIn: 5,
      filter: 6.25,
      reference: 'output',
      trained: null,
      converged: true,
      folder: out,
    });
    expect(Object.keys(result.responses)).toEqual(['productivity', 'capital']);
    expect(result.responses.capital.variables.capital).toMatchObject({ measure: 'percent', peakPeriod: 0 });
    expect(result.responses.capital.variables.capital.impact).toBeCloseTo(-10, 10);
    expect(result.moments.output.relative.mean).toBe(1);
    expect(result.moments.depreciation.remark).toBe('constant');
    const names = ['distribution', 'paths', 'policy', 'response-capital', 'response-productivity'];
    expect(readdirSync(path.join(out, 'plots')).sort()).toEqual(
      names.flatMap((name) => [`${name}.png`, `${name}.svg`]),
    );
    expect(readdirSync(path.join(out, 'tables')).sort()).toEqual(
      ['distribution', 'moments', 'paths', 'policy', 'responses'].map((name) => `${name}.csv`),
    );
    for (const file of result.files) expect(existsSync(file)).toBe(true);
    const paths = readFileSync(path.join(out, 'tables', 'paths.csv'), 'utf8').split('\r\n');
    expect(paths[0]).toMatch(/^path,period,capital,productivity,/);
    expect(paths).toHaveLength(3 * 12 + 2);
  });

  it('puts a learned policy beside the optimum, in the folder of its run, whose own files it leaves', async () => {
    const before = contents(run);
    const { code, out, err } = await simulate('--run', run, '--kernels', 'js', '--shock', 'wealth=0.5');
    expect(code, err).toBe(0);
    expect(out).toContain('wanderer on toy, trained with seed 1, simulated with seed 1000001: A household');
    expect(out).toContain('toy has no variable "output"');
    expect(out).toMatch(/spending .*\n {2}optimal /);
    expect(out).toContain('Responses to wealth, +0.5, from the steady state');
    const after = contents(run);
    for (const [name, content] of Object.entries(before)) expect(after[name]).toBe(content);
    const header = readFileSync(path.join(run, 'simulation', 'tables', 'paths.csv'), 'utf8').split('\r\n')[0];
    expect(header).toBe('path,period,wealth,spending,reward,optimal.wealth,optimal.spending,optimal.reward');
    expect(Object.keys(after)).toContain(path.join('simulation', 'plots', 'policy-error.png'));
    const fromFile = await resultOf(
      ...['--checkpoint', path.join(run, 'checkpoints', 'last.msgpack'), '--kernels', 'js'],
      ...['--shock', 'wealth=0.5', '--out', path.join(base, 'file')],
    );
    expect(fromFile).toMatchObject({ agent: 'wanderer', seed: 1_000_001, trained: { seed: 1, step: 60 } });
    expect(contents(path.join(base, 'file'))).toEqual(contents(path.join(run, 'simulation')));
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const args = ['--env', 'jesusfv', '--agent', 'random'];
    const [one, two, three] = ['one', 'two', 'three'].map((name) => path.join(base, name));
    await resultOf(...args, '--out', one);
    await resultOf(...args, '--out', two);
    await resultOf(...args, '--out', three, '--seed', '2');
    expect(contents(one)).toEqual(contents(two));
    expect(contents(three)['tables/paths.csv']).not.toBe(contents(one)['tables/paths.csv']);
  });

  it('replaces the files of an earlier simulation, and refuses a folder of anything else', async () => {
    const out = path.join(base, 'again');
    await resultOf('--env', 'jesusfv', '--out', out, '--shock', 'capital=0.1');
    writeFileSync(path.join(out, 'tables', 'mine.txt'), 'mine');
    await resultOf('--env', 'jesusfv', '--out', out, '--shock', 'productivity', '--shock', 'productivity=-1');
    expect(
      readdirSync(path.join(out, 'plots'))
        .filter((name) => name.endsWith('.svg'))
        .sort(),
    ).toEqual([
      'distribution.svg',
      'paths.svg',
      'policy.svg',
      'response-productivity=-1.svg',
      'response-productivity=1.svg',
    ]);
    expect(readFileSync(path.join(out, 'tables', 'mine.txt'), 'utf8')).toBe('mine');

    const foreign = path.join(base, 'foreign');
    mkdirSync(foreign);
    for (const [name, content] of [
      ['thesis.tex', 'hello'],
      ['simulation.json', 'not ours'],
    ]) {
      writeFileSync(path.join(foreign, name), content);
      expect(await simulate('--env', 'jesusfv', '--out', foreign)).toMatchObject({
        code: 2,
        err: expect.stringContaining('the folder is not empty, and what is in it is no earlier simulation'),
      });
    }
    expect(await simulate('--out', path.join(foreign, 'thesis.tex', 'x'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('is a file'),
    });
  });

  it('removes nothing that a list in a strange simulation.json names', async () => {
    const out = path.join(base, 'strange');
    mkdirSync(out);
    const victim = path.join(base, 'victim.csv');
    writeFileSync(victim, 'precious');
    writeFileSync(
      path.join(out, 'simulation.json'),
      JSON.stringify({ files: ['../victim.csv', 'tables/../../victim.csv'] }),
    );
    await resultOf('--env', 'jesusfv', '--out', out);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  it('goes on without shocks, output and oracle where an economy has none, with several types of agents', async () => {
    const { code, out, err } = await simulate(
      ...['--env', 'orchard/stormy', '--agent', 'constant', '--constant', 'grower.picked=0.5'],
      ...['--constant', 'trader.fee=0.1', '--out', path.join(base, 'orchard')],
    );
    expect(code, err).toBe(0);
    expect(out).toContain(
      'orchard/stormy declares no shocks and none was asked for: there are no responses.',
    );
    expect(out).toContain('orchard/stormy has no variable "output"');
    expect(out).toMatch(/grower: picked +0.5000 +constant/);
    expect(await simulate('--env', 'orchard', '--out', path.join(base, 'nothing'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('orchard has no oracle'),
    });
    const withReference = await resultOf(
      ...['--env', 'orchard/stormy', '--agent', 'random', '--reference', 'picked', '--shock', 'fruit=1'],
      ...['--out', path.join(base, 'random'), '--filter', 'none'],
    );
    expect(withReference).toMatchObject({ reference: 'picked', filter: null });
    expect(withReference.responses.fruit.from).toBe('ergodic');
  });

  it('simulates an economy of the user, with settings', async () => {
    const file = path.join(base, 'mine.mjs');
    const fixtures = fileURLToPath(new URL('../test-fixtures.ts', import.meta.url));
    writeFileSync(
      file,
      `import { toy } from ${JSON.stringify(fixtures)}; export default { ...toy, id: 'mine' };`,
    );
    const result = await resultOf(
      ...[
        '--module',
        file,
        '--set',
        'persistence=0',
        '--shock',
        'wealth=1',
        '--out',
        path.join(base, 'mine'),
      ],
    );
    expect(result).toMatchObject({ env: 'mine', set: { persistence: '0' } });
    expect(result.responses.wealth.variables.wealth).toMatchObject({ impact: 1, halfLife: 1 });
  });

  it.each([
    [['--shock', 'productivty'], 'there is no shock "productivty". Did you mean "productivity"?'],
    [['--shock', 'capital=big'], 'the size is "big"; give a number other than 0'],
    [['--shock', 'capital', '--shock', 'capital=-0.1'], 'the shock capital=-0.1 is asked for twice'],
    [['--reference', 'outptu'], 'Did you mean "output"?'],
    [['--filter', '-3'], '--filter is "-3"; allowed: none or a number, e.g. 1600 or 6.25'],
    [['--run', run, '--agent', 'oracle'], 'not both'],
    [['--run', run, '--set', 'persistence=0'], '--set goes with --agent'],
    [['--run', run, '--checkpoint', 'x'], 'not both'],
    [['--constant', 'consumptionShare=0.5'], '--constant goes with --agent constant'],
    [['--agent', 'constant', '--constant', 'share=0.5'], 'there is no action "share"'],
    [['--agent', 'constant', '--constant', 'consumptionShare=7'], 'it lies in [0.01, 0.99]'],
    [
      ['--env', 'orchard', '--agent', 'random', '--from', 'steady', '--shock', 'fruit=1'],
      'no steady state is known',
    ],
  ])('refuses %j before anything is written', async (args, words) => {
    const out = path.join(base, 'refused');
    const { code, err } = await simulate(...args, '--out', out);
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it('says that an oracle has not converged, with exit code 1', async () => {
    const unsolved = defineEconomy({
      ...toy,
      oracle: (model) => {
        const oracle = toy.oracle?.(model);
        return oracle && { ...oracle, solution: { converged: false, iterations: 9, residual: 0.5 } };
      },
    });
    const { code, out } = await outcome(
      simulateCommand({ methods: {}, environments: createRegistry([unsolved]), env: 'toy', file: 'x' }),
      ...[...small, '--quiet', '--agent', 'constant', '--out', path.join(base, 'unsolved')],
    );
    expect(code).toBe(1);
    expect(out).toContain('WARNING: the oracle (by hand) has not converged');
  });

  it('lists settings and shocks of an economy in its help', async () => {
    const { out } = await outcome(command, '--help', '--env', 'jesusfv');
    expect(out).toContain('--shock <NAME[=SIZE]>');
    expect(out).toContain('capital=-0.1  (capital, share of what there is)');
    expect((await outcome(command, '--help')).out).toContain('(default jesusfv/annual)');
  });
});
