import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { elapsedMs, type Moment, momentOf } from '../values/moment.ts';
import { type LockObject, readLockObject, withLockContent } from './lock-object.ts';
import type { LockTimes } from './lock-times.ts';

export interface HeldLockOptions {
  readonly destination: Destination;
  readonly key: RelPath;
  readonly clock: Clock;
  readonly times: LockTimes;
}

/**
 * A lock object that this process holds and keeps fresh. It is lost when another id stands in it, when it is gone, and when it could not be
 * proved for too long: this process stood still, the machine slept, or the destination does not answer. What is lost stays lost.
 */
export class HeldLock implements AsyncDisposable {
  readonly #options: HeldLockOptions;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  readonly #working: readonly Promise<void>[];
  #object: LockObject;
  /** When it was last proved to be ours: right before the call that proved it was made. */
  #proved: Moment;

  /** `object` stands at the key; the call that put it there was made at `asked`. */
  constructor(object: LockObject, asked: Moment, options: HeldLockOptions) {
    this.#object = object;
    this.#proved = asked;
    this.#options = options;
    this.#working = [this.#keepFresh(), this.#watch()];
  }

  /** Aborts when it is known to be lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  isLost(): boolean {
    return this.#lost.signal.aborted || this.#unprovedMs() >= this.#options.times.fenceMs;
  }

  /** Removes the object, where it is still ours. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await Promise.all(this.#working);
    if (this.isLost()) return;
    const { destination, key } = this.#options;
    const found = await readLockObject(destination, key, {});
    if (found?.id === this.#object.id && !this.isLost()) await destination.remove(key, {});
  }

  /** By the clock that says more. */
  #unprovedMs(): number {
    return elapsedMs(this.#proved, this.#options.clock);
  }

  async #keepFresh(): Promise<void> {
    const { clock, times } = this.#options;
    const over = AbortSignal.any([this.#stop.signal, this.#lost.signal]);
    for (let waitMs = times.refreshMs; ; ) {
      try {
        await clock.sleep(waitMs, over);
        waitMs = times.refreshMs / 4;
        await this.#refresh(over);
        waitMs = times.refreshMs;
      } catch (error) {
        if (over.aborted) return;
        // Whatever else failed may pass; the watch ends it when it does not.
        if (error instanceof TakenError) return this.#lose(error.message);
      }
    }
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { destination, key } = this.#options;
    const asked = momentOf(this.#options.clock);
    const found = await readLockObject(destination, key, { signal });
    if (found?.id !== this.#object.id)
      throw new TakenError(found === undefined ? 'somebody removed it' : `${found.holder} took it`);
    if (this.isLost()) return;
    const next = { ...this.#object, count: this.#object.count + 1 };
    await withLockContent(next, (content) => destination.write(key, content, { signal }));
    this.#object = next;
    this.#proved = asked;
  }

  async #watch(): Promise<void> {
    const { clock, times } = this.#options;
    const over = AbortSignal.any([this.#stop.signal, this.#lost.signal]);
    try {
      for (;;) {
        await clock.sleep(Math.max(1, times.fenceMs - this.#unprovedMs()), over);
        if (this.#unprovedMs() >= times.fenceMs)
          return this.#lose(`it could not be proved for ${Math.round(this.#unprovedMs() / 1000)} s`);
      }
    } catch {
      // It is over.
    }
  }

  #lose(why: string): void {
    const { destination } = this.#options;
    this.#lost.abort(new HoldfastError('fenced', `The lock of ${destination.traits.displayName} was lost: ${why}.`));
  }
}

/** Another one has it. */
class TakenError extends Error {}
