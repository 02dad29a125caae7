import type { CallOptions } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';

/** Whether two are equal; where not, `offset` is the first byte that differs or that only one of them has. */
export type Comparison = { readonly equal: true; readonly size: bigint } | { readonly equal: false; readonly offset: bigint };

/** Compares bytes with those of `content`, one for one, however both are cut into chunks. */
export async function compareContents(
  content: Content,
  chunks: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<Comparison> {
  await using expected = new ByteReader(content.open(options.signal === undefined ? {} : { signal: options.signal }));
  let offset = 0n;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = await expected.take(chunk.length - at);
      const length = piece.length;
      const other = chunk.subarray(at, at + length);
      if (length === 0 || Buffer.compare(piece, other) !== 0)
        return { equal: false, offset: offset + BigInt(firstDifference(piece, other)) };
      at += length;
      offset += BigInt(length);
    }
  }
  return (await expected.take(1)).length === 0 ? { equal: true, size: offset } : { equal: false, offset };
}

/** A stream of chunks, to take any number of bytes of. */
class ByteReader implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At least one and at most `most` bytes; none at the end. */
  async take(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0 && !this.#ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.();
  }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
