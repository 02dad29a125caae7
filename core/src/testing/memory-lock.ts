import type { LockCapability } from '../contracts/capabilities.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { MemoryStore } from './memory-store.ts';

export function lockOfMemory(store: MemoryStore): LockCapability {
  return {
    async acquire(key, note, { signal }) {
      signal?.throwIfAborted();
      store.checkKey(key);
      const holder = store.locks.get(key);
      if (holder !== undefined) throw new HoldfastError('locked', `The lock "${key}" is held: ${holder}.`, { path: key });
      store.locks.set(key, note);
      let held = true;
      return {
        async [Symbol.asyncDispose]() {
          if (held) store.locks.delete(key);
          held = false;
        },
      };
    },
  };
}
