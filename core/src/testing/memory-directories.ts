import type { DirectoryCapability } from '../contracts/capabilities.ts';
import type { Entry } from '../contracts/entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { scanMemory } from './memory-scan.ts';
import type { MemoryStore } from './memory-store.ts';

const BATCH = 1000;

export function directoriesOfMemory(store: MemoryStore): DirectoryCapability {
  return {
    async create(key, { signal }) {
      signal?.throwIfAborted();
      store.checkKey(key);
      const slot = store.place(key);
      slot.value ??= store.makeNode('directory', { mode: 0o755, uid: 0, gid: 0 });
      if (slot.value.kind === 'directory') return;
      throw new HoldfastError('not-a-directory', `Cannot make the directory "${key}": a ${slot.value.kind} is there.`, {
        path: key,
      });
    },
    async *scan(root, options) {
      options.signal?.throwIfAborted();
      const start = store.tree.find(root);
      if (start?.value === undefined) throw new HoldfastError('not-found', `There is no "${root}" in memory.`, { path: root });
      let batch: Entry[] = [];
      for (const entry of scanMemory(store, start, options)) {
        if (batch.push(entry) < BATCH) continue;
        yield batch;
        options.signal?.throwIfAborted();
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}
