import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { contentOf } from '../../../../testing/byte-content.ts';
import { FaultyDestination } from '../../../../testing/faulty-destination.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { journalKey } from '../state-keys.ts';
import { type JournalMove, readJournal, writeJournal } from './run-journal.ts';

const runId = '2026-11-23T205308.123Z';
const moves = (count: number): JournalMove[] =>
  Array.from({ length: count }, (_, index) => ({
    from: `a"\n\udcff${String(index)}` as RelPath,
    to: `ü/${String(index)}` as RelPath,
  }));

async function read(destination: MemoryDestination): Promise<JournalMove[]> {
  return Array.fromAsync(readJournal(destination, runId, {}));
}

test('gives back moves of any names in their order, and is durable when it resolves', async () => {
  const memory = new MemoryDestination();
  const destination = new FaultyDestination(memory);
  await writeJournal(destination, { runId, parentRunId: null }, [moves(3), [], moves(2)], tmpdir(), {});
  expect(await read(memory)).toEqual([...moves(3), ...moves(2)]);
  expect(destination.calls.map(({ call }) => call)).toEqual(['write', 'flush']);
});

test('gives back more moves than fit into a piece', async () => {
  const memory = new MemoryDestination();
  await writeJournal(memory, { runId, parentRunId: null }, [moves(20_000)], tmpdir(), {});
  expect(await read(memory)).toEqual(moves(20_000));
});

test('leaves out a line that was cut off, and rejects what is no journal', async () => {
  const memory = new MemoryDestination();
  await memory.write(journalKey(runId), contentOf('{"format":1}\n{"from":"a","to":"b"}\n{"from":"c","t'), {});
  expect(await read(memory)).toEqual([{ from: 'a', to: 'b' }]);
  for (const line of ['{"from":"a"}', '{"from":"/a","to":"b"}', '{"from":"../a","to":"b"}', 'null', '{']) {
    await memory.write(journalKey(runId), contentOf(`{"format":1}\n${line}\n`), {});
    await expect(read(memory), line).rejects.toMatchObject({ code: 'state-damaged' });
  }
});
