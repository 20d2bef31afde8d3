/** Ctrl-C and SIGTERM, asked about instead of obeyed at once. */

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Exit codes by convention: 128 + the signal's number. */
export const SIGNAL_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

export interface SignalWatch {
  /** The first signal that came, if any. */
  caught(): StopSignal | undefined;
  /** Gives signals back their usual effect. */
  release(): void;
}

/** Catches each of the two signals once; the same signal a second time ends the process as usual. */
export function watchSignals(onSignal: (signal: StopSignal) => void = () => {}): SignalWatch {
  let first: StopSignal | undefined;
  const catchSignal = (signal: StopSignal) => {
    first ??= signal;
    onSignal(signal);
  };
  process.once('SIGINT', catchSignal);
  process.once('SIGTERM', catchSignal);
  return {
    caught: () => first,
    release() {
      process.off('SIGINT', catchSignal);
      process.off('SIGTERM', catchSignal);
    },
  };
}
