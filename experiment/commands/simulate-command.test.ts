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
import { frail } from '../study/test-fixtures.ts';
import { outcome, toy, wanderer } from '../test-fixtures.ts';
import { evalCommand } from './eval-command.ts';
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

  it('simulates an economy that ends at random, to the last table', async () => {
    const file = path.join(base, 'frail.mjs');
    const fixtures = fileURLToPath(new URL('../study/test-fixtures.ts', import.meta.url));
    writeFileSync(file, `export { frail as default } from ${JSON.stringify(fixtures)};`);
    const out = path.join(base, 'frail');
    const args = ['--module', file, '--agent', 'constant', '--constant', 'spending=0.5'];
    const result = await resultOf(...args, '--out', out, '--burn-in', '200', '--paths', '40');
    expect(result.failures).toEqual([]);
    expect(result.notes.join(' ')).toContain('began anew');
    expect(readdirSync(path.join(out, 'tables'))).toHaveLength(5);
    expect(readdirSync(path.join(out, 'plots'))).toHaveLength(8);
    expect(result.moments.wealth.remark).toBe(null);
    expect(
      await simulate('--module', file, '--agent', 'constant', '--out', path.join(base, 'no')),
    ).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'frail has no oracle, so that no best constant is known for spending; give it, --constant NAME=VALUE',
      ),
    });
  });

  it('keeps the parts that can be made, says why one cannot, and ends with exit code 1', async () => {
    const out = path.join(base, 'part');
    const narrow = ['--env', 'frail', '--set', 'highestSeen=0.001', '--agent', 'random', '--out', out];
    const environments = createRegistry([frail]);
    const simulateFrail = simulateCommand({ methods: {}, environments, env: 'frail', file: 'x' });
    const { code, out: printed, err } = await outcome(simulateFrail, ...small, ...narrow);
    expect(code).toBe(1);
    expect(err).toContain('the policy by state could not be made: no visited state can be looked at');
    expect(printed).toContain('The policy by state could not be made');
    expect(readdirSync(path.join(out, 'tables')).sort()).toEqual([
      'distribution.csv',
      'moments.csv',
      'paths.csv',
    ]);
  });

  it('writes nothing where no part can be made', async () => {
    const out = path.join(base, 'none');
    const numb = defineEconomy({ ...frail, observe: (_, { household }) => void household.fill(Number.NaN) });
    const simulateNumb = simulateCommand({
      methods: {},
      environments: createRegistry([numb]),
      env: 'frail',
      file: 'x',
    });
    const { code, err } = await outcome(simulateNumb, ...small, '--agent', 'random', '--out', out);
    expect(code).toBe(1);
    expect(err).toContain('observation "wealth" of household_0 is NaN');
    expect(existsSync(out)).toBe(false);
  });

  it('filters by the length of the period unless it is told a lambda', async () => {
    const out = path.join(base, 'filtered');
    const { out: printed } = await simulate('--out', out);
    expect(printed).toContain('HP filter, lambda 6.25, for years: 1600 (1 / 4)^4, Ravn and Uhlig 2002');
    expect(await resultOf('--out', out)).toMatchObject({ filter: 6.25 });
    expect(await resultOf('--out', out, '--filter', '1600')).toMatchObject({ filter: 1600 });
    const quarters = ['--env', 'orchard', '--agent', 'random', '--out', out];
    expect((await simulate(...quarters)).out).toContain('orchard does not say how long a period is');
    const { out: help } = await outcome(command, '--help');
    expect(help.replaceAll(/\s+/g, ' ')).toContain('(default: 1600 (n / 4)^4 with n periods a year');
  });

  it('gives no half-life of a response that is largest at the horizon', async () => {
    const { out: printed } = await simulate(
      ...['--shock', 'productivity', '--horizon', '2', '--out', path.join(base, 'brief')],
    );
    expect(printed).toMatch(/\noutput +1\.06 +\S+ +2 +-\n/);
    expect(printed).not.toContain('over 0');
    expect(printed).toContain('half-life -: the response is largest in its last period');
  });

  it('uses the folder of a simulation that was killed before its first file was whole', async () => {
    const out = path.join(base, 'killed');
    mkdirSync(out);
    writeFileSync(path.join(out, `simulation.json.${process.pid}.eqgym.tmp`), '{');
    await resultOf('--env', 'jesusfv', '--out', out);
    expect(readdirSync(out).sort()).toEqual(['plots', 'simulation.json', 'tables']);
  });

  it('says which file it loads because a checkpoint names it', async () => {
    const file = path.join(base, 'named.mjs');
    const fixtures = fileURLToPath(new URL('../test-fixtures.ts', import.meta.url));
    writeFileSync(
      file,
      `import { toy } from ${JSON.stringify(fixtures)}; export default { ...toy, calibrations: {}, id: 'named' };`,
    );
    const folder = path.join(base, 'named');
    const train = trainCommand({
      method: wanderer,
      environments: all,
      env: 'toy',
      file: 'train/wanderer.ts',
    });
    const quick = ['--quiet', '--kernels', 'js', '--preset', 'quick', '--report', 'none'];
    expect((await outcome(train, '--module', file, ...quick, '--out', folder)).code).toBe(0);
    const loads = `loads ${path.relative(process.cwd(), file).split(path.sep).join('/')}, which the checkpoint names`;
    const args = ['--run', folder, '--kernels', 'js'];
    expect((await simulate(...args)).err).toContain(loads);
    expect((await simulate(...args, '--module', file)).err).not.toContain('which the checkpoint names');
    expect((await simulate('--run', run, '--kernels', 'js')).err).not.toContain('which the checkpoint names');
    const evaluation = evalCommand({ methods: { wanderer }, environments: all, file: 'train/eval.ts' });
    expect((await outcome(evaluation, ...args)).err).toContain(loads);
  });

  it.each([
    [['--kernels', 'native'], '--kernels native goes with --run or --checkpoint'],
    [['--agent', 'random', '--kernels', 'auto'], 'leave it out for --agent random'],
    [['--backend', 'tensor:cpu'], '--backend tensor:cpu goes with --run or --checkpoint'],
    [['--shock', 'productivity=0.3'], 'productivity moves by whole levels of its chain, not by 0.3'],
    [
      ['--shock', 'capital=-1', '--from', 'ergodic', '--burn-in', '0'],
      'the shock capital=-1 leads where the economy cannot go',
    ],
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
