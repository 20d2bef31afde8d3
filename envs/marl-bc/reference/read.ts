/** Numbers that tests compare with; see README.md in this folder. */
import { readFileSync } from 'node:fs';

/** A row by column name; what is no number is NaN, and in `text`. */
export interface ReferenceRow {
  readonly numbers: Readonly<Record<string, number>>;
  readonly text: Readonly<Record<string, string>>;
}

/** Rows of a file of this folder, e.g. `transition_golden.csv`. */
export function referenceTable(name: string): readonly ReferenceRow[] {
  const [header, ...lines] = readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return {
      numbers: Object.fromEntries(names.map((column, i) => [column, Number(cells[i])])),
      text: Object.fromEntries(names.map((column, i) => [column, cells[i]])),
    };
  });
}

interface ReferenceNumbers {
  readonly deterministic_steady_states: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly risky_steady_state_n1: Readonly<Record<'k' | 'c' | 'l', number>>;
  readonly 'simulated_moments_n1_delta0.025': Readonly<
    Record<string, Readonly<Record<'mean' | 'sd' | 'sd_log_pct', number>>>
  >;
  readonly closed_form_delta1: Readonly<Record<'c_frac' | 'labour' | 'K' | 'Y', number>>;
  readonly welfare_check_delta1_A1_k0_1: Readonly<Record<'at_correct_labour' | 'at_printed_labour', number>>;
}

export const reference = JSON.parse(
  readFileSync(new URL('reference_numbers.json', import.meta.url), 'utf8'),
) as ReferenceNumbers;

interface LimitNumbers {
  readonly K_mean: number;
  readonly gini_capital: number;
  /** Constant and slope of log K' in log K. */
  readonly lom_good: readonly [number, number];
  readonly lom_bad: readonly [number, number];
}

/** The Krusell-Smith limit by law of employment. */
export function limitOf(employmentLaw: 'conditional' | 'redrawn'): LimitNumbers {
  const suffix = employmentLaw === 'redrawn' ? '_altswitch' : '';
  return JSON.parse(readFileSync(new URL(`ks_limit_beta0p95${suffix}.json`, import.meta.url), 'utf8'));
}
