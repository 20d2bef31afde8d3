import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AnyMethod, parameter } from '../../core/index.ts';
import { learn } from '../run/learn.ts';
import { noBackend, outcome, toyEconomies } from '../test-fixtures.ts';
import { evalCommand } from './eval-command.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'solver-'));
afterAll(() => rmSync(base, { recursive: true }));

const note = { unit: '', source: 'by hand' };

/** Halves (or thirds) its distance to the slope of the toy's optimum, 0.1 + wealth / 2, until a change is below a hundredth. */
const halver: AnyMethod = {
  name: 'halver',
  title: 'Halves its distance',
  settings: z.strictObject({
    method: parameter(z.enum(['halve', 'third']), 'halve', { ...note, description: 'what is left' }),
  }),
  steps: 20,
  presets: {},
  create({ settings, economy, type }) {
    const share = settings.method === 'third' ? 1 / 3 : 1 / 2;
    let slope = 0;
    let change = Number.POSITIVE_INFINITY;
    let iterations = 0;
    return {
      name: 'halver',
      act({ rows, states }, actions) {
        for (let row = 0; row < rows; row++) actions[row] = 0.1 + slope * Number(states[row].wealth);
      },
      update() {
        change = (1 - share) * (0.5 - slope);
        slope += change;
        iterations += 1;
        return { change };
      },
      get converged() {
        return change < 0.01;
      },
      report: () => ({
        json: {
          iterations,
          lastChange: change,
          solved: `${economy.id} ${type}`,
          oracle: { slopeGap: 0.5 - slope },
        },
        facts: [['iterations', String(iterations)]],
        tables: [
          {
            name: 'slopes',
            title: 'Slopes',
            columns: [{ name: 'slope', label: '', unit: '', values: [slope] }],
          },
        ],
        charts: [
          {
            name: 'slope-line',
            title: 'The slope',
            caption: 'It is a line.',
            panels: [
              {
                title: '',
                x: { label: 'wealth', unit: '' },
                y: { label: 'spending', unit: '' },
                series: [{ kind: 'line', name: 'slope', x: [0, 1], y: [0.1, 0.1 + slope] }],
              },
            ],
          },
        ],
      }),
      save: () => ({ slope, change, iterations }),
      load(saved) {
        slope = Number(saved.slope);
        change = Number(saved.change);
        iterations = Number(saved.iterations);
      },
    };
  },
};

const command = trainCommand({
  method: halver,
  environments: toyEconomies,
  env: 'toy',
  file: 'train/halver.ts',
  settingOptions: ['method'],
});

function place(name: string): { readonly folder: string; readonly args: readonly string[] } {
  const folder = path.join(base, name);
  return { folder, args: ['--json', '--kernels', 'js', '--report', 'none', '--out', folder] };
}

const read = (...parts: readonly string[]) => readFileSync(path.join(...parts), 'utf8');

describe('a method that solves what it knows of the economy', () => {
  it('ends when it has converged, without a step of the economy, and says what it found', async () => {
    const { folder, args } = place('run');
    const { code, out, err } = await outcome(command, ...args, '--report', 'full');
    expect(code).toBe(0);
    // 1/2 becomes 1/4, 1/8, ...: the sixth change, 1/128, is the first below a hundredth.
    expect(JSON.parse(out)).toMatchObject({
      steps: 6,
      updates: 6,
      stopped: 'converged',
      converged: true,
      iterations: 6,
      lastChange: 1 / 128,
      solved: 'toy household',
      oracle: { policyGap: expect.any(Number), slopeGap: 1 / 128 },
    });
    expect(err).toMatch(/iterations +6\n/);
    // Another seed would find the same.
    expect(err).not.toContain('--seeds');
    const records = read(folder, 'metrics.jsonl').trimEnd().split('\n');
    expect(records.length).toBe(6);
    expect(JSON.parse(records[5])).toMatchObject({ step: 6, episodes: 0, change: 1 / 128 });
    expect(JSON.parse(read(folder, 'result.json')).iterations).toBe(6);
    expect(read(folder, 'tables', 'slopes.csv')).toContain('0.4921875');
    expect(read(folder, 'plots', 'slope-line.svg')).toContain('<svg');
    const page = read(folder, 'report.html');
    expect(page).toContain('Solution');
    expect(page).toMatch(/<dt>Iterations<\/dt><dd>6<\/dd>/);
    expect(page).not.toContain('Training episodes');
  });

  it('is read from its checkpoint, and resuming it changes nothing', async () => {
    const { folder, args } = place('kept');
    const first = JSON.parse((await outcome(command, ...args)).out);
    const again = await outcome(command, '--json', '--resume', folder);
    expect(JSON.parse(again.out)).toMatchObject({ steps: 6, iterations: 6, oracle: first.oracle });
    const evaluation = evalCommand({
      methods: { halver },
      environments: toyEconomies,
      file: 'train/eval.ts',
    });
    const { out } = await outcome(evaluation, '--json', '--run', folder);
    expect(JSON.parse(out).oracle.policyGap).toBe(first.oracle.policyGap);
  });

  it('has not converged if its steps are too few: exit code 1, with a remedy', async () => {
    const { code, out, err } = await outcome(command, ...place('short').args, '--steps', '3');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ converged: false, steps: 3, stopped: null });
    expect(err).toContain('halver has not converged in 3 iterations. Give more --steps.');
  });

  it('goes on where a program stopped it', async () => {
    const economy = toyEconomies.economy('toy');
    const options = { economy, method: halver, folder: path.join(base, 'stopped'), backend: noBackend };
    const stopAfter3 = ({ step }: { readonly step: number }) => (step === 3 ? ('stop' as const) : undefined);
    const part = await learn({ ...options, callbacks: [stopAfter3] });
    expect(part).toMatchObject({ steps: 3, converged: false, stopped: undefined });
    const rest = await learn(options);
    expect(rest).toMatchObject({ steps: 6, updates: 6, converged: true, stopped: 'converged' });
    expect(rest.evaluation).toEqual(
      (await learn({ ...options, folder: path.join(base, 'whole') })).evaluation,
    );
  });
});

describe('a setting that is an option of the command too', () => {
  it('is a --set under the name of the method, in what is printed and in the folder', async () => {
    const { folder, args } = place('third');
    const { out } = await outcome(command, ...args, '--method', 'third');
    // Changes of 1/3, 1/9, 1/27, 1/81, 1/243 of a half... the fourth is 1/2 (2/3) (1/27) = 0.0123, the fifth 0.0041.
    expect(JSON.parse(out)).toMatchObject({ set: { method: 'third' }, iterations: 5 });
    expect(JSON.parse(read(folder, 'config.json')).settings.method).toBe('third');
  });

  it('may be repeated when the run is resumed, but not changed', async () => {
    const { folder, args } = place('resumed');
    await outcome(command, ...args, '--method', 'third');
    expect((await outcome(command, '--resume', folder, '--method', 'third')).code).toBe(0);
    const { code, err } = await outcome(command, '--resume', folder, '--method', 'halve');
    expect(code).toBe(2);
    expect(err).toContain('A run goes on as it was begun');
  });

  it('is in the help with its meaning and default, and refused with what is allowed', async () => {
    const { out } = await outcome(command, '--help');
    expect(out).toMatch(/--method <NAME> +what is left \(default halve\)/);
    const { code, err } = await outcome(command, '--method', 'thrd');
    expect(code).toBe(2);
    expect(err).toContain('--method is "thrd"; allowed: halve or third. Did you mean "third"?');
  });

  it.each(['method=halve', 'halver.method=halve'])('is not said twice (--set %s)', async (change) => {
    const { code, err } = await outcome(command, '--method', 'third', '--set', change);
    expect(code).toBe(2);
    expect(err).toContain(`--method third and --set ${change} say the same thing; give one of them.`);
  });

  it('must be a setting of the method, and no option of every command', () => {
    const lifted = (name: string) => () =>
      trainCommand({
        method: halver,
        environments: toyEconomies,
        env: 'toy',
        file: 'x',
        settingOptions: [name],
      });
    expect(lifted('size')).toThrow('halver: "size" cannot be an option of its command.');
    expect(lifted('seed')).toThrow(TypeError);
  });
});
