import { HoldfastError, isHoldfastError, toHoldfastError } from '../../../../errors/holdfast-error.ts';
import { elapsedMs, type Moment, momentOf } from '../../../../values/moment.ts';
import { writeLock } from '../../format/documents/lock-file.ts';
import type { CallGuard } from '../object-store.ts';
import { objectKey } from '../object-kind.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { EXPIRY_MS, REFRESH_MS } from './lock-timing.ts';

/** Errors of a destination that lets nothing be removed; a lock that stays there is nobody's after half an hour. */
const cannotRemove: ReadonlySet<string> = new Set(['access-denied', 'destination-denied', 'read-only', 'unsupported']);

/**
 * A lock of a repository as restic has them: a file that is replaced by a new one every five minutes. After it could not be proved for 22.5
 * minutes, because this process stood still or the destination did not answer, every call waits until it is: its file is still there, so
 * nobody called it stale. Where it is gone the lock is lost, and stays so.
 */
export class RepositoryLock implements CallGuard, AsyncDisposable {
  readonly exclusive: boolean;
  readonly #repository: RepositoryObjects;
  readonly #ids = new Set<string>();
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  #current = '';
  #proved: Moment;
  #working: Promise<void> = Promise.resolve();
  #proving: Promise<void> | undefined;

  private constructor(repository: RepositoryObjects, exclusive: boolean) {
    this.#repository = repository;
    this.exclusive = exclusive;
    this.#proved = momentOf(repository.clock);
  }

  /** Writes a lock. It is not kept fresh before `keepFresh`. */
  static async write(repository: RepositoryObjects, exclusive: boolean): Promise<RepositoryLock> {
    const lock = new RepositoryLock(repository, exclusive);
    await lock.#write();
    return lock;
  }

  /** Of every lock file that it has been: on destinations that keep everything the old ones are still there. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  /** Aborts when it is known to be lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether it was not proved for so long that nothing may be done before it is. */
  isLost(): boolean {
    return this.#lost.signal.aborted || this.#isExpired();
  }

  keepFresh(): void {
    this.#working = this.#refreshAgain();
  }

  /** Resolves once it is proved to be held; rejects with `fenced` where it is lost. At once where it was proved of late. */
  async prove(): Promise<void> {
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason as Error;
    if (!this.#isExpired()) return;
    this.#proving ??= this.#proveAgain().finally(() => (this.#proving = undefined));
    await this.#proving;
  }

  /** Frees it. That the destination does not let it be removed is no failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    await this.#working;
    await this.#remove(this.#current);
  }

  #isExpired(): boolean {
    return elapsedMs(this.#proved, this.#repository.clock) >= EXPIRY_MS;
  }

  async #refreshAgain(): Promise<void> {
    const { clock } = this.#repository;
    const over = AbortSignal.any([this.#stop.signal, this.#lost.signal]);
    for (let waitMs = REFRESH_MS; ; ) {
      try {
        await clock.sleep(waitMs, over);
        if (this.#isExpired()) await this.prove();
        else await this.#replace();
        waitMs = REFRESH_MS;
      } catch {
        if (over.aborted) return;
        // It may pass; whoever needs the lock when it does not finds it expired.
        waitMs = REFRESH_MS / 10;
      }
    }
  }

  async #proveAgain(): Promise<void> {
    const { objects, displayName } = this.#repository;
    let why = 'somebody removed it while this process stood still';
    try {
      const info = await objects.destination.stat(objectKey('lock', this.#current), {});
      if (info !== undefined) return await this.#replace();
    } catch (error) {
      why = `it could not be proved in time: ${toHoldfastError(error).message}`;
    }
    const error = new HoldfastError('fenced', `The lock of the repository at ${displayName} was lost: ${why}.`);
    this.#lost.abort(error);
    throw error;
  }

  /** The new one is there before the old one goes. */
  async #replace(): Promise<void> {
    const old = this.#current;
    await this.#write();
    await this.#remove(old);
  }

  async #write(): Promise<void> {
    const { clock, identity } = this.#repository;
    const asked = momentOf(clock);
    const lock = { ...identity, time: clock.now().toISOString(), exclusive: this.exclusive, unknown: new Map() };
    this.#current = await this.#repository.saveUnpacked('lock', writeLock(lock));
    this.#ids.add(this.#current);
    this.#proved = asked;
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.#repository.remove('lock', id);
    } catch (error) {
      if (!isHoldfastError(error) || !cannotRemove.has(error.code)) throw error;
    }
  }
}
