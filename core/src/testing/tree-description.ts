import type { EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { parseRelPath } from '../paths/rel-path.ts';
import type { MemoryNode, MemoryStore } from './memory-store.ts';
import { SparseBytes } from './sparse-bytes.ts';

/** What a description says is at a path: text or bytes for a file, or one of these. Each may have metadata. */
export type TreeItem =
  | string
  | Uint8Array
  | ({ readonly kind: 'file'; readonly content: string | Uint8Array } & EntryMetadata)
  /** A file of `size` bytes that holds data only where it is said. */
  | ({
      readonly kind: 'sparse-file';
      readonly size: bigint;
      readonly data: readonly { readonly offset: bigint; readonly bytes: Uint8Array }[];
    } & EntryMetadata)
  | ({ readonly kind: 'directory' | 'fifo' | 'socket' } & EntryMetadata)
  | ({ readonly kind: 'symlink'; readonly target: string } & EntryMetadata)
  | ({ readonly kind: 'char-device' | 'block-device'; readonly device: bigint } & EntryMetadata)
  | ({ readonly kind: 'image'; readonly content: Uint8Array; readonly sectorSize: number } & EntryMetadata)
  /** Another name of the file at `existing`, which stands before it. */
  | { readonly kind: 'hard-link'; readonly existing: string };

/** A tree as plain data: items by path. Directories on the way need not be named. */
export type TreeDescription = Readonly<Record<string, TreeItem>>;

const DEFAULT_MTIME_NS = 1_700_000_000_123_456_789n;

/** Puts one item into a store, in place of what was there. */
export function plantItem(store: MemoryStore, path: string, item: TreeItem): void {
  const key = parseRelPath(path);
  store.checkKey(key);
  const held = store.tree.find(key)?.value;
  const node = makeItem(store, item);
  if (held?.kind === 'directory') {
    if (node.kind !== 'directory')
      throw new HoldfastError('is-directory', `Cannot plant "${path}": a directory is there.`, { path: key });
    held.metadata = node.metadata;
    return;
  }
  if (typeof item === 'object' && 'kind' in item && item.kind === 'hard-link') node.nlink++;
  store.publish(store.place(key), node);
  setParentTime(store, key);
}

function makeItem(store: MemoryStore, item: TreeItem): MemoryNode {
  if (typeof item === 'string' || item instanceof Uint8Array) return makeItem(store, { kind: 'file', content: item });
  if (item.kind === 'hard-link') return store.require(parseRelPath(item.existing));
  const { kind, content, target, device, sectorSize, size, data, ...rest } = { ...emptyItem, ...item };
  const metadata = { mode: kind === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtimeNs: DEFAULT_MTIME_NS, ...rest };
  const bytes = new SparseBytes();
  bytes.append(typeof content === 'string' ? Buffer.from(content) : content);
  for (const part of data) bytes.writeAt(part.offset, part.bytes);
  if (kind === 'sparse-file') bytes.setSize(size);
  return store.makeNode(kind === 'sparse-file' ? 'file' : kind, metadata, { bytes, target, device, sectorSize });
}

const emptyItem = { content: new Uint8Array() as string | Uint8Array, target: '', device: 0n, sectorSize: 0, size: 0n, data: [] };

/** Directories that were made on the way get the same time in every run, so that two trees of one description are equal. */
function setParentTime(store: MemoryStore, key: RelPath): void {
  for (let slot = store.tree.find(key)?.parent; slot?.value !== undefined; slot = slot.parent) {
    slot.value.metadata = { ...slot.value.metadata, mtimeNs: DEFAULT_MTIME_NS };
  }
}
