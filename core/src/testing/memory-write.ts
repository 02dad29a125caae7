import type { Digest } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { WriteOptions } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { createDigest } from '../verification/digest.ts';
import type { MemoryNode, MemorySlot, MemoryStore } from './memory-store.ts';
import { SparseBytes } from './sparse-bytes.ts';

export interface WrittenToMemory {
  readonly slot: MemorySlot;
  readonly node: MemoryNode;
  readonly digests: readonly Digest[];
}

/** Stages the content, verifies it and publishes it in one step; a store that is not atomic publishes first and fills then. */
export async function writeToMemory(
  store: MemoryStore,
  key: RelPath,
  content: Content,
  options: WriteOptions,
): Promise<WrittenToMemory> {
  if (store.options.atomicReplace === false) return writeInPlace(store, key, content, options);
  const { bytes, digests } = await stageInMemory(store, key, content, options);
  await options.verify?.({
    size: bytes.size,
    async *read({ range }) {
      yield* bytes.read(range?.offset, range?.length);
    },
  });
  options.signal?.throwIfAborted();
  return { ...publishFile(store, key, bytes, options.mtimeNs), digests };
}

/** Reads the content where nobody sees it. */
export async function stageInMemory(
  store: MemoryStore,
  key: RelPath,
  content: Content,
  options: WriteOptions,
): Promise<{ bytes: SparseBytes; digests: readonly Digest[] }> {
  options.signal?.throwIfAborted();
  checkWritable(store, key);
  const bytes = new SparseBytes();
  return { bytes, digests: await fill(store, key, bytes, content, options) };
}

async function writeInPlace(store: MemoryStore, key: RelPath, content: Content, options: WriteOptions): Promise<WrittenToMemory> {
  options.signal?.throwIfAborted();
  const bytes = new SparseBytes();
  const published = publishFile(store, key, bytes, options.mtimeNs);
  return { ...published, digests: await fill(store, key, bytes, content, options) };
}

/** Throws where `key` can hold no file. */
export function checkWritable(store: MemoryStore, key: RelPath): void {
  store.checkKey(key);
  if (key === '')
    throw new HoldfastError(store.hasDirectories ? 'is-directory' : 'name-not-allowed', 'The root cannot hold an object.');
  if (store.tree.get(key)?.kind !== 'directory') return;
  throw new HoldfastError('is-directory', `Cannot write "${key}": it is a directory.`, { path: key });
}

/** A file that nothing leads to yet. */
export function fileNode(store: MemoryStore, bytes: SparseBytes, mtimeNs: bigint | undefined): MemoryNode {
  return store.makeNode('file', { mode: 0o644, uid: 0, gid: 0, ...(mtimeNs === undefined ? {} : { mtimeNs }) }, { bytes });
}

function publishFile(
  store: MemoryStore,
  key: RelPath,
  bytes: SparseBytes,
  mtimeNs: bigint | undefined,
): { slot: MemorySlot; node: MemoryNode } {
  checkWritable(store, key);
  const slot = store.place(key);
  const node = fileNode(store, bytes, mtimeNs);
  store.publish(slot, node);
  return { slot, node };
}

async function fill(
  store: MemoryStore,
  key: RelPath,
  bytes: SparseBytes,
  content: Content,
  options: WriteOptions,
): Promise<Digest[]> {
  const running = (options.digests ?? []).map(createDigest);
  const limit = store.options.maxObjectBytes;
  for await (const chunk of content.open(options.signal === undefined ? {} : { signal: options.signal })) {
    options.signal?.throwIfAborted();
    bytes.append(chunk);
    for (const digest of running) digest.update(chunk);
    if (content.size !== undefined && bytes.size > content.size) refuseSize(key, content.size, bytes.size);
    if (limit !== undefined && bytes.size > limit) {
      throw new HoldfastError('too-large', `Cannot write "${key}": it is larger than ${limit} bytes.`, { path: key });
    }
    store.checkRoom(bytes.storedBytes);
  }
  if (content.size !== undefined && bytes.size !== content.size) refuseSize(key, content.size, bytes.size);
  return running.map((digest) => digest.digest());
}

function refuseSize(key: RelPath, expected: bigint, got: bigint): never {
  throw new HoldfastError(
    'source-changed',
    `Cannot write "${key}": it has ${got} bytes or more, not the ${expected} it should have.`,
    { path: key },
  );
}
