import { describe, expect, it } from 'vitest';
import { checkChart } from './check.ts';
import { inWords, learningCurves, type MetricsRecord } from './learning-curves.ts';

const records: readonly MetricsRecord[] = [
  { step: 10, episodes: 0, episodeLength: null, episodeReturn: null, policyGap: 0.5 },
  { step: 20, episodes: 2, episodeLength: 50, episodeReturn: -9, criticLoss: 4, policyGap: 0.1 },
  {
    step: 30,
    episodes: 4,
    episodeLength: 50,
    episodeReturn: -4,
    criticLoss: 0.01,
    policyGap: 0.02,
    evaluationReturn: -3,
  },
  {
    step: 40,
    episodes: 6,
    episodeLength: 50,
    episodeReturn: -3,
    criticLoss: null,
    policyGap: 0.01,
    evaluationReturn: null,
  },
  {
    step: 50,
    episodes: 8,
    episodeLength: 50,
    episodeReturn: -3.5,
    criticLoss: 0.02,
    policyGap: 0.01,
    evaluationReturn: -2,
  },
];

describe('learning curves', () => {
  const charts = learningCurves({ records, optimalReturn: -1.5, constantGap: 0.05 });
  const [gap, returns, metrics] = charts;

  it('are the distance to the optimum, the return, and a panel for every other metric', () => {
    for (const chart of charts) expect(() => checkChart(chart)).not.toThrow();
    expect(charts.map(({ name }) => name)).toEqual([
      'learning-policy-gap',
      'learning-return',
      'learning-metrics',
    ]);
    expect(metrics.panels.map(({ title }) => title)).toEqual(['episode length', 'critic loss, logarithmic']);
  });

  it('show the gap in logarithms, with the gap of the best constant', () => {
    const [{ y, series }] = gap.panels;
    expect(y.scale).toBe('log');
    expect(series[0]).toMatchObject({ x: [10, 20, 30, 40, 50], y: [0.5, 0.1, 0.02, 0.01, 0.01] });
    expect(series[1]).toMatchObject({ kind: 'reference', source: 'other', y: [0.05] });
  });

  it('join evaluations over the records between them, and have the truth as a line', () => {
    const [{ series }] = returns.panels;
    expect(series.map(({ name }) => name)).toEqual(['training episodes', 'evaluation', 'optimal policy']);
    expect(series[1]).toMatchObject({ x: [30, 50], y: [-3, -2] });
    expect(series[2]).toMatchObject({ kind: 'reference', source: 'optimal', y: [-1.5] });
  });

  it('begin a metric where it begins, and break where it was null', () => {
    const [, loss] = metrics.panels;
    expect(loss.series[0].x).toEqual([20, 30, 40, 50]);
    expect(loss.series[0].y).toEqual([4, 0.01, Number.NaN, 0.02]);
    expect(loss.y.scale).toBe('log');
  });

  it('show the second half by itself if the first was far away', () => {
    const long = Array.from({ length: 20 }, (_, i) => ({
      step: i,
      episodeReturn: i < 3 ? -100 : -1 - i / 50,
    }));
    const [{ panels }] = learningCurves({ records: long, optimalReturn: -1, constantGap: null });
    expect(panels.map(({ title }) => title)).toEqual(['whole run', 'second half']);
    expect(panels[1].series[0].x).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(returns.panels).toHaveLength(1);
  });

  it('of an economy without an oracle are what there is', () => {
    const plain = records.map(({ policyGap: _, ...rest }) => rest);
    const names = learningCurves({ records: plain, optimalReturn: null, constantGap: null }).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['learning-return', 'learning-metrics']);
    expect(learningCurves({ records: [], optimalReturn: 1, constantGap: 1 })).toEqual([]);
  });

  it('leave out a best constant that is itself the optimum, which has no logarithm', () => {
    const [{ panels, caption }] = learningCurves({ records, optimalReturn: null, constantGap: 0 });
    expect(panels[0].series).toHaveLength(1);
    expect(caption).not.toContain('dotted');
  });

  it('have a line for each agent type in one panel', () => {
    const two = [1, 2].map((step) => ({
      step,
      'firm.criticLoss': 1,
      'household.criticLoss': 2,
      'firm.episodeReturn': 3,
      'household.episodeReturn': 4,
    }));
    const [back, rest] = learningCurves({ records: two, optimalReturn: null, constantGap: null });
    expect(back.panels[0].series.map(({ name }) => name)).toEqual([
      'firm, training episodes',
      'household, training episodes',
    ]);
    expect(rest.panels).toHaveLength(1);
    expect(rest.panels[0].series.map(({ name, y }) => [name, y])).toEqual([
      ['firm', [1, 1]],
      ['household', [2, 2]],
    ]);
  });

  it('name metrics in words', () => {
    expect(['criticLoss', 'policyGap', 'meanQValue', 'MSE2Loss', 'k_next'].map(inWords)).toEqual([
      'critic loss',
      'policy gap',
      'mean q value',
      'mse2 loss',
      'k next',
    ]);
  });
});
