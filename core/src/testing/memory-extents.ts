import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { MemoryStore } from './memory-store.ts';

export function extentsOfMemory(store: MemoryStore): NonNullable<DestinationCapabilities['extents']> {
  return async function* (key, { signal }) {
    signal?.throwIfAborted();
    yield* store.require(key).bytes.extents();
  };
}
