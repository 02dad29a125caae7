import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { readIndex } from './read-index.ts';
import { writeIndex } from './write-index.ts';

const damagedError = expect.objectContaining({ code: 'state-damaged' }) as Error;
const a = 'aa'.repeat(32);
const b = 'bb'.repeat(32);
const blob = `{"id":"${b}","type":"tree","offset":0,"length":38,"uncompressed_length":12}`;
const text = `{"packs":[{"id":"${a}","blobs":[${blob},{"id":"${a}","type":"data","offset":38,"length":4294967200}]},{"id":"${b}","blobs":[]}]}\n`;
const read = (json: string, version: 1 | 2 = 2): ReturnType<typeof plain>[] =>
  [...readIndex(Buffer.from(json), version)].map(plain);

function plain({ id, blobs, isToDelete }: ReturnType<typeof readIndex> extends Generator<infer Pack> ? Pack : never): {
  id: string;
  blobs: object[];
  isToDelete: boolean;
} {
  const rows = Array.from(blobs, (each) => ({ ...each, id: Buffer.from(each.id).toString('hex') }));
  return { id: Buffer.from(id).toString('hex'), blobs: rows, isToDelete };
}

describe('an index', () => {
  it('comes out as it went in', () => {
    expect(writeIndex([...readIndex(Buffer.from(text), 2)]).toString()).toBe(text);
    expect(read(text)).toEqual([
      {
        id: a,
        isToDelete: false,
        blobs: [
          { id: b, type: 'tree', offset: 0, length: 38, uncompressedLength: 12 },
          { id: a, type: 'data', offset: 38, length: 4294967200, uncompressedLength: 0 },
        ],
      },
      { id: b, isToDelete: false, blobs: [] },
    ]);
  });

  it('is read whatever the order, with what others add', () => {
    const rustic = ` { "supersedes" : ["${a}"] , "packs_to_delete" : [ { "time":"2026", "size":5, "blobs" : [ {"length":38,"offset":0,"id":"${a}","type":"data","x":{}} ], "id":"${b}" } ], "packs":null }`;
    expect(read(rustic)).toEqual([
      { id: b, isToDelete: true, blobs: [{ id: a, type: 'data', offset: 0, length: 38, uncompressedLength: 0 }] },
    ]);
  });

  it('gives pack after pack', () => {
    const seen: string[] = [];
    expect(() => {
      for (const pack of readIndex(Buffer.from(text.replace('"blobs":[]', '"blobs":7')), 2)) seen.push(plain(pack).id);
    }).toThrow(damagedError);
    expect(seen).toEqual([a]);
  });

  it.each([
    ['no id of a pack', text.replace(`"id":"${a}","blobs"`, '"blobs"')],
    ['no id of a blob', text.replace(`"id":"${b}","type"`, '"type"')],
    ['an unknown type', text.replace('tree', 'leaf')],
    ['no type', text.replace('"type":"tree",', '')],
    ['no offset', text.replace('"offset":0,', '')],
    ['a length below that of a seal', text.replace('38', '31')],
    ['an end beyond 4 GiB', text.replace('4294967200', '4294967290')],
    ['a length beyond 4 GiB', text.replace('"length":38', '"length":4294967296')],
    ['a fraction', text.replace('"offset":0', '"offset":0.5')],
    ['nothing', ''],
    ['more after it', `${text}{}`],
    ['a list', '[]'],
  ])('is refused for %s', (_, json) => expect(() => read(json)).toThrow(damagedError));

  it('has no compressed blobs in version 1', () => {
    expect(() => read(text, 1)).toThrow(damagedError);
    expect(read(text.replace(',"uncompressed_length":12', ''), 1).length).toBe(2);
  });

  it('of any bytes is read or refused', () => {
    const change = fc.record({ at: fc.nat(text.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.constantFrom(1 as const, 2 as const), (changes, version) => {
        const bytes = Buffer.from(text);
        for (const { at, byte } of changes) bytes[at] = byte;
        try {
          for (const pack of readIndex(bytes, version)) plain(pack);
          return true;
        } catch (error) {
          return isHoldfastError(error, 'state-damaged');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of fifty thousand blobs is read quickly', () => {
    const blobs = Array.from({ length: 50_000 }, (_, index) => blob.replace('"offset":0', `"offset":${String(index * 38)}`));
    const bytes = Buffer.from(`{"packs":[{"id":"${a}","blobs":[${blobs.join(',')}]}]}\n`);
    const start = process.cpuUsage().user;
    const [pack] = readIndex(bytes, 2);
    expect(pack?.blobs.count).toBe(50_000);
    expect(process.cpuUsage().user - start).toBeLessThan(3_000_000);
  });
});
