import type { Destination, ObjectInfo, ReadOptions } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RetriedCall, Retrier } from './retrier.ts';

/** Ranges up to this many bytes are read as a whole before any of it is handed on, so that a broken one is simply read again. */
const COLLECTED_BYTES = 4n << 20n;

/**
 * Reads an object, and goes on where the connection broke, as long as the object is the same: its version before the first byte is
 * the one found once the stream that goes on is open, else `source-changed`. A stream that ends before the object does is a broken
 * connection too.
 */
export function resumingRead(
  inner: Destination,
  key: RelPath,
  options: ReadOptions,
  retrier: Retrier,
): AsyncIterable<Uint8Array> {
  const { range, signal } = options;
  const call: RetriedCall = { name: 'read', key, signal };
  return range !== undefined && range.length <= COLLECTED_BYTES
    ? collectedRead(inner, options, retrier, call)
    : new LongRead(inner, options, retrier, call).chunks();
}

async function* collectedRead(
  inner: Destination,
  options: ReadOptions,
  retrier: Retrier,
  call: RetriedCall,
): AsyncGenerator<Uint8Array> {
  yield* await retrier.run(call, () => Array.fromAsync(inner.read(call.key, options)));
}

class LongRead {
  readonly #inner: Destination;
  readonly #options: ReadOptions;
  readonly #retrier: Retrier;
  readonly #call: RetriedCall;
  readonly #begin: bigint;
  /** Where the next byte is. */
  #position: bigint;
  /** What the object was before the first byte. */
  #version: ObjectInfo | undefined;

  constructor(inner: Destination, options: ReadOptions, retrier: Retrier, call: RetriedCall) {
    this.#inner = inner;
    this.#options = options;
    this.#retrier = retrier;
    this.#call = call;
    this.#position = this.#begin = options.range?.offset ?? 0n;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let tries = 1; ; tries++) {
      const resumed = this.#position > this.#begin;
      try {
        if (!resumed) this.#version = await this.#look();
        for await (const chunk of resumed ? this.#rest() : this.#inner.read(this.#call.key, this.#options)) {
          yield chunk;
          this.#position += BigInt(chunk.length);
          tries = 0;
        }
        await this.#checkEnd(resumed);
        this.#retrier.options.budget.earn();
        return;
      } catch (error) {
        if (this.#position > this.#begin && identityOf(this.#version) === undefined) throw error;
        await this.#retrier.waitFor(this.#call, error, Math.max(1, tries));
      }
    }
  }

  #look(): Promise<ObjectInfo | undefined> {
    const { signal } = this.#options;
    return this.#inner.stat(this.#call.key, signal === undefined ? {} : { signal });
  }

  /** Where a read of the object ends. */
  get #end(): bigint {
    const { range } = this.#options;
    const size = this.#version?.size ?? 0n;
    const asked = range === undefined ? size : range.offset + range.length;
    return asked < size ? asked : size;
  }

  /** What is still to be read. The version is compared once the stream is open: what it was before could be replaced until then. */
  async *#rest(): AsyncGenerator<Uint8Array> {
    const length = this.#end - this.#position;
    let compared = false;
    if (length > 0n) {
      for await (const chunk of this.#inner.read(this.#call.key, {
        ...this.#options,
        range: { offset: this.#position, length },
      })) {
        if (!compared) await this.#compareVersion();
        compared = true;
        yield chunk;
      }
    }
    if (!compared) await this.#compareVersion();
  }

  async #compareVersion(): Promise<void> {
    if (identityOf(await this.#look()) === identityOf(this.#version)) return;
    const { key } = this.#call;
    const message = `"${key}" changed at the destination while it was read, after the connection broke.`;
    throw new HoldfastError('source-changed', message, { path: key });
  }

  /** A whole stream may be short because the object was replaced right before it was opened. */
  async #checkEnd(resumed: boolean): Promise<void> {
    const kind = this.#version?.kind;
    if (this.#position >= this.#end || (kind !== 'file' && kind !== 'image')) return;
    if (!resumed) {
      const now = await this.#retrier.run(this.#call, () => this.#look());
      if (now?.size !== this.#version?.size || identityOf(now) !== identityOf(this.#version)) return;
    }
    const { key } = this.#call;
    throw new HoldfastError('connection-lost', `Reading "${key}" ended at byte ${this.#position} of ${this.#end}.`, {
      path: key,
    });
  }
}

/** The same identity means the same bytes; undefined where the destination gives none. */
function identityOf(info: ObjectInfo | undefined): string | undefined {
  if (info === undefined) return undefined;
  if (info.version !== undefined) return info.version;
  return info.mtimeNs === undefined ? undefined : `${info.size} ${info.mtimeNs}`;
}
