import { expect, test } from 'vitest';
import { contentOf } from '../../../../testing/byte-content.ts';
import { formatId } from '../../format/object-id.ts';
import { objectKey } from '../object-kind.ts';
import { LockUsers } from '../testing/lock-users.ts';
import { sealedPack } from '../testing/sealed-pack.ts';
import { planReads } from './plan-reads.ts';

const request = (id: number) => ({ type: 'data', id: new Uint8Array(32).fill(id) }) as const;
const place = (pack: number, offset: number, length: number) => ({
  packId: new Uint8Array(32).fill(pack),
  offset,
  length,
  uncompressedLength: 0,
});

test('neighbours are read at once, what lies far apart or is large is not', () => {
  const at = (pack: number, offset: number, length: number) => ({ request: request(1), place: place(pack, offset, length) });
  const located = [
    at(2, 100, 50),
    at(1, 30_000_000, 10),
    at(1, 0, 100),
    at(1, 100, 900),
    at(1, 600_000, 20 << 20),
    at(2, 150, 10),
  ];
  const ranges = planReads(located).map(({ packId, offset, length, blobs }) => [
    packId.slice(0, 2),
    offset,
    length,
    blobs.length,
  ]);
  expect(ranges).toEqual([
    ['02', 100, 60, 2],
    ['01', 0, 1000, 2],
    ['01', 600_000, 20 << 20, 1],
    ['01', 30_000_000, 10, 1],
  ]);
});

test('a blob that is damaged, cut off or gone in one pack is taken from another', async () => {
  const users = new LockUsers();
  const repository = users.open();
  const texts = ['first', 'second', 'third'];
  const packs = [0, 1, 2].map(() => sealedPack(repository, 'data', texts));
  for (const pack of packs) await repository.savePack(pack);
  const requests = texts.map((_, index) => ({ type: 'data', id: packs[0]!.blobIds.slice(index * 32, index * 32 + 32) }) as const);
  const read = async (): Promise<(string | undefined)[]> => {
    const answers = await Array.fromAsync(repository.readBlobs(requests));
    return answers.map(({ bytes, error }) => (bytes === undefined ? error?.code : Buffer.from(bytes).toString()));
  };
  expect(await read()).toEqual(texts);
  const keys = packs.map(({ id }) => objectKey('pack', formatId(id)));
  await users.destination.write(keys[0]!, contentOf(packs[0]!.bytes.slice(0, 50)), {});
  expect(await read()).toEqual(texts);
  await users.destination.remove(keys[1]!, {});
  expect(await read()).toEqual(texts);
  const hurt = packs[2]!.bytes.slice();
  hurt[20] = hurt[20]! ^ 1;
  await users.destination.write(keys[2]!, contentOf(hurt), {});
  // The first pack still has the first one, and the third what comes after the damage.
  expect(await read()).toEqual(texts);
  await users.destination.write(keys[0]!, contentOf(hurt), {});
  expect(await read()).toEqual(['state-damaged', 'second', 'third']);
  const missing = { type: 'tree', id: requests[0]!.id } as const;
  const [answer] = await Array.fromAsync(repository.readBlobs([missing]));
  expect(answer?.error?.message).toContain('is missing: no index names a pack');
});
