import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../../testing/byte-content.ts';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { mirrorKey, runKey } from '../state-keys.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { type MirrorRecord, readMirror, writeMirror } from './mirror-record.ts';
import { readRun, writeRun } from './run-record.ts';

const mirror: MirrorRecord = {
  destinationId: '8f1e6f4e-6f5f-4c0e-9d37-0d4b9c9d7c11',
  createdAt: '2026-11-23T20:53:08.123Z',
  volume: { fileSystemId: 'uuid', fileSystemType: 'ext4', rootIno: 2n ** 63n + 1n },
  source: { displayName: '/home', identity: null },
  currentRunId: null,
};

describe('the records of a mirror', () => {
  it('come back as they were', async () => {
    const destination = new MemoryDestination();
    expect(await readMirror(destination, {})).toBeUndefined();
    await writeMirror(destination, mirror, {});
    expect(await readMirror(destination, {})).toEqual(mirror);
    const run = sampleRun('2026-11-23T205308.123Z', {
      archived: { files: 2, bytes: 2n ** 60n + 1n },
      options: { exclude: ['*.tmp'], quick: true },
    });
    await writeRun(destination, run, {});
    expect(await readRun(destination, run.id, {})).toEqual(run);
    expect(await readRun(destination, 'other', {})).toBeUndefined();
  });

  it.each(['', '{', '[]', '{"format":1}', '{"format":1,"destinationId":""}'])('are damaged when they say %j', async (text) => {
    const destination = new MemoryDestination();
    await destination.write(mirrorKey, contentOf(text), {});
    await expect(readMirror(destination, {})).rejects.toMatchObject({ code: 'state-damaged' });
    await destination.write(runKey('r'), contentOf(text), {});
    await expect(readRun(destination, 'r', {})).rejects.toMatchObject({ code: 'state-damaged' });
  });

  it('of a newer format are told from damaged ones', async () => {
    const destination = new MemoryDestination();
    await destination.write(mirrorKey, contentOf('{"format":2,"new":"fields"}'), {});
    await expect(readMirror(destination, {})).rejects.toMatchObject({ code: 'format-unknown' });
  });

  it('may have fields of later versions', async () => {
    const destination = new MemoryDestination();
    await writeMirror(destination, { ...mirror, later: 1 } as MirrorRecord, {});
    expect(await readMirror(destination, {})).toEqual(mirror);
  });
});
