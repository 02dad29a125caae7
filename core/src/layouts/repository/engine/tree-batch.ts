import type { ToWorker } from './protocol.ts';

/** At most so many bytes of directories wait to be sent, and so many are on their way. */
const BATCH_BYTES = 256 << 10;
const UNDER_WAY_BYTES = 4 << 20;

/** Collects directories for one thread, which keeps them in few packs. */
export class TreeBatch {
  readonly #send: (message: (task: number) => ToWorker, onSealed: () => void) => void;
  #blobs: { readonly bytes: Uint8Array; readonly id: Uint8Array }[] = [];
  #waitingBytes = 0;
  #underWayBytes = 0;
  #room = Promise.withResolvers<void>();

  constructor(send: (message: (task: number) => ToWorker, onSealed: () => void) => void) {
    this.#send = send;
  }

  /** Resolves when there is room for more; until then the caller should make no more. `bytes` must not change afterwards. */
  async add(bytes: Uint8Array, id: Uint8Array): Promise<void> {
    this.#blobs.push({ bytes, id });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BATCH_BYTES) this.flush();
    while (this.#underWayBytes > UNDER_WAY_BYTES) await this.#room.promise;
  }

  flush(): void {
    const blobs = this.#blobs;
    if (blobs.length === 0) return;
    const size = this.#waitingBytes;
    this.#blobs = [];
    this.#waitingBytes = 0;
    this.#underWayBytes += size;
    const bytes = Buffer.concat(blobs.map((blob) => blob.bytes));
    const ids = Buffer.concat(blobs.map(({ id }) => id));
    const lengths = Uint32Array.from(blobs, (blob) => blob.bytes.length);
    this.#send(
      (task) => ({ kind: 'blobs', task, type: 'tree', bytes, lengths, ids }),
      () => this.#landed(size),
    );
  }

  #landed(size: number): void {
    this.#underWayBytes -= size;
    const { resolve } = this.#room;
    this.#room = Promise.withResolvers();
    resolve();
  }
}
