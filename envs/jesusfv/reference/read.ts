import { readFileSync } from 'node:fs';

/** Rows of a comma-separated file of numbers, by column name; for tests. `url` as from `new URL('x.csv', import.meta.url)`. */
export function readTable(url: URL): readonly Readonly<Record<string, number>>[] {
  const [header, ...lines] = readFileSync(url, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',').map(Number);
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
}
