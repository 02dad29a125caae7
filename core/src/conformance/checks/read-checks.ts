import { bytesOf } from '../../testing/byte-content.ts';
import { digestOf, formatDigest } from '../../verification/digest.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectBytes, expectEqual, expectRejection } from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const range = {
  of: 'Destination.read',
  says: 'The bytes of an object or a range of it; a range past the end gives what there is.',
};
const notFound = { of: 'Destination.read', says: 'Rejects with `not-found`.' };
const SIZE = 200_003;

async function expectRange(
  context: CheckContext,
  seed: number,
  offset: bigint,
  length: bigint,
  size = BigInt(SIZE),
): Promise<void> {
  const found = await bytesOf(context.destination.read(context.key('a'), { range: { offset, length } }));
  const there = offset >= size ? 0n : size - offset < length ? size - offset : length;
  expectBytes(found, patternBytes(seed, offset, Number(there)), `${length} bytes from ${offset} of an object of ${size}`);
}

async function readRanges(context: CheckContext): Promise<void> {
  const size = BigInt(SIZE);
  await context.destination.write(context.key('a'), patternContent(1, SIZE), {});
  const offsets = [0n, 1n, 4095n, 65_535n, 65_536n, 131_072n, size - 1n, size, size + 1n, 2n ** 33n, 2n ** 52n];
  const lengths = [0n, 1n, 2n, 65_536n, 65_537n, size - 1n, size, size + 1n, 2n ** 40n];
  for (const offset of offsets) for (const length of lengths) await expectRange(context, 1, offset, length);
}

async function readEmpty(context: CheckContext): Promise<void> {
  await context.put('a', '');
  expectEqual((await context.get('a')).length, 0, 'bytes of an empty object');
  for (const offset of [0n, 1n, 4096n]) await expectRange(context, 1, offset, 10n, 0n);
}

async function rejectMissing(context: CheckContext): Promise<void> {
  await context.put('file', 'x');
  for (const name of ['none', 'none/below', 'file/below']) {
    await expectRejection(context.get(name), ['not-found', 'not-a-directory'], `reading "${name}", where nothing is`);
    const part = context.destination.read(context.key(name), { range: { offset: 0n, length: 0n } });
    await expectRejection(bytesOf(part), ['not-found', 'not-a-directory'], `reading no bytes of "${name}", where nothing is`);
  }
}

/** Readers that stop early must leave nothing behind that stops later ones. */
async function readAgain(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('a'), patternContent(1, SIZE), {});
  for (let round = 0; round < context.limits.rounds * 4; round++) {
    for await (const chunk of context.destination.read(context.key('a'), {})) {
      expectBytes(chunk, patternBytes(1, 0n, chunk.length), 'the first chunk');
      break;
    }
  }
  let at = 0;
  for await (const chunk of context.destination.read(context.key('a'), {})) {
    expectBytes(chunk, patternBytes(1, BigInt(at), chunk.length), `a chunk from ${at} on, read between other readers`);
    expectBytes(await context.get('a'), patternBytes(1, 0n, SIZE), 'the object, read between the chunks of another reader');
    expectBytes(chunk, patternBytes(1, BigInt(at), chunk.length), 'that chunk, after the other reader was done');
    at += chunk.length;
  }
  expectBytes(await context.get('a'), patternBytes(1, 0n, SIZE), 'the object, read once more');
}

async function readHuge(context: CheckContext): Promise<void> {
  const { maxObjectBytes = 2n ** 52n } = context.destination.traits;
  const size = Math.min(context.limits.hugeBytes + 12_345, Number(maxObjectBytes));
  await context.destination.write(context.key('a'), patternContent(7, size, 1 << 20), {});
  const expected = await digestOf(patternContent(7, size, 1 << 20).open({}), 'sha256');
  const found = await digestOf(context.destination.read(context.key('a'), {}), 'sha256');
  expectEqual(formatDigest(found), formatDigest(expected), `an object of ${size} bytes, read back`);
  const starts = Array.from({ length: 24 }, () => BigInt(context.random.below(size)));
  await inParallel(starts, 8, (start) => expectRange(context, 7, start, 300_001n, BigInt(size)));
}

export const readChecks: readonly ConformanceCheck[] = [
  { id: 'read.ranges', title: 'gives ranges, at all edges and past the end', promise: range, run: readRanges },
  { id: 'read.empty', title: 'gives no bytes of an empty object', promise: range, run: readEmpty },
  { id: 'read.missing', title: 'rejects for a missing key', promise: notFound, run: rejectMissing },
  { id: 'read.again', title: 'can be read by many, and after readers that stopped early', promise: range, run: readAgain },
  { id: 'read.huge', title: 'gives a large object whole and by ranges', promise: range, run: readHuge },
];
