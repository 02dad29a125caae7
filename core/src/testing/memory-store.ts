import type { ObjectInfo } from '../contracts/destination.ts';
import type { EntryIdentity, EntryKind, EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Clock } from '../environment/clock.ts';
import { systemClock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { isPlainText, encodeText } from '../paths/rel-path.ts';
import { type KeySlot, KeyTree } from './key-tree.ts';
import { type MemoryCapability, type MemoryDestinationOptions, memoryTraits } from './memory-options.ts';
import { SparseBytes } from './sparse-bytes.ts';

/** What is at a key; several keys can hold the same one (hard links). */
export interface MemoryNode {
  readonly kind: EntryKind;
  readonly ino: bigint;
  nlink: number;
  bytes: SparseBytes;
  readonly target: string;
  readonly device: bigint;
  readonly sectorSize: number;
  metadata: EntryMetadata;
  ctimeNs: bigint;
  protectedUntil: Date | undefined;
}

export type MemorySlot = KeySlot<MemoryNode>;

/** What a MemoryDestination holds. Several destinations over one store are several processes that use the same storage. */
export class MemoryStore {
  readonly options: MemoryDestinationOptions;
  readonly clock: Clock;
  readonly tree: KeyTree<MemoryNode>;
  /** Notes of the holders of locks, by key. */
  readonly locks = new Map<RelPath, string>();
  readonly hasDirectories: boolean;
  #lastIno = 0n;
  #lastTimeNs = 0n;

  constructor(options: MemoryDestinationOptions = {}, clock: Clock = systemClock) {
    this.options = options;
    this.clock = clock;
    this.hasDirectories = this.can('directories');
    this.tree = new KeyTree((name) => this.#fold(name));
    if (this.hasDirectories) this.tree.root.value = this.makeNode('directory', { mode: 0o755, uid: 0, gid: 0 });
  }

  can(capability: MemoryCapability): boolean {
    return this.options.without?.includes(capability) !== true;
  }

  /** Now, but later than every time that was given before. */
  tickNs(): bigint {
    const now = BigInt(this.clock.now().getTime()) * 1_000_000n;
    this.#lastTimeNs = now > this.#lastTimeNs ? now : this.#lastTimeNs + 1n;
    return this.#lastTimeNs;
  }

  makeNode(
    kind: EntryKind,
    metadata: EntryMetadata,
    special: Partial<Pick<MemoryNode, 'bytes' | 'target' | 'device' | 'sectorSize'>> = {},
  ): MemoryNode {
    const ctimeNs = this.tickNs();
    const { bytes = new SparseBytes(), target = '', device = 0n, sectorSize = 0 } = special;
    const kept = { ...metadata, mtimeNs: this.roundTime(metadata.mtimeNs ?? ctimeNs) };
    return {
      kind,
      ino: ++this.#lastIno,
      nlink: 1,
      bytes,
      target,
      device,
      sectorSize,
      metadata: kept,
      ctimeNs,
      protectedUntil: undefined,
    };
  }

  roundTime(ns: bigint): bigint {
    const resolution = memoryTraits(this.options).mtimeResolutionNs;
    return resolution <= 1n ? ns : ns - (((ns % resolution) + resolution) % resolution);
  }

  /** Throws `name-not-allowed` for a key that it cannot hold. */
  checkKey(key: RelPath): void {
    const { maxKeyBytes, maxSegmentBytes, forbiddenCharacters } = memoryTraits(this.options);
    const refuse = (why: string): never => {
      throw new HoldfastError('name-not-allowed', `Cannot keep "${key}" in memory: ${why}.`, { path: key });
    };
    if (encodeText(key).length > maxKeyBytes) refuse(`the key is longer than ${maxKeyBytes} bytes`);
    if (this.options.plainTextNames === true && !isPlainText(key)) refuse('it is not valid UTF-8');
    for (const segment of key.split('/')) {
      if (encodeText(segment).length > maxSegmentBytes) refuse(`"${segment}" is longer than ${maxSegmentBytes} bytes`);
      for (const character of forbiddenCharacters) if (segment.includes(character)) refuse(`it holds "${character}"`);
    }
  }

  /** The place of `key`, its missing parents made. Throws `not-a-directory` or `link-escapes` where something else is in the way. */
  place(key: RelPath): MemorySlot {
    const store = (name: string): string => this.storedName(name);
    if (!this.hasDirectories) return this.tree.ensure(key, store);
    return this.tree.ensure(key, store, (slot) => {
      slot.value ??= this.makeNode('directory', { mode: 0o755, uid: 0, gid: 0 });
      if (slot.value.kind === 'directory') return;
      const code = slot.value.kind === 'symlink' ? 'link-escapes' : 'not-a-directory';
      throw new HoldfastError(code, `Cannot put "${key}" into memory: "${this.tree.keyOf(slot)}" is a ${slot.value.kind}.`, {
        path: key,
      });
    });
  }

  /** The node at `key`. Throws `not-found`. */
  require(key: RelPath): MemoryNode {
    const node = this.tree.get(key);
    if (node === undefined) throw new HoldfastError('not-found', `There is no "${key}" in memory.`, { path: key });
    return node;
  }

  /** Puts `node` at a place in one step. Throws `access-denied` where what it holds is protected. */
  publish(slot: MemorySlot, node: MemoryNode): void {
    this.checkUnprotected(slot);
    this.unlink(slot.value);
    slot.value = node;
  }

  /** Throws `access-denied` while the retention of what is at `slot` lasts. */
  checkUnprotected(slot: MemorySlot): void {
    const until = slot.value?.protectedUntil;
    if (until === undefined || until <= this.clock.now()) return;
    throw new HoldfastError('access-denied', `"${this.tree.keyOf(slot)}" is protected until ${until.toISOString()}.`);
  }

  /** Removes what is at `key`, where there is anything. Throws `is-directory` for a directory that is not empty. */
  removeSlot(key: RelPath): void {
    const slot = this.tree.find(key);
    if (slot?.value === undefined) return;
    if (key === '') throw new HoldfastError('is-directory', 'The root cannot be removed.');
    if (this.hasDirectories && slot.children.size > 0) {
      throw new HoldfastError('is-directory', `Cannot remove "${key}": the directory is not empty.`, { path: key });
    }
    this.checkUnprotected(slot);
    this.unlink(slot.value);
    this.tree.clear(slot);
  }

  unlink(node: MemoryNode | undefined): void {
    if (node === undefined) return;
    node.nlink--;
    node.ctimeNs = this.tickNs();
  }

  describe(slot: MemorySlot, node: MemoryNode): ObjectInfo {
    const { mtimeNs } = node.metadata;
    return {
      key: this.tree.keyOf(slot),
      kind: node.kind,
      size: node.bytes.size,
      ...(mtimeNs === undefined || memoryTraits(this.options).mtimeResolutionNs === 0n ? {} : { mtimeNs }),
      version: `${node.ino}-${node.ctimeNs}`,
    };
  }

  identityOf(node: MemoryNode): EntryIdentity {
    return { dev: 1n, ino: node.ino, nlink: node.nlink, ctimeNs: node.ctimeNs };
  }

  usedBytes(): bigint {
    const nodes = new Set<MemoryNode>();
    for (const { value } of this.tree.below(this.tree.root, false)) if (value !== undefined) nodes.add(value);
    return nodes.values().reduce((sum, node) => sum + node.bytes.storedBytes, 0n);
  }

  /** Throws `destination-full` where `more` bytes do not fit. */
  checkRoom(more: bigint): void {
    const { capacityBytes } = this.options;
    if (capacityBytes === undefined || this.usedBytes() + more <= capacityBytes) return;
    throw new HoldfastError('destination-full', `Memory holds at most ${capacityBytes} bytes.`);
  }

  /** The name as it comes back. */
  storedName(name: string): string {
    return this.options.normalises === true ? name.normalize('NFD') : name;
  }

  #fold(name: string): string {
    const form = this.storedName(name);
    return this.options.caseSensitive === false ? form.toLowerCase() : form;
  }
}
