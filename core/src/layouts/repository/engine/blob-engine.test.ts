import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, lstatSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Content } from '../../../contracts/content.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { resticLimits } from '../chunker/chunk-limits.ts';
import { referenceChunks } from '../chunker/testing/reference-chunker.ts';
import { BlobEngine } from './blob-engine.ts';
import type { EngineOptions } from './engine-options.ts';
import { PackStore } from './testing/pack-store.ts';

const polynomial = 0x3da3358b4dc173n;
const masterKey = { encrypt: randomBytes(32), macK: randomBytes(16), macR: randomBytes(16) };

let folder: string;
let store: PackStore;
let engine: BlobEngine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-engine-'));
  store = new PackStore(masterKey);
  engine = open();
});

afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<EngineOptions> = {}): BlobEngine {
  const { has, take: onPack } = store;
  return new BlobEngine({ masterKey, polynomial, version: 2, compression: 'auto', threads: 2, has, onPack, ...options });
}

async function reopen(options: Partial<EngineOptions>): Promise<void> {
  await engine[Symbol.asyncDispose]();
  engine = open(options);
}

function local(name: string, bytes: Uint8Array): Content {
  writeFileSync(join(folder, name), bytes);
  return scanned(name);
}

function scanned(name: string): Content {
  const { size, dev, ino } = lstatSync(join(folder, name), { bigint: true });
  const fails = (): never => {
    throw new Error('A local file is read by a thread.');
  };
  return { size, local: { root: folder, path: name as RelPath, dev, ino }, open: fails };
}

function streamed(bytes: Uint8Array, piece: number): Content {
  return {
    size: BigInt(bytes.length),
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

const text = Buffer.from('All work and no play makes a dull backup. '.repeat(40_000));
const large = randomBytes(40 << 20);

function chunkLengths(ids: Uint8Array): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < ids.length; at += 32) lengths.push(store.file(ids.subarray(at, at + 32)).length);
  return lengths;
}

test('stores files of every size, which come back by their ids', async () => {
  const sizes = [0, 1, 511, 524_287, 524_288, 600_000, 1_600_000, 8 << 20, (8 << 20) + 1, 17 << 20];
  const files = sizes.map((size) => ({ size, bytes: size < 1_700_000 ? text.subarray(0, size) : large.subarray(0, size) }));
  const stored = await Promise.all(files.map(({ size, bytes }) => engine.storeFile(local(`f${size}`, bytes))));
  await engine.flush();
  for (const [index, { ids, size, isTorn }] of stored.entries()) {
    const { bytes } = files[index] as { bytes: Buffer };
    expect({ size, isTorn }).toEqual({ size: bytes.length, isTorn: false });
    expect(store.file(ids).equals(bytes)).toBe(true);
    expect(chunkLengths(ids)).toEqual(referenceChunks(bytes, polynomial, resticLimits));
  }
  expect(store.twice).toEqual([]);
});

test('a large file in pieces, and a stream in odd pieces, give the chunks of the whole', async () => {
  const [file, stream] = await Promise.all([
    engine.storeFile(local('large', large)),
    engine.storeFile(streamed(large, 1_234_567)),
  ]);
  await engine.flush();
  expect(chunkLengths(file.ids)).toEqual(referenceChunks(large, polynomial, resticLimits));
  expect(Buffer.compare(file.ids, stream.ids)).toBe(0);
  expect(store.file(file.ids).equals(large)).toBe(true);
  expect(file.newBytes + stream.newBytes).toBe(large.length);
  expect(store.twice).toEqual([]);
});

test('stores nothing that the index has, and nothing twice', async () => {
  const contents = Array.from({ length: 300 }, (_, index) => local(`f${index}`, Buffer.from(`content ${index % 100}`)));
  const first = await Promise.all(contents.map((content) => engine.storeFile(content)));
  await engine.flush();
  expect(first.reduce((sum, { newBlobs }) => sum + newBlobs, 0)).toBe(100);
  expect({ blobs: store.blobs.size, twice: store.twice }).toEqual({ blobs: 100, twice: [] });
  const packs = store.packs.length;
  const again = await Promise.all(contents.map((content) => engine.storeFile(content)));
  await engine.flush();
  expect(again.map(({ newBytes }) => newBytes)).toEqual(again.map(() => 0));
  expect(store.packs.length).toBe(packs);
});

test('keeps directories apart from data, also those larger than a pack', async () => {
  const [small, huge] = [Buffer.from('{"nodes":[]}\n'), randomBytes(30 << 20)];
  const trees = [await engine.storeTree(small), await engine.storeTree(huge), await engine.storeTree(small)];
  await engine.storeFile(local('same', small));
  await engine.flush();
  expect(trees.map(({ isNew }) => isNew)).toEqual([true, true, false]);
  const id = createHash('sha256').update(small).digest('hex');
  expect([...store.blobs.keys()].sort()).toEqual(
    [`data ${id}`, ...[small, huge].map((bytes) => `tree ${createHash('sha256').update(bytes).digest('hex')}`)].sort(),
  );
});

test.each([
  { version: 1, compression: 'auto' },
  { version: 2, compression: 'off' },
  { version: 2, compression: 'fastest' },
  { version: 2, compression: 'max' },
] as const)('compresses as $compression in version $version', async (options) => {
  await reopen(options);
  const { ids } = await engine.storeFile(local('text', text));
  await engine.storeTree(text);
  await engine.flush();
  expect(store.file(ids).equals(text)).toBe(true);
  const stored = store.packs.reduce((sum, pack) => sum + pack.length, 0);
  const plainCopies = options.version === 1 ? 2 : options.compression === 'off' ? 1 : 0;
  expect(Math.round(stored / text.length)).toBe(plainCopies);
});

test('a file that cannot be read fails alone, and says why', async () => {
  const contents = [local('good', text), local('gone', text), local('exchanged', text), local('link', text)];
  rmSync(join(folder, 'gone'));
  writeFileSync(join(folder, 'other'), text);
  renameSync(join(folder, 'other'), join(folder, 'exchanged'));
  rmSync(join(folder, 'link'));
  symlinkSync('good', join(folder, 'link'));
  const results = await Promise.allSettled(contents.map((content) => engine.storeFile(content)));
  expect(results.map((each) => (each.status === 'fulfilled' ? 'stored' : (each.reason as { code: string }).code))).toEqual([
    'stored',
    'not-found',
    'source-changed',
    'source-changed',
  ]);
});

test('a file that has grown since the scan is stored as it is now', async () => {
  const content = local('grown', Buffer.from('short'));
  appendFileSync(join(folder, 'grown'), large);
  const { ids, state, size } = await engine.storeFile(content);
  await engine.flush();
  expect(store.file(ids).equals(Buffer.concat([Buffer.from('short'), large]))).toBe(true);
  expect([state?.size, size]).toEqual([large.length + 5, large.length + 5]);
});

test('a repository that takes no more ends the engine', async () => {
  const full = new Error('full');
  await reopen({ onPack: () => Promise.reject(full), packBytes: 4 << 20 });
  const results = await Promise.allSettled([engine.storeFile(local('large', large)), engine.storeFile(local('small', text))]);
  await expect(engine.flush()).rejects.toBe(full);
  await expect(engine.storeFile(local('late', text))).rejects.toBe(full);
  for (const each of results) if (each.status === 'rejected') expect(each.reason).toBe(full);
});

test('never has more packs in memory than it may', async () => {
  let [underWay, most] = [0, 0];
  await reopen({
    packBytes: 4 << 20,
    packsUnderWay: 1,
    onPack: async (pack) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await store.take(pack);
      underWay--;
    },
  });
  const { ids } = await engine.storeFile(local('large', large));
  await engine.flush();
  expect(store.file(ids).equals(large)).toBe(true);
  expect(most).toBeLessThanOrEqual(4);
});

test('an abort withdraws a file that waits, and passes on the reason', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const waiting = engine.storeFile(local('large', large), { signal: controller.signal });
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(engine.storeFile(local('next', text), { signal: controller.signal })).rejects.toBe(reason);
  await engine.storeFile(local('other', text));
  await engine.flush();
});
