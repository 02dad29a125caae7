import { expect, test } from 'vitest';
import { DT } from '../syscalls/directory.ts';
import type { DirectoryLister } from './directory-lister.ts';
import { NameStack } from './name-stack.ts';

/** A listing of sorted names, each with its type before it and a zero byte after it. */
function listing(...names: readonly (readonly [type: number, name: string])[]): DirectoryLister {
  const parts = names.map(([type, name]) => Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`)]));
  const ends = parts.map((_, index) => parts.slice(0, index + 1).reduce((sum, part) => sum + part.length, 0));
  const offsets = Uint32Array.from(parts, (part, index) => (ends[index] ?? 0) - part.length + 1);
  const bytes = Buffer.concat(parts);
  return { bytes, length: bytes.length, offsets, count: names.length } as unknown as DirectoryLister;
}

test('drops a name that a directory listed twice', () => {
  const stack = new NameStack();
  const counts = stack.pushListing(
    listing([DT.FILE, 'a'], [DT.DIRECTORY, 'a'], [DT.DIRECTORY, 'ab'], [DT.DIRECTORY, 'ab'], [DT.FILE, 'b']),
  );
  expect(counts).toEqual({ nameCount: 3, directoryCount: 1 });
  expect(Buffer.from(stack.bytes.subarray(0, stack.top)).toString('latin1')).toBe('\x08a\0\x04ab\0\x08b\0');
});

test('keeps what is below while it grows', () => {
  const stack = new NameStack();
  stack.push(Buffer.from('\x08first\0'));
  const { top } = stack;
  stack.push(Buffer.alloc(1_000_000, 1));
  stack.top = top;
  expect(Buffer.from(stack.bytes.subarray(0, top)).toString('latin1')).toBe('\x08first\0');
});
