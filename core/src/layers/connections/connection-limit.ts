import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../environment/clock.ts';

/**
 * After so long in which every slot is held by streams that nobody pulls, one more call is let through, milliseconds: soon where that
 * stays within what the destination serves, late where it does not.
 */
const STUCK_MS = { within: 1000, beyond: 30_000 };
/** Calls that must work, for each slot, before there is one more. */
const CALLS_PER_GROWTH = 8;

/** Leave to make a call. */
export interface Slot extends Disposable {
  /** The limit as it was narrowed when the call began: calls that began before a narrowing do not narrow again. */
  readonly narrowings: number;
}

/**
 * How many calls a destination gets at once: at most `most`. Halved when it says that it is too much (throttled, timed out), once for
 * all calls that were under way; grows back by one at a time. Shared by all who use the destination.
 */
export class ConnectionLimit {
  readonly most: number;
  readonly #clock: Clock;
  /** Set inside of calls that hold a slot: what they wait for must not wait for another. */
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #waiting = new Set<() => void>();
  #current: number;
  #held = 0;
  #idle = 0;
  #narrowings = 0;
  #worked = 0;
  #moves = 0;
  #looking: AbortController | undefined;

  constructor(most: number, clock: Clock) {
    this.most = Math.max(1, Math.floor(most));
    this.#current = this.most;
    this.#clock = clock;
  }

  /** Calls at once, now. */
  get current(): number {
    return this.#current;
  }

  /** Calls under way. */
  get held(): number {
    return this.#held;
  }

  /** Runs what a call that holds a slot calls back. */
  runInside<T>(run: () => T): T {
    return this.#inside.run(true, run);
  }

  /** A slot, as soon as there is one, first come first served; undefined inside of a call that has one. Rejects with the signal's reason. */
  async enter(signal: AbortSignal | undefined): Promise<Slot | undefined> {
    signal?.throwIfAborted();
    if (this.#inside.getStore() === true) return undefined;
    if (this.#held >= this.#current || this.#waiting.size > 0) await this.#wait(signal);
    else this.#held++;
    let left = false;
    const leave = (): void => {
      if (!left) this.#leave();
      left = true;
    };
    return { narrowings: this.#narrowings, [Symbol.dispose]: leave };
  }

  /** A stream that holds a slot is not being pulled, or is again. */
  setIdle(idle: boolean): void {
    this.#moves++;
    this.#idle += idle ? 1 : -1;
    this.#lookForStandstill();
  }

  /** A call worked. */
  widen(): void {
    if (this.#current >= this.most) return;
    if (++this.#worked < this.#current * CALLS_PER_GROWTH) return;
    this.#worked = 0;
    this.#current++;
    this.#admit();
  }

  /** A call was too much. */
  narrow(slot: Slot): void {
    if (slot.narrowings !== this.#narrowings) return;
    this.#narrowings++;
    this.#worked = 0;
    this.#current = Math.max(1, Math.floor(this.#current / 2));
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal?.removeEventListener('abort', stop);
        this.#waiting.delete(go);
        if (this.#waiting.size === 0) this.#looking?.abort();
      };
      const stop = (): void => {
        end();
        reject(signal?.reason as Error);
      };
      const go = (): void => {
        end();
        this.#held++;
        resolve();
      };
      this.#waiting.add(go);
      signal?.addEventListener('abort', stop, { once: true });
      this.#lookForStandstill();
    });
  }

  #leave(): void {
    this.#moves++;
    this.#held--;
    this.#admit();
    this.#lookForStandstill();
  }

  #admit(): void {
    for (const go of this.#waiting) {
      if (this.#held >= this.#current) return;
      go();
    }
  }

  /** Streams whose readers wait for calls of their own would wait for ever. */
  #lookForStandstill(): void {
    if (this.#looking === undefined && this.#standsStill()) void this.#endStandstill((this.#looking = new AbortController()));
  }

  async #endStandstill({ signal }: AbortController): Promise<void> {
    const moves = this.#moves;
    try {
      await this.#clock.sleep(this.#held < this.most ? STUCK_MS.within : STUCK_MS.beyond, signal);
    } catch {
      // Nobody waits any more.
    }
    this.#looking = undefined;
    if (moves === this.#moves && this.#standsStill()) for (const go of [...this.#waiting].slice(0, 1)) go();
    this.#lookForStandstill();
  }

  #standsStill(): boolean {
    return this.#waiting.size > 0 && this.#idle >= this.#held;
  }
}
