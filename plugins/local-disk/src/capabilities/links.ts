import { encodeText } from '@holdfast/core/plugin';
import type { LinkCapability, RelPath } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { link } from '../store/hard-link.ts';
import type { Place } from '../store/place.ts';
import { toCString } from '../syscalls/c-string.ts';
import { errno, SystemCallError } from '../syscalls/errno.ts';
import { symlinkat } from '../syscalls/link.ts';

export function linksOf(root: DiskRoot): LinkCapability {
  return {
    async symlink(key, target, { signal }) {
      signal?.throwIfAborted();
      const bytes = root.explain(key, 'link', () => toCString(encodeText(target)));
      root.atNew(key, 'link', ({ directoryFd, name }) => {
        if (symlinkat(bytes, directoryFd, name) < 0) throw new SystemCallError('symlinkat', errno(), name);
      });
    },
    async hardLink(existing, key, { signal }) {
      signal?.throwIfAborted();
      root.atExisting(existing, 'link', (from) => linkNew(root, from, key));
    },
  };
}

function linkNew(root: DiskRoot, existing: Place, key: RelPath): void {
  root.atNew(key, 'link', (place) => link(existing, place));
}
