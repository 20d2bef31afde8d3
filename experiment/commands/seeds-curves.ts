/** Learning curves of several runs together, the distance to the optimum beside the return. */
import type { Axis, Chart } from '../../core/charts.ts';
import { bandsChart, type MetricsRecord, type RunGroup } from '../figures/index.ts';

/** The height of a policy that does not learn. */
export interface Reference {
  readonly name: string;
  readonly source: 'optimal' | 'other';
  readonly policyGap: number | undefined;
  readonly evaluationReturn: number | undefined;
}

export interface CurvesOptions {
  /** Of the chart's files. */
  readonly name: string;
  readonly title: string;
  readonly groups: readonly RunGroup[];
  readonly references: readonly Reference[];
}

const PANELS: readonly {
  readonly metric: 'policyGap' | 'evaluationReturn';
  readonly title: string;
  readonly axis: Axis;
}[] = [
  {
    metric: 'policyGap',
    title: 'Distance to the optimal policy',
    axis: { label: 'policy gap', unit: 'units of the action', scale: 'log' },
  },
  {
    metric: 'evaluationReturn',
    title: 'Return of an episode',
    axis: { label: 'return in evaluations', unit: 'utility' },
  },
];

/** The oracle's own gap is rounding; on a logarithmic axis it would leave the curves no room. */
const SMALLEST_GAP = 1e-9;

const CAPTION =
  'A lower gap is better. All runs are evaluated in the same episodes, so that returns differ by what was learned.';

/**
 * Policy gap and evaluation return against steps, a line and a band for each group. A panel that no run has numbers for is left out;
 * undefined if both are. Invariant: equal records give equal charts.
 */
export function curvesChart({ name, title, groups, references }: CurvesOptions): Chart | undefined {
  const charts = PANELS.filter(({ metric }) => isMeasured(groups, metric)).map((panel) => ({
    ...panel,
    chart: bandsChart({ groups, ...panel, references: heights(references, panel.metric) }),
  }));
  if (charts.length === 0) return undefined;
  const [{ chart }] = charts;
  return {
    name,
    title,
    caption: `${chart.caption} ${CAPTION}`,
    panels: charts.flatMap((one) => one.chart.panels.map((panel) => ({ ...panel, title: one.title }))),
  };
}

function isMeasured(groups: readonly RunGroup[], metric: string): boolean {
  const records: readonly MetricsRecord[] = groups.flatMap(({ runs }) => runs.flat());
  return records.some((record) => typeof record[metric] === 'number');
}

function heights(references: readonly Reference[], metric: 'policyGap' | 'evaluationReturn') {
  return references.flatMap(({ name, source, [metric]: value }) => {
    const isDrawn = value !== undefined && Number.isFinite(value);
    if (!isDrawn || (metric === 'policyGap' && value < SMALLEST_GAP)) return [];
    return [{ name, source, value }];
  });
}
