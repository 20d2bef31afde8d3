/** The page of several seeds: their table, what they say together, and the way to each run's own page. */

import { changesByName } from '../cli/settings.ts';
import { formatSeconds } from '../cli/table.ts';
import { changesText } from '../commands/summary.ts';
import { type Report, type ReportTable, reportPage } from './page.ts';
import { dataTables, figureSections, settingsSections, versionsText } from './parts.ts';
import type { CommonReportOptions } from './run-report.ts';

export interface SweepReportOptions extends CommonReportOptions {
  /** As given, e.g. `1-5`. */
  readonly seeds: string;
  readonly preset: string | null;
  /** The table of all seeds, with median, interquartile mean and interval: the same texts as on the terminal. */
  readonly results: Pick<ReportTable, 'header' | 'rows' | 'align' | 'notes'> & {
    /** Path to the page of each row's run from this folder; undefined for rows that are no run, and for failed ones. */
    readonly links: readonly (string | undefined)[];
  };
  /** Wall time of all together; left out where it is not known. */
  readonly seconds?: number | undefined;
}

/** The page of several seeds as text; see `reportPage` for what it throws. */
export function sweepReportPage(options: SweepReportOptions): string {
  return reportPage(sweepPageData(options));
}

/** All that the page of several seeds says. */
export function sweepPageData(options: SweepReportOptions): Report {
  const { economy, method, set, seeds, preset, results, seconds } = options;
  const { figures, tables, warnings, folder, command, next = [], versions, commit, files = [] } = options;
  const { definition, id, version, title } = economy;
  const changes = changesText(changesByName(set, { definition, method }));
  const changed = changes === '' ? [] : [`with ${changes}`];
  return {
    title: `${method.name} on ${id}, seeds ${seeds}`,
    subtitle: title,
    byline: [...(preset === null ? [] : [`size ${preset}`]), ...changed],
    warnings: [...new Set(warnings)],
    results: {
      ...results,
      caption: `Every seed, and what they say together${results.links.some((link) => link !== undefined) ? '; each seed leads to its own page' : ''}`,
    },
    facts: [
      { name: 'Economy', value: `${id}, version ${version}; episodes of ${economy.horizon} periods` },
      {
        name: 'Agents',
        value: `${method.name}: ${method.title}`,
      },
      { name: 'Seeds', value: seeds },
      ...(preset === null ? [] : [{ name: 'Size', value: preset }]),
      { name: 'Changed with --set', value: changes === '' ? 'nothing' : changes },
      ...(seconds === undefined ? [] : [{ name: 'Time', value: `${formatSeconds(seconds)} in all` }]),
      { name: 'Versions', value: versionsText(versions, commit) },
      { name: 'Folder', value: folder },
    ],
    commands: [{ text: command, meaning: 'The same runs again' }, ...next],
    figures: figureSections(figures),
    settings: settingsSections(options),
    tables: dataTables(tables),
    files,
    footer: `Written by equilibrium-gym: ${versionsText(versions, commit)}. This page loads nothing from elsewhere.`,
  };
}
