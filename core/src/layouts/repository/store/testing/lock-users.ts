import type { Destination } from '../../../../contracts/destination.ts';
import { ManualClock } from '../../../../testing/manual-clock.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { MemoryStore } from '../../../../testing/memory-store.ts';
import { settle } from '../../../../testing/settle.ts';
import { randomKey } from '../../format/crypto/master-key.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { LockIdentity } from '../lock-identity.ts';
import type { LockWish } from '../locks/acquire-repository-lock.ts';
import type { RepositoryLock } from '../locks/repository-lock.ts';
import { ObjectStore } from '../object-store.ts';
import { Repository } from '../repository.ts';

/** A clock of a process that did not run while time went on: it may be ahead of what its timers know. */
export class LateClock extends ManualClock {
  aheadMs = 0;
  override now(): Date {
    return new Date(super.now().getTime() + this.aheadMs);
  }
}

/** Those who use one repository in memory, each with the same clock unless it brings its own. */
export class LockUsers {
  readonly clock = new ManualClock();
  readonly destination: Destination = new MemoryDestination(new MemoryStore({}, this.clock));
  readonly #masterKey = randomKey();

  open(
    identity: Partial<LockIdentity> = {},
    clock = this.clock,
    destination = this.destination,
    cache?: ObjectCache,
  ): Repository {
    return new Repository({
      objects: new ObjectStore(destination, { cache }),
      config: { version: 2, id: '0'.repeat(64), polynomial: 0x3da3358b4dc173n, unknown: new Map() },
      masterKey: this.#masterKey,
      keyId: '0'.repeat(64),
      clock,
      identity: { hostname: 'here', username: 'ann', pid: process.pid, uid: 0, gid: 0, ...identity },
    });
  }

  /** Takes a lock while time passes. */
  lock(repository: Repository, exclusive: boolean, wish: LockWish = {}): Promise<RepositoryLock> {
    return settle(repository.clock as ManualClock, repository.lock(exclusive, wish));
  }

  async lockIds(): Promise<string[]> {
    return (await Array.fromAsync(this.open().objects.list('lock'))).map(({ id }) => id);
  }
}
