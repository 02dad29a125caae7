import { frameDecompressor } from '../engine/worker/frame-coder.ts';
import { computeId, formatId, isSameId } from '../format/object-id.ts';
import type { BlobLocation } from '../index/blob-index.ts';
import { readPackRange } from '../store/reading/read-pack-range.ts';
import type { Repository } from '../store/repository.ts';

/** A pack that is larger is read tree by tree. Of those that are not, so many are in memory. */
const LARGEST_BYTES = 24 << 20;
const MOST_PACKS = 2;

/**
 * Loads the trees of one snapshot. They mostly lie in few packs, next to each other: a pack is read at once, and what is in it costs neither a
 * call nor a decompressor of its own.
 */
export class TreePacks {
  readonly #repository: Repository;
  readonly #packs = new Map<string, Promise<Uint8Array | undefined>>();
  readonly #decompress = frameDecompressor();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** The plaintext of a tree. Rejects with `state-damaged` where no pack has it whole. */
  async load(id: Uint8Array): Promise<Uint8Array> {
    const place = this.#repository.index.locate('tree', id);
    const pack = place === undefined ? undefined : await this.#pack(formatId(place.packId));
    const plain = place === undefined || pack === undefined ? undefined : this.#open(pack, place, id);
    // Whatever is wrong with it, that finds out, and another pack that may have it.
    return plain ?? this.#repository.loadBlob('tree', id);
  }

  #open(pack: Uint8Array, { offset, length, uncompressedLength }: BlobLocation, id: Uint8Array): Uint8Array | undefined {
    const content = this.#repository.sealer.open(pack.subarray(offset, offset + length));
    if (content === undefined) return undefined;
    const plain = uncompressedLength === 0 ? content : new Uint8Array(uncompressedLength);
    if (uncompressedLength !== 0 && this.#decompress(content, plain) !== uncompressedLength) return undefined;
    return isSameId(computeId(plain), id) ? plain : undefined;
  }

  #pack(packId: string): Promise<Uint8Array | undefined> {
    const known = this.#packs.get(packId);
    if (known !== undefined) return known;
    const reading = this.#read(packId).catch(() => undefined);
    for (const oldest of this.#packs.keys()) if (this.#packs.size >= MOST_PACKS) this.#packs.delete(oldest);
    this.#packs.set(packId, reading);
    return reading;
  }

  async #read(packId: string): Promise<Uint8Array | undefined> {
    const { objects } = this.#repository;
    const length = await objects.sizeOf('pack', packId);
    if (length === undefined || length > LARGEST_BYTES) return undefined;
    return readPackRange(objects, { packId, offset: 0, length }, true);
  }
}
