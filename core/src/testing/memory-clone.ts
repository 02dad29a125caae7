import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import { readLocalFile } from './local-file.ts';
import type { MemoryStore } from './memory-store.ts';
import { checkWritable, fileNode } from './memory-write.ts';

export function cloneIntoMemory(store: MemoryStore): NonNullable<DestinationCapabilities['cloneFrom']> {
  return async (local, key, { signal }) => {
    signal?.throwIfAborted();
    checkWritable(store, key);
    const bytes = readLocalFile(local);
    store.checkRoom(bytes.storedBytes);
    store.publish(store.place(key), fileNode(store, bytes, undefined));
    return true;
  };
}
