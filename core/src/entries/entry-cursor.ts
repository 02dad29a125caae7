import type { EntryBlock } from '../contracts/entry-block.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { decodeText, joinPath, rootPath } from '../paths/rel-path.ts';
import { KIND_DIRECTORY, KIND_SYMLINK, STAT_BYTES, StatField } from './stat-record.ts';
import { unpackEntry } from './unpack-entry.ts';

const SLASH = 0x2f;
const slash = Uint8Array.of(SLASH);
const noBytes = new Uint8Array(0);

/**
 * Reads a stream of blocks entry by entry, without making objects until `entry()` is asked for.
 *
 * After `await start()` and while `!done`, the fields describe the current entry. `advance()` answers false when the
 * block is used up: then `await refill()`. The asynchronous step is apart so that the loop over a block stays synchronous.
 */
export class EntryCursor<Block extends EntryBlock = EntryBlock> {
  done = false;
  block!: Block;
  /** Index of the current entry in its block. */
  index = 0;
  depth = 0;
  /** Where the current entry's name and target begin in the block's columns, after their lengths. */
  nameOffset = 0;
  nameLength = 0;
  targetOffset = 0;
  readonly #blocks: AsyncIterator<Block>;
  readonly #directoryNames: Uint8Array[] = [];
  readonly #directoryPaths: (RelPath | undefined)[] = [];
  readonly #directoryTexts: (Uint8Array | undefined)[] = [];
  #names!: DataView;
  #stats!: DataView;
  #targets!: DataView;
  #path: RelPath | undefined;

  constructor(blocks: AsyncIterable<Block>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  async start(): Promise<void> {
    await this.refill();
  }

  /** Loads the next block; `done` when there is none. */
  async refill(): Promise<void> {
    this.#keepDirectory();
    const next = await this.#blocks.next();
    if (next.done === true) {
      this.done = true;
      return;
    }
    this.block = next.value;
    this.#names = viewOf(this.block.names);
    this.#stats = viewOf(this.block.stats);
    this.#targets = viewOf(this.block.targets);
    this.index = 0;
    this.nameOffset = 4;
    this.targetOffset = 4;
    this.#load();
  }

  /** Moves to the next entry of the block; false when the block is used up. */
  advance(): boolean {
    if (this.index + 1 >= this.block.count) return false;
    this.#keepDirectory();
    if (this.block.stats[this.index * STAT_BYTES] === KIND_SYMLINK) this.targetOffset += this.targetLength + 4;
    this.nameOffset += this.nameLength + 4;
    this.index++;
    this.#load();
    return true;
  }

  /** Path of the current entry. */
  get path(): RelPath {
    return (this.#path ??= this.depth === 0 ? rootPath : joinPath(this.#directory(this.depth - 1), decodeText(this.name)));
  }

  /** Bytes of the current entry's path, in memory of their own. */
  get pathBytes(): Uint8Array {
    if (this.depth === 0) return noBytes;
    const directory = this.#directoryBytes(this.depth - 1);
    const start = directory.length === 0 ? 0 : directory.length + 1;
    const bytes = Buffer.allocUnsafe(start + this.nameLength);
    bytes.set(directory);
    if (start > 0) bytes[start - 1] = SLASH;
    const { names } = this.block;
    for (let at = 0; at < this.nameLength; at++) bytes[start + at] = names[this.nameOffset + at] ?? 0;
    return bytes;
  }

  /** Path of the directory that holds the current entry; the root's is the root. */
  get parent(): RelPath {
    return this.depth === 0 ? rootPath : this.#directory(this.depth - 1);
  }

  /** Where the current entry's record begins in `block.stats`. */
  get statOffset(): number {
    return this.index * STAT_BYTES;
  }

  get stat(): Uint8Array {
    return this.block.stats.subarray(this.statOffset, this.statOffset + STAT_BYTES);
  }

  get name(): Uint8Array {
    return this.block.names.subarray(this.nameOffset, this.nameOffset + this.nameLength);
  }

  /** Bytes of the current entry's target; it must be a symbolic link. */
  get targetLength(): number {
    return this.#targets.getUint32(this.targetOffset - 4, true);
  }

  get target(): Uint8Array {
    return this.block.targets.subarray(this.targetOffset, this.targetOffset + this.targetLength);
  }

  get kindCode(): number {
    return this.block.stats[this.index * STAT_BYTES] ?? 0;
  }

  /** Names that the current entry's inode has; 0 for directories. */
  get nlink(): number {
    return this.#stats.getUint32(this.statOffset + StatField.nlink, true);
  }

  get device(): bigint {
    return this.block.devices?.[this.index] ?? this.block.device;
  }

  /** The current entry as an object. */
  entry(): Entry {
    const target = this.kindCode === KIND_SYMLINK ? decodeText(this.target) : '';
    return unpackEntry(this.path, this.block.stats, this.statOffset, this.device, target);
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }

  #load(): void {
    this.depth = this.#names.getUint16(this.nameOffset - 4, true);
    this.nameLength = this.#names.getUint16(this.nameOffset - 2, true);
    this.#path = undefined;
  }

  /** The entry that is left may be the parent of those that follow; its path is made only when one of them asks. */
  #keepDirectory(): void {
    if (this.block === undefined || this.kindCode !== KIND_DIRECTORY) return;
    this.#directoryNames[this.depth] = this.name;
    this.#directoryPaths[this.depth] = this.#path;
    this.#directoryTexts[this.depth] = undefined;
  }

  #directoryBytes(depth: number): Uint8Array {
    if (depth === 0) return noBytes;
    const known = this.#directoryTexts[depth];
    if (known !== undefined) return known;
    const above = this.#directoryBytes(depth - 1);
    const name = this.#directoryNames[depth] ?? noBytes;
    const bytes = above.length === 0 ? Buffer.from(name) : Buffer.concat([above, slash, name]);
    this.#directoryTexts[depth] = bytes;
    return bytes;
  }

  #directory(depth: number): RelPath {
    if (depth === 0) return rootPath;
    let known = depth;
    while (known > 0 && this.#directoryPaths[known] === undefined) known--;
    let path = known === 0 ? rootPath : (this.#directoryPaths[known] ?? rootPath);
    for (let at = known + 1; at <= depth; at++) {
      path = joinPath(path, decodeText(this.#directoryNames[at] ?? new Uint8Array()));
      this.#directoryPaths[at] = path;
    }
    return path;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
