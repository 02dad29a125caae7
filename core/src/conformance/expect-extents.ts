import type { ByteRange } from '../contracts/call-options.ts';
import { expectBytes, expectTrue } from './expectations.ts';

/** That ranges are ascending, apart, within the object, and that nothing but zeros lies between them. */
export async function expectExtents(ranges: AsyncIterable<ByteRange>, whole: Uint8Array): Promise<void> {
  const rebuilt = new Uint8Array(whole.length);
  let end = 0n;
  for await (const { offset, length } of ranges) {
    const isSound = offset >= end && length > 0n && offset + length <= BigInt(whole.length);
    expectTrue(isSound, `the range of ${length} bytes from ${offset} is empty, past the end, or not behind the range before it`);
    end = offset + length;
    rebuilt.set(whole.subarray(Number(offset), Number(end)), Number(offset));
  }
  expectBytes(rebuilt, whole, 'what the ranges hold, with zeros between them');
}
