/** Levenshtein's edit distance between two words, by dynamic programming over prefixes. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, substitution));
    }
    row = next;
  }
  return row[b.length];
}

/** The known name nearest to what was typed; undefined if there is none. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const distance = (name: string) => editDistance(typed.toLowerCase(), name.toLowerCase());
  return [...known].sort((a, b) => distance(a) - distance(b))[0];
}

/** `did you mean "x"? Known: a, b, x.` */
export function remedy(typed: string, known: readonly string[]): string {
  const best = nearest(typed, known);
  return best === undefined
    ? 'Nothing is known here.'
    : `Did you mean "${best}"? Known: ${known.join(', ')}.`;
}
