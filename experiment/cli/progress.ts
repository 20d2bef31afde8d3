/** How far a run is: a bar on a terminal, plain lines elsewhere, messages to a parent that runs several seeds. */
import type { Output } from './command.ts';
import { type ParentLink, parentLink } from './parent.ts';
import { formatCount, formatNumber, formatSeconds } from './table.ts';

export interface ProgressUpdate {
  readonly step: number;
  /** Distance to the optimum when last measured; undefined where there is no oracle. */
  readonly policyGap: number | undefined;
}

export interface ProgressDisplay {
  update(update: ProgressUpdate): void;
  /** Leaves the last state of the display standing. */
  stop(): void;
}

export interface ProgressOptions {
  /** Undefined: no display; a parent that runs several seeds is told instead. */
  readonly output: Output | undefined;
  readonly steps: number;
  /** Steps already done when the display begins. */
  readonly from?: number;
  /** Milliseconds; a test passes its own. */
  readonly clock?: () => number;
}

/** Plain lines are written each time another such share of the steps is done. */
const SHARE_PER_LINE = 0.1;
/** The bar is redrawn no more often than this, in milliseconds. */
const REDRAW_INTERVAL = 100;

/** The display that suits the output. The clock is read for display alone. */
export async function progressDisplay(options: ProgressOptions): Promise<ProgressDisplay> {
  const { output } = options;
  if (output === undefined) return messages(options, parentLink());
  const rate = speedometer(options);
  return output.isTTY === true ? bar(options, output, rate) : lines(options, output, rate);
}

/** Messages no thicker than a display would be redrawn, and one at either end. */
function messages(options: ProgressOptions, parent: ParentLink | undefined): ProgressDisplay {
  if (parent === undefined) return { update: () => {}, stop: () => {} };
  const { steps, from = 0, clock = () => performance.now() } = options;
  let last: ProgressUpdate = { step: from, policyGap: undefined };
  let sent = clock();
  parent.send({ ...last, steps });
  return {
    update(update) {
      last = update;
      const now = clock();
      if (now - sent < REDRAW_INTERVAL) return;
      sent = now;
      parent.send({ ...last, steps });
    },
    stop() {
      parent.send({ ...last, steps });
      parent.release();
    },
  };
}

interface Speed {
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** Mean speed since the start. */
function speedometer({
  steps,
  from = 0,
  clock = () => performance.now(),
}: ProgressOptions): (step: number) => Speed {
  const start = clock();
  return (step) => {
    const stepsPerSecond = (step - from) / Math.max(1e-3, (clock() - start) / 1000);
    return { stepsPerSecond, secondsLeft: stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : Infinity };
  };
}

function lines(
  { steps, from = 0 }: ProgressOptions,
  output: Output,
  rate: (step: number) => Speed,
): ProgressDisplay {
  let next = nextLine(from, steps);
  return {
    update({ step, policyGap }) {
      if (step < next) return;
      next = nextLine(step, steps);
      const share = `${Math.round((100 * step) / steps)} %`.padStart(5);
      output.write(
        `${share}  step ${formatCount(step)} of ${formatCount(steps)}  ${remarks(rate(step), policyGap)}\n`,
      );
    },
    stop() {},
  };
}

function nextLine(step: number, steps: number): number {
  const done = Math.floor(step / (SHARE_PER_LINE * steps) + 1e-9);
  return Math.min(steps, Math.ceil((done + 1) * SHARE_PER_LINE * steps - 1e-9));
}

async function bar(
  options: ProgressOptions,
  output: Output,
  rate: (step: number) => Speed,
): Promise<ProgressDisplay> {
  const { default: cliProgress } = await import('cli-progress');
  const { steps, from = 0, clock = () => performance.now() } = options;
  const display = new cliProgress.SingleBar({
    format: '{bar} {percentage} %  {value}/{total}  {remarks}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    stream: output as NodeJS.WritableStream,
    hideCursor: true,
    // Signals are the run's: it writes a checkpoint first.
    gracefulExit: false,
  });
  display.start(steps, from, { remarks: '' });
  let drawn = Number.NEGATIVE_INFINITY;
  let last: ProgressUpdate = { step: from, policyGap: undefined };
  const draw = () => display.update(last.step, { remarks: remarks(rate(last.step), last.policyGap) });
  return {
    update(update) {
      last = update;
      const now = clock();
      if (now - drawn < REDRAW_INTERVAL) return;
      drawn = now;
      draw();
    },
    stop() {
      draw();
      display.stop();
    },
  };
}

function remarks({ stepsPerSecond, secondsLeft }: Speed, policyGap: number | undefined): string {
  const left = Number.isFinite(secondsLeft) ? `${formatSeconds(secondsLeft)} left` : '';
  const gap = policyGap === undefined ? '' : `policy gap ${formatNumber(policyGap, 3)}`;
  return [`${formatCount(stepsPerSecond)} steps/s`, left, gap].filter((text) => text !== '').join('  ');
}
