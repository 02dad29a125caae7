import { expect, test } from 'vitest';
import { parseRelPath, rootPath } from '../paths/rel-path.ts';
import { digestBytes } from '../verification/digest.ts';
import { bytesOf, contentOf, textOf } from './byte-content.ts';
import { eventuallyConsistent } from './eventually-consistent.ts';
import type { FaultEffect } from './fault-script.ts';
import { FaultyDestination } from './faulty-destination.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryDestination } from './memory-destination.ts';

const key = parseRelPath('a');
const faulty = (call: 'read' | 'write' | '*', effect: FaultEffect, nth = 1): FaultyDestination =>
  new FaultyDestination(new MemoryDestination(), { faults: [{ call, nth, times: 1, effect }] });

test('the n-th call fails and does nothing', async () => {
  const destination = faulty('write', { kind: 'error', code: 'throttled', retryAfterMs: 5 }, 2);
  await destination.write(key, contentOf('1'), {});
  await expect(destination.write(key, contentOf('2'), {})).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 5 });
  expect(await textOf(destination.read(key, {}))).toBe('1');
  await destination.write(key, contentOf('3'), {});
  expect(await textOf(destination.read(key, {}))).toBe('3');
});

test('a call can be done although it answers with an error', async () => {
  const destination = faulty('write', { kind: 'error-after', code: 'connection-lost' });
  await expect(destination.write(key, contentOf('1'), {})).rejects.toMatchObject({ code: 'connection-lost' });
  expect(await textOf(destination.read(key, {}))).toBe('1');
});

test('a hanging call ends when it is aborted', async () => {
  const destination = faulty('write', { kind: 'hang' });
  const signal = AbortSignal.timeout(5);
  const failure: unknown = await destination.write(key, contentOf('1'), { signal }).catch((error: unknown) => error);
  expect(failure).toBe(signal.reason);
});

test('reads break, end early and lie', async () => {
  const text = 'hello world';
  for (const [effect, expected] of [
    [{ kind: 'truncate', afterBytes: 5 }, 'hello'],
    [{ kind: 'flip', atByte: 0 }, Buffer.from(text).fill(0x97, 0, 1).toString()],
  ] as const) {
    const destination = faulty('read', effect);
    await destination.write(key, contentOf(text), {});
    expect(await textOf(destination.read(key, {}))).toBe(expected);
  }
  const broken = faulty('read', { kind: 'break', afterBytes: 5, code: 'connection-lost' });
  await broken.write(key, contentOf(text), {});
  await expect(bytesOf(broken.read(key, {}))).rejects.toMatchObject({ code: 'connection-lost' });
});

test('a flipped write answers with the digest of what it was given', async () => {
  const destination = faulty('write', { kind: 'flip', atByte: 2 });
  const info = await destination.write(key, contentOf('hello'), { digests: ['blake3'] });
  expect(info.digests).toEqual([digestBytes('blake3', Buffer.from('hello'))]);
  expect(await textOf(destination.read(key, {}))).not.toBe('hello');
});

test('a truncated write succeeds, a broken one leaves nothing', async () => {
  const short = faulty('write', { kind: 'truncate', afterBytes: 3 });
  await short.write(key, contentOf('hello'), {});
  expect(await textOf(short.read(key, {}))).toBe('hel');
  const broken = faulty('write', { kind: 'break', afterBytes: 3, code: 'connection-lost' });
  await expect(broken.write(key, contentOf('hello'), {})).rejects.toMatchObject({ code: 'connection-lost' });
  expect(await broken.stat(key, {})).toBeUndefined();
});

test('one operation of a batch fails, the others are answered', async () => {
  const faults = [{ call: 'batch.operation', key: 'b', effect: { kind: 'error', code: 'write-failed' } }] as const;
  const destination = new FaultyDestination(new MemoryDestination(), { faults });
  for (const name of ['a', 'b', 'c']) await destination.write(parseRelPath(name), contentOf(name), {});
  const operations = async function* () {
    yield ['a', 'b', 'c'].map((name, id) => ({ id, op: 'remove', key: parseRelPath(name) }) as const);
  };
  const preserve = { owner: true, xattrs: true };
  const results = (
    await Array.fromAsync(destination.capabilities.batch?.run(operations(), { runId: 'r', preserve }) ?? [])
  ).flat();
  expect(results.map(({ id, error }) => [id, error?.code]).sort()).toEqual([
    [0, undefined],
    [1, 'write-failed'],
    [2, undefined],
  ]);
  expect((await Array.fromAsync(destination.list(rootPath, {}))).flat().map((info) => info.key)).toEqual(['b']);
});

test('the same seed gives the same faults', async () => {
  const run = async (seed: number): Promise<string> => {
    const faults = [{ call: 'stat', chance: 0.5, effect: { kind: 'error', code: 'timed-out' } }] as const;
    const destination = new FaultyDestination(new MemoryDestination(), { seed, faults });
    const answers = [];
    for (let i = 0; i < 32; i++)
      answers.push(
        await destination.stat(key, {}).then(
          () => '.',
          () => 'x',
        ),
      );
    expect(destination.calls).toHaveLength(32);
    return answers.join('');
  };
  expect(await run(1)).toBe(await run(1));
  expect(await run(1)).not.toBe(await run(2));
});

test('list and stat lag behind', async () => {
  const clock = new ManualClock();
  const destination = eventuallyConsistent(new MemoryDestination(), clock, 1000);
  const names = async () => (await Array.fromAsync(destination.list(rootPath, {}))).flat().map((info) => info.key);
  await destination.write(key, contentOf('1'), {});
  expect(await destination.stat(key, {})).toBeUndefined();
  expect(await names()).toEqual([]);
  expect(await textOf(destination.read(key, {}))).toBe('1');
  await clock.advance(1000);
  expect(await names()).toEqual(['a']);
  await destination.remove(key, {});
  expect((await destination.stat(key, {}))?.size).toBe(1n);
  expect(await names()).toEqual(['a']);
  await clock.advance(1000);
  expect(await names()).toEqual([]);
});
