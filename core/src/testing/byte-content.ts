import type { ByteRange } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';

/** Content of bytes at hand. */
export function contentOf(data: string | Uint8Array): Content {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return generatedContent(BigInt(bytes.length), (offset, length) => bytes.slice(Number(offset), Number(offset) + length));
}

/** Content that is made as it is read: `make` gives `length` bytes from `offset`. Lets other work run between its pieces. */
export function generatedContent(
  size: bigint,
  make: (offset: bigint, length: number) => Uint8Array,
  pieceBytes = 65_536,
): Content {
  return {
    size,
    async *open({ range, signal }) {
      const { start, end } = boundsOf(size, range);
      for (let at = start; at < end; ) {
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        const length = Math.min(pieceBytes, Number(end - at));
        yield make(at, length);
        at += BigInt(length);
      }
    },
  };
}

/** Where a range of `size` bytes begins and ends; what is past the end is not there. */
function boundsOf(size: bigint, range: ByteRange | undefined): { start: bigint; end: bigint } {
  if (range === undefined) return { start: 0n, end: size };
  const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
  return { start: smaller(range.offset, size), end: smaller(range.offset + range.length, size) };
}

/** All bytes of a stream. */
export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return (await bytesOf(chunks)).toString('utf8');
}
