/** Parts that the pages of a run and of several seeds share. */
import type { AnyMethod, Chart, Economy, Table } from '../../core/index.ts';
import type { SettingsByOwner } from '../cli/settings.ts';
import type { DataTable, FigureSection, SettingsSection } from './page.ts';
import type { ReportFigure } from './run-report.ts';
import { calibrationRows, methodRows } from './settings.ts';

const SECTIONS = {
  learning: 'Learning',
  policy: 'Policy',
  solution: 'Solution',
  economy: 'The economy',
} as const;

/** Figures by section; sections without any are left out. */
export function figureSections(figures: readonly ReportFigure[]): readonly FigureSection[] {
  return Object.entries(SECTIONS).flatMap(([section, title]) => {
    const own = figures.filter((figure) => figure.section === section);
    if (own.length === 0) return [];
    return [
      {
        title,
        figures: own.map(({ chart, svg, narrow }) => ({
          name: chart.name,
          title: chart.title,
          caption: chart.caption,
          svg,
          narrow,
          alt: altText(chart),
        })),
      },
    ];
  });
}

/** What a chart shows, in words: its panels, their axes, and what is drawn in them. */
export function altText({ title, panels }: Chart): string {
  const texts = panels.map(({ title: panel, x, y, series }) => {
    const names = [...new Set(series.map(({ name }) => name))].join(', ');
    const axes = `${y.label || 'values'} over ${x.label || 'x'}`;
    return `${panel === '' ? '' : `${panel}: `}${axes}${names === '' ? '' : ` (${names})`}`;
  });
  return `Chart. ${title}. ${texts.join('; ')}.`;
}

/** The economy's calibration and the method's settings, each with sources. */
export function settingsSections(options: {
  readonly economy: Economy;
  readonly method: AnyMethod;
  readonly settings: object;
  readonly set: SettingsByOwner;
  readonly preset: string | null;
}): readonly SettingsSection[] {
  const { economy, method } = options;
  return [
    {
      title: 'Calibration',
      caption: `Calibration of ${economy.id}, with sources; what differs from the defaults is marked`,
      rows: calibrationRows(options),
    },
    {
      title: 'Settings of the agents',
      caption: `Settings of ${method.name}, with sources; what differs from the defaults is marked`,
      rows: methodRows(options),
    },
  ];
}

export function dataTables(tables: readonly Table[]): readonly DataTable[] {
  return tables.map(({ name, title, columns }) => ({
    name,
    title,
    rows: columns.length === 0 ? 0 : columns[0].values.length,
    columns: columns.map((column) => column.name),
  }));
}

/** e.g. `package 0.1.0, node v20.19.0, commit f79a0f3ca5f0`; what is not known is left out. */
export function versionsText(
  versions: Readonly<Record<string, string | number | null>>,
  commit: string | null,
): string {
  return Object.entries({ ...versions, commit: commit === null ? null : commit.slice(0, COMMIT_DIGITS) })
    .flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]))
    .join(', ');
}

const COMMIT_DIGITS = 12;
