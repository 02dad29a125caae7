import type { DigestAlgorithm } from '../../contracts/call-options.ts';
import { bytesOf, contentOf } from '../../testing/byte-content.ts';
import { digestBytes, formatDigest } from '../../verification/digest.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectBytes, expectEqual, expectRejection, expectTrue } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const whole = {
  of: 'Destination.write',
  says: 'Resolves once the whole object is visible to read and list, never a part.',
};
const parents = { of: 'Destination.write', says: 'Missing parents are made.' };
const digests = { of: 'WriteOptions.digests', says: 'Compute these while the bytes pass.' };
const staged = {
  of: 'WriteOptions.verify',
  says: 'Where the destination stages, called with what was staged before it is published; a rejection discards it.',
};
const pipes = { of: 'Content.size', says: 'Bytes; undefined only for pipes.' };
const limit = { of: 'DestinationTraits.maxObjectBytes', says: 'Largest object, bytes; undefined where there is no limit.' };

async function roundTrip(context: CheckContext): Promise<void> {
  for (const size of [0, 1, 511, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_048_577, 3_000_000]) {
    const name = `${size} bytes`;
    await context.destination.write(context.key(name), patternContent(size, size, 50_000), {});
    expectBytes(await context.get(name), patternBytes(size, 0n, size), `an object of ${size} bytes, read back`);
  }
  expectEqual((await context.names()).length, 11, 'listed objects');
}

async function replace(context: CheckContext): Promise<void> {
  const sizes = [5000, 200_000, 0, 3, 70_000, 69_999];
  for (const [round, size] of sizes.entries()) {
    await context.destination.write(context.key('a'), patternContent(round, size), {});
    expectBytes(await context.get('a'), patternBytes(round, 0n, size), `the object after it was replaced ${round} times`);
    expectEqual((await context.stat('a'))?.size, BigInt(size), 'its size');
  }
  expectEqual(await context.names(), ['a'], 'what is listed');
}

async function acceptPipe(context: CheckContext): Promise<void> {
  const content = { ...patternContent(3, 100_000), size: undefined };
  const info = await context.destination.write(context.key('a'), content, {});
  expectEqual(info.size, 100_000n, 'the size of what came from a pipe');
  expectBytes(await context.get('a'), patternBytes(3, 0n, 100_000), 'what came from a pipe');
}

async function makeParents(context: CheckContext): Promise<void> {
  await context.put('new/deep/er/a', '1');
  await context.put('new/deep/b', '2');
  expectEqual(await context.names('new'), ['new/deep/b', 'new/deep/er/a'], 'what is listed');
}

async function computeDigests(context: CheckContext): Promise<void> {
  const algorithms: readonly DigestAlgorithm[] = ['blake3', 'sha256', 'sha1', 'md5', 'crc32c', 'crc64nvme'];
  for (const size of [0, 100_001]) {
    const bytes = patternBytes(9, 0n, size);
    const { digests: found = [] } = await context.destination.write(context.key('a'), contentOf(bytes), { digests: algorithms });
    const expected = algorithms.map((algorithm) => formatDigest(digestBytes(algorithm, bytes)));
    expectEqual(found.map(formatDigest).sort(), expected.sort(), `digests of ${size} bytes`);
  }
}

async function verifyStaged(context: CheckContext): Promise<void> {
  await context.put('a', 'old');
  const refusal = new Error('refused by the check');
  let seen: Buffer | undefined;
  let sizeSeen: bigint | undefined;
  let part: Buffer | undefined;
  let visible: string | undefined;
  let listed: readonly string[] = [];
  const attempt = context.destination.write(context.key('a'), patternContent(4, 100_000), {
    verify: async (object) => {
      sizeSeen = object.size;
      seen = await bytesOf(object.read({}));
      part = await bytesOf(object.read({ range: { offset: 65_530n, length: 12n } }));
      visible = (await context.get('a')).toString();
      listed = await context.names();
      throw refusal;
    },
  });
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  // It does not stage.
  if (seen === undefined || part === undefined) return;
  expectTrue(error === refusal, 'a write whose staged object was refused has to reject with the same error');
  expectEqual(sizeSeen, 100_000n, 'the size of the staged object');
  expectBytes(seen, patternBytes(4, 0n, 100_000), 'the staged object');
  expectBytes(part, patternBytes(4, 65_530n, 12), 'a range of the staged object');
  expectEqual(visible, 'old', 'the object while its successor is verified');
  expectEqual(listed, ['a'], 'what is listed while something is staged');
  expectEqual((await context.get('a')).toString(), 'old', 'the object after its successor was refused');
  expectEqual(await context.names(), ['a'], 'what is listed');
}

async function refuseTooLarge(context: CheckContext): Promise<void> {
  const size = context.destination.traits.maxObjectBytes ?? 0n;
  await context.destination.write(context.key('fits'), patternContent(1, size), {});
  const attempt = context.destination.write(context.key('larger'), patternContent(1, size + 1n), {});
  await expectRejection(attempt, ['too-large'], `writing ${size + 1n} bytes`);
  expectEqual(await context.names(), ['fits'], 'what is listed');
}

export const writeChecks: readonly ConformanceCheck[] = [
  { id: 'write.round-trip', title: 'keeps objects of all sizes', promise: whole, run: roundTrip },
  { id: 'write.replace', title: 'replaces an object by a longer or a shorter one', promise: whole, run: replace },
  { id: 'write.pipe', title: 'takes content of unknown size', promise: pipes, run: acceptPipe },
  { id: 'write.parents', title: 'makes missing parents', promise: parents, run: makeParents },
  { id: 'write.digests', title: 'computes the digests that are asked for', promise: digests, run: computeDigests },
  {
    id: 'write.verify',
    title: 'lets what it staged be verified before it is seen',
    promise: staged,
    needs: ['atomic replacement'],
    run: verifyStaged,
  },
  {
    id: 'write.too-large',
    title: 'refuses what is larger than it can hold',
    promise: limit,
    needs: ['a size limit of at most 64 MiB'],
    run: refuseTooLarge,
  },
];
