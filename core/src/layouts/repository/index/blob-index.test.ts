import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BlobType } from '../engine/blob-type.ts';
import { BlobIndex, type IndexedBlob, type PackEntry } from './blob-index.ts';

interface ModelBlob extends IndexedBlob {
  readonly name: string;
}

const idOf = (name: string): Buffer => createHash('sha256').update(name).digest();

function entryOf(name: string, blobs: readonly IndexedBlob[]): PackEntry {
  return {
    id: idOf(name),
    types: (index) => (blobs[index] as IndexedBlob).type,
    blobIds: Buffer.concat(blobs.map(({ id }) => id)),
    offsets: (index) => (blobs[index] as IndexedBlob).offset,
    lengths: blobs.map(({ length }) => length),
    uncompressedLengths: blobs.map(({ uncompressedLength }) => uncompressedLength),
  };
}

const blob = fc.record({
  name: fc.integer({ min: 0, max: 400 }),
  type: fc.constantFrom<BlobType>('data', 'data', 'tree'),
  length: fc.oneof(fc.integer({ min: 33, max: 70_000 }), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 0xfffffff)),
  uncompressedLength: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 }), fc.constantFrom(0xffffff, 0xffffffff)),
  gap: fc.constantFrom(0, 0, 0, 0, 7),
});

test('is what a map from id to places is', () => {
  const packs = fc.array(fc.record({ blobs: fc.array(blob, { minLength: 1, maxLength: 400 }), repeats: fc.boolean() }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(packs, (described) => {
      const index = new BlobIndex();
      const model = new Map<string, Omit<ModelBlob, 'name'>[]>();
      const byPack: { id: Buffer; blobs: IndexedBlob[] }[] = [];
      for (const [number, { blobs: recipe, repeats }] of described.entries()) {
        const blobs = placeBlobs(recipe);
        byPack.push({ id: idOf(`pack ${number}`), blobs });
        for (const each of blobs) {
          const places = model.get(`${each.type} ${hex(each.id)}`) ?? [];
          model.set(`${each.type} ${hex(each.id)}`, [...places, each]);
        }
        // Files of an index may repeat a pack, or have it in parts.
        if (repeats) index.addPack(entryOf(`pack ${number}`, blobs.slice(0, 3)));
        index.addPack(entryOf(`pack ${number}`, blobs));
      }
      expect(index.blobCount).toBe([...model.values()].flat().length);
      for (const [key, places] of model) {
        const { type, id } = places[0] as IndexedBlob;
        expect(index.locate(type, id), key).toBeDefined();
        const found = index.locateAll(type, id).map(({ packId: _pack, ...place }) => place);
        expect(found).toEqual(places.map(({ offset, length, uncompressedLength }) => ({ offset, length, uncompressedLength })));
      }
      for (let name = 401; name < 600; name++) expect(index.has('data', idOf(`${name}`))).toBe(false);
      const listed = [...index.packs()].map(({ id, blobs }) => ({ id: hex(id), blobs: blobs.map(plain) }));
      expect(listed).toEqual(byPack.map(({ id, blobs }) => ({ id: hex(id), blobs: blobs.map(plain) })));
    }),
    { numRuns: 40 },
  );
});

const hex = (id: Uint8Array): string => Buffer.from(id).toString('hex');
const plain = ({ id, type, offset, length, uncompressedLength }: IndexedBlob): unknown => [
  hex(id),
  type,
  offset,
  length,
  uncompressedLength,
];

function placeBlobs(
  recipe: readonly { name: number; type: BlobType; length: number; uncompressedLength: number; gap: number }[],
): IndexedBlob[] {
  let at = 0;
  const blobs: IndexedBlob[] = [];
  for (const { name, type, length, uncompressedLength, gap } of recipe) {
    // An offset is a number of 32 bits.
    if (at + gap + length > 0xffffffff) break;
    blobs.push({ id: idOf(`${name}`), type, offset: at + gap, length, uncompressedLength });
    at += gap + length;
  }
  return blobs;
}

test('a pack in two parts is one pack, also with others between them', () => {
  const blobs = placeBlobs(
    Array.from({ length: 6 }, (_, name) => ({ name, type: 'data', length: 100, uncompressedLength: 0, gap: 0 })),
  );
  const index = new BlobIndex();
  index.addPack(entryOf('first', blobs.slice(0, 3)));
  index.addPack(entryOf('second', blobs.slice(0, 1)));
  index.addPack(entryOf('first', blobs));
  expect([...index.packs()].map((pack) => pack.blobs.map(plain))).toEqual([blobs.map(plain), blobs.slice(0, 1).map(plain)]);
  expect(index.blobCount).toBe(7);
});

test('takes at most 45 bytes for a blob', () => {
  const index = new BlobIndex();
  const perPack = 64;
  const blobIds = Buffer.alloc(perPack * 32);
  const lengths = new Uint32Array(perPack).fill(250_000);
  for (let pack = 0; pack < 4000; pack++) {
    for (let blob = 0; blob < perPack; blob++) blobIds.set(idOf(`${pack} ${blob}`), blob * 32);
    index.addPack({
      id: idOf(`pack ${pack}`),
      types: () => 'data',
      blobIds,
      offsets: (at) => at * 250_000,
      lengths,
      uncompressedLengths: lengths,
    });
  }
  expect(index.blobCount).toBe(4000 * perPack);
  expect(index.bytes / index.blobCount).toBeLessThanOrEqual(45);
});
