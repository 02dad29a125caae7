import { faultBoard } from '../syscalls/enable-fault-hooks.ts';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { BatchOperation, BatchResult } from '@holdfast/core/plugin';
import { planProcessFaults } from '../../../../test/fixtures/process-faults.ts';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { BatchFixture } from './testing/batch-fixture.ts';

const MIB = 2 ** 20;
let disk: BatchFixture;
beforeEach(() => {
  faultBoard.setPlan([]);
  disk = new BatchFixture();
});
afterEach(async () => {
  faultBoard.setPlan([]);
  await disk[Symbol.asyncDispose]();
});

/** Files new and changed, in new and old directories, small and large, and other kinds. */
async function plant(): Promise<BatchOperation[]> {
  mkdirSync(join(disk.from, 'new/deep'), { recursive: true });
  mkdirSync(join(disk.from, 'old'));
  const files = ['a', 'new/b', 'new/deep/c', 'old/changed', 'old/large'];
  for (const file of files) writeFileSync(join(disk.from, file), randomBytes(file === 'old/large' ? 3 * MIB : 5000));
  execFileSync('sh', ['-c', 'ln -s x new/link; mkfifo old/fifo; setfattr -n user.x -v 1 new/b old/changed'], { cwd: disk.from });
  execFileSync('sh', ['-c', 'mkdir old; echo before > old/changed; echo before > old/large'], { cwd: disk.to });
  const keys = ['a', 'new', 'new/b', 'new/deep', 'new/deep/c', 'new/link', 'old/changed', 'old/fifo', 'old/large'];
  return Promise.all(keys.map((key) => disk.store(key, { displaceTo: `keep/${key}` })));
}

/** Names whose file at the destination is neither the source's nor what was there before. */
function torn(from: string, to: string): string[] {
  const names = execFileSync('find', ['.', '-type', 'f', '-not', '-path', '*/.holdfast-tmp-*', '-printf', '%P\\n'], {
    cwd: to,
    encoding: 'utf8',
  });
  return names.split('\n').filter((name) => {
    if (name === '') return false;
    const bytes = readFileSync(join(to, name));
    return !bytes.equals(Buffer.from('before\n')) && !bytes.equals(readFileSync(join(from, name)));
  });
}

describe('whichever system call fails', () => {
  test('nothing is torn, nothing is lost, no temporary name stays, and what succeeded is there', {
    timeout: 300_000,
  }, async () => {
    const operations = await plant();
    const before = execFileSync('tar', ['-cf', '-', '.'], { cwd: disk.to, maxBuffer: 2 ** 26 });
    const reset = (): void =>
      void execFileSync('sh', ['-c', 'find . -mindepth 1 -delete; tar -xf -'], { cwd: disk.to, input: before });
    faultBoard.setPlan([]);
    await disk.run(operations);
    const { change } = faultBoard.counts();
    expect(change).toBeGreaterThan(40);
    const step = inject('storm') === 'full' ? 1 : 4;
    for (const errno of ['EIO', 'ENOSPC'] as const) {
      for (let nth = 1; nth <= change; nth += step) {
        reset();
        faultBoard.setPlan([{ call: 'change', nth, action: { errno } }]);
        const results = await disk.run(operations);
        faultBoard.setPlan([]);
        const what = `${errno} at change ${nth}`;
        expect(torn(disk.from, disk.to), what).toEqual([]);
        expect(
          disk.names().filter((name) => name.includes('.holdfast-tmp-')),
          what,
        ).toEqual([]);
        for (const old of ['old/changed', 'old/large']) expect(disk.names(), what).toContain(old);
        expectStored(operations, results, what);
      }
    }
  });

  function expectStored(operations: readonly BatchOperation[], results: readonly BatchResult[], what: string): void {
    for (const [index, { key }] of operations.entries()) {
      const { error } = results[index]!;
      if (error === undefined)
        expect(
          execFileSync('sh', ['-c', `test -e "$0" -o -L "$0" && echo there`, join(disk.to, key)], { encoding: 'utf8' }),
          `${what}: ${key}`,
        ).toBe('there\n');
      else expect(['write-failed', 'destination-full', 'read-failed'], `${what}: ${key}: ${error.message}`).toContain(error.code);
    }
  }
});

test.skipIf(process.getuid?.() !== 0)('a full destination fails what does not fit, and keeps no part of it', async () => {
  await withLoopFilesystem('ext4', 20, async (mount) => {
    await using small = new BatchFixture(mount);
    for (let file = 0; file < 20; file++) writeFileSync(join(disk.from, `f${String(file)}`), randomBytes(MIB));
    writeFileSync(join(disk.from, 'huge'), randomBytes(30 * MIB));
    const operations = await Promise.all(
      ['huge', ...Array.from({ length: 20 }, (_, file) => `f${String(file)}`)].map((name) => disk.store(name)),
    );
    const results = await small.run(operations);
    const full = operations.filter((_, index) => results[index]?.error !== undefined);
    expect(full.map(({ key }) => key)).toContain('huge');
    expect(full.length).toBeLessThan(operations.length);
    expect(new Set(results.flatMap(({ error }) => error?.code ?? []))).toEqual(new Set(['destination-full']));
    expect(small.names()).toEqual(
      operations
        .filter((each) => !full.includes(each))
        .map(({ key }) => key)
        .sort(),
    );
    expect(torn(disk.from, small.to)).toEqual([]);
  });
});

test('a failed sync of the file system fails what waited for it', async () => {
  const operations = await plant();
  faultBoard.setPlan([
    { call: 'syncfs', action: { errno: 'EIO' } },
    { call: 'fsync', repeat: true, action: { errno: 'EIO' } },
  ]);
  const results = await disk.run(operations);
  expect(new Set(results.map(({ error }) => error?.code))).toEqual(new Set(['write-failed']));
  expect(readFileSync(join(disk.to, 'old/changed'), 'utf8')).toBe('before\n');
  expect(disk.names()).toEqual(['old', 'old/changed', 'old/large']);
});

test('an abort ends a copy soon, and leaves nothing unfinished', async () => {
  const operations = await plant();
  const controller = new AbortController();
  const reason = new Error('enough');
  faultBoard.setPlan([{ call: 'pwrite', action: 'pause' }]);
  const running = disk.run(operations, { signal: controller.signal });
  const failed = expect(running).rejects.toBe(reason);
  await faultBoard.untilPaused();
  controller.abort(reason);
  faultBoard.resume();
  await failed;
  expect(disk.names()).toEqual(['old', 'old/changed', 'old/large']);
  expect(torn(disk.from, disk.to)).toEqual([]);
});

test('closing the destination ends a run that nobody follows any more, and only then lets go of it', async () => {
  const operations = await plant();
  const results = disk.destination.capabilities.batch!.run(one(operations), {
    runId: 'closed',
    digest: 'blake3',
    preserve: { owner: true, xattrs: true },
  });
  faultBoard.setPlan([{ call: 'pwrite', action: 'pause' }]);
  const first = results[Symbol.asyncIterator]().next();
  const ended = expect(first).rejects.toMatchObject({ code: 'interrupted' });
  await faultBoard.untilPaused();
  const closed = disk.destination[Symbol.asyncDispose]();
  let isClosed = false;
  void closed.then(() => (isClosed = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isClosed).toBe(false);
  faultBoard.resume();
  await closed;
  await ended;
  expect(disk.names()).toEqual(['old', 'old/changed', 'old/large']);
});

test('who stops asking for results ends the run', async () => {
  const operations = await plant();
  const run = disk.destination.capabilities.batch!.run(one(operations), {
    runId: 'left',
    preserve: { owner: true, xattrs: true },
  });
  for await (const _results of run) break;
  expect(disk.names().filter((name) => name.includes('.holdfast-tmp-'))).toEqual([]);
});

async function* one(operations: readonly BatchOperation[]): AsyncGenerator<readonly BatchOperation[]> {
  yield operations;
  yield operations;
}

describe('a source that changes while it is read', () => {
  async function changeDuring(times: number): Promise<BatchResult> {
    const path = join(disk.from, 'log');
    writeFileSync(path, randomBytes(2 * MIB));
    const operation = await disk.store('log');
    faultBoard.setPlan(
      Array.from({ length: times }, (_, index) => ({
        call: 'pread' as const,
        pathIncludes: 'from/log',
        // The second reading of a pass; a pass takes eight.
        nth: 2 + index * 8,
        action: 'pause' as const,
      })),
    );
    const running = disk.run([operation]);
    for (let change = 0; change < times; change++) {
      await faultBoard.untilPaused();
      appendFileSync(path, 'more');
      faultBoard.resume();
    }
    const [result] = await running;
    return result!;
  }

  test('once is read again', async () => {
    const result = await changeDuring(1);
    expect(result.torn).toBeUndefined();
    expect(readFileSync(join(disk.to, 'log')).equals(readFileSync(join(disk.from, 'log')))).toBe(true);
  });

  test('twice is stored and marked', async () => {
    expect((await changeDuring(2)).torn).toBe(true);
  });
});

test.each(['exchanged', 'gone', 'a link now'])('a source that is %s since the scan is not copied', async (how) => {
  const path = join(disk.from, 'file');
  writeFileSync(path, 'x');
  writeFileSync(join(disk.from, 'keep'), 'y');
  const operation = await disk.store('file');
  execFileSync('sh', ['-c', { exchanged: 'echo z > n; mv n file', gone: 'rm file', 'a link now': 'ln -sf keep file' }[how]!], {
    cwd: disk.from,
  });
  const [result] = await disk.run([operation]);
  expect(result?.error?.code).toBe({ exchanged: 'source-changed', gone: 'not-found', 'a link now': 'link-escapes' }[how]);
  expect(disk.names()).toEqual([]);
});

test('a killed program leaves whole files only, wherever it is killed', { timeout: 300_000 }, async () => {
  await plant();
  const program = new URL('./testing/clone-program.ts', import.meta.url).pathname;
  const rounds = inject('storm') === 'full' ? 60 : 8;
  for (let round = 0; round < rounds; round++) {
    const to = mkdtempSync(join(tmpdir(), 'holdfast-killed-'));
    const { nodeArguments, env } = planProcessFaults([
      { call: 'change', nth: 1 + round * Math.ceil(80 / rounds), action: 'kill' },
    ]);
    const child = spawn(process.execPath, [...nodeArguments, program, disk.from, join(to, 'copy')], { env, stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    execFileSync('mkdir', ['-p', join(to, 'copy')]);
    expect(torn(disk.from, join(to, 'copy')), `killed at change ${1 + round * 10}`).toEqual([]);
    rmSync(to, { recursive: true, force: true });
  }
});
