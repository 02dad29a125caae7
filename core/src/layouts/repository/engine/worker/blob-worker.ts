import { RabinChunker } from '../../chunker/rabin-chunker.ts';
import { type FileReport, type FromWorker, SLOTS, type ToWorker, type WorkerSettings } from '../protocol.ts';
import { ID_BYTES } from '../../format/object-id.ts';
import { BlobWriter } from './blob-writer.ts';
import { readFiles } from './read-files.ts';
import { readPiece } from './read-piece.ts';
import { Slot } from './slot.ts';
import { toFailure } from './to-failure.ts';

type Post = (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
type Message<Kind extends ToWorker['kind']> = Extract<ToWorker, { readonly kind: Kind }>;

/** Chunks that wait to be judged. */
interface Held {
  readonly slot: Slot;
  readonly ids: Uint8Array;
}

/** What one thread does: reads and cuts, asks which chunks are wanted, and makes packs of those. */
export class BlobWorker {
  readonly #post: Post;
  readonly #writer: BlobWriter;
  readonly #free: Slot[];
  readonly #held = new Map<number, Held>();
  #onBuffer: ((buffer: ArrayBuffer) => void) | undefined;
  /** Blobs are written one after the other, whatever comes while a buffer is waited for. */
  #writing: Promise<void> = Promise.resolve();

  constructor(settings: WorkerSettings, post: Post) {
    const { polynomial, limits } = settings;
    const chunker = new RabinChunker(polynomial, limits, SLOTS * limits.maxBytes);
    this.#post = post;
    this.#free = Array.from({ length: SLOTS }, (_, index) => new Slot(chunker, index));
    this.#writer = new BlobWriter(settings, {
      takeBuffer: () => this.#takeBuffer(),
      give: (pack) => post({ kind: 'pack', pack }, [pack.bytes.buffer]),
    });
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'files':
        return this.#hash(message.task, (slot) => readFiles(message.files, slot));
      case 'piece':
        return this.#hash(message.task, (slot) => this.#readPiece(message, slot));
      case 'stream':
        return this.#hash(message.task, (slot) => this.#takePiece(message, slot));
      case 'blobs':
        return this.#write(() => this.#writeBlobs(message));
      case 'verdict':
        return this.#write(() => this.#writeChunks(message));
      case 'buffer':
        return this.#giveBuffer(message.buffer);
      case 'flush':
        return this.#write(async () => {
          this.#writer.flush();
          this.#post({ kind: 'flushed' });
        });
      default:
        message satisfies never;
    }
  }

  #hash(task: number, read: (slot: Slot) => readonly FileReport[]): void {
    const slot = this.#free.pop();
    if (slot === undefined) throw new Error('A worker was given more tasks than it has room for.');
    slot.clear();
    const reports = read(slot);
    const { ids, lengths } = slot.hashChunks();
    this.#held.set(task, { slot, ids });
    this.#post({ kind: 'hashed', task, ids, lengths, reports });
  }

  /** Says where the next piece begins before it hashes this one, so that another thread can go on there. */
  #readPiece({ task, file, open, position }: Message<'piece'>, slot: Slot): readonly FileReport[] {
    const { report, next } = readPiece(file, open, position, slot);
    if (next !== undefined) this.#post({ kind: 'cut', task, end: slot.end, open: next });
    return [report];
  }

  #takePiece({ task, bytes, isLast }: Message<'stream'>, slot: Slot): readonly FileReport[] {
    slot.data.set(bytes);
    slot.cut(bytes.length, isLast);
    this.#post({ kind: 'cut', task, end: slot.end, open: undefined });
    return [];
  }

  async #writeChunks({ task, wanted }: Message<'verdict'>): Promise<void> {
    const { slot, ids } = this.#held.get(task) as Held;
    this.#held.delete(task);
    for (let index = 0; index < wanted.length; index++) {
      if (wanted[index] === 0) continue;
      const id = ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES);
      await this.#writer.write('data', slot.chunk(index), id);
    }
    this.#free.push(slot);
    this.#post({ kind: 'sealed', task });
  }

  async #writeBlobs({ task, type, bytes, lengths, ids }: Message<'blobs'>): Promise<void> {
    let at = 0;
    for (const [index, length] of lengths.entries()) {
      await this.#writer.write(type, bytes.subarray(at, at + length), ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES));
      at += length;
    }
    this.#post({ kind: 'sealed', task });
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write);
    this.#writing.catch((error: unknown) => this.#post({ kind: 'failed', failure: toFailure(error) }));
  }

  #takeBuffer(): Promise<ArrayBuffer> {
    this.#post({ kind: 'need-buffer' });
    return new Promise((resolve) => (this.#onBuffer = resolve));
  }

  #giveBuffer(buffer: ArrayBuffer): void {
    this.#onBuffer?.(buffer);
    this.#onBuffer = undefined;
  }
}
