import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { environments } from '../../envs/index.ts';
import { outcome, wanderer } from '../test-fixtures.ts';
import { crossSectionFacts, crossSectionOf } from './cross-section.ts';
import { evalCommand } from './eval-command.ts';
import { simulateCommand } from './simulate-command.ts';
import { trainCommand } from './train-command.ts';

const base = mkdtempSync(path.join(tmpdir(), 'cross-section-'));
afterAll(() => rmSync(base, { recursive: true }));

const methods = { wanderer };
const settled = { meanCapital: expect.any(Number), gini: expect.any(Number), saturatedShare: 0 };

describe('commands on an economy of many households', () => {
  const run = path.join(base, 'run');

  it('tell, after training, how many there are, how fast they are stepped, who holds capital and by which law it moves', async () => {
    const command = trainCommand({ method: wanderer, environments, env: 'marl-bc/ks', file: 'train/x.ts' });
    const sizes = ['--kernels', 'js', '--report', 'none', '--out', run, '--steps', '3', '--agents', '20'];
    const { code, out, err } = await outcome(command, '--json', ...sizes);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ agents: 20, distribution: settled, r2: expect.any(Number) });
    expect(result.householdStepsPerSecond).toBeGreaterThan(0);
    expect(result.law).toHaveLength(2);
    expect(result.denHaan.max).toBeGreaterThanOrEqual(result.denHaan.mean);
    expect(err).toContain('Gini index');
    expect(err).toContain("log K' = ");
  });

  it('tell the same of a checkpoint', async () => {
    const command = evalCommand({ methods, environments, file: 'train/eval.ts' });
    const { code, out } = await outcome(
      command,
      '--json',
      '--kernels',
      'js',
      '--run',
      run,
      '--episodes',
      '2',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ agents: 20, distribution: settled, r2: expect.any(Number) });
  });

  it('tell the same of a simulation', async () => {
    const file = 'train/simulate.ts';
    const command = simulateCommand({ methods, environments, env: 'marl-bc/ks', file });
    const about = ['--agent', 'constant', '--constant', 'consumptionShare=0.2', '--set', 'households=20'];
    const sizes = ['--paths', '2', '--periods', '20', '--burn-in', '5', '--horizon', '5'];
    const { out } = await outcome(
      command,
      '--json',
      ...about,
      ...sizes,
      '--out',
      path.join(base, 'simulated'),
    );
    const result = JSON.parse(out);
    expect(result).toMatchObject({ agents: 20, distribution: settled, r2: expect.any(Number) });
    // All eat a fifth of what they have.
    expect(result.distribution.meanCapital).toBeGreaterThan(1);
  });
});

describe('what is said of households', () => {
  it('is left to a solver that knows the continuum, and is nothing where there are no households', () => {
    const economy = environments.economy('marl-bc/ks', { households: 2 });
    const nobody = { agents: {} };
    expect(crossSectionOf({ economy, seed: 1 }, nobody, { distribution: {} })).toBeUndefined();
    const alone = environments.economy('jesusfv');
    expect(crossSectionOf({ economy: alone, seed: 1 }, nobody, {})).toBeUndefined();
    expect(crossSectionFacts(undefined)).toEqual([]);
  });
});
