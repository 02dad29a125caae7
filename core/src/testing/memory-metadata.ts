import type { MetadataCapability } from '../contracts/capabilities.ts';
import type { EntryMetadata } from '../contracts/entry.ts';
import type { MemoryStore } from './memory-store.ts';

/** Recorded in snapshots, but no destination can set it. */
const neverSet: readonly (keyof EntryMetadata)[] = ['birthtimeNs'];

export function metadataOfMemory(store: MemoryStore): MetadataCapability {
  return {
    async apply(key, _entry, metadata, { signal }) {
      signal?.throwIfAborted();
      const node = store.require(key);
      const lost = Object.keys(metadata).filter(
        (name) => store.options.losesMetadata?.includes(name as keyof EntryMetadata) === true,
      );
      node.metadata = keepFields(store, node.metadata, metadata, [...neverSet, ...lost]);
      node.ctimeNs = store.tickNs();
      return lost;
    },
    async read(key, { signal }) {
      signal?.throwIfAborted();
      return { ...store.require(key).metadata };
    },
  };
}

/** `old` with the fields of `given` that are not `left` out. */
export function keepFields(store: MemoryStore, old: EntryMetadata, given: EntryMetadata, left: readonly string[]): EntryMetadata {
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
