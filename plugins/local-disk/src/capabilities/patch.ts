import type { Patch, PatchCapability, RelPath } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { fillFrom } from '../objects/fill-from.ts';
import { StagedFile } from '../objects/staged-file.ts';
import { putFileState } from '../store/file-state.ts';

/** The patched file is another one until `commit`: a copy of the base, which costs nothing where blocks can be shared. */
export function patchOf(root: DiskRoot): PatchCapability {
  return {
    async begin(key, base, { signal }) {
      signal?.throwIfAborted();
      const staged = new StagedFile(root, key);
      try {
        if (base !== undefined) startFrom(root, base, staged, signal);
        return patchWith(staged, signal);
      } catch (error) {
        await staged[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

function patchWith(staged: StagedFile, signal: AbortSignal | undefined): Patch {
  return {
    async writeAt(offset, bytes) {
      signal?.throwIfAborted();
      staged.writeAt(bytes, Number(offset));
    },
    async setSize(size) {
      signal?.throwIfAborted();
      staged.setSize(Number(size));
    },
    async commit() {
      signal?.throwIfAborted();
      await staged.sync();
      staged.publish();
      await staged[Symbol.asyncDispose]();
    },
    async discard() {
      await staged[Symbol.asyncDispose]();
    },
  };
}

/** The patched file keeps the metadata of its base but its times. */
function startFrom(root: DiskRoot, base: RelPath, staged: StagedFile, signal: AbortSignal | undefined): void {
  const state = fillFrom(root, base, staged, () => signal?.throwIfAborted());
  const { uid, gid, mode } = state.stat;
  root.explain(base, 'set the metadata of', () => putFileState(staged.fd, { ...state, stat: { uid, gid, mode } }));
}
