/** Pictures of charts: SVG for pages, PNG for everything else, and the charts of training runs. */
export { type BandsOptions, bandsChart, type RunGroup } from './bands.ts';
export { darkStyle } from './colours.ts';
export { type Drawing, type DrawOptions, drawChart, drawSvg, type PngOptions, svgToPng } from './draw.ts';
export { inWords, type LearningCurveOptions, learningCurves, type MetricsRecord } from './learning-curves.ts';
export type { Layout } from './spec.ts';
