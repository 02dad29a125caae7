import { HoldfastError } from '@holdfast/core';

const INTERRUPTED = 130;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What of `process` this needs. */
interface SignalledProcess {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

export interface StopWatch extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * The first Ctrl-C (SIGTERM, SIGHUP) aborts `signal` and calls `onFirst`: the run ends in good order. The next one calls `onSecond`
 * and ends the program at once. Signals of `ignored` have no effect.
 */
export function watchStopSignals(
  target: SignalledProcess,
  ignored: ReadonlySet<string>,
  onFirst: () => void,
  onSecond: () => void,
): StopWatch {
  const controller = new AbortController();
  const listeners = stopSignals.map((name) => {
    const listener = (): void => {
      if (ignored.has(name)) return;
      if (controller.signal.aborted) {
        onSecond();
        target.exit(INTERRUPTED);
        return;
      }
      controller.abort(new HoldfastError('interrupted', `Interrupted by ${name}.`));
      onFirst();
    };
    target.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const { name, listener } of listeners) target.off(name, listener);
    },
  };
}
