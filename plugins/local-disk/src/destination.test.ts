import { HoldfastError, parseRelPath } from '@holdfast/core/plugin';
import type { CallOptions, Content, RelPath } from '@holdfast/core/plugin';
import { contentOf, textOf } from '@holdfast/core/conformance';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inBash } from '../../../test/fixtures/in-bash.ts';
import { mountLoopFilesystem, withLoopFilesystem } from '../../../test/fixtures/loop-filesystem.ts';
import type { LocalDestination } from './destination.ts';
import { openDestination } from './open-destination.ts';
import { WorkerPool } from './workers/worker-pool.ts';

const pool = new WorkerPool(2);
const environment = { pool, nowMs: () => 0 };
const isRoot = process.getuid?.() === 0;
const key = (text: string): RelPath => parseRelPath(text);
const none: CallOptions = {};
let root: string;
let disk: LocalDestination;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-destination-'));
  disk = openDestination(root, false, environment);
});
afterEach(async () => {
  await disk[Symbol.asyncDispose]();
  await inBash(root, 'find . -mindepth 1 -delete; cd ..; rmdir "$root"', { root });
});
afterAll(() => pool[Symbol.asyncDispose]());

test('keys far longer than PATH_MAX can be written, read, listed, moved and removed', async () => {
  const directory = Array.from({ length: 40 }, (_, level) => `${level}`.padEnd(200, 'd')).join('/');
  const long = key(`${directory}/file`);
  expect(long.length).toBeGreaterThan(8_000);
  await disk.write(long, contentOf('deep'), none);
  expect(await textOf(disk.read(long, none))).toBe('deep');
  const listed: string[] = [];
  for await (const page of disk.list(key(''), none)) listed.push(...page.map((info) => info.key));
  expect(listed).toContain(long);
  await disk.capabilities.move!(long, key(`${directory}/other`), none);
  await disk.remove(key(`${directory}/other`), none);
  expect(await disk.stat(long, none)).toBeUndefined();
});

test('a new object is not seen before it is whole, and its temporary name is not listed', async () => {
  const seen: unknown[] = [];
  const content: Content = {
    size: 4n,
    async *open() {
      yield Buffer.from('ab');
      seen.push(await disk.stat(key('file'), none), readdirSync(root).length);
      for await (const page of disk.list(key(''), none)) seen.push(...page);
      yield Buffer.from('cd');
    },
  };
  expect(await disk.capabilities.createOnly!.create(key('file'), content, none)).toBe('created');
  // The unfinished file is there, but neither at the key nor in the list.
  expect(seen).toEqual([undefined, 1]);
  expect(await disk.capabilities.createOnly!.create(key('file'), contentOf('no'), none)).toBe('exists');
  expect([await textOf(disk.read(key('file'), none)), readdirSync(root)]).toEqual(['abcd', ['file']]);
});

describe('the lock', () => {
  const lock = key('.holdfast/lock');

  test('names who holds it, and is free after that one lets go', async () => {
    const held = await disk.capabilities.lock!.acquire(lock, 'nightly backup on host, process 7', none);
    await using other = openDestination(root, false, environment);
    await expect(other.capabilities.lock!.acquire(lock, 'me', none)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('nightly backup on host, process 7') as string,
    });
    await held[Symbol.asyncDispose]();
    await using taken = await other.capabilities.lock!.acquire(lock, 'me', none);
    expect(taken).toBeDefined();
  });

  test('is free when the process that holds it is killed', async () => {
    const program = `
      const { openDestination } = await import(${JSON.stringify(new URL('./open-destination.ts', import.meta.url).href)});
      const { sharedPool } = await import(${JSON.stringify(new URL('./workers/worker-pool.ts', import.meta.url).href)});
      const disk = openDestination(${JSON.stringify(root)}, false, { pool: sharedPool(), nowMs: () => 0 });
      await disk.capabilities.lock.acquire(${JSON.stringify(lock)}, 'the other one', {});
      process.stdout.write('locked');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--conditions=holdfast-source', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(disk.capabilities.lock!.acquire(lock, 'me', none)).rejects.toMatchObject({
      message: expect.stringContaining('the other one') as string,
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await using taken = await disk.capabilities.lock!.acquire(lock, 'me', none);
    expect(taken).toBeDefined();
  });
});

describe('opening', () => {
  test.each([
    ['none', false, 'not-found'],
    ['file', false, 'not-a-directory'],
    ['file', true, 'not-a-directory'],
    ['file/below', true, 'not-a-directory'],
  ])('%s (create: %s) rejects with %s', (name, create, code) => {
    writeFileSync(join(root, 'file'), 'x');
    expect(() => openDestination(join(root, name), create, environment)).toThrow(
      expect.objectContaining({ name: 'HoldfastError', code }) as Error,
    );
  });

  test('makes the directory and what is missing above it, and follows a link that the user named', async () => {
    await using made = openDestination(join(root, 'a/b/c'), true, environment);
    expect(made.traits.displayName).toBe(join(root, 'a/b/c'));
    symlinkSync('a/b', join(root, 'link'));
    await using linked = openDestination(join(root, 'link'), false, environment);
    expect(linked.traits.localRoot).toBe(join(root, 'a/b'));
  });
});

describe.skipIf(!isRoot)('facts of file systems', () => {
  test.each(['ext4', 'xfs', 'btrfs'] as const)('%s: identity, names, times', async (kind) => {
    await withLoopFilesystem(kind, 300, async (mount) => {
      await using there = openDestination(mount, false, environment);
      const uuid = (await inBash('/', 'findmnt -no UUID "$mount"', { mount })).toString().trim();
      expect(there.traits).toMatchObject({
        caseSensitive: true,
        normalises: false,
        mtimeResolutionNs: 1n,
        maxSegmentBytes: 255,
        identity: { fileSystemType: kind, fileSystemId: `uuid:${uuid}`, rootIno: BigInt(statSync(mount).ino) },
      });
      const { totalBytes, freeBytes } = await there.capabilities.usage!.usage(none);
      expect(freeBytes).toBeLessThan(totalBytes);
      expect(Number(totalBytes)).toBeGreaterThan(200 * 2 ** 20);
    });
  });

  test('a full disk and a read-only one are told apart, and leave the old object', async () => {
    await using mounted = await mountLoopFilesystem('ext4', 16);
    await using there = openDestination(mounted.directory, false, environment);
    await there.write(key('file'), contentOf('old'), none);
    const huge = contentOf(Buffer.alloc(40 * 2 ** 20));
    await expect(there.write(key('file'), huge, none)).rejects.toMatchObject({ code: 'destination-full', path: 'file' });
    expect([await textOf(there.read(key('file'), none)), readdirSync(mounted.directory)]).toEqual(['old', ['file']]);
    execFileSync('sh', ['-c', 'mount -o remount,ro "$0"', mounted.directory]);
    await expect(there.write(key('file'), contentOf('new'), none)).rejects.toMatchObject({ code: 'read-only' });
    await expect(there.remove(key('file'), none)).rejects.toMatchObject({ code: 'read-only' });
  });
});

test('every rejection is a HoldfastError that names the entry, what failed and what to do', async () => {
  mkdirSync(join(root, 'directory/full'), { recursive: true });
  writeFileSync(join(root, 'file'), 'x');
  const attempts: [() => Promise<unknown>, string][] = [
    [() => textOf(disk.read(key('none'), none)), 'not-found'],
    [() => textOf(disk.read(key('directory'), none)), 'is-directory'],
    [() => disk.write(key('directory'), contentOf('x'), none), 'is-directory'],
    [() => disk.write(key('file/below'), contentOf('x'), none), 'not-a-directory'],
    [() => disk.write(key('n'.repeat(256)), contentOf('x'), none), 'name-not-allowed'],
    [() => disk.remove(key('directory'), none), 'is-directory'],
    [() => disk.capabilities.move!(key('none'), key('x'), none), 'not-found'],
    [() => disk.capabilities.links!.symlink(key('file'), 'x', none), 'exists'],
    [() => disk.capabilities.directories!.create(key('file'), none), 'not-a-directory'],
  ];
  for (const [attempt, code] of attempts) {
    const error: unknown = await attempt().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({
      code,
      path: expect.any(String) as string,
      hint: expect.stringMatching(/./) as string,
      message: expect.stringMatching(/^Cannot .+: .+/) as string,
    });
  }
});
