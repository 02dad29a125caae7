import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import type { BlobType } from '../blob-type.ts';
import type { FinishedPack, WorkerSettings } from '../protocol.ts';
import { frameBound, frameCompressor, frameDecompressor } from './frame-coder.ts';
import { compressibilityTest } from './is-compressible.ts';
import { PackBuilder, trailerBytes } from './pack-builder.ts';
import { SEAL_OVERHEAD, Sealer } from '../../format/crypto/sealer.ts';
import { computeId, isSameId } from '../../format/object-id.ts';

type Compress = ReturnType<typeof frameCompressor>;

/** Where a writer has its packs from and gives them to. */
export interface PackExchange {
  takeBuffer(): Promise<ArrayBuffer>;
  give(pack: FinishedPack): void;
}

/** Makes packs of blobs: compresses, seals, and reads each back before it counts. One open pack for each type. */
export class BlobWriter {
  readonly #sealer: Sealer;
  readonly #exchange: PackExchange;
  readonly #packBytes: number;
  readonly #compress: Readonly<Record<BlobType, Compress | undefined>>;
  readonly #isCompressible: (plain: Uint8Array) => boolean;
  readonly #decompress = frameDecompressor();
  readonly #open: Record<BlobType, PackBuilder | undefined> = { data: undefined, tree: undefined };
  #frame: Uint8Array<ArrayBuffer>;
  #check: Uint8Array<ArrayBuffer>;

  constructor(settings: WorkerSettings, exchange: PackExchange) {
    const { treeLevel, dataLevel, limits, packBytes } = settings;
    this.#sealer = new Sealer(settings.masterKey);
    this.#exchange = exchange;
    this.#packBytes = packBytes;
    const tree = treeLevel === undefined ? undefined : frameCompressor(treeLevel);
    const data = dataLevel === treeLevel ? tree : dataLevel === undefined ? undefined : frameCompressor(dataLevel);
    this.#compress = { tree, data };
    this.#isCompressible = compressibilityTest(1);
    this.#frame = new Uint8Array(frameBound(limits.maxBytes));
    this.#check = new Uint8Array(limits.maxBytes);
  }

  /** Stores a blob. `id` must not change afterwards. Rejects with `verify-failed` where what was made is not what it was made from. */
  async write(type: BlobType, plain: Uint8Array, id: Uint8Array): Promise<void> {
    this.#ensureScratch(plain.length);
    const compress = this.#compressorFor(type, plain);
    const content = compress === undefined ? plain : this.#frame.subarray(0, compress(plain, this.#frame));
    const uncompressedLength = compress === undefined ? 0 : plain.length;
    const sealedLength = content.length + SEAL_OVERHEAD;
    const isAlone = sealedLength >= this.#packBytes;
    const pack = isAlone ? await this.#packFor(sealedLength, type) : await this.#openPack(sealedLength, type);
    this.#verify(pack.append(this.#sealer, content, id, uncompressedLength), id, uncompressedLength);
    if (isAlone) this.#exchange.give(pack.finish(this.#sealer));
    else if (pack.size >= this.#packBytes) this.#finish(type);
  }

  /** The open pack of a type, with room for `sealedLength` bytes. */
  async #openPack(sealedLength: number, type: BlobType): Promise<PackBuilder> {
    if (this.#open[type]?.hasRoomFor(sealedLength) === false) this.#finish(type);
    return (this.#open[type] ??= await this.#packFor(sealedLength, type));
  }

  /** A new pack. Directories may be larger than any buffer. */
  async #packFor(sealedLength: number, type: BlobType): Promise<PackBuilder> {
    const buffer = await this.#exchange.takeBuffer();
    const needed = sealedLength + trailerBytes(1);
    return new PackBuilder(buffer.byteLength < needed ? new ArrayBuffer(needed) : buffer, type);
  }

  /** Directories are compressed always: restic's prune would write those that are not again. */
  #compressorFor(type: BlobType, plain: Uint8Array): Compress | undefined {
    const compress = plain.length === 0 ? undefined : this.#compress[type];
    return type === 'tree' || compress === undefined || this.#isCompressible(plain) ? compress : undefined;
  }

  /** Finishes the open packs. */
  flush(): void {
    this.#finish('data');
    this.#finish('tree');
  }

  #finish(type: BlobType): void {
    const pack = this.#open[type];
    this.#open[type] = undefined;
    if (pack !== undefined) this.#exchange.give(pack.finish(this.#sealer));
  }

  /** Does what a restore would do: a faulty compressor or memory must not be found out years later. */
  #verify(sealed: Uint8Array, id: Uint8Array, uncompressedLength: number): void {
    let plain: Uint8Array | undefined = this.#sealer.open(sealed, this.#frame);
    if (plain !== undefined && uncompressedLength > 0) {
      const length = this.#decompress(plain, this.#check);
      plain = length === uncompressedLength ? this.#check.subarray(0, length) : undefined;
    }
    if (plain !== undefined && isSameId(computeId(plain), id)) return;
    throw new HoldfastError(
      'verify-failed',
      'Data that was read from the source could not be decoded again after it was compressed and encrypted, so nothing of it was stored. ' +
        'Check the memory of this machine, then run again.',
    );
  }

  /** Directories may be larger than any chunk. */
  #ensureScratch(size: number): void {
    if (size <= this.#check.length) return;
    this.#frame = new Uint8Array(frameBound(size));
    this.#check = new Uint8Array(size);
  }
}
