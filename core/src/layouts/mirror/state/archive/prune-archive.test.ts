import { describe, expect, it } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { contentOf } from '../../../../testing/byte-content.ts';
import { FaultyDestination } from '../../../../testing/faulty-destination.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { readHistory } from '../chain/mirror-history.ts';
import { readRun, writeRun } from '../records/run-record.ts';
import { displacedKey } from '../state-keys.ts';
import { sampleRun } from '../testing/sample-run.ts';
import type { KeepRule } from './keep-rules.ts';
import { pruneArchive } from './prune-archive.ts';

const ids = ['2026-11-01T000000.000Z', '2026-11-02T000000.000Z', '2026-11-03T000000.000Z'] as const;
const interrupted = '2026-11-02T120000.000Z';
const now = new Date('2026-11-04T00:00:00Z');
const everything: KeepRule[] = [{ kind: 'size', bytes: 0n }];

/** Three runs with an archive each, and the archive of one that was cut short. */
async function makeMirror(destination: MemoryDestination): Promise<void> {
  for (const [index, id] of ids.entries()) {
    await writeRun(destination, sampleRun(id, { parentRunId: ids[index - 1] ?? null, archived: { files: 3, bytes: 30n } }), {});
  }
  for (const id of [...ids, interrupted]) {
    for (const path of ['a', 'd/b', 'd/e/c'])
      await destination.write(displacedKey(id, path as RelPath), contentOf('0123456789'), {});
  }
  await destination.write('.holdfast/archive/notes.txt' as RelPath, contentOf('mine'), {});
}

async function prune(
  destination: MemoryDestination | FaultyDestination,
  rules = everything,
  protectedRunId?: string,
): Promise<string[]> {
  const history = await readHistory(destination, { currentRunId: ids[2] }, {});
  const request = { destination, history, rules, now, ...(protectedRunId === undefined ? {} : { protectedRunId }) };
  return (await pruneArchive(request, {})).map(({ runId }) => runId);
}

async function archiveKeys(destination: MemoryDestination): Promise<string[]> {
  const keys: string[] = [];
  for await (const objects of destination.list('.holdfast/archive' as RelPath, {}))
    keys.push(...objects.map(({ key }) => key.slice(18)));
  return keys.sort();
}

describe.each([[[]], [['move']], [['directories', 'move', 'links', 'metadata']]] as const)(
  'pruneArchive, lacking %j',
  (without) => {
    const make = async (): Promise<MemoryDestination> => {
      const destination = new MemoryDestination({ without: [...without] });
      await makeMirror(destination);
      return destination;
    };

    it('removes whole folders, tells so in the records, and leaves what is no archive', async () => {
      const destination = await make();
      expect(await prune(destination)).toEqual([ids[0], ids[1], interrupted, ids[2]]);
      expect(await archiveKeys(destination)).toEqual(['notes.txt']);
      for (const id of ids)
        expect(await readRun(destination, id, {})).toMatchObject({ prunedAt: now.toISOString(), archived: { files: 3 } });
      expect(await prune(destination)).toEqual([]);
    });

    it('measures the archive of a run that has no record', async () => {
      const destination = await make();
      expect(await prune(destination, [{ kind: 'size', bytes: 89n }])).toEqual([ids[0], ids[1]]);
      expect(await prune(destination, [{ kind: 'size', bytes: 59n }])).toEqual([interrupted]);
    });

    it('leaves the archive of the run that is going on', async () => {
      const destination = await make();
      expect(await prune(destination, everything, ids[2])).toEqual([ids[0], ids[1], interrupted]);
      expect((await archiveKeys(destination)).filter((key) => key.startsWith(ids[2]))).not.toEqual([]);
    });

    it('is finished by the next one wherever it is cut short, and no half archive passes for a whole one', async () => {
      const counting = new FaultyDestination(await make());
      await prune(counting);
      for (let nth = 1; nth <= counting.calls.length; nth++) {
        const destination = await make();
        const fault = { call: '*', nth, effect: { kind: 'error', code: 'interrupted' } } as const;
        await prune(new FaultyDestination(destination, { faults: [fault] })).catch(() => undefined);
        const { archived, runs } = await readHistory(destination, { currentRunId: ids[2] }, {});
        const keys = await archiveKeys(destination);
        for (const { id, prunedAt } of runs) {
          if (!archived.has(id) || prunedAt !== null) continue;
          expect(
            keys.filter((key) => key.startsWith(`${id}/`) && /[abc]$/.test(key)),
            `call ${String(nth)}`,
          ).toHaveLength(3);
        }
        await prune(destination);
        expect(await archiveKeys(destination), `call ${String(nth)}`).toEqual(['notes.txt']);
      }
    });
  },
);
