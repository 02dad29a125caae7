import type { PatchCapability } from '../contracts/capabilities.ts';
import type { MemoryStore } from './memory-store.ts';
import { checkWritable, fileNode } from './memory-write.ts';
import { SparseBytes } from './sparse-bytes.ts';

export function patchOfMemory(store: MemoryStore): PatchCapability {
  return {
    async begin(key, base, { signal }) {
      signal?.throwIfAborted();
      checkWritable(store, key);
      const bytes = base === undefined ? new SparseBytes() : store.require(base).bytes.fork();
      return {
        async writeAt(offset, given) {
          signal?.throwIfAborted();
          bytes.writeAt(offset, given);
          store.checkRoom(bytes.storedBytes);
        },
        async setSize(size) {
          signal?.throwIfAborted();
          bytes.setSize(size);
        },
        async commit() {
          signal?.throwIfAborted();
          checkWritable(store, key);
          store.publish(store.place(key), fileNode(store, bytes, undefined));
        },
        async discard() {},
      };
    },
  };
}
