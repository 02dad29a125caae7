import type { CallOptions, Digest, DigestAlgorithm } from '../../contracts/call-options.ts';
import type { Content } from '../../contracts/content.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { createDigest, type DigestStream, digestOf, measureChunks } from '../../verification/digest.ts';
import { contentFacts } from '../observe-content.ts';

/** What passed, or what the content holds. */
interface Measure {
  readonly size: bigint;
  readonly digest?: Digest;
}

/**
 * A content that is measured while it is read from its start to its end, so that what was sent need not be read twice. One that ends
 * before or after its size rejects with `source-changed`, so that no part of it is taken for the whole.
 */
export class ContentTap {
  readonly content: Content;
  readonly #original: Content;
  readonly #algorithm: DigestAlgorithm | undefined;
  #passed: Measure | undefined;

  /** `algorithm`: of the digest to compute; without, bytes are only counted. */
  constructor(original: Content, algorithm: DigestAlgorithm | undefined) {
    this.#original = original;
    this.#algorithm = algorithm;
    this.content = {
      ...contentFacts(original),
      open: (options) => (options.range === undefined ? this.#measure(options) : original.open(options)),
    };
  }

  /** Of the last pass; where the destination read only parts, or copied the file by itself, of the content read once more. */
  async measure(options: CallOptions): Promise<Measure> {
    if (this.#passed !== undefined) return this.#passed;
    const { size } = this.#original;
    const open = (): AsyncIterable<Uint8Array> =>
      this.#original.open(options.signal === undefined ? {} : { signal: options.signal });
    if (size === undefined) return measureChunks(open(), this.#algorithm ?? 'blake3');
    return this.#algorithm === undefined ? { size } : { size, digest: await digestOf(open(), this.#algorithm) };
  }

  async *#measure(options: CallOptions): AsyncGenerator<Uint8Array> {
    const digest = this.#algorithm === undefined ? undefined : createDigest(this.#algorithm);
    let count = 0;
    for await (const chunk of this.#original.open(options)) {
      digest?.update(chunk);
      count += chunk.length;
      yield chunk;
    }
    this.#passed = this.#check(BigInt(count), digest);
  }

  #check(size: bigint, digest: DigestStream | undefined): Measure {
    const expected = this.#original.size;
    if (expected !== undefined && size !== expected) {
      throw new HoldfastError('source-changed', `The source gave ${size} bytes instead of ${expected}.`);
    }
    return digest === undefined ? { size } : { size, digest: digest.digest() };
  }
}
