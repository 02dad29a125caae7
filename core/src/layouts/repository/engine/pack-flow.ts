import type { FinishedPack } from './protocol.ts';

/** Bounds the packs in memory: those that threads fill and those that are on their way to the repository share a few buffers. */
export class PackFlow {
  readonly #bufferBytes: number;
  readonly #onPack: (pack: FinishedPack) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #free: ArrayBuffer[] = [];
  readonly #waiting: ((buffer: ArrayBuffer) => void)[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #mayAllocate: number;

  constructor(
    limits: { readonly buffers: number; readonly bufferBytes: number },
    onPack: (pack: FinishedPack) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#bufferBytes = limits.bufferBytes;
    this.#mayAllocate = limits.buffers;
    this.#onPack = onPack;
    this.#onError = onError;
  }

  /** Calls `grant` with a buffer, at once or when one is free. */
  request(grant: (buffer: ArrayBuffer) => void): void {
    const buffer = this.#free.pop();
    if (buffer !== undefined) {
      grant(buffer);
    } else if (this.#mayAllocate > 0) {
      this.#mayAllocate--;
      grant(new ArrayBuffer(this.#bufferBytes));
    } else {
      this.#waiting.push(grant);
    }
  }

  /** Hands a pack on, and takes its buffer back when the repository has it. */
  send(pack: FinishedPack): void {
    const sending = this.#onPack(pack).then(() => this.#recycle(pack), this.#onError);
    this.#underWay.add(sending);
    void sending.then(() => this.#underWay.delete(sending));
  }

  /** Resolves when every pack that was sent is in the repository. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #recycle({ bytes: { buffer } }: FinishedPack): void {
    // A directory larger than any buffer came in one of its own.
    if (buffer.byteLength === this.#bufferBytes) this.#free.push(buffer);
    else this.#mayAllocate++;
    const grant = this.#waiting.shift();
    if (grant !== undefined) this.request(grant);
  }
}
