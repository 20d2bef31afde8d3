/** What `checkEconomy` finds: counts and failures as in every report, and the largest gap of everything that was compared. */
import { show } from '../errors.ts';
import { ECONOMY_CHECKS, type EconomyCheck } from './economy-names.ts';
import { CheckLog, type CheckPlace, type CheckReport } from './report.ts';

/** The largest gap of a quantity that was compared, over all steps. */
export interface EconomyGap {
  readonly check: string;
  readonly env: string;
  readonly quantity: string;
  readonly maxAbs: number;
  /** Relative to `scale`. */
  readonly maxRel: number;
  /** What the largest relative gap was measured against. */
  readonly scale: number;
  readonly tolerance: number;
  /** Numbers compared. */
  readonly n: number;
}

export interface EconomyReport extends CheckReport {
  readonly gaps: readonly EconomyGap[];
}

export interface Comparison extends CheckPlace {
  readonly check: EconomyCheck;
  /** What is compared: `output`, `market for bonds`. */
  readonly quantity: string;
  readonly found: number;
  readonly expected: number;
  /** A gap counts relative to this, or as it is where this is zero. */
  readonly scale: number;
  readonly tolerance: number;
  /** In symbols: `output = consumption + investment`. */
  readonly law: string;
  /** e.g. `under random actions, seed 1`. */
  readonly under: string;
  readonly hint: string;
}

export interface Finding extends CheckPlace {
  readonly expected: string;
  readonly actual: string;
  readonly hint: string;
}

export class EconomyLog {
  readonly #log: CheckLog;
  readonly #applied = new Set<string>();
  readonly #gaps = new Map<string, { -readonly [K in keyof EconomyGap]: EconomyGap[K] }>();

  constructor(env: string) {
    this.#log = new CheckLog(env);
  }

  pass(check: EconomyCheck): void {
    this.#applied.add(check);
    this.#log.pass(check);
  }

  fail(check: EconomyCheck, finding: Finding): void {
    this.#applied.add(check);
    this.#log.fail(check, finding);
  }

  skip(check: EconomyCheck): void {
    this.#applied.add(check);
    this.#log.skip(check);
  }

  /** Passes if |found - expected| <= tolerance * scale; NaN fails. */
  compare(comparison: Comparison): void {
    const { check, quantity, found, expected, tolerance, law, under, hint, ...place } = comparison;
    const abs = Math.abs(found - expected);
    const scale = comparison.scale > 0 ? comparison.scale : 1;
    const rel = Number.isNaN(abs) ? Infinity : abs / scale;
    this.record({ check, quantity, maxAbs: abs, maxRel: rel, scale, tolerance, n: 1 });
    if (rel <= tolerance) {
      this.pass(check);
      return;
    }
    this.fail(check, {
      ...place,
      expected: `${law}: ${quantity} ${show(expected)}, to ${tolerance.toExponential()} of ${show(scale)}`,
      actual: `${found}, off by ${abs.toExponential(1)}, ${rel.toExponential(1)} of the scale, ${under}`,
      hint,
    });
  }

  /** Adds to the largest gap of a quantity. */
  record(gap: Omit<EconomyGap, 'env'>): void {
    const key = `${gap.check}: ${gap.quantity}`;
    const known = this.#gaps.get(key);
    if (known === undefined) {
      this.#gaps.set(key, { ...gap, env: this.#log.env });
      return;
    }
    known.n += gap.n;
    if (!(gap.maxAbs <= known.maxAbs)) known.maxAbs = gap.maxAbs;
    if (gap.maxRel > known.maxRel) {
      known.maxRel = gap.maxRel;
      known.scale = gap.scale;
      known.tolerance = gap.tolerance;
    }
  }

  /** Every check in order; one that never applied is counted once as such. */
  report(): EconomyReport {
    const names: readonly string[] = Object.values(ECONOMY_CHECKS);
    for (const name of names) if (!this.#applied.has(name)) this.#log.skip(name);
    const report = this.#log.report();
    const place = (name: string) => names.indexOf(name);
    return {
      ...report,
      checks: [...report.checks].sort((a, b) => place(a.name) - place(b.name)),
      failures: [...report.failures].sort((a, b) => place(a.check) - place(b.check)),
      gaps: [...this.#gaps.values()].sort((a, b) => place(a.check) - place(b.check)),
    };
  }
}
