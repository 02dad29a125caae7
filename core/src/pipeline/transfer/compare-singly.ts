import type { BatchResult } from '../../contracts/batch.ts';
import type { EntryMetadata } from '../../contracts/entry.ts';
import type { OperationOf } from './operation.ts';
import type { OperationContext } from './operation-context.ts';

/** Compares what is at a key with the source's entry, by single calls. */
export async function compareSingly(
  operation: OperationOf<'compare'>,
  context: OperationContext,
): Promise<Omit<BatchResult, 'id'>> {
  if (operation.what === 'metadata') return { equal: await sameMetadata(operation, context) };
  const { destination, batch } = context;
  const theirs = destination.read(operation.key, batch);
  return { equal: await sameBytes(operation.content.open(batch), theirs) };
}

/** Whether two streams give the same bytes, whatever the pieces they come in. */
async function sameBytes(a: AsyncIterable<Uint8Array>, b: AsyncIterable<Uint8Array>): Promise<boolean> {
  const [left, right] = [a[Symbol.asyncIterator](), b[Symbol.asyncIterator]()];
  let [mine, theirs]: (Uint8Array | undefined)[] = [new Uint8Array(), new Uint8Array()];
  try {
    for (;;) {
      while (mine?.length === 0) mine = await nextPiece(left);
      while (theirs?.length === 0) theirs = await nextPiece(right);
      if (mine === undefined || theirs === undefined) return mine === theirs;
      const length = Math.min(mine.length, theirs.length);
      if (Buffer.compare(mine.subarray(0, length), theirs.subarray(0, length)) !== 0) return false;
      mine = mine.subarray(length);
      theirs = theirs.subarray(length);
    }
  } finally {
    await Promise.all([left.return?.(), right.return?.()]);
  }
}

async function nextPiece(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await pieces.next();
  return next.done === true ? undefined : next.value;
}

async function sameMetadata(operation: OperationOf<'compare'>, context: OperationContext): Promise<boolean> {
  const { destination, source, batch } = context;
  const { metadata } = destination.capabilities;
  if (metadata === undefined) return true;
  const [wanted] = await source.describe([operation.entry], batch);
  const there = await metadata.read(operation.key, batch);
  const sameFlags = wanted?.flags === undefined || there.flags === undefined || wanted.flags === there.flags;
  return sameFlags && (!batch.preserve.xattrs || sameAttributes(wanted?.xattrs, there.xattrs));
}

function sameAttributes(a: EntryMetadata['xattrs'], b: EntryMetadata['xattrs']): boolean {
  if (a === undefined || b === undefined) return true;
  if (a.size !== b.size) return false;
  return [...a].every(([name, value]) => {
    const other = b.get(name);
    return other !== undefined && Buffer.compare(value, other) === 0;
  });
}
