import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../core/index.ts';
import { noBackend, toyEconomies } from '../test-fixtures.ts';
import { type ReportOptions, runReport, runResults, runSummary, solverWarning } from './summary.ts';

const economy = toyEconomies.economy('toy');
const oracle = economy.oracle();

const one: Evaluation = {
  return: -3,
  returns: { household: -3 },
  oracle: {
    method: 'by hand',
    policyGap: 0.2,
    policyGaps: { spending: 0.2 },
    constantGap: 0.4,
    correlations: { spending: 0.9 },
    welfareLossPercent: 1.5,
    eulerError: null,
    return: -2,
  },
};

const two: Evaluation = {
  ...one,
  return: -4,
  returns: { household: -3, firm: -5 },
  oracle: one.oracle && {
    ...one.oracle,
    policyGaps: { 'household.spending': 0.1, 'firm.price': 0.2 },
    correlations: { 'household.spending': 0.9, 'firm.price': null },
  },
};

function reported(evaluation: Evaluation, set: Readonly<Record<string, unknown>> = {}): ReportOptions {
  const summary = runSummary({
    command: 'train/x.ts',
    economy,
    preset: null,
    set,
    agent: 'wanderer',
    seed: 4,
    steps: 60,
    run: null,
    backend: noBackend,
    oracle,
    evaluation,
  });
  return { summary, economy, oracle, next: [] };
}

const report = (...about: Parameters<typeof reported>) => runReport(reported(...about));

describe('the final table', () => {
  it('of one action says what the policy gap is, and shows one return', () => {
    const text = report(one);
    expect(text).toContain(
      'The policy gap is the mean distance of actions to the optimal ones; "best constant"',
    );
    expect(text).toMatch(/^correlation +0\.9000 +1$/m);
    expect(text).not.toMatch(/^ {2}household/m);
  });

  it('of several actions says that the gap is the largest of theirs, and shows each, and each type of agent', () => {
    const text = report(two);
    expect(text).toContain(
      'The policy gap is the largest over actions of the mean distance to the optimal ones;',
    );
    expect(text).toMatch(/^policy gap +0\.2000 +0 +0\.4000$/m);
    expect(text).toMatch(/^ {2}household\.spending +0\.1000 +0$/m);
    expect(text).toMatch(/^ {2}firm\.price +0\.2000 +0$/m);
    expect(text).toMatch(/^correlation, firm\.price +-$/m);
    expect(text).toMatch(/^episode return, 10 periods, undiscounted +-4\.00000 +-2\.00000$/m);
    expect(text).toMatch(/^ {2}household +-3\.00000\n {2}firm +-5\.00000$/m);
  });

  it('without an oracle has the return alone, and no word on gaps', () => {
    const text = report({ ...two, oracle: null });
    expect(text).toMatch(/^episode return, 10 periods, undiscounted +-4\.00000\n {2}household +-3\.00000/m);
    expect(text).not.toContain('policy gap');
  });

  it('lists the changes to settings if there are any', () => {
    expect(report(one, { stepSize: '0.2', 'wanderer.discountFactor': null })).toMatch(
      /^set +stepSize=0\.2, wanderer\.discountFactor=null$/m,
    );
    expect(report(one)).not.toMatch(/^set /m);
  });
});

describe('the final table as data', () => {
  it('has the rows and the notes of the text, in their order', () => {
    for (const evaluation of [one, two, { ...two, oracle: null }]) {
      const options = reported(evaluation);
      const { rows, notes } = runResults(options);
      const lines = runReport(options).split('\n');
      const squeezed = lines.map((line) => line.trim().replace(/ {2,}/g, '|'));
      const places = [
        ...rows.map((row) =>
          squeezed.indexOf(
            row
              .map((cell) => cell.trim())
              .filter(Boolean)
              .join('|'),
          ),
        ),
        ...notes.map((note) => lines.indexOf(note)),
      ];
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it('names every column, and says that the truth is vague where its solver has not converged', () => {
    const vague = oracle && { ...oracle, solution: { converged: false, iterations: 12, residual: 0.5 } };
    const options = { ...reported(one), oracle: vague };
    const { header, rows, warnings } = runResults(options);
    expect(Math.max(...rows.map((row) => row.length))).toBe(header.length);
    expect(warnings).toEqual([solverWarning(vague)]);
    expect(runReport(options)).toContain(`\n\nWARNING: ${warnings[0]}\nOptimal: by hand.`);
    const alone = reported({ ...one, oracle: null });
    expect(runResults(alone).header).toEqual(['', alone.summary.agent]);
  });
});

describe('the warning of an oracle', () => {
  it('comes only where its solver has not converged', () => {
    expect(solverWarning(undefined)).toBeUndefined();
    expect(solverWarning(oracle)).toBeUndefined();
    const vague = oracle && { ...oracle, solution: { converged: false, iterations: 12, residual: 0.5 } };
    expect(solverWarning(vague)).toMatch(/residual 0\.5000 after 12 iterations/);
  });
});
