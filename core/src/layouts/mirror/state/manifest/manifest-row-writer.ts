import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { KIND_DIRECTORY, STAT_BYTES } from '../../../../entries/stat-record.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { decodePath, encodeText, isWithin, joinPath, parentPath, rootPath } from '../../../../paths/rel-path.ts';
import { ByteSpool } from '../../../../storage/byte-spool.ts';
import { manifestKey } from '../state-keys.ts';
import { BlockBuilder, type BlockRow, type FileRow } from './block-builder.ts';
import { RowFlag } from './manifest-block.ts';
import { ManifestEncoder } from './manifest-encoder.ts';
import type { ManifestHeader } from './manifest-layout.ts';
import { RowOrder } from './row-order.ts';

/** One row by its path. The byte arrays are copied before `add` returns. */
export interface ManifestRow extends Omit<BlockRow, 'depth' | 'name'> {
  readonly path: RelPath;
}

const SLASH = 0x2f;
const emptyName = new Uint8Array(0);
const contextRecord = new Uint8Array(STAT_BYTES);
contextRecord[0] = KIND_DIRECTORY;

/**
 * Takes the rows of a manifest in tree order and stores them as one object. Holds one block and the spool's few MiB.
 *
 * A delta names only what changed: the directories above a row that were not given are added as context rows.
 * A row with `deleted` carries the records it had. Deleted rows below what is no directory now are left out: its flags speak for them.
 * `add` throws `internal` for rows out of order, for an entry below something that is no directory or deleted and, in a base, for an
 * entry whose directory is missing.
 */
export class ManifestRowWriter implements Disposable {
  readonly header: ManifestHeader;
  readonly #spool: ByteSpool;
  readonly #encoder: ManifestEncoder;
  readonly #builder = new BlockBuilder();
  readonly #order = new RowOrder();
  /** Path of the directory at each depth above the last row, and of the last row if it is one. */
  readonly #directories: RelPath[] = [];
  /** The last row that is no directory, and the last one that is deleted: no entry lies below them. */
  #leaf: RelPath | Uint8Array | undefined;
  #deleted: RelPath | undefined;

  /** The directory of the last `addFile`. */
  #fileDirectory: RelPath | undefined;
  #fileDirectoryBytes: Uint8Array = emptyName;

  /** `scratch`: directory for temporary files. */
  constructor(header: ManifestHeader, scratch: string) {
    this.header = header;
    this.#spool = new ByteSpool(scratch);
    this.#encoder = new ManifestEncoder(header, (bytes) => {
      this.#spool.append(bytes);
    });
  }

  /** Rows so far, with context rows. */
  get rows(): number {
    return this.#encoder.rows + this.#builder.count;
  }

  /** Bytes so far, without the block that is being filled. */
  get bytes(): number {
    return this.#spool.size;
  }

  add(row: ManifestRow): void {
    const { path } = row;
    if (this.#leaf instanceof Uint8Array) this.#leaf = decodePath(this.#leaf);
    const isDeleted = (row.flags & RowFlag.deleted) !== 0;
    if (isBelow(path, this.#leaf) && isDeleted) return;
    if (isBelow(path, this.#leaf) || (isBelow(path, this.#deleted) && !isDeleted)) {
      throw new HoldfastError('internal', `A manifest was given "${path}", which lies in no directory.`);
    }
    const slash = path.lastIndexOf('/');
    const depth = path === '' ? 0 : this.#enter(parentPath(path));
    this.#append(path, depth, path === '' ? emptyName : encodeText(path.slice(slash + 1)), row);
    if (row.stats[row.statOffset] !== KIND_DIRECTORY) this.#leaf = path;
    if (isDeleted && !isBelow(path, this.#deleted)) this.#deleted = path;
  }

  /**
   * As `add`, for a file that lies in the same directory as the row before, or is right below that row. Answers false where it is neither, or
   * where more has to be looked at: then `add` it.
   */
  addFile(file: FileRow, path: Uint8Array): boolean {
    const directory = this.#directories[file.depth - 1];
    if (directory === undefined || this.#deleted !== undefined) return false;
    if (directory !== this.#fileDirectory) {
      this.#fileDirectory = directory;
      this.#fileDirectoryBytes = encodeText(directory);
    }
    const { length } = this.#fileDirectoryBytes;
    const nameStart = length === 0 ? 0 : length + 1;
    if (!isRightBelow(path, this.#fileDirectoryBytes)) return false;
    this.#order.check(file.depth, path, nameStart, path.length - nameStart);
    this.#directories.length = file.depth;
    this.#builder.addFile(file, path, nameStart);
    if (this.#builder.isFull) this.#flush();
    this.#leaf = path;
    return true;
  }

  /** Stores the manifest under its key. Answers its bytes. */
  async store(destination: Destination, options: CallOptions): Promise<bigint> {
    this.#flush();
    this.#encoder.finish();
    const { runId, kind } = this.header;
    const { size } = await destination.write(manifestKey(runId, kind), this.#spool.content(), options);
    return size;
  }

  [Symbol.dispose](): void {
    this.#spool[Symbol.dispose]();
  }

  /** Makes `directory` the one that the next row lies in, and answers that row's depth. */
  #enter(directory: RelPath): number {
    let depth = this.#directories.length - 1;
    while (depth > 0 && !isWithin(directory, this.#directories[depth] ?? rootPath)) depth--;
    if (depth < 0) {
      this.#addContext(rootPath, 0, emptyName);
      depth = 0;
    }
    this.#directories.length = depth + 1;
    for (let path = this.#directories[depth] ?? rootPath; path.length < directory.length; ) {
      const start = path === '' ? 0 : path.length + 1;
      const slash = directory.indexOf('/', start);
      path = joinPath(path, directory.slice(start, slash < 0 ? undefined : slash));
      this.#addContext(path, ++depth, encodeText(directory.slice(start, path.length)));
    }
    return depth + 1;
  }

  #addContext(path: RelPath, depth: number, name: Uint8Array): void {
    if (this.header.kind === 'base') {
      throw new HoldfastError('internal', `A manifest was given a row below "${path}", but not that directory.`);
    }
    this.#append(path, depth, name, { flags: RowFlag.context, stats: contextRecord, statOffset: 0 });
  }

  #append(path: RelPath, depth: number, name: Uint8Array, row: Omit<BlockRow, 'depth' | 'name'>): void {
    this.#order.check(depth, name, 0, name.length);
    this.#directories.length = depth;
    if (row.stats[row.statOffset] === KIND_DIRECTORY) this.#directories[depth] = path;
    this.#builder.add({ ...row, depth, name });
    if (this.#builder.isFull) this.#flush();
  }

  #flush(): void {
    const rows = this.#builder.count;
    if (rows > 0) this.#encoder.add(rows, this.#builder.takeColumns());
  }
}

/** Whether `path` is that of an entry of the directory. */
function isRightBelow(path: Uint8Array, directory: Uint8Array): boolean {
  const { length } = directory;
  if (path.length <= length || (length > 0 && path[length] !== SLASH)) return false;
  for (let at = 0; at < length; at++) if (path[at] !== directory[at]) return false;
  return path.indexOf(SLASH, length + 1) < 0;
}

function isBelow(path: RelPath, ancestor: RelPath | undefined): boolean {
  return ancestor !== undefined && path.length > ancestor.length && isWithin(path, ancestor);
}
