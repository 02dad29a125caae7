import type { Entry, EntryBatch, EntryBlock } from '@holdfast/core/plugin';
import { EntryCursor } from '@holdfast/core/plugin';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { everything } from './scan/testing/list-scan.ts';
import { ScratchFolder } from './scan/testing/scratch-folder.ts';
import { openSource, type LocalSource } from './source.ts';
import { WorkerPool } from './workers/worker-pool.ts';

const pool = new WorkerPool(2);
const MIB = 1 << 20;
const isRoot = process.getuid?.() === 0;
let folder: ScratchFolder;
let source: LocalSource;

beforeEach(() => {
  folder = new ScratchFolder();
  source = openSource(folder.path, pool);
});

afterEach(async () => {
  await source[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

afterAll(() => pool[Symbol.asyncDispose]());

async function scanEntries(): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const batches: AsyncIterable<EntryBatch> = source.scan({
    selection: everything,
    onSkip: () => undefined,
    onExclude: () => undefined,
  });
  const cursor = new EntryCursor(batches as AsyncIterable<EntryBlock>);
  for (await cursor.start(); !cursor.done; ) {
    const entry = cursor.entry();
    entries.set(entry.path, entry);
    if (!cursor.advance()) await cursor.refill();
  }
  return entries;
}

async function entryOf(path: string): Promise<Entry> {
  const entry = (await scanEntries()).get(path);
  if (entry === undefined) throw new Error(`The scan has no ${path}`);
  return entry;
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args).toString();
const at = (name: string): string => `${folder.path}/${name}`;

test('says which tree it is', () => {
  expect(source.traits).toMatchObject({ displayName: folder.path, localRoot: folder.path, stableIdentity: true });
});

test.skipIf(!isRoot)('knows a file system again by its UUID', async () => {
  const uuid = '6f1d3c5e-0b5a-4b0e-9b43-3f2f2b1c7a11';
  run('truncate', '-s', '4M', at('image'));
  run('mkfs.ext4', '-q', '-U', uuid, at('image'));
  folder.makeDirectory('mounted');
  run('mount', '-o', 'loop', at('image'), at('mounted'));
  try {
    await using mounted = openSource(at('mounted'), pool);
    const rootIno = statSync(folder.at('mounted'), { bigint: true }).ino;
    expect(mounted.traits.identity).toEqual({ fileSystemId: `uuid:${uuid}`, fileSystemType: 'ext4', rootIno });
  } finally {
    run('umount', at('mounted'));
  }
});

test('follows a link to the root, and says its real path', async () => {
  symlinkSync('.', folder.at('link'));
  await using linked = openSource(at('link'), pool);
  expect(linked.traits).toEqual(source.traits);
});

test('tells why a root cannot be used', () => {
  writeFileSync(folder.at('file'), '');
  expect(() => openSource(at('missing'), pool)).toThrow(expect.objectContaining({ code: 'source-missing' }));
  expect(() => openSource(at('file'), pool)).toThrow(expect.objectContaining({ code: 'not-a-directory' }));
});

test('describes times to the nanosecond, flags, and xattrs of files, directories and links', async () => {
  writeFileSync(folder.at('file'), 'x', { mode: 0o4755 });
  folder.makeDirectory('sub', 'dir');
  symlinkSync('nowhere', folder.at('sub', 'link'));
  run('setfattr', '-n', 'user.comment', '-v', 'hello', at('file'));
  run('setfattr', '-n', 'user.größe', '-v', '0x00ff', at('sub/dir'));
  if (isRoot) run('setfattr', '-h', '-n', 'trusted.on-link', '-v', 'yes', at('sub/link'));
  run('setfacl', '-m', 'u:1234:rwx', at('file'));
  run('touch', '-d', '1969-07-20 20:17:40.123456789 UTC', at('file'));
  run('chattr', '+d', at('file'));
  const entries = await scanEntries();
  const wanted = ['', 'file', 'sub', 'sub/dir', 'sub/link'].map((path) => entries.get(path) as Entry);
  const [root, file, , dir, link] = await source.describe(wanted, {});
  const found = statSync(folder.at('file'), { bigint: true });
  expect(file).toMatchObject({
    mode: 0o4775,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    mtimeNs: -14_182_939_876_543_211n,
    atimeNs: found.atimeNs,
    birthtimeNs: found.birthtimeNs,
    flags: 0x40,
  });
  expect([...(file?.xattrs?.keys() ?? [])].sort()).toEqual(['system.posix_acl_access', 'user.comment']);
  expect(Buffer.from(file?.xattrs?.get('user.comment') ?? []).toString()).toBe('hello');
  expect([...(dir?.xattrs ?? [])]).toEqual([['user.größe', new Uint8Array([0, 255])]]);
  expect([...(link?.xattrs?.keys() ?? [])]).toEqual(isRoot ? ['trusted.on-link'] : []);
  expect([root?.xattrs?.size, link?.flags, dir?.flags]).toEqual([0, undefined, 0]);
});

test('describes many entries in their order', async () => {
  for (let index = 0; index < 300; index++) {
    writeFileSync(folder.at(`${index}`), '');
    utimesSync(folder.at(`${index}`), index, index);
  }
  const entries = [...(await scanEntries()).values()].filter(({ kind }) => kind === 'file').reverse();
  const described = await source.describe(entries, {});
  expect(described.map(({ mtimeNs }) => mtimeNs)).toEqual(entries.map(({ path }) => BigInt(path) * 1_000_000_000n));
});

test('cannot describe what is gone, nor what a link leads to', async () => {
  folder.makeDirectory('dir');
  writeFileSync(folder.at('dir', 'file'), '');
  writeFileSync(folder.at('gone'), '');
  const entries = await scanEntries();
  rmSync(folder.at('gone'));
  renameSync(folder.at('dir'), folder.at('elsewhere'));
  symlinkSync('elsewhere', folder.at('dir'));
  const describe = (path: string) => source.describe([entries.get('') as Entry, entries.get(path) as Entry], {});
  await expect(describe('gone')).rejects.toMatchObject({ code: 'not-found', path: 'gone' });
  await expect(describe('dir/file')).rejects.toMatchObject({ code: 'not-a-directory', path: 'dir/file' });
  await expect(source.describe([entries.get('') as Entry], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
});

test('reads content whole, in ranges, and again', async () => {
  const bytes = Buffer.alloc(3 * MIB + 123, 'some text that is not the same everywhere ');
  writeFileSync(folder.at('file'), bytes);
  utimesSync(folder.at('file'), 1_000, 1_000);
  const before = statSync(folder.at('file')).atimeMs;
  const entry = await entryOf('file');
  const content = source.content(entry);
  const hash = (read: Buffer): string => createHash('sha256').update(read).digest('hex');
  expect(content.size).toBe(BigInt(bytes.length));
  expect(content.local).toEqual({ root: folder.path, path: 'file', dev: entry.identity?.dev, ino: entry.identity?.ino });
  for (let time = 0; time < 2; time++) expect(hash(await readAll(content.open({})))).toBe(hash(bytes));
  const range = (offset: number, length: number) =>
    readAll(content.open({ range: { offset: BigInt(offset), length: BigInt(length) } }));
  expect(await range(MIB - 1, MIB + 2)).toEqual(bytes.subarray(MIB - 1, 2 * MIB + 1));
  expect(await range(bytes.length - 3, 100)).toEqual(bytes.subarray(-3));
  expect(await range(bytes.length + 5, 1)).toHaveLength(0);
  expect(statSync(folder.at('file')).atimeMs).toBe(before);
});

test('notices a file that is not what was scanned, or changes while it is read', async () => {
  const write = () => writeFileSync(folder.at('file'), Buffer.alloc(2 * MIB, 1));
  const sizes = async (during: () => void): Promise<number[]> => {
    write();
    const content = source.content(await entryOf('file'));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const piece of content.open({})) {
        seen.push(piece.length);
        if (seen.length === 1) during();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'source-changed', path: 'file' });
    return seen;
  };
  expect(await sizes(() => appendFileSync(folder.at('file'), 'more'))).toEqual([MIB, MIB]);
  expect(await sizes(() => run('truncate', '-s', '1200000', at('file')))).toEqual([MIB, 1_200_000 - MIB]);
  write();
  const exchanged = source.content(await entryOf('file'));
  writeFileSync(folder.at('other'), Buffer.alloc(2 * MIB, 2));
  renameSync(folder.at('other'), folder.at('file'));
  await expect(readAll(exchanged.open({}))).rejects.toMatchObject({ code: 'source-changed' });
});

test('reads no file through a link, and none that is gone', async () => {
  folder.makeDirectory('dir');
  writeFileSync(folder.at('dir', 'file'), 'x');
  writeFileSync(folder.at('file'), 'x');
  const entries = await scanEntries();
  const [inside, top] = ['dir/file', 'file'].map((path) => source.content(entries.get(path) as Entry));
  renameSync(folder.at('dir'), folder.at('moved'));
  symlinkSync('moved', folder.at('dir'));
  renameSync(folder.at('file'), folder.at('target'));
  symlinkSync('target', folder.at('file'));
  await expect(readAll(inside!.open({}))).rejects.toMatchObject({ code: 'source-changed' });
  await expect(readAll(top!.open({}))).rejects.toMatchObject({ code: 'source-changed' });
  rmSync(folder.at('file'));
  await expect(readAll(top!.open({}))).rejects.toMatchObject({ code: 'not-found' });
});

test('leaves no descriptor open when reading stops early', async () => {
  writeFileSync(folder.at('file'), Buffer.alloc(3 * MIB));
  const content = source.content(await entryOf('file'));
  const before = readdirSync('/proc/self/fd').length;
  const controller = new AbortController();
  for await (const piece of content.open({})) if (piece.length > 0) break;
  const aborted = async (): Promise<void> => {
    for await (const piece of content.open({ signal: controller.signal }))
      if (piece.length > 0) controller.abort(new Error('enough'));
  };
  await expect(aborted()).rejects.toThrow('enough');
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
});

test('tells where a sparse file holds data', async () => {
  const fd = openSync(folder.at('sparse'), 'w');
  for (const offset of [MIB, 5 * MIB]) writeSync(fd, Buffer.alloc(4_096, 1), 0, 4_096, offset);
  closeSync(fd);
  run('truncate', '-s', String(2 ** 33), at('sparse'));
  const ranges = await Array.fromAsync(source.extents(await entryOf('sparse'), {}));
  expect(ranges).toEqual([MIB, 5 * MIB].map((offset) => ({ offset: BigInt(offset), length: 4_096n })));
});

test('refuses work once it is closed', async () => {
  writeFileSync(folder.at('file'), 'x');
  const entry = await entryOf('file');
  const content = source.content(entry);
  await source[Symbol.asyncDispose]();
  await expect(source.describe([entry], {})).rejects.toMatchObject({ code: 'internal' });
  expect(() => source.scan({ selection: everything, onSkip: () => undefined, onExclude: () => undefined })).toThrow('is closed');
  expect(() => content.open({})).toThrow('is closed');
});
