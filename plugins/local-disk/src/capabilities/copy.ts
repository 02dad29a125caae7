import type { DestinationCapabilities } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { fillFrom } from '../objects/fill-from.ts';
import { StagedFile } from '../objects/staged-file.ts';
import { putFileState } from '../store/file-state.ts';

/** Copies files within the destination; their metadata goes along. */
export function copyOn(root: DiskRoot): NonNullable<DestinationCapabilities['copy']> {
  return async (from, to, { signal }) => {
    signal?.throwIfAborted();
    await using staged = new StagedFile(root, to);
    const state = fillFrom(root, from, staged, () => signal?.throwIfAborted());
    root.explain(to, 'set the metadata of', () => putFileState(staged.fd, state));
    await staged.sync();
    staged.publish();
  };
}
