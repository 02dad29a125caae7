import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../contracts/content.ts';

/** Bytes that are made once and may be read again and again: in memory up to a limit, beyond it in a temporary file. */
export class ByteSpool implements Disposable {
  readonly #scratch: string;
  readonly #residentBytes: number;
  #pieces: Uint8Array[] = [];
  #residentSize = 0;
  #fileSize = 0;
  #directory: string | undefined;
  #fd = -1;

  /** `scratch`: directory for the temporary file; `residentBytes`: how much stays in memory. */
  constructor(scratch: string, residentBytes = 4 << 20) {
    this.#scratch = scratch;
    this.#residentBytes = residentBytes;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#fileSize + this.#residentSize;
  }

  /** Keeps `bytes`, which must not change any more. */
  append(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#residentSize += bytes.length;
    if (this.#residentSize > this.#residentBytes) this.#spill();
  }

  /** What was appended so far, until the spool is disposed. */
  content(): Content {
    const size = this.size;
    return {
      size: BigInt(size),
      open: ({ range, signal }) => {
        const start = Math.min(Number(range?.offset ?? 0n), size);
        const end = Math.min(size, range === undefined ? size : start + Number(range.length));
        return this.#read(start, end, signal);
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
    this.#fd = -1;
    this.#directory = undefined;
    this.#pieces = [];
  }

  async *#read(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const fileEnd = Math.min(end, this.#fileSize);
    if (start < fileEnd) {
      yield* createReadStream('', {
        fd: this.#fd,
        autoClose: false,
        start,
        end: fileEnd - 1,
        highWaterMark: 1 << 18,
        ...(signal === undefined ? {} : { signal }),
      });
    }
    let at = this.#fileSize;
    for (const piece of this.#pieces) {
      signal?.throwIfAborted();
      const from = Math.max(0, start - at);
      const to = Math.min(piece.length, end - at);
      if (from < to) yield piece.subarray(from, to);
      at += piece.length;
    }
  }

  #spill(): void {
    if (this.#fd < 0) {
      this.#directory = mkdtempSync(join(this.#scratch, 'holdfast-spool-'));
      this.#fd = openSync(join(this.#directory, 'bytes'), 'wx+', 0o600);
    }
    for (const piece of this.#pieces) {
      for (let done = 0; done < piece.length; ) {
        const written = writeSync(this.#fd, piece, done, piece.length - done, this.#fileSize);
        done += written;
        this.#fileSize += written;
      }
    }
    this.#pieces = [];
    this.#residentSize = 0;
  }
}
