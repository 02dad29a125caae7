import type { StoreFilesOperation } from '../../contracts/batch.ts';
import { KIND_FILE, STAT_BYTES } from '../../entries/stat-record.ts';
import { type PlanRecord, RecordFlag, RecordState } from '../plan/plan-record.ts';

/** Files of one operation. */
const FILES = 512;
/** A larger file is an operation by itself, so that its progress is told. */
const LARGE_BYTES = 8 * 2 ** 20;
const SLASH = 0x2f;
const NONE = Buffer.alloc(0);

/** Packs the stores of new files, directory by directory, without making an object for each. */
export class FilePacker {
  readonly #localRoot: string;
  readonly #ids = new Float64Array(FILES);
  readonly #stats = Buffer.alloc(FILES * STAT_BYTES);
  #names = Buffer.alloc(FILES * 32);
  #namesEnd = 0;
  #count = 0;
  #bytes = 0;
  #directory = NONE;
  #device = 0n;

  /** `localRoot`: where the source lies on this machine. */
  constructor(localRoot: string) {
    this.#localRoot = localRoot;
  }

  /** Whether the record is one to be packed at all. */
  static takes(record: PlanRecord): boolean {
    return (
      record.sourceKind === KIND_FILE &&
      record.op === 'store' &&
      record.state === RecordState.pending &&
      !record.has(RecordFlag.hasDestination | RecordFlag.obstacle) &&
      record.sourceSize < LARGE_BYTES &&
      record.knowsIdentity
    );
  }

  /** Adds a file; answers the operation that was finished for it, if any. */
  add(record: PlanRecord): StoreFilesOperation | undefined {
    const path = record.pathBytes;
    const slash = path.lastIndexOf(SLASH);
    const { device } = record;
    const fits = this.#count < FILES && this.#isHere(path, slash) && device === this.#device && this.#bytes < LARGE_BYTES;
    const finished = this.#count > 0 && !fits ? this.finish() : undefined;
    if (this.#count === 0) {
      this.#directory = slash < 0 ? NONE : Buffer.from(path.subarray(0, slash));
      this.#device = device;
    }
    const nameLength = path.length - slash - 1;
    this.#makeRoom(nameLength + 1);
    path.copy(this.#names, this.#namesEnd, slash + 1);
    this.#names[this.#namesEnd + nameLength] = 0;
    this.#namesEnd += nameLength + 1;
    record.copySource(this.#stats, this.#count * STAT_BYTES);
    this.#ids[this.#count++] = record.position;
    this.#bytes += record.sourceSize;
    return finished;
  }

  /** What was added since the last operation, if anything. */
  finish(): StoreFilesOperation | undefined {
    const count = this.#count;
    if (count === 0) return undefined;
    const operation: StoreFilesOperation = {
      op: 'store-files',
      ids: this.#ids.slice(0, count),
      directory: this.#directory,
      localRoot: this.#localRoot,
      device: this.#device,
      stats: new Uint8Array(this.#stats.subarray(0, count * STAT_BYTES)),
      names: new Uint8Array(this.#names.subarray(0, this.#namesEnd)),
      bytes: this.#bytes,
    };
    this.#count = 0;
    this.#namesEnd = 0;
    this.#bytes = 0;
    return operation;
  }

  #isHere(path: Buffer, slash: number): boolean {
    const directory = this.#directory;
    if (slash < 0) return directory.length === 0;
    return slash === directory.length && path.compare(directory, 0, directory.length, 0, slash) === 0;
  }

  #makeRoom(length: number): void {
    if (this.#namesEnd + length <= this.#names.length) return;
    const larger = Buffer.alloc((this.#namesEnd + length) * 2);
    this.#names.copy(larger, 0, 0, this.#namesEnd);
    this.#names = larger;
  }
}
