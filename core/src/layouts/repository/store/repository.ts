import type { CallOptions } from '../../../contracts/call-options.ts';
import type { BlobType } from '../engine/blob-type.ts';
import type { FinishedPack } from '../engine/protocol.ts';
import { type PackToIndex, writeIndex } from '../format/documents/write-index.ts';
import { acquireRepositoryLock, type LockWish } from './locks/acquire-repository-lock.ts';
import type { RepositoryLock } from './locks/repository-lock.ts';
import { type BlobRead, type BlobRequest, readBlob, readBlobs } from './reading/read-blobs.ts';
import { IndexWriter } from './index-writer.ts';
import { RepositoryObjects, type RepositoryParts } from './repository-objects.ts';
import { type LoadIndexOptions, loadIndex } from './load-index.ts';
import { findSnapshot, type FindSnapshotOptions } from './snapshots/find-snapshot.ts';
import { type LoadedSnapshot, type LoadSnapshotsOptions, loadSnapshots } from './snapshots/load-snapshots.ts';

/**
 * An open repository in restic's format at any destination. Ids of files are 64 hexadecimal digits, ids of blobs 32 bytes. What is damaged
 * rejects with `state-damaged`, which names it. Made by `openRepository` and `initRepository`. Disposing it frees its lock; the destination is
 * its opener's.
 */
export class Repository extends RepositoryObjects implements AsyncDisposable {
  readonly #indexWriter: IndexWriter;
  #lock: RepositoryLock | undefined;

  constructor(parts: RepositoryParts) {
    super(parts);
    this.#indexWriter = new IndexWriter((packs) => this.saveIndex(packs), this.clock);
  }

  /**
   * Takes the repository's lock: a shared one for who reads or adds, an exclusive one for who removes. It is kept fresh until the repository
   * (or the lock) is disposed, and from then on every call waits until it is proved after the process stood still, or rejects with `fenced`.
   * Rejects with `locked`, naming the holder.
   */
  async lock(exclusive: boolean, wish: LockWish = {}): Promise<RepositoryLock> {
    this.#lock = await acquireRepositoryLock(this, exclusive, wish);
    this.objects.guard = this.#lock;
    return this.#lock;
  }

  /** Reads all index files, several at once, into `index`. Call it after the snapshots were listed: what they need is in the index then. */
  loadIndex(options: LoadIndexOptions = {}): Promise<void> {
    return loadIndex(this, options);
  }

  /** A blob's plaintext, proved by its id, from whichever pack has it whole. Rejects with `state-damaged` where none does. */
  loadBlob(type: BlobType, id: Uint8Array): Promise<Uint8Array> {
    return readBlob(this, { type, id });
  }

  /**
   * Many blobs in the order in which they lie in packs: neighbouring ones are read at once, several ranges at a time, memory is bounded by what
   * those hold. Each request is answered once, by its proved plaintext or by its error; a damaged blob is looked for in other packs first. Ask
   * for a blob once only. The plan takes some 100 bytes a request: who has millions asks for some at a time.
   */
  readBlobs<Request extends BlobRequest>(
    requests: Iterable<Request>,
    options: CallOptions = {},
  ): AsyncIterable<BlobRead<Request>> {
    return readBlobs(this, requests, options);
  }

  /** Stores a pack and adds its blobs to `index`. Saves an index file when enough have come together, or the first of them is ten minutes old. */
  async savePack(pack: FinishedPack): Promise<void> {
    await this.objects.write('pack', pack);
    const entry = this.#indexWriter.entryOf(pack);
    this.index.addPack(entry);
    await this.#indexWriter.add(entry);
  }

  /** Saves an index file of these packs, which must be stored: what was written before is made durable first. */
  async saveIndex(packs: Iterable<PackToIndex>): Promise<string> {
    await this.objects.flush();
    return this.saveUnpacked('index', writeIndex(packs));
  }

  /** Saves what of `savePack` is in no index file yet, and makes everything durable: what refers to it may be written then. */
  async flushIndex(): Promise<void> {
    await this.#indexWriter.flush();
    await this.objects.flush();
  }

  /** Every snapshot, the oldest first. */
  loadSnapshots(options: LoadSnapshotsOptions = {}): Promise<LoadedSnapshot[]> {
    return loadSnapshots(this, options);
  }

  /**
   * The snapshot that a user means: an id or its beginning, `latest`, `latest~2`, a time. Rejects with `snapshot-missing`, `usage` for what
   * may mean several, and `state-damaged` unless damaged snapshots are told to `onDamaged`.
   */
  findSnapshot(written: string, options: FindSnapshotOptions = {}): Promise<LoadedSnapshot> {
    return findSnapshot(this, written, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.[Symbol.asyncDispose]();
    this.objects.guard = undefined;
  }
}
