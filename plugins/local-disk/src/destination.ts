import { HoldfastError, rootPath } from '@holdfast/core/plugin';
import type {
  CallOptions,
  Content,
  Destination,
  DestinationCapabilities,
  DestinationTraits,
  ObjectInfo,
  ReadOptions,
  RelPath,
  WriteOptions,
} from '@holdfast/core/plugin';
import { capabilitiesOf } from './capabilities/capabilities.ts';
import type { DiskEnvironment } from './disk-environment.ts';
import type { DiskRoot } from './objects/disk-root.ts';
import { listObjects } from './objects/list-objects.ts';
import { readObject } from './objects/read-object.ts';
import { statObject } from './objects/stat-object.ts';
import { writeObject } from './objects/write-object.ts';
import { removeEntry } from './store/remove-entry.ts';
import { syncFileSystem } from './syscalls/sync.ts';

/** A directory of this machine. Opened by `openDestination`. */
export class LocalDestination implements Destination {
  readonly traits: DestinationTraits;
  readonly capabilities: DestinationCapabilities;
  readonly #root: DiskRoot;

  constructor(root: DiskRoot, traits: DestinationTraits, environment: DiskEnvironment) {
    this.#root = root;
    this.traits = traits;
    this.capabilities = capabilitiesOf(root, environment);
  }

  async stat(key: RelPath, { signal }: CallOptions): Promise<ObjectInfo | undefined> {
    signal?.throwIfAborted();
    return statObject(this.#root, key);
  }

  read(key: RelPath, options: ReadOptions): AsyncIterable<Uint8Array> {
    return readObject(this.#root, key, options);
  }

  write(key: RelPath, content: Content, options: WriteOptions): Promise<ObjectInfo> {
    return writeObject(this.#root, key, content, options);
  }

  /** Writes out the whole file system of the root (syncfs(2)). */
  async flush({ signal }: CallOptions): Promise<void> {
    signal?.throwIfAborted();
    const syncing = this.#root.explain(rootPath, 'write out the file system of', () => syncFileSystem(this.#root.fd));
    this.#root.holdFor(syncing);
    try {
      await syncing;
    } catch (error) {
      this.#root.explain(rootPath, 'write out the file system of', () => {
        throw error;
      });
    }
  }

  async remove(key: RelPath, { signal }: CallOptions): Promise<void> {
    signal?.throwIfAborted();
    if (key === '') throw new HoldfastError('is-directory', 'The root of a destination cannot be removed.', { path: key });
    this.#root.at(key, 'remove', (place) => removeEntry(place));
  }

  list(prefix: RelPath, options: CallOptions): AsyncIterable<readonly ObjectInfo[]> {
    return listObjects(this.#root, prefix, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.close();
  }
}
