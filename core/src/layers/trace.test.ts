import { expect, test } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import { contentOf, textOf } from '../testing/byte-content.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../testing/every-call.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { callNames } from './call-table.ts';
import { type TraceRecord, traceLayer } from './trace.ts';
import { wrapDestination } from './wrap-destination.ts';

const key = 'a' as RelPath;

test('every call is traced once', async () => {
  for (const name of callNames) {
    const records: TraceRecord[] = [];
    const inner = everyCallDestination(plainAnswer);
    await makeCall(
      wrapDestination(
        inner,
        traceLayer('d', (record) => records.push(record), new ManualClock()),
      ),
      name,
    );
    expect(records.map(({ call }) => call)).toEqual(
      name.startsWith('patch.') && name !== 'patch.begin' ? ['patch.begin', name] : [name],
    );
  }
});

test('a record tells how long, how many bytes and which error', async () => {
  const clock = new ManualClock();
  const records: TraceRecord[] = [];
  const slow = new FaultyDestination(
    new MemoryDestination(),
    {
      faults: [
        { call: 'write', nth: 2, effect: { kind: 'error', code: 'throttled' } },
        { call: 'write', times: 1, effect: { kind: 'slow', ms: 7 } },
      ],
    },
    clock,
  );
  const destination = wrapDestination(
    slow,
    traceLayer('memory', (record) => records.push(record), clock),
  );
  const write = destination.write(key, contentOf('12345'), {});
  await clock.advance(7);
  await write;
  await textOf(destination.read(key, { range: { offset: 1n, length: 3n } }));
  await destination.write(key, contentOf('1'), {}).catch(() => undefined);
  await textOf(destination.read('none' as RelPath, {})).catch(() => undefined);
  expect(records).toEqual([
    { destination: 'memory', call: 'write', key, durationMs: 7, bytes: 5, items: 0 },
    { destination: 'memory', call: 'read', key, durationMs: 0, bytes: 3, items: 1 },
    { destination: 'memory', call: 'write', key, durationMs: 0, bytes: 0, items: 0, error: 'throttled' },
    { destination: 'memory', call: 'read', key: 'none', durationMs: 0, bytes: 0, items: 0, error: 'not-found' },
  ]);
});

test('what may be secret is in no record', async () => {
  const secret = 'hunter2';
  const records: TraceRecord[] = [];
  const memory = new MemoryDestination();
  const destination = wrapDestination(
    memory,
    traceLayer('memory', (record) => records.push(record), new ManualClock()),
  );
  const { metadata, links, lock } = destination.capabilities;
  await destination.write(key, { ...contentOf(secret), version: secret }, {});
  await metadata?.apply(
    key,
    { path: key, kind: 'file', size: 7n, metadata: {} },
    { xattrs: new Map([['user.k', Buffer.from(secret)]]) },
    {},
  );
  await links?.symlink('l' as RelPath, secret, {});
  await lock?.acquire('lock' as RelPath, secret, {});
  await lock?.acquire('lock' as RelPath, secret, {}).catch((error: Error) => expect(error.message).toContain(secret));
  expect(records.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined, 'locked']);
  expect(JSON.stringify(records)).not.toContain(secret);
});
