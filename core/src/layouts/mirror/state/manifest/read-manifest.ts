import { crc32 } from 'node:zlib';
import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeBlock, decodeHead } from './decode-block.ts';
import { decodeHeader } from './decode-header.ts';
import type { ManifestBlock } from './manifest-block.ts';
import {
  BLOCK_HEAD_BYTES,
  BLOCK_MARK,
  CHECKSUM_BYTES,
  END_BYTES,
  END_MARK,
  MAX_HEADER_BYTES,
  type ManifestHeader,
  PREAMBLE_BYTES,
} from './manifest-layout.ts';

/**
 * The rows of the manifest at `key`, block by block, holding one block at a time.
 *
 * A delta, which is small, is read to its end at once: the many of a chain, open side by side, would take all connections that there are.
 *
 * Throws `state-damaged` when it is missing, cut short, changed or of another run or kind than `expected`, and `format-unknown` when a newer program
 * wrote it. Every block was proved by its checksum before it is given out; that none is missing at the end shows only when the stream ends.
 */
export async function* readManifest(
  destination: Destination,
  key: RelPath,
  expected: Pick<ManifestHeader, 'runId' | 'kind'>,
  options: CallOptions,
): AsyncGenerator<ManifestBlock, void> {
  const bytes = destination.read(key, options);
  const reader = new ByteReader(expected.kind === 'delta' ? readWhole(bytes) : bytes);
  try {
    yield* readBlocks(reader, expected);
  } catch (error) {
    throw describeDamage(error, key);
  } finally {
    await reader.close();
  }
}

async function* readWhole(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* await Array.fromAsync(bytes);
}

async function* readBlocks(
  reader: ByteReader,
  expected: Pick<ManifestHeader, 'runId' | 'kind'>,
): AsyncGenerator<ManifestBlock, void> {
  const { header, checksum: afterHeader } = await readHeader(reader);
  if (header.runId !== expected.runId || header.kind !== expected.kind) {
    throw new RangeError(`it is the ${header.kind} of run ${header.runId}.`);
  }
  let checksum = afterHeader;
  let rows = 0;
  for (let number = 0; ; number++) {
    const mark = Buffer.from(await reader.take(4));
    if (mark.length < 4) throw new RangeError('It ends too early.');
    if (mark.readUInt32LE() === END_MARK) {
      await checkEnd(reader, mark, number, rows, checksum);
      return;
    }
    if (mark.readUInt32LE() !== BLOCK_MARK) throw new RangeError('A block does not begin where it should.');
    const { block, checksum: afterBlock } = await readBlock(reader, mark, number, checksum);
    checksum = afterBlock;
    rows += block.count;
    yield block;
  }
}

async function readHeader(reader: ByteReader): Promise<{ header: ManifestHeader; checksum: number }> {
  const preamble = await takeAll(reader, PREAMBLE_BYTES);
  const length = preamble.readUInt32LE(12);
  if (length > MAX_HEADER_BYTES) throw new RangeError('Its header has an impossible size.');
  const text = await takeAll(reader, length);
  const checksum = crc32(text, crc32(preamble));
  const proved = (await takeAll(reader, CHECKSUM_BYTES)).readUInt32LE() === checksum;
  return { header: decodeHeader(preamble, text, proved), checksum };
}

async function readBlock(
  reader: ByteReader,
  mark: Buffer,
  number: number,
  before: number,
): Promise<{ block: ManifestBlock; checksum: number }> {
  const bytes = Buffer.concat([mark, await takeAll(reader, BLOCK_HEAD_BYTES + CHECKSUM_BYTES - mark.length)]);
  const afterHead = crc32(bytes.subarray(0, BLOCK_HEAD_BYTES), before);
  if (bytes.readUInt32LE(BLOCK_HEAD_BYTES) !== afterHead) throw new RangeError('The checksum of a block head is wrong.');
  const head = decodeHead(new DataView(bytes.buffer, bytes.byteOffset, BLOCK_HEAD_BYTES));
  if (head.number !== number) throw new RangeError('A block is missing.');
  const columns = await takeAll(reader, head.storedBytes + CHECKSUM_BYTES);
  const stored = columns.subarray(0, head.storedBytes);
  const checksum = crc32(stored, afterHead);
  if (columns.readUInt32LE(head.storedBytes) !== checksum) throw new RangeError('The checksum of a block is wrong.');
  return { block: decodeBlock(head, stored), checksum };
}

async function checkEnd(reader: ByteReader, mark: Buffer, blocks: number, rows: number, before: number): Promise<void> {
  const bytes = Buffer.concat([mark, await takeAll(reader, END_BYTES + CHECKSUM_BYTES - mark.length)]);
  if (bytes.readUInt32LE(END_BYTES) !== crc32(bytes.subarray(0, END_BYTES), before))
    throw new RangeError('The checksum of its end is wrong.');
  if (bytes.readUInt32LE(4) !== blocks || bytes.readBigUInt64LE(8) !== BigInt(rows)) throw new RangeError('It has lost rows.');
  if ((await reader.take(1)).length > 0) throw new RangeError('Something follows its end.');
}

async function takeAll(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw new RangeError('It ends too early.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Damage shows as a RangeError of ours or as an error of zlib; a HoldfastError is the destination's own, save for a missing object. */
function describeDamage(error: unknown, key: RelPath): unknown {
  if (error instanceof HoldfastError && error.code !== 'not-found') return error;
  if (error instanceof HoldfastError)
    return new HoldfastError('state-damaged', `The manifest "${key}" is missing.`, { cause: error });
  const isDamage =
    error instanceof RangeError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD'));
  return isDamage
    ? new HoldfastError('state-damaged', `The manifest "${key}" is damaged: ${error.message}`, { cause: error })
    : error;
}
