import type { LinkCapability, SpecialCapability } from '../contracts/capabilities.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { encodeText } from '../paths/rel-path.ts';
import type { MemorySlot, MemoryStore } from './memory-store.ts';
import { SparseBytes } from './sparse-bytes.ts';

export function linksOfMemory(store: MemoryStore): LinkCapability {
  return {
    async symlink(key, target, { signal }) {
      signal?.throwIfAborted();
      const bytes = new SparseBytes();
      bytes.append(encodeText(target));
      placeFree(store, key).value = store.makeNode('symlink', { mode: 0o777, uid: 0, gid: 0 }, { bytes, target });
    },
    async hardLink(existing, key, { signal }) {
      signal?.throwIfAborted();
      const node = store.require(existing);
      if (node.kind === 'directory') {
        throw new HoldfastError('is-directory', `Cannot link "${existing}": it is a directory.`, { path: existing });
      }
      placeFree(store, key).value = node;
      node.nlink++;
      node.ctimeNs = store.tickNs();
    },
  };
}

export function specialOfMemory(store: MemoryStore): SpecialCapability {
  return {
    async create(key, entry, { signal }) {
      signal?.throwIfAborted();
      const device = 'device' in entry ? entry.device : 0n;
      placeFree(store, key).value = store.makeNode(entry.kind, { mode: 0o644, uid: 0, gid: 0 }, { device });
    },
  };
}

/** The place of `key`, which holds nothing. Throws `exists`. */
export function placeFree(store: MemoryStore, key: RelPath): MemorySlot {
  store.checkKey(key);
  if (store.tree.get(key) !== undefined)
    throw new HoldfastError('exists', `Cannot make "${key}": it is there already.`, { path: key });
  return store.place(key);
}
