import { tmpdir } from 'node:os';
import { crc32, zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { MemoryDestination } from '../../../../testing/memory-destination.ts';
import { manifestKey } from '../state-keys.ts';
import { type ModelRow, recordOf, toManifestRow } from '../testing/model-row.ts';
import { randomTree, seededNumbers } from '../testing/random-tree.ts';
import { ManifestRowWriter } from './manifest-row-writer.ts';

interface PlainRow {
  readonly name: string;
  readonly depth: number;
  readonly source: string;
  readonly destination: string;
  readonly target: string;
  readonly flags: number;
  readonly movedFrom: string;
  readonly extras: string;
}

/** Reads a manifest by what docs/formats/manifest.md says, and by nothing else. */
function readByDocument(file: Buffer): { header: unknown; rows: PlainRow[] } {
  expect(file.subarray(0, 8).toString('hex')).toBe('8948464d460d0a1a');
  expect(file.readUInt32LE(8)).toBe(1);
  let at = 16 + file.readUInt32LE(12);
  const header: unknown = JSON.parse(file.toString('utf8', 16, at));
  let checksum = crc32(file.subarray(0, at));
  const check = (): void => {
    expect(file.readUInt32LE(at)).toBe(checksum);
    at += 4;
  };
  const take = (length: number): Buffer => {
    const bytes = file.subarray(at, at + length);
    checksum = crc32(bytes, checksum);
    at += length;
    return bytes;
  };
  check();
  const rows: PlainRow[] = [];
  for (let number = 0; file.toString('latin1', at, at + 4) === 'HBLK'; number++) {
    const head = take(68);
    check();
    expect(head.readUInt32LE(4)).toBe(number);
    const columns = Array.from({ length: 7 }, (_, index) => {
      const [stored, length] = [take(head.readUInt32LE(12 + index * 8)), head.readUInt32LE(16 + index * 8)];
      if (stored.length === length) return stored;
      return stored.length === 0 ? Buffer.alloc(length) : zstdDecompressSync(stored);
    });
    check();
    rows.push(...readRows(head.readUInt32LE(8), columns));
  }
  const end = take(16);
  check();
  expect([end.toString('latin1', 0, 4), Number(end.readBigUInt64LE(8)), at]).toEqual(['HEND', rows.length, file.length]);
  return { header, rows };
}

function* readRows(count: number, columns: readonly Buffer[]): Generator<PlainRow> {
  const [names, stats, targets, mixed, flags, moved, extras] = columns as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const next = [0, 0, 0, 0];
  const item = (column: Buffer, which: number): string => {
    const start = (next[which] ?? 0) + 4;
    const end = start + column.readUInt32LE(start - 4);
    next[which] = end;
    return column.toString('latin1', start, end);
  };
  let name = 0;
  for (let row = 0; row < count; row++) {
    const nameEnd = name + 4 + names.readUInt16LE(name + 2);
    const source = stats.subarray(row * 88, row * 88 + 88);
    const flag = flags[row] ?? 0;
    yield {
      depth: names.readUInt16LE(name),
      name: names.toString('latin1', name + 4, nameEnd),
      source: source.toString('hex'),
      destination: Buffer.from(
        mixed.subarray(row * 88, row * 88 + 88).map((byte, index) => byte ^ (source[index] ?? 0)),
      ).toString('hex'),
      target: source[0] === 3 ? item(targets, 0) : '',
      flags: flag,
      movedFrom: (flag & 32) === 0 ? '' : item(moved, 1),
      extras: extras.length === 0 ? '' : item(extras, 2),
    };
    name = nameEnd;
  }
}

function expected(row: ModelRow): PlainRow {
  const { path, target, extras, movedFrom, stats, destinationStats, flags } = toManifestRow(row);
  const latin1 = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');
  expect(Buffer.compare(stats, recordOf(row.kind, row.seed))).toBe(0);
  return {
    depth: path === '' ? 0 : path.split('/').length,
    name: latin1(toManifestRow({ ...row, target: path.slice(path.lastIndexOf('/') + 1) }).target),
    source: Buffer.from(stats).toString('hex'),
    destination: Buffer.from(destinationStats ?? []).toString('hex'),
    target: row.kind === 3 ? latin1(target) : '',
    flags,
    movedFrom: latin1(movedFrom),
    extras: latin1(extras),
  };
}

it('is what its document says, so that another program can read it', async () => {
  const destination = new MemoryDestination();
  const header = { kind: 'base', runId: '2026-11-23T205308.123Z', parentRunId: null, digests: ['blake3'] } as const;
  const rows = randomTree(2500, seededNumbers(3)).map((row, index) =>
    index % 50 === 49 ? { ...row, flags: 32, movedFrom: `old/${row.path}` } : row,
  );
  using writer = new ManifestRowWriter(header, tmpdir());
  for (const row of rows) writer.add(toManifestRow(row));
  await writer.store(destination, {});
  const file = Buffer.concat(await Array.fromAsync(destination.read(manifestKey(header.runId, 'base'), {})));
  const found = readByDocument(file);
  expect(found.header).toEqual({ format: 1, ...header });
  expect(found.rows).toEqual(rows.map(expected));
});
