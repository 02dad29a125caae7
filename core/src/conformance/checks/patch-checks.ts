import type { Patch } from '../../contracts/capabilities.ts';
import { bytesOf } from '../../testing/byte-content.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectBytes, expectEqual, expectRejection } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const unchanged = { of: 'PatchCapability', says: 'Changes part of a large object. The live key is unchanged until `commit`.' };
const exact = { of: 'ByteRange', says: 'Both are bytes and exact above 2^53.' };
const needs: readonly Need[] = ['patch'];

function begin(context: CheckContext, name: string, base?: string): Promise<Patch> {
  return context.capability('patch').begin(context.key(name), base === undefined ? undefined : context.key(base), {});
}

/** A plain copy of what a patch should make. */
function changed(bytes: Uint8Array, offset: number, part: Uint8Array): Uint8Array {
  const grown = new Uint8Array(Math.max(bytes.length, offset + part.length));
  grown.set(bytes);
  grown.set(part, offset);
  return grown;
}

async function changeParts(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('a'), patternContent(1, 300_000), {});
  let expected: Uint8Array = patternBytes(1, 0n, 300_000);
  const patch = await begin(context, 'a', 'a');
  for (const [offset, length] of [
    [0, 10],
    [65_530, 20],
    [299_990, 30],
    [400_000, 5],
    [131_072, 65_536],
  ] as const) {
    const part = patternBytes(2, BigInt(offset), length);
    await patch.writeAt(BigInt(offset), part);
    expected = changed(expected, offset, part);
  }
  expectBytes(await context.get('a'), patternBytes(1, 0n, 300_000), 'the live object before the commit');
  expectEqual(await context.names(), ['a'], 'what is listed before the commit');
  await patch.commit();
  expectBytes(await context.get('a'), expected, 'the object after the commit');
  expectEqual(await context.names(), ['a'], 'what is listed after the commit');
}

async function setSizes(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('a'), patternContent(1, 100_000), {});
  const patch = await begin(context, 'a', 'a');
  await patch.setSize(50_001n);
  await patch.setSize(70_000n);
  await patch.commit();
  expectBytes(
    await context.get('a'),
    changed(new Uint8Array(70_000), 0, patternBytes(1, 0n, 50_001)),
    'an object cut off and grown again',
  );
  const empty = await begin(context, 'a', 'a');
  await empty.setSize(0n);
  await empty.commit();
  expectEqual((await context.get('a')).length, 0, 'bytes of an object cut off to nothing');
}

async function startElsewhere(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('base'), patternContent(1, 100_000), {});
  await context.put('d/a', 'old');
  const fromBase = await begin(context, 'd/a', 'base');
  await fromBase.writeAt(5n, Uint8Array.of(1, 2, 3));
  await fromBase.commit();
  expectBytes(
    await context.get('d/a'),
    changed(patternBytes(1, 0n, 100_000), 5, Uint8Array.of(1, 2, 3)),
    'an object made from a base',
  );
  expectBytes(await context.get('base'), patternBytes(1, 0n, 100_000), 'the base');
  const fromNothing = await begin(context, 'new');
  await fromNothing.writeAt(3n, Uint8Array.of(9));
  await fromNothing.commit();
  expectBytes(await context.get('new'), Uint8Array.of(0, 0, 0, 9), 'an object made from nothing');
  await expectRejection(begin(context, 'x', 'none'), ['not-found'], 'beginning with a base that is missing');
  expectEqual(await context.names(), ['base', 'd/a', 'new'], 'what is listed');
}

async function discard(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('a'), patternContent(1, 100_000), {});
  for (const name of ['a', 'new', 'folder/new']) {
    const patch = await begin(context, name, 'a');
    await patch.writeAt(0n, patternBytes(2, 0n, 70_000));
    await patch.discard();
  }
  expectBytes(await context.get('a'), patternBytes(1, 0n, 100_000), 'the object after its patch was discarded');
  expectEqual(await context.names(), ['a'], 'what is listed after patches were discarded');
}

async function changeAtRandom(context: CheckContext): Promise<void> {
  const { random } = context;
  let expected: Uint8Array = new Uint8Array();
  for (let round = 0; round < 6; round++) {
    const patch = await begin(context, 'a', round === 0 ? undefined : 'a');
    for (let step = 0; step < 12; step++) {
      const offset = random.below(400_000);
      const part = patternBytes(random.below(1000), BigInt(offset), random.below(70_000));
      if (random.below(5) === 0) {
        await patch.setSize(BigInt(offset));
        expected = changed(new Uint8Array(offset), 0, expected.subarray(0, offset));
      } else if (part.length > 0) {
        await patch.writeAt(BigInt(offset), part);
        expected = changed(expected, offset, part);
      }
    }
    await patch.commit();
    expectBytes(await context.get('a'), expected, `the object after random patch ${round + 1}`);
  }
}

async function goFar(context: CheckContext): Promise<void> {
  if (!context.limits.beyond4Gib) return;
  const offset = 2n ** 32n + 77n;
  const patch = await begin(context, 'a');
  await patch.writeAt(7n, patternBytes(1, 7n, 1000));
  await patch.writeAt(offset, patternBytes(1, offset, 100_000));
  await patch.setSize(5n << 30n);
  await patch.commit();
  expectEqual((await context.stat('a'))?.size, 5n << 30n, 'size of an object of 5 GiB');
  for (const at of [7n, offset]) {
    const found = await bytesOf(context.destination.read(context.key('a'), { range: { offset: at, length: 1000n } }));
    expectBytes(found, patternBytes(1, at, 1000), `bytes from ${at} of an object of 5 GiB`);
  }
  const end = await bytesOf(context.destination.read(context.key('a'), { range: { offset: (5n << 30n) - 3n, length: 10n } }));
  expectBytes(end, new Uint8Array(3), 'the end of an object of 5 GiB');
}

export const patchChecks: readonly ConformanceCheck[] = [
  { id: 'patch.parts', title: 'changes parts, and shows them only at the commit', promise: unchanged, needs, run: changeParts },
  { id: 'patch.size', title: 'cuts off and grows', promise: unchanged, needs, run: setSizes },
  { id: 'patch.base', title: 'begins with another object, or with nothing', promise: unchanged, needs, run: startElsewhere },
  { id: 'patch.discard', title: 'leaves nothing behind when it is discarded', promise: unchanged, needs, run: discard },
  {
    id: 'patch.random',
    title: 'makes what a plain copy makes of random changes',
    promise: unchanged,
    needs,
    run: changeAtRandom,
  },
  {
    id: 'patch.beyond-4-gib',
    title: 'is exact beyond 4 GiB',
    promise: exact,
    needs: ['patch', 'objects above 4 GiB'],
    run: goFar,
  },
];
