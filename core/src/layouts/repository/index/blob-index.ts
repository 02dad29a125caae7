import type { BlobType } from '../engine/blob-type.ts';
import { ID_BYTES } from '../format/object-id.ts';
import { Column } from './column.ts';
import { IdTable } from './id-table.ts';
import { RunTable } from './run-table.ts';

/** Lengths take three bytes; those that do not fit stand elsewhere and have this here. */
const LONG = 0xffffff;

/** Where a blob lies. Lengths and offsets in bytes. */
export interface BlobLocation {
  readonly packId: Uint8Array;
  readonly offset: number;
  /** Sealed, as it lies in the pack. */
  readonly length: number;
  /** When decompressed; 0 for one that is not compressed. */
  readonly uncompressedLength: number;
}

/** A blob of a pack. */
export interface IndexedBlob extends Omit<BlobLocation, 'packId'> {
  readonly id: Uint8Array;
  readonly type: BlobType;
}

/** What an index file or an engine says of a pack. Columns of as many entries as there are blobs; ids of 32 bytes each. */
export interface PackEntry {
  readonly id: Uint8Array;
  readonly types: (index: number) => BlobType;
  readonly blobIds: Uint8Array;
  /** Where each begins; blobs that follow each other without a gap take no memory for it. */
  readonly offsets: (index: number) => number;
  readonly lengths: ArrayLike<number>;
  readonly uncompressedLengths: ArrayLike<number>;
}

/**
 * Every blob of a repository in memory, in at most 45 bytes each: 32 of id, 6 of lengths, 5 to find it, and what its pack takes divided by
 * its blobs. Packs come at any time. A blob may be in several packs, and all places are kept: prune and repair choose among them.
 */
export class BlobIndex {
  readonly #blobs = new IdTable();
  readonly #packs = new IdTable();
  readonly #lengths = new Column(6);
  readonly #runs = new RunTable();
  readonly #long = new Map<number, { readonly length: number; readonly uncompressedLength: number }>();

  get blobCount(): number {
    return this.#blobs.length;
  }

  get packCount(): number {
    return this.#packs.length;
  }

  /** Bytes that it takes. */
  get bytes(): number {
    return this.#blobs.bytes + this.#packs.bytes + this.#lengths.bytes + this.#runs.bytes + this.#long.size * 100;
  }

  /** Makes room for so many blobs more at once, where that is known. */
  reserve(blobs: number): void {
    this.#blobs.reserve(blobs);
  }

  /** Adds what is known of a pack. Of one that is known already only the blobs that are new of it: an interrupted run leaves index files that repeat each other. */
  addPack(pack: PackEntry): void {
    const known = this.#packs.find(pack.id, 0, 0);
    const packNumber = known < 0 ? this.#packs.add(pack.id, 0, 0) : known;
    this.#runs.begin(packNumber);
    for (let index = 0; index < pack.lengths.length; index++) {
      const kind = pack.types(index) === 'tree' ? 1 : 0;
      const offset = pack.offsets(index);
      if (known >= 0 && this.#isKnown(pack.blobIds, index * ID_BYTES, kind, packNumber, offset)) continue;
      const entry = this.#blobs.add(pack.blobIds, index * ID_BYTES, kind);
      this.#addLengths(entry, pack.lengths[index] as number, pack.uncompressedLengths[index] as number);
      this.#runs.add(entry, kind, offset, pack.lengths[index] as number);
    }
  }

  /** Whether any pack has the blob whose id is the 32 bytes of `ids` from `offset` on. */
  has(type: BlobType, ids: Uint8Array, offset = 0): boolean {
    return this.#blobs.find(ids, offset, type === 'tree' ? 1 : 0) >= 0;
  }

  /** A place of a blob, the one that came first; undefined where no pack has it. */
  locate(type: BlobType, id: Uint8Array): BlobLocation | undefined {
    const entry = this.#blobs.find(id, 0, type === 'tree' ? 1 : 0);
    return entry < 0 ? undefined : this.#locationOf(entry);
  }

  /** Every place of a blob, in the order in which they came. */
  locateAll(type: BlobType, id: Uint8Array): BlobLocation[] {
    const kind = type === 'tree' ? 1 : 0;
    const entries: number[] = [];
    for (let at = this.#blobs.find(id, 0, kind); at >= 0; at = this.#blobs.find(id, 0, kind, at)) entries.push(at);
    return entries.sort((a, b) => a - b).map((entry) => this.#locationOf(entry));
  }

  /** Every pack once, in the order in which they came, with its blobs by offset as they were added. */
  *packs(): Generator<{ readonly id: Uint8Array; readonly blobs: IndexedBlob[] }> {
    for (const { packNumber, runs } of this.#runs.byPack()) {
      const id = new Uint8Array(ID_BYTES);
      this.#packs.copyId(packNumber, id, 0);
      yield { id, blobs: runs.flatMap((run) => this.#blobsOf(run)) };
    }
  }

  #blobsOf(run: number): IndexedBlob[] {
    const { first, end, kind } = this.#runs.read(run);
    let { offset } = this.#runs.read(run);
    return Array.from({ length: end - first }, (_, index) => {
      const id = new Uint8Array(ID_BYTES);
      this.#blobs.copyId(first + index, id, 0);
      const blob = { id, type: kind === 1 ? 'tree' : 'data', offset, ...this.#lengthsOf(first + index) } as const;
      offset += blob.length;
      return blob;
    });
  }

  #locationOf(entry: number): BlobLocation {
    const { first, offset, packNumber } = this.#runs.read(this.#runs.find(entry));
    const packId = new Uint8Array(ID_BYTES);
    this.#packs.copyId(packNumber, packId, 0);
    return { packId, offset: this.#offsetFrom(first, offset, entry), ...this.#lengthsOf(entry) };
  }

  #offsetFrom(first: number, start: number, entry: number): number {
    let offset = start;
    for (let before = first; before < entry; before++) offset += this.#lengthsOf(before).length;
    return offset;
  }

  #isKnown(ids: Uint8Array, at: number, kind: number, packNumber: number, offset: number): boolean {
    for (let entry = this.#blobs.find(ids, at, kind); entry >= 0; entry = this.#blobs.find(ids, at, kind, entry)) {
      const run = this.#runs.read(this.#runs.find(entry));
      if (run.packNumber === packNumber && this.#offsetFrom(run.first, run.offset, entry) === offset) return true;
    }
    return false;
  }

  #addLengths(entry: number, length: number, uncompressedLength: number): void {
    this.#lengths.add();
    const isLong = length >= LONG || uncompressedLength >= LONG;
    if (isLong) this.#long.set(entry, { length, uncompressedLength });
    const page = this.#lengths.pageOf(entry);
    const at = this.#lengths.offsetOf(entry);
    writeThree(page, at, isLong ? LONG : length);
    writeThree(page, at + 3, isLong ? LONG : uncompressedLength);
  }

  #lengthsOf(entry: number): { readonly length: number; readonly uncompressedLength: number } {
    const page = this.#lengths.pageOf(entry);
    const at = this.#lengths.offsetOf(entry);
    const length = readThree(page, at);
    if (length === LONG) return this.#long.get(entry) as { length: number; uncompressedLength: number };
    return { length, uncompressedLength: readThree(page, at + 3) };
  }
}

function writeThree(page: Uint8Array, at: number, value: number): void {
  page[at] = value;
  page[at + 1] = value >>> 8;
  page[at + 2] = value >>> 16;
}

function readThree(page: Uint8Array, at: number): number {
  return (page[at] as number) | ((page[at + 1] as number) << 8) | ((page[at + 2] as number) << 16);
}
