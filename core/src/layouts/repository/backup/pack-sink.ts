import { HoldfastError } from '../../../errors/holdfast-error.ts';
import type { FinishedPack } from '../engine/protocol.ts';
import { computeId, formatId, isSameId } from '../format/object-id.ts';
import { describeObject } from '../store/object-kind.ts';
import { IndexWriter } from '../store/index-writer.ts';
import type { Repository } from '../store/repository.ts';
import type { BackupTask } from './backup-task.ts';

/** Where the packs of a backup go: into the repository; in a dry run nowhere. */
export class PackSink {
  /** Bytes of the packs, and of the blobs in them as they lie there. */
  bytes = 0;
  blobBytes = 0;
  /** Why no more packs can be stored. */
  failure: unknown;
  readonly #underWay = new Set<Promise<void>>();
  readonly #repository: Repository;
  readonly #task: Pick<BackupTask, 'options' | 'log' | 'clock'>;

  constructor(repository: Repository, task: Pick<BackupTask, 'options' | 'log' | 'clock'>) {
    this.#repository = repository;
    this.#task = task;
  }

  /** Rejects with why it cannot be stored; nothing can go on then. */
  take(pack: FinishedPack): Promise<void> {
    const taking = this.#store(pack);
    this.#underWay.add(taking);
    return taking.finally(() => this.#underWay.delete(taking));
  }

  async #store(pack: FinishedPack): Promise<void> {
    const { options, log } = this.#task;
    const { length } = pack.bytes;
    try {
      if (options.dryRun) this.#pretend(pack);
      else await this.#repository.savePack(pack);
      if (!options.dryRun && options.verify !== 'size') await this.#readBack(pack.id, length);
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
    this.bytes += length;
    for (const each of pack.lengths) this.blobBytes += each;
    log.bytes.written += BigInt(length);
  }

  /** Saves the index of what it took. */
  async finish(): Promise<void> {
    if (!this.#task.options.dryRun) await this.#repository.flushIndex();
  }

  /** The same after a failure: the next run goes on from there. That this fails too is no news. */
  async rescue(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.finish().catch(() => undefined);
  }

  /** What comes later finds these blobs, as it would after they were stored. */
  #pretend(pack: FinishedPack): void {
    const { clock } = this.#task;
    this.#repository.index.addPack(new IndexWriter(() => Promise.resolve(), clock).entryOf(pack));
  }

  async #readBack(id: Uint8Array, length: number): Promise<void> {
    const name = formatId(id);
    const stored = await this.#repository.objects.readPack(name, 0, length + 1);
    if (isSameId(computeId(stored), id)) {
      const { verified } = this.#task.log;
      verified.files++;
      verified.bytes += BigInt(length);
      return;
    }
    throw new HoldfastError('damaged', `${describeObject('pack', name)} is not what was written when it is read back.`);
  }
}
