import { beforeAll, describe, expect, it } from 'vitest';
import { runResults } from '../commands/summary.ts';
import type { Report } from './page.ts';
import { type RunReportOptions, runPageData, runReportPage } from './run-report.ts';
import { sweepPageData, sweepReportPage } from './sweep-report.ts';
import { readMarkup, runOptions } from './test-fixtures.ts';

let options: RunReportOptions;
let data: Report;
beforeAll(async () => {
  options = await runOptions();
  data = runPageData(options);
});

const row = (section: number, name: string) =>
  data.settings[section].rows.find((found) => found.name === name);

describe('the page of a run', () => {
  it('has the numbers of the final table, cell by cell', () => {
    const cells = readMarkup(runReportPage(options)).filter(
      ({ name, within }) => ['th', 'td'].includes(name) && within.includes('tbody'),
    );
    const { rows, header } = runResults(options);
    const expected = rows.flatMap((cellsOf) => header.map((_, j) => (cellsOf[j] ?? '').trim()));
    expect(cells.slice(0, expected.length).map(({ text }) => text)).toEqual(expected);
  });

  it('says what was run and how to run it again, with the commit and the versions', () => {
    const text = readMarkup(runReportPage(options))
      .filter(({ name }) => name === 'main')
      .map((main) => main.text)
      .join();
    expect(text).toContain(options.command);
    expect(text).toContain('package 0.1.0, node v20.20.2, economy 1, commit f79a0f3ca5f0');
    expect(text).toMatch(/endogenous grid, \d+ nodes of capital; converged in \d+ iterations/);
    expect(text).toContain('discountFactor=0.9, batchSize=128');
    expect(data.commands.map(({ text: typed }) => typed)[1]).toMatch(
      /eval.* --run runs\/sac-jesusfv-annual-s1$/,
    );
  });

  it('leaves out what is not known', () => {
    const { versions } = options;
    const bare = runPageData({
      ...options,
      commit: null,
      versions: { ...versions, package: null },
      updatesPerSecond: undefined,
    });
    expect(bare.facts.find(({ name }) => name === 'Versions')?.value).toBe('node v20.20.2, economy 1');
    expect(bare.facts.find(({ name }) => name === 'Time')?.value).toBe('10.0 s in all');
  });

  it('gives every parameter its value, unit, meaning and source, in the order of the calibration', () => {
    const [calibration, settings] = data.settings;
    expect(calibration.rows.map(({ name }) => name)).toEqual(Object.keys(options.economy.calibration));
    expect(settings.rows.map(({ name }) => name)).toEqual(Object.keys(options.settings));
    expect(row(0, 'capitalShare')).toEqual({
      name: 'capitalShare',
      value: '0.333333',
      exact: '0.3333333333333333',
      unit: 'share of output',
      description: 'alpha in output = z k^alpha',
      source: 'Aruoba and Fernández-Villaverde (2015), J. Econ. Dynamics and Control 58',
      changed: undefined,
    });
    expect(row(0, 'action')?.unit).toBe('share | level');
    expect(settings.rows.map(({ exact }) => exact)).toEqual(Object.values(options.settings).map(String));
  });

  it('tells changes by the user, by the calibration, by advice and by the size apart', () => {
    expect(row(0, 'discountFactor')?.changed).toEqual({ standard: '0.95', by: '--set' });
    expect(row(0, 'depreciation')?.changed).toEqual({ standard: '1', by: 'jesusfv/annual' });
    expect(row(0, 'horizon')?.changed).toBeUndefined();
    expect(row(1, 'batchSize')?.changed).toEqual({ standard: '256', by: '--set' });
    expect(row(1, 'targetEntropyFall')?.changed).toEqual({ standard: '0', by: 'advice of jesusfv/annual' });
    const [, large] = runPageData({
      ...options,
      settings: { ...options.settings, bufferSize: 8 } as never,
    }).settings;
    expect(large.rows.find(({ name }) => name === 'bufferSize')?.changed?.by).toBe('--preset quick');
  });

  it('shows all digits where a change would not be seen without them', () => {
    const { economy } = options;
    const calibration = { ...economy.calibration, capitalShare: 0.33333333 };
    const [{ rows }] = runPageData({ ...options, economy: { ...economy, calibration } }).settings;
    const { value, changed } = rows.find(({ name }) => name === 'capitalShare') ?? {};
    expect([value, changed?.standard]).toEqual(['0.33333333', '0.3333333333333333']);
  });

  it('warns once of an oracle that has not converged, whoever says it', () => {
    const { oracle } = options;
    const vague = oracle && { ...oracle, solution: { converged: false, iterations: 12, residual: 0.5 } };
    const [warning] = runResults({ ...options, oracle: vague }).warnings;
    const { warnings } = runPageData({ ...options, oracle: vague, warnings: [warning, 'another'] });
    expect(warnings).toEqual([warning, 'another']);
    expect(warning).toContain('has not converged');
  });

  it('shows figures by section, each once for wide and once for narrow screens, and one of them at a time', () => {
    const elements = readMarkup(runReportPage(options));
    const headings = elements.filter(({ name }) => name === 'h2').map(({ text }) => text);
    expect(headings).toEqual([
      'Results',
      'What was run, and how to repeat it',
      'Learning',
      'Policy',
      'Calibration',
      'Settings of the agents',
      'Data and files',
    ]);
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(ids).toEqual(expect.arrayContaining(['figure-1', 'figure-2']));
    expect(new Set(ids).size).toBe(ids.length);
    const classes = elements.flatMap(({ attributes }) => attributes.class ?? []);
    expect(classes.filter((name) => name === 'drawing for-wide')).toHaveLength(2);
    expect(classes.filter((name) => name === 'drawing for-narrow')).toHaveLength(2);
    const [caption] = elements.filter(({ name }) => name === 'figcaption');
    expect(caption.text).toBe('Figure 1. How far the policy is from the optimum, and what it earns. SVG PNG');
  });

  it('is well formed, loads nothing, and is the same text for the same run', async () => {
    const page = runReportPage(options);
    expect(runReportPage(await runOptions({ summary: options.summary }))).toBe(page);
    expect(page).not.toMatch(/https?:|\bsrc=|url\((?!#)|@import|<script/);
  });
});

describe('the page of several seeds', () => {
  const results = {
    header: ['seed', 'return', 'policy gap', 'time', ''],
    align: ['left', 'right', 'right', 'right', 'left'] as const,
    rows: [
      ['1', '3.978', '0.1053', '10.0 s'],
      ['2', '-', '-', '-', 'failed: exit code 1'],
      ['median', '3.978', '0.1053'],
      ['interquartile mean', '3.978', '0.1053'],
      ['  its 95 % interval', '3.970 .. 3.990', '0.1000 .. 0.1100'],
    ],
    links: ['s1/report.html'],
    notes: ['The interval is a bootstrap of the interquartile mean.'],
  };

  it('has the table as it was given, and each finished seed leads to its own page', () => {
    const sweep = { ...options, seeds: '1-2', preset: null, results, seconds: 71 };
    const elements = readMarkup(sweepReportPage(sweep));
    const cells = elements.filter(
      ({ name, within }) => ['th', 'td'].includes(name) && within.includes('tbody'),
    );
    const expected = results.rows.flatMap((cellsOf) =>
      results.header.map((_, j) => (cellsOf[j] ?? '').trim()),
    );
    expect(cells.slice(0, expected.length).map(({ text }) => text)).toEqual(expected);
    const links = elements.filter(({ name, within }) => name === 'a' && within.includes('tbody'));
    expect(links.map(({ attributes }) => attributes.href)).toEqual(['s1/report.html', 'tables/policy.csv']);
    const { title, byline, facts } = sweepPageData(sweep);
    expect(title).toBe('sac on jesusfv/annual, seeds 1-2');
    expect(byline).toEqual(['with discountFactor=0.9, batchSize=128']);
    expect(facts).toContainEqual({ name: 'Time', value: '1 min 11 s in all' });
  });
});
