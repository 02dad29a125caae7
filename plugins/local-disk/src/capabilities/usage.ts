import { rootPath } from '@holdfast/core/plugin';
import type { UsageCapability } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { readFileSystemStatus } from '../syscalls/statfs.ts';

export function usageOf(root: DiskRoot): UsageCapability {
  return {
    async usage({ signal }) {
      signal?.throwIfAborted();
      const { totalBytes, freeBytes, availableBytes, totalInodes, freeInodes } = root.explain(
        rootPath,
        'ask for the space of',
        () => readFileSystemStatus(root.fd),
      );
      // What is reserved for root is free for root only.
      const free = process.geteuid?.() === 0 ? freeBytes : availableBytes;
      return {
        totalBytes: BigInt(totalBytes),
        freeBytes: BigInt(free),
        ...(totalInodes === 0 ? {} : { freeInodes: BigInt(freeInodes) }),
      };
    },
  };
}
