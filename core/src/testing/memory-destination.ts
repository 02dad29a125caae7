import type { CallOptions } from '../contracts/call-options.ts';
import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { Content } from '../contracts/content.ts';
import type { Destination, DestinationTraits, ObjectInfo, ReadOptions, WriteOptions } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { memoryCapabilities } from './memory-capabilities.ts';
import { type MemoryDestinationOptions, memoryTraits } from './memory-options.ts';
import { MemoryStore } from './memory-store.ts';
import { writeToMemory } from './memory-write.ts';

const BATCH = 1000;

/**
 * A destination in memory that keeps every promise of the contract, as good or as poor as its options say.
 *
 * @example
 * const disk = new MemoryDestination();
 * const bucket = new MemoryDestination({ without: ['directories', 'links', 'special', 'metadata', 'move', 'patch', 'lock'] });
 * const sameBucket = new MemoryDestination(bucket.store);
 */
export class MemoryDestination implements Destination {
  readonly store: MemoryStore;
  readonly traits: DestinationTraits;
  readonly capabilities: DestinationCapabilities;

  constructor(options: MemoryDestinationOptions | MemoryStore = {}) {
    this.store = options instanceof MemoryStore ? options : new MemoryStore(options);
    this.traits = memoryTraits(this.store.options);
    this.capabilities = memoryCapabilities(this.store);
  }

  async stat(key: RelPath, options: CallOptions): Promise<ObjectInfo | undefined> {
    options.signal?.throwIfAborted();
    const slot = this.store.tree.find(key);
    return slot?.value === undefined ? undefined : this.store.describe(slot, slot.value);
  }

  async *read(key: RelPath, options: ReadOptions): AsyncIterable<Uint8Array> {
    options.signal?.throwIfAborted();
    const node = this.store.require(key);
    if (node.kind !== 'file' && node.kind !== 'image') {
      const code = node.kind === 'directory' ? 'is-directory' : node.kind === 'symlink' ? 'link-escapes' : 'unsupported';
      throw new HoldfastError(code, `Cannot read "${key}": it is a ${node.kind}.`, { path: key });
    }
    for (const piece of node.bytes.read(options.range?.offset, options.range?.length)) {
      options.signal?.throwIfAborted();
      yield piece;
    }
  }

  async write(key: RelPath, content: Content, options: WriteOptions): Promise<ObjectInfo> {
    const { slot, node, digests } = await writeToMemory(this.store, key, content, options);
    return { ...this.store.describe(slot, node), ...(digests.length === 0 ? {} : { digests }) };
  }

  async flush(options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
  }

  async remove(key: RelPath, options: CallOptions): Promise<void> {
    options.signal?.throwIfAborted();
    this.store.removeSlot(key);
  }

  async *list(prefix: RelPath, options: CallOptions): AsyncIterable<readonly ObjectInfo[]> {
    options.signal?.throwIfAborted();
    const start = this.store.tree.find(prefix);
    if (start === undefined) return;
    let batch: ObjectInfo[] = [];
    for (const slot of this.store.tree.below(start, false)) {
      if (slot.value === undefined) continue;
      if (batch.push(this.store.describe(slot, slot.value)) < BATCH) continue;
      yield batch;
      options.signal?.throwIfAborted();
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
