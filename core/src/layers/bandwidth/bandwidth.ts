import type { Clock } from '../../environment/clock.ts';
import { rateAt, type Timetable, type WallTime, wallTimeOf } from '../../values/timetable.ts';

/** How much may move at once after a pause, as time of the rate, seconds. */
const BURST_SECONDS = 0.25;
/** The timetable is looked at this often while somebody waits, milliseconds. */
const LOOK_MS = 1000;

/**
 * A token bucket that all running tasks share: bytes that move take tokens, which come at the rate of the timetable. First come, first
 * served. In any stretch of time at one rate at most rate × (time + 0.25 s) bytes pass, and what the last one took beyond it.
 */
export class Bandwidth {
  readonly #clock: Clock;
  readonly #wallTime: (date: Date) => WallTime;
  readonly #waiting = new Set<Waiting>();
  #timetable: Timetable;
  #rate: number | undefined;
  #minute = NaN;
  /** Bytes that may pass at once. Negative: as many were let through early, since one piece was larger than the bucket. */
  #tokens: number;
  #filledMs: number;
  #wake: AbortController | undefined;

  constructor(timetable: Timetable, clock: Clock, wallTime: (date: Date) => WallTime = wallTimeOf) {
    this.#timetable = timetable;
    this.#clock = clock;
    this.#wallTime = wallTime;
    this.#filledMs = clock.monotonicMs();
    this.#tokens = 0;
    this.#tokens = this.#burst(this.#lookUpRate());
  }

  /** Bytes a second that may move now; undefined: no limit. */
  get rate(): number | undefined {
    return this.#lookUpRate();
  }

  /** Puts another limit in force at once, also for those who wait. */
  change(timetable: Timetable): void {
    this.#fill();
    this.#timetable = timetable;
    this.#minute = NaN;
    this.#wake?.abort();
  }

  /** Leave to move `bytes`; undefined when they may move at once. Rejects with the signal's reason. */
  take(bytes: number, signal?: AbortSignal): Promise<void> | undefined {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#waiting.size === 0 && this.#pay(bytes)) return undefined;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { bytes, admit: () => undefined };
      const leave = (): void => {
        signal?.removeEventListener('abort', stop);
        this.#waiting.delete(waiting);
      };
      const stop = (): void => {
        leave();
        this.#wake?.abort();
        reject(signal?.reason as Error);
      };
      waiting.admit = () => {
        leave();
        resolve();
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', stop, { once: true });
      if (this.#wake === undefined) void this.#serve();
    });
  }

  /** Serves those who wait, in their order, until nobody does. */
  async #serve(): Promise<void> {
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      if (this.#pay(first.bytes)) {
        first.admit();
        continue;
      }
      this.#wake = new AbortController();
      try {
        await this.#clock.sleep(this.#msUntil(first.bytes), this.#wake.signal);
      } catch {
        // The limit changed, or somebody gave up waiting.
      }
    }
    this.#wake = undefined;
  }

  #first(): Waiting | undefined {
    for (const waiting of this.#waiting) return waiting;
    return undefined;
  }

  #pay(bytes: number): boolean {
    const rate = this.#fill();
    if (rate === undefined) return true;
    if (this.#tokens < Math.min(bytes, this.#burst(rate))) return false;
    this.#tokens -= bytes;
    return true;
  }

  #msUntil(bytes: number): number {
    const rate = this.#lookUpRate();
    if (rate === undefined) return 0;
    const missing = Math.min(bytes, this.#burst(rate)) - this.#tokens;
    return Math.min(LOOK_MS, Math.max(1, Math.ceil((missing / rate) * 1000)));
  }

  /** Adds the tokens that came since the last time, at the rate that was; answers the rate that is. */
  #fill(): number | undefined {
    const before = this.#rate;
    const nowMs = this.#clock.monotonicMs();
    const came = before === undefined ? Infinity : (before * (nowMs - this.#filledMs)) / 1000;
    this.#filledMs = nowMs;
    const rate = this.#lookUpRate();
    this.#tokens = Math.min(this.#tokens + came, this.#burst(rate));
    return rate;
  }

  /** The clock on the wall moves by whole minutes also when it is set forward or back, so each minute is looked up once. */
  #lookUpRate(): number | undefined {
    const now = this.#clock.now();
    const minute = Math.floor(now.getTime() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#rate = rateAt(this.#timetable, this.#wallTime(now));
    }
    return this.#rate;
  }

  #burst(rate: number | undefined): number {
    return rate === undefined ? 0 : Math.max(1, rate * BURST_SECONDS);
  }
}

interface Waiting {
  readonly bytes: number;
  admit: () => void;
}
