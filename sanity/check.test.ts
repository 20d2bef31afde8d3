import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { execute } from '../experiment/cli/command.ts';
import { checkCommand, checkTable, failureText } from './check.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A module with one of the broken economies of core's tests. */
function brokenModule(name: string): string {
  const source = fileURLToPath(new URL('../core/testing/broken-villages.ts', import.meta.url));
  const at = path.join(folder, 'mine.mjs');
  const words = JSON.stringify(name);
  writeFileSync(
    at,
    `import { brokenVillages } from ${JSON.stringify(source)};\n` +
      `export default brokenVillages.find(({ name }) => name.startsWith(${words})).definition;\n`,
  );
  return at;
}

async function run(...args: readonly string[]) {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string) => {
      texts[name] += text;
    },
  });
  const code = await execute(checkCommand, args, { out: stream('out'), err: stream('err') });
  return { code, ...texts };
}

describe('sanity/check.ts', () => {
  it('passes an economy of the suite, with the counts of both checkers as one line of JSON', async () => {
    const { code, out, err } = await run('--env', 'jesusfv', '--backend', 'cpu', '--json');
    const result = JSON.parse(out);
    expect(code).toBe(0);
    expect(result).toMatchObject({ ok: true, environments: ['jesusfv'], failures: [], backend: 'cpu' });
    const of = (name: string) => result.checks.find((check: { name: string }) => check.name === name);
    expect(of('E2 capital accumulation')).toMatchObject({ passed: 3000, failed: 0, notApplicable: 0 });
    expect(of('E3 markets clear')).toMatchObject({ passed: 0, failed: 0, notApplicable: 1 });
    expect(of('rewards are finite numbers').passed).toBeGreaterThan(0);
    expect(err).toContain('E9 tensor dynamics are the iterative ones');
    expect(err).toMatch(/\d+ checks hold, 0 FAIL, \d+ do not apply/);
  });

  it('passes the published rows of the benchmark, which say that they do not sum to one', async () => {
    const args = ['--env', 'jesusfv', '--set', 'transition=published', '--backend', 'cpu', '--json'];
    const { code, out } = await run(...args);
    const { checks } = JSON.parse(out);
    const rows = checks.find(({ name }: { name: string }) => name === 'E7 transition rows sum to one');
    expect(code).toBe(0);
    expect(rows).toMatchObject({ passed: 0, failed: 0, notApplicable: 1 });
  });

  it('passes an economy that eats nearly all its capital, down to what float32 rounds to nothing', async () => {
    const settings = ['action=level', 'capitalShare=0.66', 'depreciation=0.94', 'horizon=80'];
    const args = settings.flatMap((setting) => ['--set', setting]);
    const { code, out } = await run('--env', 'jesusfv', ...args, '--backend', 'cpu', '--json');
    expect(JSON.parse(out).failures).toEqual([]);
    expect(code).toBe(0);
  });

  it('passes the economy of the README, in what it says of itself', async () => {
    const { code, out } = await run('--module', 'examples/fish-war.ts', '--json', '--quiet');
    const { checks, environments, backend } = JSON.parse(out);
    expect(code).toBe(0);
    expect(environments).toEqual(['fish-war']);
    expect(backend).toBe(null);
    const passed = checks.filter((check: { passed: number }) => check.passed > 0);
    const names = passed.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => /^E\d/.test(name))).toEqual([
      'E0 every step under every policy is finite',
      'E1 resource constraint',
      'E5 consumption is positive',
      'E8 steady state is a fixed point',
      'E11 rewards are the utility of consumption',
    ]);
  });

  it('ends with 1 where a law is broken, and says which, where, by how much and what to do', async () => {
    const args = ['--module', brokenModule('capital that leaks'), '--backend', 'cpu'];
    const { code, out } = await run(...args);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  E2 capital accumulation (village, step 1)');
    expect(out).toMatch(/expected {2}\(1 - depreciation\) capital \+ investment = nextCapital/);
    expect(out).toMatch(/found {5}[\d.]+, off by .* under random actions, seed 1/);
    expect(out).toContain('hint      Is depreciation applied once');
    const { out: line, code: again } = await run(...args, '--json');
    const result = JSON.parse(line);
    expect(again).toBe(1);
    expect(result.ok).toBe(false);
    expect(Object.keys(result.failures[0])).toEqual([
      ...['check', 'env', 'agent', 'step', 'expected', 'actual', 'hint'],
    ]);
  });

  it('ends with 2 for an economy that it does not know', async () => {
    const { code, err } = await run('--env', 'jesusfw');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "jesusfv"?');
  });
});

describe('what is printed', () => {
  it('shows of all gaps of a check the one that comes nearest to what is allowed', () => {
    const gap = { check: 'a', env: 'x', quantity: 'q', maxAbs: 0, scale: 1, n: 1 };
    const text = checkTable(
      [{ name: 'a', passed: 2, failed: 0, notApplicable: 1 }],
      [
        { ...gap, maxRel: 1e-4, tolerance: 1e-3 },
        { ...gap, maxRel: 5e-10, tolerance: 1e-9 },
      ],
    );
    expect(text.split('\n')[2]).toMatch(/^a +2 +0 +1 +5\.0e-10 +1e-9$/);
  });

  it('names agent and step where there are any', () => {
    const failure = { check: 'c', env: 'x', expected: 'e', actual: 'a', hint: 'h' };
    expect(failureText({ ...failure, agent: null, step: null })).toMatch(/^FAIL {2}c \(x\)\n/);
    expect(failureText({ ...failure, agent: 'f_1', step: 3 })).toMatch(/^FAIL {2}c \(x, f_1, step 3\)\n/);
  });
});
