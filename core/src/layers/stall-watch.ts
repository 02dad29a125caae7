import type { Clock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { Call } from './layer.ts';

/** Why a sleep ends before its time. One for all of them: making an error with its stack costs more than all the rest of a call. */
const sleepEnded = new Error('Nothing is under way any more.');

/**
 * Looks every `everyMs` at all calls under way, so that a chunk that moves costs one look at the clock and no timer. A stall is
 * noticed at most `everyMs` late.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #calls = new Set<Watched>();
  #looking: AbortController | undefined;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  start(call: Call, limitMs: number, onStall: (reason: HoldfastError) => void): Watched {
    const watched = new Watched(call, limitMs, this.#clock, onStall, () => this.#stop(watched));
    this.#calls.add(watched);
    if (this.#looking === undefined) void this.#look((this.#looking = new AbortController()));
    return watched;
  }

  #stop(watched: Watched): void {
    this.#calls.delete(watched);
    if (this.#calls.size > 0) return;
    this.#looking?.abort(sleepEnded);
    this.#looking = undefined;
  }

  async #look({ signal }: AbortController): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.#clock.sleep(this.#everyMs, signal);
        for (const watched of this.#calls) watched.check();
      }
    } catch {
      // Nothing is under way any more: the sleep was ended.
    }
  }
}

/** One call that must not stand still. */
export class Watched implements Disposable {
  /** Milliseconds without movement that make a stall. */
  limitMs: number;
  stalled = false;
  readonly #call: Call;
  readonly #clock: Clock;
  readonly #onStall: (reason: HoldfastError) => void;
  readonly #onEnd: () => void;
  #movedMs: number;
  #pauses = 0;
  #reject: ((reason: HoldfastError) => void) | undefined;

  constructor(call: Call, limitMs: number, clock: Clock, onStall: (reason: HoldfastError) => void, onEnd: () => void) {
    this.limitMs = limitMs;
    this.#call = call;
    this.#clock = clock;
    this.#onStall = onStall;
    this.#onEnd = onEnd;
    this.#movedMs = clock.monotonicMs();
  }

  /** What `answer` settles as, or a rejection with `timed-out`. One at a time. */
  settle<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      answer.then(resolve, reject);
    });
  }

  /** The destination waits for us, until `resume`; several may at once. */
  pause(): void {
    this.#pauses++;
  }

  resume(): void {
    this.#pauses--;
    this.#movedMs = this.#clock.monotonicMs();
  }

  check(): void {
    const stillMs = this.#clock.monotonicMs() - this.#movedMs;
    if (this.stalled || this.#pauses > 0 || stillMs < this.limitMs) return;
    this.stalled = true;
    const { name, key } = this.#call;
    const seconds = Math.round(stillMs / 1000);
    const error = new HoldfastError('timed-out', `The destination did not move for ${seconds} s (${name} "${key}").`, {
      path: key,
    });
    this.#onStall(error);
    this.#reject?.(error);
  }

  [Symbol.dispose](): void {
    this.#onEnd();
  }
}
