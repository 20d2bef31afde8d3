/** How far several runs are together: one display on a terminal, few plain lines elsewhere. */
import type { Output } from '../cli/command.ts';
import type { ProgressMessage } from '../cli/parent.ts';
import { formatCount, formatNumber, formatSeconds } from '../cli/table.ts';

export interface SeedsDisplay {
  /** A seed's process has been started. */
  begin(seed: number): void;
  /** It says how far it is. */
  update(seed: number, message: ProgressMessage): void;
  end(seed: number, how: 'finished' | 'failed'): void;
  /** A remark, above the display where it stands on a terminal. */
  log(text: string): void;
  /** Leaves the last overall state standing. */
  stop(): void;
}

export interface SeedsDisplayOptions {
  /** Undefined: no display. */
  readonly output: Output | undefined;
  readonly seeds: readonly number[];
  /** Those that an earlier command has finished. */
  readonly finished: readonly number[];
  /** How many run at once. */
  readonly threads: number;
  /** Takes remarks where no display stands in the way. */
  readonly warn: (text: string) => void;
  /** Milliseconds; a test passes its own. */
  readonly clock?: () => number;
}

/** Plain lines are written each time another such share of all steps is done. */
const SHARE_PER_LINE = 0.1;
/** Running seeds named in a plain line; the counts say how many there are. */
const SEEDS_PER_LINE = 8;
/** Lines of a terminal that the display leaves to others. */
const ROWS_LEFT = 6;
/** Speed and time left are told once such a share of a run has been done. */
const SHARE_FOR_SPEED = 0.02;
const BAR_WIDTH = 24;

/** The display that suits the output. The clock is read for display alone. */
export async function seedsDisplay(options: SeedsDisplayOptions): Promise<SeedsDisplay> {
  const { output, warn } = options;
  const tally = new Tally(options);
  if (output === undefined) return silent(warn);
  return output.isTTY === true ? bars(options, output, tally) : lines(options, output, tally);
}

interface Run {
  state: 'waiting' | 'running' | 'finished' | 'failed';
  /** Step at which this command found it. */
  from: number;
  step: number;
  policyGap: number | undefined;
}

/** What is known of every run. */
class Tally {
  readonly #runs: ReadonlyMap<number, Run>;
  readonly #clock: () => number;
  readonly #start: number;
  /** Of each run; all have the same. Undefined until one has said it. */
  #steps: number | undefined;

  constructor({ seeds, finished, clock = () => performance.now() }: SeedsDisplayOptions) {
    this.#runs = new Map(
      seeds.map((seed) => {
        const state = finished.includes(seed) ? 'finished' : 'waiting';
        return [seed, { state, from: Number.NaN, step: 0, policyGap: undefined }];
      }),
    );
    this.#clock = clock;
    this.#start = clock();
  }

  begin(seed: number): void {
    this.#run(seed).state = 'running';
  }

  update(seed: number, { step, steps, policyGap }: ProgressMessage): void {
    const run = this.#run(seed);
    if (Number.isNaN(run.from)) run.from = step;
    run.step = step;
    run.policyGap = policyGap ?? run.policyGap;
    this.#steps = steps;
  }

  end(seed: number, how: 'finished' | 'failed'): void {
    const run = this.#run(seed);
    run.state = how;
    if (how === 'finished') run.step = this.#steps ?? 0;
  }

  /** Of all steps of all runs, from 0 to 1; those that a failed run leaves undone count as done. */
  get share(): number {
    let sum = 0;
    for (const run of this.#runs.values()) sum += this.#shareOf(run);
    return sum / this.#runs.size;
  }

  /** Counts, speed and time left. */
  get remarks(): string {
    const runs = [...this.#runs.values()];
    const count = (state: Run['state']) => runs.filter((run) => run.state === state).length;
    const failed = count('failed');
    const counts =
      `${count('finished')} of ${runs.length} finished, ${count('running')} running` +
      (failed === 0 ? '' : `, ${failed} failed`);
    const steps = this.#steps ?? 0;
    const done = runs.reduce((sum, { from, step }) => sum + (Number.isNaN(from) ? 0 : step - from), 0);
    const left = runs.reduce((sum, run) => sum + (1 - this.#shareOf(run)) * steps, 0);
    const speed = done / Math.max(1e-3, (this.#clock() - this.#start) / 1000);
    // The start of processes is no measure of how fast they will be.
    if (done < SHARE_FOR_SPEED * steps || speed === 0) return counts;
    const time = left === 0 ? '' : `  ${formatSeconds(left / speed)} left`;
    return `${counts}  ${formatCount(speed)} steps/s${time}`;
  }

  /** Seeds that run now. */
  get running(): readonly number[] {
    return [...this.#runs].filter(([, { state }]) => state === 'running').map(([seed]) => seed);
  }

  shareOf(seed: number): number {
    return this.#shareOf(this.#run(seed));
  }

  gapText(seed: number): string {
    const { policyGap } = this.#run(seed);
    return policyGap === undefined ? '' : `gap ${formatNumber(policyGap, 3)}`;
  }

  #shareOf({ state, step }: Run): number {
    if (state === 'finished' || state === 'failed') return 1;
    return this.#steps === undefined ? 0 : Math.min(1, step / this.#steps);
  }

  #run(seed: number): Run {
    const run = this.#runs.get(seed);
    if (run === undefined) throw new Error(`seeds: there is no run of seed ${seed}.`);
    return run;
  }
}

function silent(warn: (text: string) => void): SeedsDisplay {
  return { begin() {}, update() {}, end() {}, log: warn, stop() {} };
}

function lines({ warn }: SeedsDisplayOptions, output: Output, tally: Tally): SeedsDisplay {
  const tenths = () => Math.floor(tally.share / SHARE_PER_LINE + 1e-9);
  let written = tenths();
  const write = () => {
    if (tenths() <= written) return;
    written = tenths();
    const { running } = tally;
    const named = running.slice(0, SEEDS_PER_LINE).map((seed) => {
      const gap = tally.gapText(seed);
      return `seed ${seed} ${percent(tally.shareOf(seed))}${gap === '' ? '' : ` (${gap})`}`;
    });
    const seeds = `${named.join(', ')}${running.length > SEEDS_PER_LINE ? ', ...' : ''}`;
    output.write(
      `${percent(tally.share).padStart(5)}  ${tally.remarks}${seeds === '' ? '' : `  ${seeds}`}\n`,
    );
  };
  return {
    begin: (seed) => tally.begin(seed),
    update(seed, message) {
      tally.update(seed, message);
      write();
    },
    end(seed, how) {
      tally.end(seed, how);
      write();
    },
    log: warn,
    stop() {},
  };
}

async function bars(options: SeedsDisplayOptions, output: Output, tally: Tally): Promise<SeedsDisplay> {
  const { default: cliProgress } = await import('cli-progress');
  const { rows = 24 } = output as { readonly rows?: number };
  const slots = Math.max(0, Math.min(options.threads, rows - ROWS_LEFT));
  const display = new cliProgress.MultiBar({
    format: (_options, _params, payload: { readonly line: number }) => textOf(payload.line),
    stream: output as NodeJS.WritableStream,
    hideCursor: true,
    // Signals are the command's: the runs save first.
    gracefulExit: false,
    clearOnComplete: true,
    // Lines are made when they are drawn; nothing about a bar changes in between.
    forceRedraw: true,
  });
  const textOf = (line: number): string => {
    if (line === 0) return `${bar(tally.share)}  ${tally.remarks}`;
    const seed = tally.running[line - 1];
    return seed === undefined
      ? ''
      : `${bar(tally.shareOf(seed))}  seed ${seed}  ${tally.gapText(seed)}`.trimEnd();
  };
  for (let line = 0; line <= slots; line++) display.create(1, 0, { line });
  return {
    begin: (seed) => tally.begin(seed),
    update: (seed, message) => tally.update(seed, message),
    end: (seed, how) => tally.end(seed, how),
    log: (text) => display.log(`${text}\n`),
    stop() {
      // What was logged since the last redraw is written by another one.
      display.update();
      display.stop();
      output.write(`${textOf(0)}\n`);
    },
  };
}

function bar(share: number): string {
  const full = Math.floor(share * BAR_WIDTH + 1e-9);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${percent(share).padStart(5)}`;
}

/** Rounded down: 100 % is the end. */
function percent(share: number): string {
  return `${Math.floor(100 * share + 1e-9)} %`;
}
