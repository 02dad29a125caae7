import type { Fence } from '../layers/fence.ts';

/** Lets changes pass as long as the lock that it was given is held; before it was given one too, since what comes before takes the lock. */
export class LockFence implements Fence {
  readonly #controller = new AbortController();
  #lock: Fence | undefined;

  get lost(): AbortSignal {
    return this.#controller.signal;
  }

  isLost(): boolean {
    return this.#controller.signal.aborted || this.#lock?.isLost() === true;
  }

  /** Follows a lock from now on. */
  follow(lock: Fence): void {
    this.#lock = lock;
    lock.lost.addEventListener('abort', () => this.#controller.abort(lock.lost.reason), { once: true });
  }
}
