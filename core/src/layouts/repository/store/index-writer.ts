import type { Clock } from '../../../environment/clock.ts';
import type { FinishedPack } from '../engine/protocol.ts';
import type { PackToIndex } from '../format/documents/write-index.ts';
import { ID_BYTES } from '../format/object-id.ts';
import { BlobList } from '../format/pack/blob-list.ts';
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
  entryOf({ id, type, blobIds, lengths, uncompressedLengths }: Omit<FinishedPack, 'bytes'>): WrittenPack {
    const blobs = new BlobList();
    let offset = 0;
    for (let index = 0; index < lengths.length; index++) {
      const [length, uncompressedLength] = [lengths[index] as number, uncompressedLengths[index] as number];
      blobs.add({ type, id: blobIds.subarray(index * ID_BYTES, (index + 1) * ID_BYTES), offset, length, uncompressedLength });
      offset += length;
    }
    return packEntry(Uint8Array.from(id), blobs);
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
