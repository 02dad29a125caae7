import { faultBoard } from './enable-fault-hooks.ts';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { planProcessFaults } from '../../../../test/fixtures/process-faults.ts';
import { toCString } from './c-string.ts';
import { CALL_NAMES } from './call-table.ts';
import { mkdirat } from './create.ts';
import { ERRNO, errno } from './errno.ts';
import type { Fault, FaultCounts } from './fault-board.ts';
import { observeCalls } from './fault-hooks.ts';
import { NativeBuffer } from './native-buffer.ts';
import { O_CREAT, O_DIRECTORY, O_RDWR } from './open-flags.ts';
import { closeFd, openat, openPath } from './open.ts';
import { renameat2 } from './rename.ts';
import { fsync } from './sync.ts';

afterEach(() => {
  faultBoard.setPlan([]);
  observeCalls(undefined);
});

it('fails the n-th call, or all from the n-th on, with the errno asked for, and does nothing then', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  const make = (name: string): number => (mkdirat(at, toCString(name), 0o755) < 0 ? errno() : 0);
  faultBoard.setPlan([{ call: 'mkdirat', nth: 2, action: { errno: 'ENOSPC' } }]);
  expect(['a', 'b', 'c'].map(make)).toEqual([0, ERRNO.ENOSPC, 0]);
  faultBoard.setPlan([{ call: 'change', nth: 2, repeat: true, action: { errno: 'EROFS' } }]);
  expect(['d', 'e', 'f'].map(make)).toEqual([0, ERRNO.EROFS, ERRNO.EROFS]);
  faultBoard.setPlan([{ call: 'any', pathIncludes: `${dir.path}/h`, repeat: true, action: { errno: 'EIO' } }]);
  expect(['g', 'h', 'i'].map(make)).toEqual([0, ERRNO.EIO, 0]);
  expect(readdirSync(dir.path)).toEqual(['a', 'c', 'd', 'g', 'i']);
  closeFd(at);
});

it('counts calls by name and kind, failed ones too, so that a sweep knows how far to go', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  faultBoard.setPlan([{ call: 'fsync', action: { errno: 'EIO' } }]);
  const at = openPath(dir.path, O_DIRECTORY);
  const fd = openat(at, toCString('new'), O_RDWR | O_CREAT, 0o600);
  fsync(fd);
  closeFd(fd);
  closeFd(at);
  expect(faultBoard.counts()).toEqual({ any: 5, change: 2, read: 1, other: 2, byCall: { openat: 2, fsync: 1, close: 2 } });
  faultBoard.setPlan([]);
  expect(faultBoard.counts()).toEqual({ any: 0, change: 0, read: 0, other: 0, byCall: {} });
});

it('knows the paths of both files of a call, given as bytes or by address', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const at = openPath(dir.path, O_DIRECTORY);
  const seen: unknown[] = [];
  observeCalls((call, paths) => seen.push([call, paths()]));
  const name = new NativeBuffer(100);
  name.bytes.write('second\0', 10);
  renameat2(at, toCString('first'), at, name.address + 10, 0);
  fsync(at);
  expect(seen).toEqual([
    ['renameat2', [join(dir.path, 'first'), join(dir.path, 'second')]],
    ['fsync', [dir.path]],
  ]);
  observeCalls((call, paths) => call === 'mkdirat' && writeFileSync(paths()[0]!, 'came first'));
  expect([mkdirat(at, toCString('taken'), 0o755), errno()]).toEqual([-1, ERRNO.EEXIST]);
  closeFd(at);
});

describe('in worker threads', () => {
  const start = (): Worker => new Worker(new URL('../../../../test/fixtures/mkdir-worker.ts', import.meta.url));
  const answer = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0];

  it('counts over all threads, with a plan set after they started', async () => {
    using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
    const [first, second] = [start(), start()];
    for (const [worker, name] of [
      [first, 'a'],
      [second, 'b'],
    ] as const) {
      worker.postMessage({ directory: dir.path, names: [name] });
      expect(await answer(worker)).toEqual(['made']);
    }
    faultBoard.setPlan([{ call: 'mkdirat', nth: 3, action: { errno: 'EDQUOT' } }]);
    first.postMessage({ directory: dir.path, names: ['c', 'd'] });
    expect(await answer(first)).toEqual(['made', 'made']);
    second.postMessage({ directory: dir.path, names: ['e', 'f'] });
    expect(await answer(second)).toEqual(['EDQUOT', 'made']);
    expect(faultBoard.counts().byCall.mkdirat).toBe(4);
    await Promise.all([first.terminate(), second.terminate()]);
  });

  it('pauses before a call while the test changes the world', async () => {
    using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
    const worker = start();
    faultBoard.setPlan([{ call: 'mkdirat', nth: 2, action: 'pause' }]);
    worker.postMessage({ directory: dir.path, names: ['a', 'b', 'c'] });
    await faultBoard.untilPaused();
    expect(readdirSync(dir.path)).toEqual(['a']);
    writeFileSync(join(dir.path, 'b'), 'in the way');
    faultBoard.resume();
    expect(await answer(worker)).toEqual(['made', 'EEXIST', 'made']);
    await worker.terminate();
  });
});

it('sweeps a whole program: counts its changes, then kills it before each', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'holdfast-'));
  const countsFile = join(dir.path, 'counts');
  const script = `
    const { mkdirat } = await import(${JSON.stringify(import.meta.resolve('./create.ts'))});
    for (const name of ['a', 'b', 'c']) mkdirat(-100, Buffer.from(process.argv[1] + name + '\\0'), 0o755);`;
  const run = (faults: Fault[], prefix: string): NodeJS.Signals | null => {
    const { nodeArguments, env } = planProcessFaults(faults, countsFile);
    const options = {
      stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
      env,
    };
    return spawnSync(
      process.execPath,
      [...nodeArguments, '--input-type=module', '-e', script, '--', `${dir.path}/${prefix}`],
      options,
    ).signal;
  };
  expect(run([], '0')).toBeNull();
  const { change } = JSON.parse(readFileSync(countsFile, 'utf8')) as FaultCounts;
  expect(change).toBe(3);
  for (let nth = 1; nth <= change; nth++) {
    expect(run([{ call: 'change', nth, action: 'kill' }], `${nth}`)).toBe('SIGKILL');
    expect(readdirSync(dir.path).filter((name) => name.startsWith(`${nth}`))).toHaveLength(nth - 1);
  }
});

it('refuses a plan that could never act as meant', () => {
  const unknown = 'EWRONG' as 'EIO';
  expect(() => faultBoard.setPlan([{ call: 'read', action: { errno: unknown } }])).toThrow(RangeError);
  expect(() => faultBoard.setPlan(Array.from({ length: 65 }, () => ({ call: 'read', action: 'kill' }) as const))).toThrow(
    RangeError,
  );
  faultBoard.setPlan([{ call: 'mkdirat', action: 'pause' }]);
  expect(() => mkdirat(-1, toCString('x'), 0)).toThrow('The main thread cannot pause');
});

it('lists exactly the calls that this folder binds', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.includes('.test'));
  const bound = sources.flatMap((name) =>
    [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/= bind\w+(?:<[^;=]*?(?:=>)?[^;]*?>)?\(\s*'(\w+)'/g)].map(
      ([, call]) => call!,
    ),
  );
  expect([...new Set(bound)].sort()).toEqual([...CALL_NAMES].sort());
});
