import type { BatchResult, StoreContentOperation } from '../../contracts/batch.ts';
import type { EntryMetadata } from '../../contracts/entry.ts';
import type { RangeAnswer, RangeRequest } from '../../contracts/source.ts';
import type { OperationOf } from './operation.ts';

const NOTHING: Uint8Array = new Uint8Array(0);

/** A file whose bytes come in any order, until it is whole. What is no file is whole from the start. */
export class FileAssembly {
  readonly #store: OperationOf<'store'>;
  readonly #metadata: EntryMetadata;
  readonly #size: number;
  #bytes = NOTHING;
  #left: number;
  #error: BatchResult['error'];

  constructor(store: OperationOf<'store'>, metadata: EntryMetadata) {
    this.#store = store;
    this.#metadata = metadata;
    this.#size = store.entry.kind === 'file' ? Number(store.entry.size) : 0;
    this.#left = this.#size;
  }

  get isWhole(): boolean {
    return this.#left === 0;
  }

  /** All of it. */
  get request(): RangeRequest {
    return { entry: this.#store.entry, range: { offset: 0n, length: BigInt(this.#size) } };
  }

  /** Takes a piece; answers whether that was the last one. */
  add({ offset, bytes }: RangeAnswer): boolean {
    if (this.#error !== undefined) return false;
    if (bytes.length === this.#size) this.#bytes = bytes;
    else {
      if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(this.#size);
      this.#bytes.set(bytes, Number(offset));
    }
    this.#left -= bytes.length;
    return this.#left === 0;
  }

  /** The first reason counts. */
  fail(error: NonNullable<BatchResult['error']>): void {
    this.#error ??= error;
    this.#bytes = NOTHING;
  }

  /** Its bytes are the operation's from now on. */
  operation(): StoreContentOperation {
    const { id, key, entry, displaceTo } = this.#store;
    const bytes = this.#bytes;
    this.#bytes = NOTHING;
    const operation = { op: 'store-content', id, key, entry, metadata: this.#metadata, bytes } as const;
    return displaceTo === undefined ? operation : { ...operation, displaceTo };
  }

  /** Why it never became whole, if it did not. */
  failures(): BatchResult[] {
    if (this.isWhole) return [];
    const { id, key } = this.#store;
    const message = `"${key}" is damaged: ${String(this.#left)} bytes of it are missing.`;
    return [{ id, error: this.#error ?? { code: 'damaged', message } }];
  }
}
