/** What `--help --env ID` adds: every setting of an economy and of a method. */
import { z } from 'zod';
import type { AnyEconomyDefinition, AnyMethod } from '../../core/index.ts';
import { rangeText, type Schema } from '../../core/schema-text.ts';
import { formatTable } from './table.ts';

/** The settings of both, with default, range, unit, meaning and source, and the named calibrations and presets. */
export function settingsHelp(owners: {
  readonly definition: AnyEconomyDefinition;
  readonly method: AnyMethod;
}): string {
  const { definition, method } = owners;
  const { id, calibrations = {} } = definition;
  const title = definition.title.replace(/\.$/, '');
  const named = Object.entries(calibrations).map(([name, changes]) => [
    `${id}/${name}`,
    changesText(changes),
  ]);
  const presets = Object.entries(method.presets).map(([name, { steps, settings }]) => [
    `--preset ${name}`,
    changesText({ steps, ...settings }),
  ]);
  const sections = [
    `Settings of ${id} (${title}), for --set:\n${settingsTable(definition.calibration)}`,
    ...(named.length === 0
      ? []
      : [`Calibrations, for --env:\n${indented(formatTable(named, { align: ['left', 'left'] }))}`]),
    `Settings of ${method.name} (${method.title}), for --set:\n${settingsTable(method.settings)}`,
    ...(presets.length === 0
      ? []
      : [`Sizes:\n${indented(formatTable(presets, { align: ['left', 'left'] }))}`]),
  ];
  return sections.join('\n\n');
}

function settingsTable(schema: z.ZodType): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Schema>;
  };
  return Object.entries(properties)
    .map(([name, setting]) => {
      const { description, unit, source } = setting;
      const range = rangeText(setting);
      const facts = [
        `default ${JSON.stringify(setting.default)?.replaceAll('"', '') ?? 'none'}`,
        ...(range === '' ? [] : [range]),
        ...(unit === undefined || unit === '' ? [] : [unit]),
      ].join('; ');
      const lines = [
        `${name}: ${facts}`,
        ...wrap(description ?? ''),
        ...wrap(source === undefined ? '' : `Source: ${source}`),
      ];
      return lines.map((line, i) => (i === 0 ? `  ${line}` : `      ${line}`)).join('\n');
    })
    .join('\n');
}

const LINE_WIDTH = 94;

/** Words set in lines; no line for no words. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= LINE_WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function changesText(changes: object): string {
  return Object.entries(changes)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
