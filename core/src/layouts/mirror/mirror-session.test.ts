import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RelPath } from '../../contracts/rel-path.ts';
import { RunLog } from '../../pipeline/run-log.ts';
import { runTask } from '../../pipeline/run-task.ts';
import { applyEdit, edits } from '../../pipeline/testing/random-edits.ts';
import { testTask } from '../../pipeline/testing/test-task.ts';
import { treeText } from '../../pipeline/testing/tree-text.ts';
import type { Task } from '../../pipeline/task.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { MemorySource } from '../../testing/memory-source.ts';
import { MirrorSession } from './mirror-session.ts';
import { SafetyNet } from './safety-net.ts';
import { listRunIds, readHistory } from './state/chain/mirror-history.ts';
import { openMirrorSource } from './state/past/open-mirror-source.ts';
import { readMirror } from './state/records/mirror-record.ts';
import { nextRunId } from './state/records/run-id.ts';

class Mirror {
  readonly destination: MemoryDestination;
  readonly clock = new ManualClock();
  readonly source: MemorySource;

  constructor(source: MemorySource, destination = new MemoryDestination()) {
    this.source = source;
    this.destination = destination;
  }

  /** Runs a clone and answers what it counted. */
  async clone(changes: Partial<Task> = {}, quick = false): Promise<RunLog> {
    await this.clock.advance(60_000);
    const { destination, source, clock } = this;
    const found = await readMirror(destination, {});
    const runId = nextRunId(clock.now(), await listRunIds(destination, {}));
    const safetyNet = new SafetyNet({ destination, mirror: found, isOn: true, rules: [], runId, clock });
    const mirror = found ?? {
      destinationId: 'id',
      createdAt: clock.now().toISOString(),
      volume: null,
      source: { displayName: '', identity: null },
      currentRunId: null,
    };
    const first = found === undefined ? { beforeFirst: () => Promise.resolve() } : {};
    const session = new MirrorSession({
      destination,
      mirror,
      source,
      runId,
      safetyNet,
      quick,
      recordedOptions: {},
      scratch: tmpdir(),
      clock,
      ...first,
    });
    const task = testTask(source, session, { runId, clock, ...changes });
    const log = new RunLog(task.sink, clock);
    await runTask(task, log);
    return log;
  }

  /** The live tree without the mirror's own state. */
  async live(): Promise<string[]> {
    return treeText(Object.assign(new MemorySource(), { store: this.destination.store }));
  }

  async runIds(): Promise<string[]> {
    const mirror = await readMirror(this.destination, {});
    const history = await readHistory(this.destination, mirror ?? { currentRunId: null }, {});
    return history.runs.map(({ id }) => id);
  }

  async past(runId: string): Promise<string[]> {
    const mirror = await readMirror(this.destination, {});
    const history = await readHistory(this.destination, mirror ?? { currentRunId: null }, {});
    await using source = await openMirrorSource(this.destination, history, runId, {});
    return await treeText(source);
  }
}

/** Change times and link counts are the disk's, not the tree's; the rest of a line is what a version must give back. */
const withoutInodes = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ = [^=]*$/, ''));

test.each([[[]], [['batch']]] as const)('follows any edits, and every version can be had back, lacking %j', async (without) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(edits, { maxLength: 6 }), { minLength: 1, maxLength: 5 }), async (rounds) => {
      const mirror = new Mirror(new MemorySource({ a: 'first' }), new MemoryDestination({ without: [...without] }));
      const versions = new Map<string, string[]>();
      for (const round of rounds) {
        for (const each of round) applyEdit(mirror.source, each);
        const { counts } = await mirror.clone();
        expect(counts).toMatchObject({ failed: 0, skipped: 0 });
        const wanted = await treeText(mirror.source);
        expect(counts.stored + counts.kept + counts.metadata + counts.renamed).toBe(wanted.length);
        expect(await mirror.live()).toEqual(wanted);
        versions.set((await mirror.runIds()).at(-1) ?? '', wanted);
        const again = await mirror.clone();
        expect(again.counts).toMatchObject({ stored: 0, metadata: 0, renamed: 0, retired: 0, failed: 0, kept: wanted.length });
      }
      for (const [runId, wanted] of versions) expect(withoutInodes(await mirror.past(runId))).toEqual(withoutInodes(wanted));
    }),
    { numRuns: 120 },
  );
});

test('a run without change adds its record only', async () => {
  const mirror = new Mirror(new MemorySource({ a: 'one', 'd/x': 'two' }));
  await mirror.clone();
  const keys = async (): Promise<RelPath[]> => {
    const found: RelPath[] = [];
    for await (const objects of mirror.destination.list('.holdfast' as RelPath, {})) found.push(...objects.map(({ key }) => key));
    return found.sort();
  };
  const before = await keys();
  await mirror.clone();
  const [, second] = await mirror.runIds();
  expect(await keys()).toEqual([...before, `.holdfast/runs/${second}.json`].sort());
});

test('puts back what somebody changed or deleted at the destination, and keeps what was there', async () => {
  const mirror = new Mirror(new MemorySource({ a: 'one', b: 'two', c: 'three' }));
  await mirror.clone();
  const there = Object.assign(new MemorySource(), { store: mirror.destination.store });
  there.put('a', 'else');
  there.delete('b');
  there.put('extra', 'mine');
  const log = await mirror.clone();
  expect(log.counts).toMatchObject({ stored: 2, retired: 1 });
  expect(await mirror.live()).toEqual(await treeText(mirror.source));
  const runId = (await mirror.runIds()).at(-1);
  const archived = await mirror.destination.stat(`.holdfast/archive/${runId}/extra` as RelPath, {});
  expect(archived?.size).toBe(4n);
  expect(log.archived).toEqual({ files: 2, bytes: 8n });
});

test('a rename is done as a rename', async () => {
  const mirror = new Mirror(new MemorySource({ a: 'one', b: 'two', 'd/x': 'three' }));
  await mirror.clone();
  mirror.source.put('z', { kind: 'hard-link', existing: 'a' });
  mirror.source.delete('a');
  const { counts, bytes } = await mirror.clone();
  expect(counts).toMatchObject({ stored: 0, renamed: 1, retired: 0, failed: 0 });
  expect(bytes.written).toBe(0n);
  expect(await mirror.live()).toEqual(await treeText(mirror.source));
});

test('a file that changes names with another one stays one file under its further names', async () => {
  const source = new MemorySource({ a: 'linked', b: 'single' });
  const link = (path: string, existing: string): unknown => source.put(path, { kind: 'hard-link', existing });
  link('c', 'a');
  const mirror = new Mirror(source);
  await mirror.clone();
  for (const [from, to] of [
    ['a', 'swap'],
    ['b', 'a'],
    ['swap', 'b'],
    ['c', 'd'],
  ] as const) {
    link(to, from);
    source.delete(from);
  }
  await mirror.clone();
  expect(await mirror.live()).toEqual(await treeText(source));
});

test('a destination that has no links holds each name as a file of its own, and is left alone when nothing changed', async () => {
  const source = new MemorySource({ a: 'linked', c: 'single' });
  source.put('b', { kind: 'hard-link', existing: 'a' });
  const mirror = new Mirror(source, new MemoryDestination({ without: ['links', 'batch'] }));
  expect((await mirror.clone()).counts).toMatchObject({ stored: 3, failed: 0 });
  expect((await mirror.clone()).counts).toMatchObject({ stored: 0, kept: 4, failed: 0 });
  source.put('d', { kind: 'hard-link', existing: 'a' });
  source.delete('a');
  expect((await mirror.clone()).counts).toMatchObject({ stored: 0, renamed: 1, retired: 0, failed: 0 });
  source.put('b', 'another');
  expect((await mirror.clone()).counts).toMatchObject({ stored: 1, failed: 0 });
  const names = ['b', 'c', 'd'] as RelPath[];
  const sizes = await Promise.all(names.map((name) => mirror.destination.stat(name, {})));
  expect(sizes.map((info) => info?.size)).toEqual([7n, 6n, 6n]);
});

test('what the destination cannot tell of is neither replaced nor passed off as copied', async () => {
  const source = new MemorySource({ 'd/a': 'one', 'd/b': 'one', e: 'one' });
  const mirror = new Mirror(source);
  await mirror.clone();
  source.put('d/a', 'another');
  source.put('d/c', 'new');
  source.put('d/e', { kind: 'hard-link', existing: 'e' });
  source.delete('e');
  const { destination } = mirror;
  const { directories } = destination.capabilities;
  const scan = directories?.scan.bind(directories);
  if (scan === undefined) throw new Error('The memory has directories.');
  const unreadable: typeof scan = (root, options) => {
    options.onSkip({ path: 'd' as RelPath, code: 'read-failed', message: 'The disk is ill.', subtree: true });
    const hidden = { effect: 'exclude', pattern: '/d/*' } as const;
    return scan(root, { ...options, selection: { ...options.selection, rules: [...options.selection.rules, hidden] } });
  };
  Object.assign(destination.capabilities.directories ?? {}, { scan: unreadable });
  const before = (await mirror.live()).filter((line) => line.includes('"d'));
  const log = await mirror.clone();
  expect(log.counts).toMatchObject({ stored: 0, retired: 0, failed: 4 });
  expect(log.unknown).toBe(1);
  Object.assign(destination.capabilities.directories ?? {}, { scan });
  expect((await mirror.live()).filter((line) => line.includes('"d'))).toEqual(before);
  expect((await mirror.clone()).counts).toMatchObject({ failed: 0, skipped: 0 });
  expect(await mirror.live()).toEqual(await treeText(source));
});

test('what cannot be read in the source is not taken for moved to where the same file has another name', async () => {
  const tree = { 'd/a': 'linked' };
  const source = new MemorySource(tree, { unreadable: { d: 'access-denied' } });
  const readable = Object.assign(new MemorySource(), { store: source.store });
  const mirror = new Mirror(readable);
  await mirror.clone();
  source.put('e', { kind: 'hard-link', existing: 'd/a' });
  await new Mirror(source, mirror.destination).clone();
  const names = (await mirror.live()).map((line) => line.split('"')[1]);
  expect(names).toEqual(['', 'd', 'd/a', 'e']);
});
