import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { MemorySource } from '../testing/memory-source.ts';
import { PlainSession } from '../layouts/plain/plain-session.ts';
import { RunLog } from './run-log.ts';
import type { Task } from './task.ts';
import { runTask } from './run-task.ts';
import { testTask } from './testing/test-task.ts';
import { applyEdit, edits } from './testing/random-edits.ts';
import { treeText } from './testing/tree-text.ts';

async function run(task: Task): Promise<RunLog> {
  const log = new RunLog(task.sink, task.clock);
  await runTask(task, log);
  return log;
}

/** What a memory destination holds, read as a source. */
function asSource(destination: MemoryDestination): MemorySource {
  return Object.assign(new MemorySource(), { store: destination.store });
}

for (const without of [[], ['batch'], ['batch', 'copy', 'patch']] as const) {
  test(`makes the destination equal to the source after any edits, lacking ${without.join(' and ') || 'nothing'}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(edits, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (rounds) => {
        const source = new MemorySource({ a: 'first' });
        const destination = new MemoryDestination({ without: [...without] });
        for (const round of rounds) {
          for (const each of round) applyEdit(source, each);
          const task = testTask(source, new PlainSession(destination), {
            rules: { checksum: true, owner: true, xattrs: true, overwrite: 'if-changed', deletes: true },
          });
          const { counts } = await run(task);
          const wanted = await treeText(source);
          expect(counts).toMatchObject({ failed: 0, skipped: 0 });
          expect(counts.stored + counts.kept + counts.metadata + counts.renamed).toBe(wanted.length);
          expect(await treeText(asSource(destination))).toEqual(wanted);
        }
      }),
      { numRuns: 150 },
    );
  });
}

test.each([true, false])('a directory that cannot be listed is one item with a reason, in a dry run too: %j', async (dryRun) => {
  const source = new MemorySource({ 'd/x': 'one', 'e/x': 'two' }, { unreadable: { d: 'access-denied' } });
  const task = testTask(source, new PlainSession(new MemoryDestination()), { dryRun });
  const { counts } = await run(task);
  const told = task.events.flatMap((event) =>
    event.type === 'item' || event.type === 'plan' ? [`${event.op} ${event.path}`] : [],
  );
  expect(told.filter((line) => line.endsWith(' d'))).toEqual(['skip d']);
  expect(told).toEqual(expect.arrayContaining(['store e', 'store e/x']));
  expect(counts).toMatchObject({ skipped: 1, failed: 0, stored: 2 });
});

test.each(['size', 'digest', 'readback'] as const)('tells how far it is while it verifies by %s', async (verify) => {
  const task = testTask(new MemorySource({ a: 'one', 'd/x': 'three' }), new PlainSession(new MemoryDestination()), { verify });
  const clock = { now: () => new Date(0), monotonicMs: () => (ms += 1000), sleep: () => Promise.resolve() };
  let ms = 0;
  await run({ ...task, clock });
  const told = task.events.flatMap((event) => (event.type === 'progress' && event.phase === 'verify' ? [event] : []));
  expect(told.map(({ done }) => done.files)).toEqual([0, 1, 2]);
  for (const { total } of told) expect(total).toEqual({ files: 2, bytes: 8n });
  expect(told.at(-1)?.done.bytes).toBe(8n);
});

test('a dry run tells what the run does, and writes nothing', async () => {
  const source = new MemorySource({ a: 'one', 'd/x': 'two' });
  const destination = new MemoryDestination();
  await run(testTask(source, new PlainSession(destination)));
  source.put('a', 'changed');
  source.delete('d/x');
  source.put('d/new', 'three');
  const before = await treeText(asSource(destination));
  const dry = testTask(source, new PlainSession(destination), { dryRun: true });
  await run(dry);
  expect(await treeText(asSource(destination))).toEqual(before);
  const plan = dry.events.flatMap((event) => (event.type === 'plan' ? [`${event.op} ${event.path} ${event.reason}`] : []));
  expect(plan).toEqual(['store a size', 'store d/new new', 'retire d/x not in source']);
  const real = testTask(source, new PlainSession(destination));
  await run(real);
  const done = real.events.flatMap((event) => (event.type === 'item' ? [`${event.op} ${event.path} ${event.reason}`] : []));
  expect(done.sort()).toEqual(plan.sort());
});

test('deletes nothing when something could not be read', async () => {
  const destination = new MemoryDestination();
  const whole = new MemorySource({ a: 'one', b: 'two', 'd/x': 'three' });
  await run(testTask(whole, new PlainSession(destination)));
  const damaged = new MemorySource({ a: 'ONE!', 'd/x': 'three' }, { unreadable: { d: 'access-denied' } });
  const { counts } = await run(testTask(damaged, new PlainSession(destination)));
  expect(counts).toMatchObject({ stored: 1, skipped: 1, retired: 0 });
  const names = (await treeText(asSource(destination))).map((line) => line.split('"')[1]);
  expect(names).toEqual(['', 'a', 'b', 'd', 'd/x']);
});

test.each([
  ['could not be stored', { kind: 'error', code: 'write-failed' }],
  ['was stored wrong', { kind: 'flip', atByte: 0 }],
] as const)('further names of a file that %s fail with it', async (_name, effect) => {
  const source = new MemorySource({ a: 'old' });
  const destination = new MemoryDestination({ without: ['batch', 'patch', 'copy'] });
  await run(testTask(source, new PlainSession(destination)));
  source.put('a', 'another');
  source.put('b', { kind: 'hard-link', existing: 'a' });
  source.put('c', { kind: 'hard-link', existing: 'a' });
  const faulty = new FaultyDestination(destination, { faults: [{ call: 'write', key: 'a', effect }] });
  const task = testTask(source, new PlainSession(faulty), { verify: 'readback' });
  const { counts } = await run(task);
  expect(counts).toMatchObject({ stored: 0, failed: 3 });
  const failed = task.events.flatMap((event) => (event.type === 'item' && event.error !== undefined ? [event.path] : []));
  expect(failed).toEqual(['a', 'b', 'c']);
  const { counts: after } = await run(
    testTask(source, new PlainSession(destination), { rules: { ...task.rules, checksum: true } }),
  );
  expect(after).toMatchObject({ stored: 3, failed: 0 });
  expect(await treeText(asSource(destination))).toEqual(await treeText(source));
});
