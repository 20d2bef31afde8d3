import { expect, it, vi } from 'vitest';
import { everything } from './chart-fixtures.ts';
import { bandsChart, drawSvg, learningCurves, svgToPng } from './index.ts';

const loaded = vi.hoisted((): string[] => []);
vi.mock('vega', (original) => {
  loaded.push('vega');
  return original();
});
vi.mock('vega-lite', (original) => {
  loaded.push('vega-lite');
  return original();
});
vi.mock('@resvg/resvg-js', (original) => {
  loaded.push('resvg');
  return original();
});

it('the libraries are loaded when a chart is drawn, and resvg when it is to be a PNG', async () => {
  const records = [{ step: 1, policyGap: 0.1 }];
  learningCurves({ records, optimalReturn: null, constantGap: null });
  bandsChart({ groups: [{ name: 'sac', runs: [records] }], metric: 'policyGap' });
  expect(loaded).toEqual([]);
  const svg = await drawSvg(everything);
  expect([...loaded].sort()).toEqual(['vega', 'vega-lite']);
  await svgToPng(svg);
  expect(loaded).toContain('resvg');
});
