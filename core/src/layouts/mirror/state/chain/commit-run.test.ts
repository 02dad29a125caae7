import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { Destination } from '../../../../contracts/destination.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../../../entries/stat-record.ts';
import { FaultyDestination } from '../../../../testing/faulty-destination.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { ManifestRowWriter } from '../manifest/manifest-row-writer.ts';
import { type MirrorRecord, readMirror, writeMirror } from '../records/mirror-record.ts';
import { formatRunId } from '../records/run-id.ts';
import { writeJournal } from '../records/run-journal.ts';
import { type ModelRow, readRows, sortRows, toManifestRow } from '../testing/model-row.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { commitRun } from './commit-run.ts';
import { collectGarbage } from './collect-garbage.ts';
import { listManifests } from './list-manifests.ts';
import { readHistory } from './mirror-history.ts';
import { openBaseline, openState } from './open-state.ts';

const idOf = (number: number): string => formatRunId(new Date(Date.UTC(2026, 10, 1) + number * 3_600_000));
const blank: MirrorRecord = {
  destinationId: 'id',
  createdAt: '2026-11-01T00:00:00.000Z',
  volume: null,
  source: { displayName: '', identity: null },
  currentRunId: null,
};

/** Commits run `number` with the rows that it changed; none: nothing changed. */
async function commit(destination: Destination, number: number, rows: readonly ModelRow[]): Promise<void> {
  const mirror = (await readMirror(destination, {})) ?? blank;
  const runId = idOf(number);
  const parentRunId = mirror.currentRunId;
  const kind = parentRunId === null ? 'base' : 'delta';
  using writer = new ManifestRowWriter({ runId, parentRunId, kind, digests: [] }, tmpdir());
  for (const row of sortRows(rows)) writer.add(toManifestRow(row));
  const manifest = writer.rows === 0 ? 'unchanged' : kind;
  await writeJournal(destination, { runId, parentRunId }, [], tmpdir(), {});
  await commitRun(
    { destination, mirror, run: sampleRun(runId, { parentRunId, manifest }), manifest: writer, scratch: tmpdir() },
    {},
  );
}

const first: readonly ModelRow[] = [
  { path: '', kind: KIND_DIRECTORY, seed: 1 },
  ...Array.from({ length: 400 }, (_, index) => ({
    path: `f${String(index).padStart(3, '0')}`,
    kind: KIND_FILE,
    seed: index + 2,
  })),
];
const changeOf = (number: number): ModelRow => ({
  path: `f${String((number * 7) % 400).padStart(3, '0')}`,
  kind: KIND_FILE,
  seed: 10_000 + number,
});

function statesAfter(count: number): ModelRow[][] {
  const rows = new Map(first.map((row) => [row.path, row]));
  const states = [[...first]];
  for (let number = 1; number <= count; number++) {
    if (number % 5 !== 0) rows.set(changeOf(number).path, changeOf(number));
    states.push([...rows.values()]);
  }
  return states;
}

/** Every fifth run changes nothing. */
const rowsOf = (number: number): ModelRow[] => (number === 0 ? [...first] : number % 5 === 0 ? [] : [changeOf(number)]);

describe('commitRun', () => {
  it('keeps every state readable over many runs, writes bases now and then, and few of them stay', async () => {
    const destination = new MemoryDestination();
    const count = 120;
    const states = statesAfter(count);
    for (let number = 0; number <= count; number++) await commit(destination, number, rowsOf(number));
    const check = async (from: number): Promise<void> => {
      for (let number = from; number <= count; number++)
        expect(await readRows(openState(destination, idOf(number), {}))).toEqual(states[number]);
    };
    await check(0);
    const bases = async (): Promise<string[]> =>
      [...(await listManifests(destination, {}))].filter(([, { base }]) => base !== undefined).map(([id]) => id);
    expect((await bases()).length).toBeGreaterThan(3);
    const mirror = await readMirror(destination, {});
    const collect = async (keepSince: Date | undefined): Promise<void> => {
      const history = await readHistory(destination, mirror ?? blank, {});
      await collectGarbage({ destination, history, keepSince }, {});
    };
    await collect(undefined);
    await check(0);
    await collect(new Date(Date.UTC(2026, 10, 1) + 100 * 3_600_000));
    const { runs } = await readHistory(destination, mirror ?? blank, {});
    const oldest = runs.findIndex(({ id }) => id === idOf(100));
    expect(oldest).toBeGreaterThanOrEqual(0);
    expect(runs.length).toBeLessThan(60);
    await check(count - runs.length + 1);
    expect((await bases()).length).toBeLessThanOrEqual(3);
  });

  it('leaves the run before or the new one, whole, wherever it is cut short', async () => {
    const make = async (): Promise<MemoryDestination> => {
      const destination = new MemoryDestination();
      for (let number = 0; number < 3; number++) await commit(destination, number, rowsOf(number));
      return destination;
    };
    const states = statesAfter(4);
    const change = changeOf(3);
    const counting = new FaultyDestination(await make());
    await commit(counting, 3, [change]);
    for (const kind of ['error', 'error-after'] as const) {
      for (let nth = 1; nth <= counting.calls.length; nth++) {
        const destination = await make();
        await commit(
          new FaultyDestination(destination, { faults: [{ call: '*', nth, effect: { kind, code: 'interrupted' } }] }),
          3,
          [change],
        ).catch(() => undefined);
        const mirror = (await readMirror(destination, {})) ?? blank;
        const number = mirror.currentRunId === idOf(3) ? 3 : 2;
        expect(mirror.currentRunId).toBe(idOf(number));
        expect(await readRows(openBaseline(destination, mirror, {}))).toEqual(states[number]);
        await commit(destination, 4, rowsOf(4));
        expect(await readRows(openState(destination, idOf(4), {}))).toHaveLength(first.length);
      }
    }
  });

  it('makes everything durable before the record that makes it count', async () => {
    const destination = new FaultyDestination(new MemoryDestination());
    await commit(destination, 0, rowsOf(0));
    const calls = destination.calls
      .filter(({ call }) => ['write', 'flush', 'remove'].includes(call))
      .map(({ call, key }) => `${call} ${key}`);
    const id = idOf(0);
    const end = [
      `write .holdfast/manifests/${id}.base`,
      'flush ',
      `write .holdfast/runs/${id}.json`,
      'flush ',
      'write .holdfast/mirror.json',
      'flush ',
      `remove .holdfast/journal/${id}.ndjson`,
    ];
    expect(calls.slice(-end.length)).toEqual(end);
  });

  it('tells a missing manifest and a missing run', async () => {
    const destination = new MemoryDestination();
    for (let number = 0; number < 3; number++) await commit(destination, number, rowsOf(number));
    await expect(readRows(openState(destination, idOf(9), {}))).rejects.toMatchObject({ code: 'snapshot-missing' });
    await destination.remove(`.holdfast/manifests/${idOf(1)}.delta` as never, {});
    await expect(readRows(openState(destination, idOf(2), {}))).rejects.toMatchObject({ code: 'state-damaged' });
    expect(await readRows(openState(destination, idOf(0), {}))).toEqual(first);
  });

  it('gives nothing where there was no run yet', async () => {
    const destination = new MemoryDestination();
    await writeMirror(destination, blank, {});
    expect(await readRows(openBaseline(destination, blank, {}))).toEqual([]);
  });
});
