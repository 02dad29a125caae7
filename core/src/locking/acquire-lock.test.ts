import { expect, test } from 'vitest';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { contentOf } from '../testing/byte-content.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { settle } from '../testing/settle.ts';
import { acquireLock } from './acquire-lock.ts';
import type { HeldLock } from './held-lock.ts';
import { readLockObject } from './lock-object.ts';

const key = 'lock' as RelPath;
const times = { refreshMs: 60_000, fenceMs: 300_000, staleMs: 1_200_000 };

const memoryOn = (clock: ManualClock): MemoryDestination => new MemoryDestination(new MemoryStore({ without: ['lock'] }, clock));

/** A clock of a process that did not run while time went on: it may be ahead of what its timers know. */
class LateClock extends ManualClock {
  monotonicAheadMs = 0;
  wallAheadMs = 0;
  override monotonicMs(): number {
    return super.monotonicMs() + this.monotonicAheadMs;
  }
  override now(): Date {
    return new Date(super.now().getTime() + this.wallAheadMs);
  }
}

/** A destination in memory and those who use it, on one clock unless they bring their own. */
class Users {
  readonly clock = new ManualClock();
  readonly destination: Destination;
  #ids = 0;

  constructor(make: (clock: ManualClock) => Destination = memoryOn) {
    this.destination = make(this.clock);
  }

  acquire(holder: string, clock = this.clock): Promise<HeldLock> {
    const id = `${this.#ids++}`.padStart(32, '0');
    const random = { hex: () => id, fraction: () => 0, uuid: () => '' };
    const { createOnly } = this.destination.capabilities;
    return settle(
      clock,
      acquireLock({ destination: this.destination, createOnly: createOnly!, key, holder, clock, random, times }),
    );
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.destination.list('' as RelPath, {})) names.push(...page.map((info) => info.key));
    return names.sort();
  }
}

test('one of many at once has it, and the others are told who', async () => {
  const users = new Users();
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => users.acquire(`user ${n}`)));
  const held = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(held).toHaveLength(1);
  const winner = (await readLockObject(users.destination, key, {}))?.holder;
  for (const each of all) if (each.status === 'rejected') expect(String(each.reason)).toContain(`is locked by ${winner}.`);
  await held[0]?.[Symbol.asyncDispose]();
  expect(await users.names()).toEqual([]);
  await (await users.acquire('next'))[Symbol.asyncDispose]();
});

test('it stays held for hours, refreshed', async () => {
  const users = new Users();
  const lock = await users.acquire('first');
  for (let n = 0; n < 100; n++) await users.clock.advance(61_000);
  expect([lock.isLost(), lock.lost.aborted]).toEqual([false, false]);
  await expect(users.acquire('second')).rejects.toMatchObject({ code: 'locked' });
  expect((await readLockObject(users.destination, key, {}))?.count).toBeGreaterThan(90);
  await lock[Symbol.asyncDispose]();
});

test('a process that stood still has lost it before another may take it', async () => {
  const users = new Users();
  const stopped = new LateClock();
  const lock = await users.acquire('stopped', stopped);
  await users.clock.advance(times.staleMs - 1000);
  await expect(users.acquire('early')).rejects.toMatchObject({ code: 'locked' });
  await users.clock.advance(1001);
  const next = await users.acquire('late');
  // It goes on: its timers have not run yet, but it is asked before every change.
  stopped.monotonicAheadMs = times.staleMs;
  expect([lock.isLost(), lock.lost.aborted]).toEqual([true, false]);
  stopped.monotonicAheadMs = 0;
  await stopped.advance(61_000);
  expect([lock.isLost(), lock.lost.aborted]).toEqual([true, true]);
  expect(String(lock.lost.reason)).toContain('late took it');
  await lock[Symbol.asyncDispose]();
  expect((await readLockObject(users.destination, key, {}))?.holder).toBe('late');
  await next[Symbol.asyncDispose]();
  expect(await users.names()).toEqual([]);
});

test('while the destination does not answer it is lost in time, also when the machine slept', async () => {
  let fails = false;
  const users = new Users((clock) => {
    const inner = memoryOn(clock);
    return new Proxy(inner, {
      get: (target, name) =>
        name === 'read' && fails
          ? async function* () {
              await new Promise(() => undefined);
              yield new Uint8Array();
            }
          : (Reflect.get(target, name, target) as unknown),
    });
  });
  const lock = await users.acquire('first');
  fails = true;
  await users.clock.advance(times.fenceMs - 1);
  expect(lock.isLost()).toBe(false);
  await users.clock.advance(1);
  expect([lock.isLost(), lock.lost.aborted]).toEqual([true, true]);

  const asleep = new LateClock();
  fails = false;
  const other = new Users();
  const second = await other.acquire('second', asleep);
  asleep.wallAheadMs = times.fenceMs;
  expect([second.isLost(), second.lost.aborted]).toEqual([true, false]);
});

test('where the destination keeps no times, a holder that refreshes is told from one that does not', async () => {
  const timeless = (clock: ManualClock): Destination => {
    const inner = memoryOn(clock);
    return new Proxy(inner, {
      get: (target, name) => {
        if (name !== 'stat') return Reflect.get(target, name, target) as unknown;
        return async (...args: Parameters<Destination['stat']>) => {
          const { mtimeNs: _, ...info } = (await target.stat(...args)) ?? {};
          return info;
        };
      },
    });
  };
  const users = new Users(timeless);
  const lock = await users.acquire('alive');
  await expect(users.acquire('second')).rejects.toMatchObject({ code: 'locked' });
  expect(users.clock.monotonicMs() - new ManualClock().monotonicMs()).toBeLessThan(times.staleMs);
  expect(lock.isLost()).toBe(false);
  await lock[Symbol.asyncDispose]();
  await users.destination.write(key, contentOf('process 1 on a machine that is gone'), {});
  const taken = await users.acquire('third');
  expect((await readLockObject(users.destination, key, {}))?.holder).toBe('third');
  await taken[Symbol.asyncDispose]();
});

test('of many who find it abandoned one takes it', async () => {
  const users = new Users();
  await users.destination.write(key, contentOf('left'), {});
  await users.clock.advance(times.staleMs);
  const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => users.acquire(`user ${n}`)));
  const held = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(held.filter((lock) => !lock.isLost())).toHaveLength(1);
  await users.clock.advance(61_000);
  expect(held.filter((lock) => !lock.isLost())).toHaveLength(1);
  for (const lock of held) await lock[Symbol.asyncDispose]();
  expect(await users.names()).toEqual([]);
});

test('an answer that was lost on its way does not keep us out', async () => {
  const users = new Users(
    (clock) =>
      new FaultyDestination(memoryOn(clock), {
        faults: [{ call: 'remove', times: 1, effect: { kind: 'error-after', code: 'connection-lost' } }],
      }),
  );
  await users.destination.write(key, contentOf('left'), {});
  await users.clock.advance(times.staleMs);
  // What fails in the middle of taking it over is told; the next one is not kept out by what it left.
  await expect(users.acquire('first')).rejects.toMatchObject({ code: 'connection-lost' });
  const lock = await users.acquire('second');
  expect(lock.isLost()).toBe(false);
  await lock[Symbol.asyncDispose]();
});
