/** What a checker says: every check with how often it passed, every failure with what to do about it. */

/** One thing that is not as it must be. */
export interface CheckFailure {
  /** Name of the check, e.g. `observations lie in their space`. */
  readonly check: string;
  readonly env: string;
  /** e.g. `household_3`; null where no agent is concerned. */
  readonly agent: string | null;
  /** Steps since the reset; null where no step is concerned. */
  readonly step: number | null;
  readonly expected: string;
  readonly actual: string;
  /** What the author may have done, and what to do. */
  readonly hint: string;
}

export interface CheckCount {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Times that an environment did not give what the check needs; never counted as passed. */
  readonly notApplicable: number;
}

export interface CheckReport {
  readonly ok: boolean;
  readonly environments: readonly string[];
  readonly checks: readonly CheckCount[];
  readonly failures: readonly CheckFailure[];
}

/** Where in a run something was seen. */
export interface CheckPlace {
  readonly agent?: string | undefined;
  readonly step?: number | undefined;
}

/** More failures than this of one check on one environment tell nothing new; they are counted, not listed. */
const LISTED_FAILURES = 3;

/** Gathers what the checks on one environment find. */
export class CheckLog {
  readonly env: string;
  readonly #counts = new Map<string, { passed: number; failed: number; notApplicable: number }>();
  readonly #failures: CheckFailure[] = [];

  constructor(env: string) {
    this.env = env;
  }

  pass(check: string): void {
    this.#count(check).passed += 1;
  }

  /** The environment does not give what the check needs. */
  skip(check: string): void {
    this.#count(check).notApplicable += 1;
  }

  fail(
    check: string,
    what: CheckPlace & { readonly expected: string; readonly actual: string; readonly hint: string },
  ): void {
    const count = this.#count(check);
    count.failed += 1;
    if (count.failed > LISTED_FAILURES) return;
    const { agent = null, step = null, expected, actual, hint } = what;
    this.#failures.push({ check, env: this.env, agent, step, expected, actual, hint });
  }

  report(): CheckReport {
    return {
      ok: [...this.#counts.values()].every(({ failed }) => failed === 0),
      environments: [this.env],
      checks: [...this.#counts].map(([name, count]) => ({ name, ...count })),
      failures: [...this.#failures],
    };
  }

  #count(check: string) {
    const count = this.#counts.get(check) ?? { passed: 0, failed: 0, notApplicable: 0 };
    this.#counts.set(check, count);
    return count;
  }
}

/** Several reports as one; counts of checks of the same name are added. */
export function mergeReports(reports: readonly CheckReport[]): CheckReport {
  const counts = new Map<string, CheckCount>();
  for (const { name, passed, failed, notApplicable } of reports.flatMap(({ checks }) => checks)) {
    const before = counts.get(name) ?? { name, passed: 0, failed: 0, notApplicable: 0 };
    counts.set(name, {
      name,
      passed: before.passed + passed,
      failed: before.failed + failed,
      notApplicable: before.notApplicable + notApplicable,
    });
  }
  return {
    ok: reports.every(({ ok }) => ok),
    environments: [...new Set(reports.flatMap(({ environments }) => environments))],
    checks: [...counts.values()],
    failures: reports.flatMap(({ failures }) => failures),
  };
}
