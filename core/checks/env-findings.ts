/** What one run of an environment shows to many checks at once. */
import type { CheckContext, Found } from './env-context.ts';
import type { Driver } from './env-driver.ts';
import type { End } from './env-horizon.ts';
import { ENV_CHECKS, type EnvCheckName } from './env-names.ts';
import type { Wrong } from './env-values.ts';
import type { CheckLog } from './report.ts';

const CHECKED: readonly EnvCheckName[] = [
  ENV_CHECKS.reset,
  ENV_CHECKS.steps,
  ENV_CHECKS.keys,
  ENV_CHECKS.form,
  ENV_CHECKS.inSpace,
  ENV_CHECKS.rewards,
  ENV_CHECKS.flags,
  ENV_CHECKS.horizon,
  ENV_CHECKS.infos,
  ENV_CHECKS.lives,
  ENV_CHECKS.state,
  ENV_CHECKS.end,
];

/** What of the checks at hand was seen, and what was wrong: a check that saw nothing does not apply. */
export class Findings {
  readonly #log: CheckLog;
  readonly #seen = new Set<string>();
  readonly #failed = new Set<string>();

  constructor(log: CheckLog) {
    this.#log = log;
  }

  fail(name: EnvCheckName, found: Found): void {
    this.#failed.add(name);
    this.#log.fail(name, found);
  }

  /** Notes that the check was made, and what is wrong, if anything. */
  see(
    name: EnvCheckName,
    wrong: Wrong | undefined,
    place: { readonly agent?: string; readonly step?: number },
  ): void {
    this.#seen.add(name);
    if (wrong !== undefined) this.fail(name, { ...place, ...wrong });
  }

  conclude(): void {
    for (const name of CHECKED) {
      if (this.#failed.has(name)) continue;
      if (this.#seen.has(name)) this.#log.pass(name);
      else this.#log.skip(name);
    }
  }
}

export interface Run {
  readonly context: CheckContext;
  readonly driver: Driver;
  readonly findings: Findings;
  /** Steps of the present episode, by copy. */
  readonly clocks: Int32Array;
  readonly episodes: Int32Array;
  readonly ends: End[];
  errors: number;
  stateForm: string | undefined;
}
