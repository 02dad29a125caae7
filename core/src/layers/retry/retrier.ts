import type { RelPath } from '../../contracts/rel-path.ts';
import type { Clock } from '../../environment/clock.ts';
import type { Random } from '../../environment/random.ts';
import { type HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import type { CallName } from '../call-table.ts';
import { RetryBudget } from './retry-budget.ts';

export interface RetryOptions {
  /** Tries of one call before an error that ends the task is believed. */
  readonly tries: number;
  /** Tries before an error of a single item is believed: a bad sector answers no better the tenth time. */
  readonly itemTries: number;
  /** The longest wait before the second try, milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  readonly maxWaitMs: number;
  /** A destination that asks for a longer pause than this is given up, milliseconds. */
  readonly maxAskedMs: number;
  /** Shared by all destinations of a task. */
  readonly budget: RetryBudget;
  /** Told of every wait before it begins; must not throw. */
  readonly onRetry?: (retry: RetryNotice) => void;
}

/** A call that failed and will be tried again. */
export interface RetryNotice {
  readonly call: CallName;
  readonly key: RelPath;
  readonly error: HoldfastError;
  readonly waitMs: number;
  /** Tries made so far. */
  readonly tries: number;
}

export function defaultRetry(): RetryOptions {
  return { tries: 8, itemTries: 3, baseMs: 500, maxWaitMs: 60_000, maxAskedMs: 300_000, budget: new RetryBudget() };
}

/** What is tried again: for notices, and to stop when the caller does. */
export interface RetriedCall {
  readonly name: CallName;
  readonly key: RelPath;
  readonly signal: AbortSignal | undefined;
}

/** Decides which errors are tried again and when, by the error table, and waits with full jitter. */
export class Retrier {
  readonly options: RetryOptions;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: RetryOptions, clock: Clock, random: Random) {
    this.options = options;
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes `attempt` until it works or its error is to be believed. `only`: errors that this call may be tried again after. */
  async run<T>(call: RetriedCall, attempt: () => Promise<T>, only: (error: HoldfastError) => boolean = () => true): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await attempt();
        this.options.budget.earn();
        return answer;
      } catch (error) {
        if (isHoldfastError(error) && !only(error)) throw error;
        await this.waitFor(call, error, tries);
      }
    }
  }

  /** Waits for the next try after `error`, the `tries`th; rejects with it where there is to be none, with the signal's reason on abort. */
  async waitFor(call: RetriedCall, error: unknown, tries: number): Promise<void> {
    if (call.signal?.aborted === true || !isHoldfastError(error)) throw error;
    if (error.row.retry === 'never') this.options.budget.earn();
    const waitMs = this.#waitMs(error, tries);
    if (waitMs === undefined || !this.options.budget.spend()) throw error;
    this.options.onRetry?.({ call: call.name, key: call.key, error, waitMs, tries });
    await this.#clock.sleep(waitMs, call.signal);
  }

  #waitMs(error: HoldfastError, tries: number): number | undefined {
    const { row, retryAfterMs } = error;
    const { baseMs, maxWaitMs, maxAskedMs, itemTries } = this.options;
    if (row.retry === 'never' || tries >= (row.scope === 'item' ? itemTries : this.options.tries)) return undefined;
    const spread = this.#random.fraction() * Math.min(maxWaitMs, baseMs * 2 ** (tries - 1));
    if (retryAfterMs === undefined) return spread;
    return retryAfterMs > maxAskedMs ? undefined : retryAfterMs + spread;
  }
}
