import type { Clock } from '../../../environment/clock.ts';
import { blobsOf } from '../engine/blobs-of.ts';
import type { FinishedPack } from '../engine/protocol.ts';
import type { PackToIndex } from '../format/documents/write-index.ts';
import type { BlobList } from '../format/pack/blob-list.ts';
import type { PackEntry } from '../index/blob-index.ts';

/** An index file has at least so many blobs, or is as old as this when it is saved: then a run that is interrupted does not begin anew. */
const FULL_BLOBS = 50_000;
const FULL_MS = 600_000;

/** A pack both as the index in memory and as an index file take it. */
export interface WrittenPack extends PackEntry, PackToIndex {}

/** Collects packs for index files. A pack is in one file with all its blobs. */
export class IndexWriter {
  readonly #save: (packs: readonly PackToIndex[]) => Promise<unknown>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #packs: PackToIndex[] = [];
  #blobs = 0;
  #sinceMs = 0;

  constructor(save: (packs: readonly PackToIndex[]) => Promise<unknown>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#save = save;
    this.#clock = clock;
  }

  /** What is to be known of a pack, apart from its bytes. */
  entryOf(pack: FinishedPack): WrittenPack {
    return packEntry(Uint8Array.from(pack.id), blobsOf(pack));
  }

  /** Takes a pack that is stored, and saves an index file where that makes it full. */
  async add(pack: WrittenPack): Promise<void> {
    if (this.#packs.length === 0) this.#sinceMs = this.#clock.monotonicMs();
    this.#packs.push(pack);
    this.#blobs += pack.lengths.length;
    if (this.#blobs >= FULL_BLOBS || this.#clock.monotonicMs() - this.#sinceMs >= FULL_MS) await this.flush();
  }

  /** Saves what is in no file yet. Where that fails it is as if it had not been tried. */
  async flush(): Promise<void> {
    const packs = this.#packs;
    const blobs = this.#blobs;
    if (packs.length === 0) return;
    this.#packs = [];
    this.#blobs = 0;
    try {
      await this.#save(packs);
    } catch (error) {
      this.#packs = [...packs, ...this.#packs];
      this.#blobs += blobs;
      throw error;
    }
  }
}

/** The entry of a pack by the list of its blobs. */
export function packEntry(id: Uint8Array, blobs: BlobList): WrittenPack {
  const { types, offsets, blobIds, lengths, uncompressedLengths } = blobs;
  return { id, blobs, types, offsets, blobIds, lengths, uncompressedLengths };
}
