import type { CreateOnlyCapability, DigestCapability, RetentionCapability, UsageCapability } from '../contracts/capabilities.ts';
import { createDigest } from '../verification/digest.ts';
import type { MemoryStore } from './memory-store.ts';
import { fileNode, stageInMemory } from './memory-write.ts';

const ENDLESS_BYTES = 2n ** 50n;

export function digestsOfMemory(store: MemoryStore): DigestCapability {
  return {
    algorithms: ['blake3', 'sha256', 'sha1', 'md5', 'crc32c', 'crc64nvme'],
    async compute(key, algorithm, { signal }) {
      signal?.throwIfAborted();
      const digest = createDigest(algorithm);
      for (const piece of store.require(key).bytes.read()) digest.update(piece);
      return digest.digest();
    },
  };
}

export function createOnlyOfMemory(store: MemoryStore): CreateOnlyCapability {
  return {
    async create(key, content, options) {
      if (store.tree.get(key) !== undefined) return 'exists';
      const { bytes } = await stageInMemory(store, key, content, options);
      if (store.tree.get(key) !== undefined) return 'exists';
      store.place(key).value = fileNode(store, bytes, undefined);
      return 'created';
    },
  };
}

export function retentionOfMemory(store: MemoryStore): RetentionCapability {
  return {
    async protectUntil(key, until, { signal }) {
      signal?.throwIfAborted();
      const node = store.require(key);
      if (node.protectedUntil === undefined || node.protectedUntil < until) node.protectedUntil = until;
    },
  };
}

export function usageOfMemory(store: MemoryStore): UsageCapability {
  return {
    async usage({ signal }) {
      signal?.throwIfAborted();
      const totalBytes = store.options.capacityBytes ?? ENDLESS_BYTES;
      return { totalBytes, freeBytes: totalBytes - store.usedBytes() };
    },
  };
}
