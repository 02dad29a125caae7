import { closeSync, mkdtempSync, openSync, read, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../contracts/content.ts';

const PIECE_BYTES = 1 << 18;

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
    for (let at = start; at < fileEnd; ) {
      signal?.throwIfAborted();
      const { bytesRead, buffer } = await readAt(this.#fd, Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, fileEnd - at)), at);
      if (bytesRead === 0) throw new RangeError(`The temporary file in ${this.#scratch} ended too early.`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
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

/** read(2) without a stream: a stream would close the file when its reader stops early. */
function readAt(fd: number, buffer: Buffer, position: number): Promise<{ bytesRead: number; buffer: Buffer }> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, position, (error, bytesRead) =>
      error === null ? resolve({ bytesRead, buffer }) : reject(error),
    );
  });
}
