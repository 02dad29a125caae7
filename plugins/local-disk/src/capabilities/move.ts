import { encodePath, HoldfastError } from '@holdfast/core/plugin';
import type { DestinationCapabilities } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { moveEntry } from '../store/move-entry.ts';

export function moveOn(root: DiskRoot): NonNullable<DestinationCapabilities['move']> {
  return async (from, to, { signal }) => {
    signal?.throwIfAborted();
    if (from === '' || to === '')
      throw new HoldfastError('write-failed', 'The root of a destination cannot be moved or replaced.', { path: from });
    root.explain(from, 'move', () => moveEntry(root.fd, encodePath(from), encodePath(to), undefined));
  };
}
