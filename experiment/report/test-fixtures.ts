/** For the tests of this folder: a strict reader of markup, a hostile report, and the page of a run of the suite. */
import { sac } from '../../agents/sac/index.ts';
import type { Chart, Evaluation, Table } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { methodSettings } from '../cli/settings.ts';
import { runSummary } from '../commands/summary.ts';
import { drawSvg } from '../figures/draw.ts';
import { noBackend } from '../test-fixtures.ts';
import type { Report } from './page.ts';
import type { ReportFigure, RunReportOptions } from './run-report.ts';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the elements around it, the outermost first. */
  readonly within: readonly string[];
  /** Text directly in it and in what it holds, references resolved. */
  text: string;
}

const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/**
 * The elements of a page that is well-formed XML but for its document type. Throws for a tag that is not closed, an attribute without
 * quotes or given twice, a stray `<` or `&`: stricter than HTML, so that no browser has anything to repair.
 */
export function readMarkup(page: string): readonly Element[] {
  const body = page.replace(/^<!DOCTYPE html>\n/, '');
  const elements: Element[] = [];
  const open: Element[] = [];
  for (let at = 0; at < body.length; at = TAG.lastIndex) {
    TAG.lastIndex = at;
    const match = TAG.exec(body);
    if (match === null) throw new Error(`not well formed: ${body.slice(at, at + 80)}`);
    const [, slash, name, attributes, isEmpty, words] = match;
    if (words !== undefined) for (const element of open) element.text += plain(words);
    else if (slash !== '') {
      const last = open.pop();
      if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}>`);
    } else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        plain(value),
      ]);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length)
        throw new Error(`an attribute twice: ${match[0]}`);
      const element = {
        name,
        attributes: Object.fromEntries(pairs),
        within: open.map((outer) => outer.name),
        text: '',
      };
      elements.push(element);
      if (isEmpty === '') open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`<${open[open.length - 1].name}> is not closed`);
  return elements;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function plain(text: string): string {
  return text.replace(/&([^;\s]{0,6};?)/g, (reference, name: string) => {
    const character = NAMED[name.slice(0, -1)];
    if (character === undefined || !name.endsWith(';')) throw new Error(`stray reference ${reference}`);
    return character;
  });
}

/** A drawing as small as one can be. */
export const SMALL_SVG = '<svg viewBox="0 0 40 30"><path d="M0,0h40" stroke="#0072b2"/></svg>';

/** Texts that try to become something else. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  ']]><!--',
  '&lt;b&gt; &amp; &#60;',
  'javascript:alert(1)',
  '</style><script>',
  'null\u0000byte',
  'right\u202Eto left',
  '\ud800 alone',
];

/** A report in which every text is this one. */
export function reportOf(text: string): Report {
  return {
    title: text,
    subtitle: text,
    byline: [text],
    warnings: [text],
    results: { caption: text, header: ['', text], rows: [[text, text]], links: [text], notes: [text] },
    facts: [{ name: text, value: text }],
    commands: [{ text, meaning: text }],
    figures: [
      { title: text, figures: [{ name: text, title: text, caption: text, svg: SMALL_SVG, alt: text }] },
    ],
    settings: [
      {
        title: text,
        caption: text,
        rows: [
          {
            name: text,
            value: text,
            exact: text,
            unit: text,
            description: text,
            source: text,
            changed: { standard: text, by: text },
          },
        ],
      },
    ],
    tables: [{ name: text, title: text, rows: 3, columns: [text] }],
    files: [{ path: text, meaning: text }],
    footer: text,
  };
}

const evaluation: Evaluation = {
  return: 3.9779,
  returns: { household: 3.9779 },
  oracle: {
    method: 'endogenous grid, 413 nodes of capital',
    policyGap: 0.10528,
    policyGaps: { consumptionShare: 0.10528 },
    constantGap: 0.016523,
    correlations: { consumptionShare: -0.90878 },
    welfareLossPercent: 2.7926,
    eulerError: { mean: -0.84376, max: -0.63993 },
    return: 6.80278,
  },
};

const STEPS = Array.from({ length: 40 }, (_, i) => 75 * (i + 1));
const steps = { label: 'environment steps', unit: '' };

const charts: readonly (Pick<ReportFigure, 'section'> & { readonly chart: Chart })[] = [
  {
    section: 'learning',
    chart: {
      name: 'learning-curves',
      title: 'Learning curves',
      caption: 'How far the policy is from the optimum, and what it earns.',
      panels: [
        {
          title: 'Policy gap',
          x: steps,
          y: { label: 'policy gap', unit: 'share of resources' },
          series: [
            { kind: 'line', name: 'learned', x: STEPS, y: STEPS.map((step) => 0.6 * Math.exp(-step / 900)) },
            { kind: 'reference', name: 'best constant', source: 'other', x: [], y: [0.0165] },
          ],
        },
        {
          title: 'Episode return',
          x: steps,
          y: { label: 'return', unit: 'utility' },
          series: [
            {
              kind: 'line',
              name: 'learned',
              x: STEPS,
              y: STEPS.map((step) => 4 - 50 * Math.exp(-step / 700)),
            },
            { kind: 'reference', name: 'optimum', source: 'optimal', x: [], y: [6.8] },
          ],
        },
      ],
    },
  },
  {
    section: 'policy',
    chart: {
      name: 'policy',
      title: 'Policy over capital',
      caption: 'Consumption as a share of resources, learned and optimal.',
      names: 'ordered',
      panels: [
        {
          title: '',
          x: { label: 'capital', unit: 'units of the good' },
          y: { label: 'consumption', unit: 'share of resources' },
          series: ['low productivity', 'high productivity'].flatMap((name, level) => [
            { kind: 'line', name, x: [2, 3, 4, 5], y: [0.3, 0.29, 0.27, 0.26].map((y) => y + level / 50) },
            {
              kind: 'line',
              name,
              source: 'optimal',
              x: [2, 3, 4, 5],
              y: [0.31, 0.285, 0.27, 0.26].map((y) => y + level / 60),
            },
          ]),
        },
      ],
    },
  },
];

const policyTable: Table = {
  name: 'policy',
  title: 'Policy on a grid of states, learned and optimal',
  columns: ['capital', 'productivity', 'learned.consumptionShare', 'optimal.consumptionShare'].map(
    (name) => ({
      name,
      label: name,
      unit: '',
      values: new Float64Array(505),
    }),
  ),
};

/** What the command knows of a run of soft actor-critic on `jesusfv/annual` with a changed setting, its charts drawn. */
export async function runOptions(changes: Partial<RunReportOptions> = {}): Promise<RunReportOptions> {
  const set = { env: { discountFactor: '0.9' }, method: { batchSize: '128' } };
  const economy = environments.economy('jesusfv/annual', set.env);
  const oracle = economy.oracle();
  const figures = await Promise.all(
    charts.map(async (figure) => ({
      ...figure,
      svg: await drawSvg(figure.chart),
      narrow: await drawSvg(figure.chart, { layout: 'narrow' }),
    })),
  );
  const folder = 'runs/sac-jesusfv-annual-s1';
  const summary = runSummary({
    command: 'train/sac.ts',
    economy,
    preset: 'quick',
    set: { discountFactor: '0.9', batchSize: '128' },
    agent: 'sac',
    seed: 1,
    steps: 3000,
    run: folder,
    backend: noBackend,
    oracle,
    evaluation,
  });
  return {
    summary: { ...summary, seconds: 10 },
    economy,
    oracle,
    method: sac,
    settings: methodSettings({ method: sac, economy, preset: {}, set: set.method }),
    set,
    updatesPerSecond: 1520,
    figures,
    tables: [policyTable],
    warnings: ['the learner has made few updates'],
    folder,
    command:
      'npx tsx train/sac.ts --env jesusfv/annual --steps 3000 --set discountFactor=0.9 --set batchSize=128',
    commit: 'f79a0f3ca5f0016b65f4411c60dfeb9825b2e14e',
    versions: { package: '0.1.0', node: 'v20.20.2', economy: 1 },
    ...changes,
  };
}
