import type { Clock } from '../../environment/clock.ts';

/**
 * Aborts when `signal` does; once `begin` was called, only `ms` later: what is on its way to a repository is then finished, and what was stored
 * is put on record.
 */
export class GraceSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #over = new AbortController();
  #hasBegun = false;

  constructor(signal: AbortSignal, clock: Clock, ms: number) {
    const stop = async (): Promise<void> => {
      if (this.#hasBegun) await clock.sleep(ms, this.#over.signal);
      this.#controller.abort(signal.reason);
    };
    // A sleep that ends early ends because all is done.
    const onAbort = (): void => void stop().catch(() => undefined);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: this.#over.signal });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }
}
