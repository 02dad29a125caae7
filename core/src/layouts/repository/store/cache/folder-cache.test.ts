import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultyDestination } from '../../../../testing/faulty-destination.ts';
import { sealedPack } from '../testing/sealed-pack.ts';
import { LockUsers } from '../testing/lock-users.ts';
import { ObjectStore } from '../object-store.ts';
import { FolderCache } from './folder-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function idsIn(kind: string): string[] {
  return readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));
}

test('trees and index are read from elsewhere once, damage here costs another call, and what is gone is forgotten', async () => {
  const users = new LockUsers();
  const counting = new FaultyDestination(users.destination);
  const open = () => users.open({}, users.clock, counting, new FolderCache(folder, 'token'));
  const reads = (): number => counting.calls.filter(({ call }) => call === 'read').length;
  const writer = users.open();
  const pack = sealedPack(writer, 'tree', ['{"nodes":[]}\n', 'another']);
  await writer.savePack(pack);
  await writer.flushIndex();

  const first = open();
  await first.loadIndex();
  const [one, two] = [pack.blobIds.subarray(0, 32), pack.blobIds.subarray(32)];
  expect(Buffer.from(await first.loadBlob('tree', one)).toString()).toBe('{"nodes":[]}\n');
  expect(Buffer.from(await first.loadBlob('tree', two)).toString()).toBe('another');
  expect([reads(), idsIn('index').length, idsIn('data').length]).toEqual([2, 1, 1]);

  const second = open();
  await second.loadIndex();
  await second.loadBlob('tree', two);
  expect(reads()).toBe(2);

  for (const kind of ['index', 'data']) for (const name of idsIn(kind)) writeFileSync(join(folder, kind, name), 'x'.repeat(5000));
  const third = open();
  await third.loadIndex();
  expect(Buffer.from(await third.loadBlob('tree', one)).toString()).toBe('{"nodes":[]}\n');
  expect(reads()).toBe(4);

  for await (const { id } of writer.objects.list('index')) await writer.remove('index', id);
  await open().loadIndex();
  expect([idsIn('index'), idsIn('data')]).toEqual([[], []]);
});

test('a folder that cannot be used changes nothing', async () => {
  const users = new LockUsers();
  writeFileSync(join(folder, 'file'), '');
  const store = new ObjectStore(users.destination, { cache: new FolderCache(join(folder, 'file'), 'token') });
  const id = await users.open().saveUnpacked('snapshot', Buffer.from('{}'));
  expect((await store.read('snapshot', id)).length).toBeGreaterThan(0);
});
