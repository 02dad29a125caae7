import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { contentOf } from '../../../../testing/byte-content.ts';
import { writeLock } from '../../format/documents/lock-file.ts';
import { objectKey } from '../object-kind.ts';
import { LateClock, LockUsers } from '../testing/lock-users.ts';
import { EXPIRY_MS, REFRESH_MS, STALE_MS } from './lock-timing.ts';
import { unlockRepository } from './unlock-repository.ts';

const json = Buffer.from('{}');

test('several share it, one alone has it', async () => {
  const users = new LockUsers();
  const [one, two, three] = [users.open(), users.open({ pid: 2 }), users.open({ hostname: 'there' })];
  await users.lock(one, false);
  await users.lock(two, false);
  await expect(users.lock(three, true)).rejects.toMatchObject({ code: 'locked' });
  await one[Symbol.asyncDispose]();
  await two[Symbol.asyncDispose]();
  await users.lock(three, true);
  await expect(users.lock(one, false)).rejects.toThrow(`process ${String(process.pid)} of ann on there`);
  await three[Symbol.asyncDispose]();
  expect(await users.lockIds()).toEqual([]);
});

test('of many at once who want it alone at most one has it', async () => {
  const users = new LockUsers();
  const all = await Promise.allSettled(
    Array.from({ length: 6 }, (_, n) => users.lock(users.open({ hostname: `host ${String(n)}` }), true)),
  );
  expect(all.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  expect((await users.lockIds()).length).toBe(all.filter(({ status }) => status === 'fulfilled').length);
});

test('it is refreshed for hours, by one new file each time', async () => {
  const users = new LockUsers();
  const repository = users.open();
  const lock = await users.lock(repository, true);
  for (let n = 0; n < 40; n++) await users.clock.advance(REFRESH_MS + 1000);
  expect([lock.isLost(), lock.ids.size > 35]).toEqual([false, true]);
  expect((await users.lockIds()).length).toBe(1);
  await repository.saveUnpacked('snapshot', json);
  await repository[Symbol.asyncDispose]();
  expect(await users.lockIds()).toEqual([]);
});

test('after the process stood still the next call proves it first, and goes on with a new lock', async () => {
  const users = new LockUsers();
  const clock = new LateClock();
  const repository = users.open({}, clock);
  await users.lock(repository, false);
  const before = await users.lockIds();
  clock.aheadMs = EXPIRY_MS;
  await repository.saveUnpacked('snapshot', json);
  const after = await users.lockIds();
  expect([after.length, after[0] === before[0]]).toEqual([1, false]);
  await repository[Symbol.asyncDispose]();
});

test('where its lock was removed meanwhile nothing is called or written any more', async () => {
  const users = new LockUsers();
  const clock = new LateClock();
  const repository = users.open({}, clock);
  const lock = await users.lock(repository, false);
  clock.aheadMs = STALE_MS + 1;
  await users.clock.advance(STALE_MS + 1);
  const others = await unlockRepository(users.open({ hostname: 'there' }), false);
  expect(others.map(({ removed }) => removed)).toEqual([true]);
  const calls = [
    repository.saveUnpacked('snapshot', json),
    repository.saveUnpacked('index', json),
    repository.remove('pack', 'a'.repeat(64)),
    repository.objects.flush(),
    Array.fromAsync(repository.objects.list('snapshot')),
  ];
  for (const outcome of await Promise.allSettled(calls))
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'fenced' } });
  expect([lock.isLost(), lock.lost.aborted]).toEqual([true, true]);
  expect(await Array.fromAsync(users.open().objects.list('snapshot'))).toEqual([]);
  await repository[Symbol.asyncDispose]();
});

test('a write that was under way when the process stopped is not published', async () => {
  const users = new LockUsers();
  const clock = new LateClock();
  const inner = users.destination;
  const stopping = new Proxy(inner, {
    get: (target, name) =>
      name === 'write'
        ? (key: RelPath, content: Parameters<typeof inner.write>[1], options: Parameters<typeof inner.write>[2]) => {
            if (!key.startsWith('snapshots/')) return inner.write(key, content, options);
            const verify = async (staged: Parameters<NonNullable<typeof options.verify>>[0]): Promise<void> => {
              for (const id of await users.lockIds()) await inner.remove(objectKey('lock', id), {});
              clock.aheadMs = STALE_MS + 1;
              await options.verify?.(staged);
            };
            return inner.write(key, content, { ...options, verify });
          }
        : (Reflect.get(target, name) as unknown),
  });
  const repository = users.open({}, clock, stopping);
  await users.lock(repository, false);
  await expect(repository.saveUnpacked('snapshot', json)).rejects.toMatchObject({ code: 'fenced' });
  expect(await Array.fromAsync(users.open().objects.list('snapshot'))).toEqual([]);
  await repository[Symbol.asyncDispose]();
});

test('the lock of a process of this machine that is gone is removed; of another machine it is not', async () => {
  const users = new LockUsers();
  const { pid } = spawnSync('true');
  const dead = {
    time: users.clock.now().toISOString(),
    exclusive: true,
    username: 'ann',
    pid,
    uid: 0,
    gid: 0,
    unknown: new Map(),
  };
  await users.open().saveUnpacked('lock', writeLock({ ...dead, hostname: 'here' }));
  const repository = users.open();
  await users.lock(repository, true);
  await repository[Symbol.asyncDispose]();
  await users.open().saveUnpacked('lock', writeLock({ ...dead, hostname: 'there' }));
  await users.clock.advance(2 * STALE_MS);
  await expect(users.lock(users.open(), false)).rejects.toMatchObject({
    code: 'locked',
    hint: expect.stringContaining('holdfast repo unlock') as string,
  });
});

test('it waits for as long as it may, and tells of it once', async () => {
  const users = new LockUsers();
  const [one, two] = [users.open(), users.open({ hostname: 'there' })];
  await users.lock(one, true);
  const told: string[] = [];
  const onWait = (error: HoldfastError): unknown => told.push(error.code);
  await expect(users.lock(two, false, { retryMs: 60_000, onWait })).rejects.toMatchObject({ code: 'locked' });
  expect(told).toEqual(['locked']);
  const waiting = users.lock(two, false, { retryMs: 600_000, onWait });
  await one[Symbol.asyncDispose]();
  await waiting;
  await two[Symbol.asyncDispose]();
});

test('empty lock files are of nobody; one that stays unreadable locks', async () => {
  const users = new LockUsers();
  await users.destination.write(objectKey('lock', 'a'.repeat(64)), contentOf(''), {});
  const repository = users.open();
  await users.lock(repository, true);
  await repository[Symbol.asyncDispose]();
  await users.destination.write(objectKey('lock', 'b'.repeat(64)), contentOf('no lock'), {});
  await expect(users.lock(users.open(), false)).rejects.toMatchObject({ code: 'locked' });
});

test('where nothing can be removed the locks stay, and nothing fails', async () => {
  const users = new LockUsers();
  const keeping = new Proxy(users.destination, {
    get: (target, name) =>
      name === 'remove'
        ? () => Promise.reject(new HoldfastError('access-denied', 'Nothing is removed here.'))
        : (Reflect.get(target, name) as unknown),
  });
  const repository = users.open({}, users.clock, keeping);
  const lock = await users.lock(repository, true);
  for (let n = 0; n < 4; n++) await users.clock.advance(REFRESH_MS + 1000);
  expect([lock.isLost(), (await users.lockIds()).length]).toEqual([false, 5]);
  await repository[Symbol.asyncDispose]();
});
