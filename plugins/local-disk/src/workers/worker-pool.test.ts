import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { FixtureRequest } from './testing/task-fixtures.ts';
import { WorkerPool } from './worker-pool.ts';

const fixtures = new URL('./testing/task-fixtures.ts', import.meta.url).href;
let pools: WorkerPool[] = [];

function open(size: number): WorkerPool {
  const pool = new WorkerPool(size);
  pools.push(pool);
  return pool;
}

const run = <Response>(pool: WorkerPool, request: FixtureRequest, options = {}): Promise<Response> =>
  pool.run(fixtures, request, options);

afterEach(async () => {
  for (const pool of pools) await pool[Symbol.asyncDispose]();
  pools = [];
});

test('runs every task of a queue longer than the threads', async () => {
  const pool = open(2);
  const values = Array.from({ length: 50 }, (_, index) => index);
  expect(await Promise.all(values.map((value) => run(pool, { do: 'echo', value })))).toEqual(values);
});

test('uses its threads at the same time', async () => {
  const pool = open(3);
  pool.warmUp();
  await run(pool, { do: 'echo', value: 1 });
  const ended: string[] = [];
  const slow = run(pool, { do: 'sleep', ms: 1_000 }).then(() => ended.push('slow'));
  await run(pool, { do: 'sleep', ms: 10 }).then(() => ended.push('quick'));
  await slow;
  expect(ended).toEqual(['quick', 'slow']);
});

test('begins waiting tasks in their order', async () => {
  const pool = open(1);
  const ended: number[] = [];
  await Promise.all([3, 1, 2].map((value) => run(pool, { do: 'echo', value }).then(() => ended.push(value))));
  expect(ended).toEqual([3, 1, 2]);
});

test('delivers all messages in order before the response', async () => {
  const seen: number[] = [];
  expect(await run(open(1), { do: 'post', count: 500 }, { onMessage: (value: number) => seen.push(value) })).toBe(500);
  expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('moves buffers instead of copying them', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const answer = run<Uint8Array>(open(1), { do: 'transfer', bytes }, { transfer: [bytes.buffer] });
  expect(bytes.byteLength).toBe(0);
  expect([...(await answer)]).toEqual([1, 2, 3]);
});

test('passes on what a HoldfastError says, and takes any other error for internal', async () => {
  const pool = open(1);
  await expect(run(pool, { do: 'fail', code: 'locked' })).rejects.toMatchObject({
    name: 'HoldfastError',
    code: 'locked',
    hint: 'Mend it.',
    path: 'a/b',
  });
  await expect(run(pool, { do: 'fail' })).rejects.toMatchObject({
    name: 'HoldfastError',
    code: 'internal',
    message: 'It failed.',
  });
  await expect(pool.run('no-such-task', {})).rejects.toMatchObject({ code: 'internal' });
  await expect(run(pool, { do: 'echo', value: (): void => undefined })).rejects.toThrow(/could not be cloned/);
  expect(await run(pool, { do: 'echo', value: 'still alive' })).toBe('still alive');
});

test.each(['exit', 'crash'] as const)('replaces a thread that dies by %s and rejects only its task', async (how) => {
  const pool = open(1);
  const dying = run(pool, { do: how });
  const waiting = run(pool, { do: 'echo', value: 'next' });
  await expect(dying).rejects.toMatchObject({ code: 'internal' });
  expect(await waiting).toBe('next');
});

test('an abort stops a running task, takes a waiting one out and leaves the others', async () => {
  const pool = open(1);
  const controller = new AbortController();
  const reason = new Error('enough');
  const { signal } = controller;
  const running = run(pool, { do: 'spin' }, { signal, onMessage: () => controller.abort(reason) });
  const waiting = run(pool, { do: 'echo', value: 1 }, { signal });
  const other = run(pool, { do: 'echo', value: 2 });
  expect(await Promise.allSettled([running, waiting, other])).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
    { status: 'fulfilled', value: 2 },
  ]);
  await expect(run(pool, { do: 'echo', value: 3 }, { signal })).rejects.toBe(reason);
});

test('ends its threads and rejects what they did', async () => {
  const pool = open(1);
  const running = run(pool, { do: 'spin' });
  const waiting = run(pool, { do: 'echo', value: 1 });
  const both = Promise.allSettled([running, waiting]);
  await pool[Symbol.asyncDispose]();
  expect((await both).map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : ''))).toEqual([
    'interrupted',
    'interrupted',
  ]);
  await expect(run(pool, { do: 'echo', value: 1 })).rejects.toMatchObject({ code: 'internal' });
});

test('threads that were only warmed up do not keep a process alive', async () => {
  const program = `import(${JSON.stringify(new URL('./worker-pool.ts', import.meta.url).href)}).then(({ sharedPool }) => sharedPool().warmUp());`;
  await promisify(execFile)(process.execPath, ['--conditions=holdfast-source', '-e', program], { timeout: 10_000 });
});

test('idle threads do not keep a process alive, working ones do', async () => {
  const program = `
    import(${JSON.stringify(new URL('./worker-pool.ts', import.meta.url).href)}).then(({ sharedPool }) => {
    sharedPool().warmUp();
    sharedPool().run(${JSON.stringify(fixtures)}, { do: 'sleep', ms: 200 }).then((ms) => console.log('slept', ms));
    });`;
  const options = { timeout: 10_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=holdfast-source', '-e', program], options);
  expect(stdout.trim()).toBe('slept 200');
});
