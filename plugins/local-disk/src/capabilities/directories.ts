import { encodePath } from '@holdfast/core/plugin';
import type { DirectoryCapability } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { ensureDirectory, openExisting } from '../store/ensure-directory.ts';
import { close } from '../syscalls/open.ts';

export function directoriesOf(root: DiskRoot): DirectoryCapability {
  return {
    async create(key, { signal }) {
      signal?.throwIfAborted();
      root.explain(key, 'make the directory', () => close(ensureDirectory(root.fd, encodePath(key), undefined, 0o777)));
    },
    async *scan(key, options) {
      options.signal?.throwIfAborted();
      const fd = root.explain(key, 'scan', () => openExisting(root.fd, encodePath(key)));
      try {
        yield* scanTree(fd, { ...options, isTreeRoot: key === '' });
      } finally {
        close(fd);
      }
    },
  };
}
