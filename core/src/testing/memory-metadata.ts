import type { MetadataCapability } from '../contracts/capabilities.ts';
import type { EntryMetadata } from '../contracts/entry.ts';
import type { MemoryNode, MemoryStore } from './memory-store.ts';

/** Recorded in snapshots, but no destination can set it. */
const neverSet: readonly (keyof EntryMetadata)[] = ['birthtimeNs'];

export function metadataOfMemory(store: MemoryStore): MetadataCapability {
  return {
    async apply(key, _entry, metadata, { signal }) {
      signal?.throwIfAborted();
      return applyInMemory(store, store.require(key), metadata);
    },
    async read(key, { signal }) {
      signal?.throwIfAborted();
      return { ...store.require(key).metadata };
    },
  };
}

/** Gives a node what of `metadata` the store keeps; answers the names of what it does not. */
export function applyInMemory(store: MemoryStore, node: MemoryNode, metadata: EntryMetadata): readonly string[] {
  const lost = (Object.keys(metadata) as (keyof EntryMetadata)[]).filter((name) => store.options.losesMetadata?.includes(name));
  node.metadata = keepFields(store, node.metadata, metadata, [...neverSet, ...lost]);
  node.ctimeNs = store.tickNs();
  return [...new Set(lost.flatMap((name) => (name === 'xattrs' ? xattrNames(metadata) : (reportedAs[name] ?? name))))];
}

/** Names under which losses are reported, where they are not those of the fields. */
const reportedAs: Partial<Record<keyof EntryMetadata, string>> = {
  uid: 'owner',
  gid: 'owner',
  mtimeNs: 'mtime',
  atimeNs: 'mtime',
};

function xattrNames({ xattrs = new Map<string, Uint8Array>() }: EntryMetadata): string[] {
  return Array.from(xattrs.keys(), (name) => `xattr:${name}`);
}

/** `old` with the fields of `given` that are not `left` out. */
function keepFields(store: MemoryStore, old: EntryMetadata, given: EntryMetadata, left: readonly string[]): EntryMetadata {
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => !left.includes(name))) as EntryMetadata;
  return {
    ...old,
    ...kept,
    ...(kept.mtimeNs === undefined ? {} : { mtimeNs: store.roundTime(kept.mtimeNs) }),
    ...(kept.atimeNs === undefined ? {} : { atimeNs: store.roundTime(kept.atimeNs) }),
    ...(kept.xattrs === undefined
      ? {}
      : { xattrs: new Map(Array.from(kept.xattrs, ([name, value]) => [name, Uint8Array.from(value)])) }),
  };
}
